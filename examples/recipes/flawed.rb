# Root + rank as the seed: worker 1 of root 1 is worker 0 of root 2.
random = Random.new(ENV["SEEDBENCH_SEED"].to_i + ENV["SEEDBENCH_WORKER"].to_i)
p Array.new(ENV["SEEDBENCH_WORDS"].to_i) { random.rand }
