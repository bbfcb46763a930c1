# What Julia's first tasks draw after Random.seed!(7): a line each, "name<TAB>draws".
#
# JULIA_INTERNAL names the runtime's libjulia-internal, which forks the state of a task: its jl_rng_split is called
# here. The state that is forked is the SHA-256 of the seed, and a sum of its parts, as Random.seed! leaves it.
import ctypes, glob, hashlib, os, struct, subprocess

path = os.environ["JULIA_INTERNAL"]
folder = os.path.dirname(path)
for runtime in glob.glob(os.path.join(folder, "..", "*libjulia.so*")):
    ctypes.CDLL(runtime, mode=ctypes.RTLD_GLOBAL)
library = ctypes.CDLL(path)
symbols = {name.split("@")[0]: int(at, 16) for at, _, name in
           (line.split(" ", 2) for line in subprocess.check_output(["nm", path], text=True).splitlines()
            if not line.startswith(" "))}
known = "ijl_get_ptls_rng"
base = ctypes.cast(library[known], ctypes.c_void_p).value - symbols[known]
State = ctypes.c_uint64 * 5
split = ctypes.CFUNCTYPE(None, State, State)(base + symbols["jl_rng_split"])

parts = struct.unpack("<4Q", hashlib.sha256(struct.pack("<I", 7)).digest())
parent = State(*parts, (parts[0] + 3 * parts[1] + 5 * parts[2] + 7 * parts[3]) % 2**64)


def xoshiro(state):  # xoshiro256++ of D. Blackman and S. Vigna
    a, b, c, d = state
    turned = lambda x, by: (x << by | x >> 64 - by) % 2**64
    while True:
        yield (turned((a + d) % 2**64, 23) + a) % 2**64
        shifted = b << 17 & 2**64 - 1
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = turned(d, 45)


for task in range(1, 4):
    child = State()
    split(child, parent)
    words = xoshiro(list(child)[:4])
    print(f"julia task {task} rand", " ".join(repr((next(words) >> 11) / 2**53) for _ in range(24)), sep="\t")
