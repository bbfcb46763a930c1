import numpy as np

def rng_for_all_ranks(root):
    # The same root and no rank in the key: every rank draws the same words.
    return np.random.default_rng(np.random.SeedSequence(root))
