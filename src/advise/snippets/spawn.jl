# One root of entropy a run, one stream number a task: distinct by construction, fresh, and replayable from
# the root. ChaCha20 in full, for the standard library has none: the root is the key, the task the nonce.
using Random

# The generator of one task: the same root and task give the same numbers anywhere.
mutable struct TaskRNG <: AbstractRNG
    input::Vector{UInt32}
    block::Vector{UInt32}
    used::Int
end

function TaskRNG(root::UInt128, task::UInt64)
    input = zeros(UInt32, 16)
    input[1:4] = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]
    for i in 0:3
        input[5 + i] = (root >> 32i) % UInt32
    end
    input[15], input[16] = task % UInt32, (task >> 32) % UInt32
    TaskRNG(input, zeros(UInt32, 16), 16)
end

function quarter!(x, a, b, c, d)
    for (to, from, turned, by) in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7))
        x[to] += x[from]
        x[turned] = bitrotate(x[turned] ⊻ x[to], by)
    end
end

function word!(rng::TaskRNG)
    if rng.used == 16
        x = copy(rng.input)
        for round in 1:10
            foreach(i -> quarter!(x, 1 + i, 5 + i, 9 + i, 13 + i), 0:3)
            foreach(i -> quarter!(x, 1 + i, 5 + (i + 1) % 4, 9 + (i + 2) % 4, 13 + (i + 3) % 4), 0:3)
        end
        rng.block = x .+ rng.input
        rng.input[13] += 0x1
        rng.input[13] == 0 && (rng.input[14] += 0x1)
        rng.used = 0
    end
    rng.used += 2
    UInt64(rng.block[rng.used - 1]) | UInt64(rng.block[rng.used]) << 32
end

# rand, randn, shuffle and the like take it.
Random.rand(rng::TaskRNG, ::Random.SamplerType{UInt64}) = word!(rng)
Random.rng_native_52(::TaskRNG) = UInt64

# Draw the root once, in the launcher, log it, and hand it to every worker.
given = get(ENV, "SEEDBENCH_SEED", "")
root = isempty(given) ? rand(RandomDevice(), UInt128) : parse(UInt128, given)
println(stderr, "SEEDBENCH_SEED=", root)
rng = TaskRNG(root, parse(UInt64, get(ENV, "SEEDBENCH_WORKER", "0")))
for _ in 1:parse(Int, get(ENV, "SEEDBENCH_WORDS", "4"))
    println(word!(rng))
end
