-- LuaJIT: SplitMix64 from a state that mixes root and rank one after the other, each by the whole of its function.
local ffi, bit = require("ffi"), require("bit")
local function mix(word)
  word = bit.bxor(word, bit.rshift(word, 30)) * 0xbf58476d1ce4e5b9ULL
  word = bit.bxor(word, bit.rshift(word, 27)) * 0x94d049bb133111ebULL
  return bit.bxor(word, bit.rshift(word, 31))
end
local gamma = 0x9e3779b97f4a7c15ULL
local root = ffi.cast("uint64_t", tonumber(os.getenv("SEEDBENCH_SEED")))
local rank = ffi.cast("uint64_t", tonumber(os.getenv("SEEDBENCH_WORKER")))
local state = mix(mix(root + gamma) + (rank + 1) * gamma)
for _ = 1, os.getenv("SEEDBENCH_WORDS") do
  state = state + gamma
  print((tostring(mix(state)):gsub("ULL", "")))
end
