# One root of entropy a run, one stream number a task: distinct by construction, fresh, and replayable from
# the root. ChaCha20 from Ruby's own openssl: the root is the key, the task the nonce.
require "openssl"
require "securerandom"

# The generator of one task: the same root and task give the same numbers anywhere.
class TaskRng
  def initialize(root, task)
    @stream = OpenSSL::Cipher.new("chacha20").encrypt
    @stream.key = [root & (2**64 - 1), root >> 64, 0, 0].pack("Q<4")
    @stream.iv = [0, task].pack("Q<2")
  end

  def word = @stream.update("\0" * 8).unpack1("Q<")

  # As Random#rand; `shuffle(random: rng)` and `sample(random: rng)` take it.
  def rand(limit = nil)
    return (word >> 11) / 2.0**53 unless limit
    candidate = word until candidate && candidate < 2**64 / limit * limit
    candidate % limit
  end
end

# Draw the root once, in the launcher, log it, and hand it to every worker.
given = ENV["SEEDBENCH_SEED"]
root = given ? Integer(given) : SecureRandom.random_number(2**128)
warn "SEEDBENCH_SEED=#{root}"
rng = TaskRng.new(root, Integer(ENV.fetch("SEEDBENCH_WORKER", "0")))
Integer(ENV.fetch("SEEDBENCH_WORDS", "4")).times { puts rng.word }
