# What Python, numpy, PyTorch and JAX draw after a seed of 7: a line each, "name<TAB>draws".
import random, sys

def say(name, draws):
    print(name, " ".join(repr(float(x)) if isinstance(x, float) else str(x) for x in draws), sep="\t")

N = 48
def seeded():
    random.seed(7)
    return random

say("python random", [seeded().random()] + [random.random() for _ in range(N - 1)])
say("python randrange 6", [seeded().randrange(6)] + [random.randrange(6) for _ in range(N - 1)])
say("python randint 1 1000", [seeded().randint(1, 1000)] + [random.randint(1, 1000) for _ in range(N - 1)])
say("python int(random*100)", [int(seeded().random() * 100)] + [int(random.random() * 100) for _ in range(N - 1)])
say("python gauss 3 2", [seeded().gauss(3, 2)] + [random.gauss(3, 2) for _ in range(15)])
say("python normalvariate 0 1", [seeded().normalvariate(0, 1)] + [random.normalvariate(0, 1) for _ in range(15)])
say("python expovariate 1", [seeded().expovariate(1)] + [random.expovariate(1) for _ in range(15)])
say("python uniform -5 5", [seeded().uniform(-5, 5)] + [random.uniform(-5, 5) for _ in range(15)])
try:
    import numpy as np
except ImportError:
    np = None
if np is not None:
    state = lambda: np.random.RandomState(7)
    say("numpy legacy random", state().random_sample(N).tolist())
    say("numpy legacy randint 6", state().randint(6, size=N).tolist())
    say("numpy legacy randint 1000", state().randint(1000, size=N).tolist())
    say("numpy legacy randn", state().randn(16).tolist())
    say("numpy legacy exponential", state().exponential(size=16).tolist())
    rng = lambda: np.random.default_rng(7)
    say("numpy random", rng().random(N).tolist())
    say("numpy integers 6", rng().integers(6, size=N).tolist())
    say("numpy integers 1000", rng().integers(1000, size=N).tolist())
    say("numpy normal", rng().normal(size=16).tolist())
    bits = {
        "PCG64(k)": np.random.PCG64,
        "PCG64DXSM(k)": np.random.PCG64DXSM,
        "Philox(k)": np.random.Philox,
        "Philox(key=k)": lambda k: np.random.Philox(key=k if isinstance(k, int) else k[0] + (k[1] << 32)),
        "SFC64(k)": np.random.SFC64,
        "MT19937(k)": np.random.MT19937,
    }
    for name, of in bits.items():
        rng = lambda k=7: np.random.Generator(of(k))
        if name != "PCG64(k)":
            say(f"numpy {name} random", rng().random(N).tolist())
            say(f"numpy {name} integers 1000", rng().integers(1000, size=N).tolist())
            say(f"numpy {name} normal", rng().normal(size=16).tolist())
        # What is compared word for word: four draws after a seed of 7, and four after the list [7, 3].
        both = lambda draw: [x for k in (7, [7, 3]) for x in draw(rng(k)).tolist()]
        say(f"words numpy {name} uint64", both(lambda g: g.integers(2**64, size=4, dtype=np.uint64)))
        say(f"words numpy {name} uint32", both(lambda g: g.integers(2**32, size=4, dtype=np.uint32)))
        say(f"words numpy {name} integers(2**63)", both(lambda g: g.integers(2**63, size=4)))
        say(f"words numpy {name} integers(2**31)", both(lambda g: g.integers(2**31, size=4)))
        say(f"words numpy {name} random", both(lambda g: g.random(4)))
        say(f"words numpy {name} float32", both(lambda g: g.random(4, dtype=np.float32)))
try:
    import torch
except ImportError:
    torch = None
if torch is not None:
    seed = lambda: torch.manual_seed(7)
    seed(); say("torch rand", torch.rand(24).tolist())
    seed(); say("torch randn 32", torch.randn(32).tolist())
    seed(); say("torch randn 8", torch.randn(8).tolist())
    seed(); say("torch randint 1000", torch.randint(1000, (24,)).tolist())
try:
    import jax
except ImportError:
    jax = None
if jax is not None:
    key = jax.random.PRNGKey(7)
    say("jax uniform", [float(x) for x in jax.random.uniform(key, (24,))])
    say("jax normal", [float(x) for x in jax.random.normal(key, (24,))])
    say("jax bits", [int(x) for x in jax.random.bits(key, (24,))])
