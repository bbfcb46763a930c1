import numpy as np

def rng(seed):
    # PCG64 behind a SeedSequence; never a hand-written congruential generator.
    return np.random.default_rng(seed)
