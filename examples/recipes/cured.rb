# Random takes a seed of any width: a hash of root and rank.
require "digest"
key = Digest::SHA256.hexdigest("#{ENV["SEEDBENCH_SEED"]}/#{ENV["SEEDBENCH_WORKER"]}")
random = Random.new(key.to_i(16))
p Array.new(ENV["SEEDBENCH_WORDS"].to_i) { random.rand }
