"""Root seed plus rank. Distinct in one run; run 0 rank 1 is run 1 rank 0. NOT safe.

    seedbench audit --workers 8 --words 256 --seeds 0,1,2,3 -- python3 numpy_seed_plus_rank.py
"""
import os

import numpy as np

seed = int(os.environ["SEEDBENCH_SEED"]) + int(os.environ["SEEDBENCH_WORKER"])
rng = np.random.default_rng(seed)
for value in rng.random(int(os.environ["SEEDBENCH_WORDS"])):
    print(repr(float(value)))
