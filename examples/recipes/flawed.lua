-- Root + rank as the seed: worker 1 of root 1 is worker 0 of root 2.
math.randomseed(os.getenv("SEEDBENCH_SEED") + os.getenv("SEEDBENCH_WORKER"))
for _ = 1, os.getenv("SEEDBENCH_WORDS") do print(string.format("%.17g", math.random())) end
