"""The worker's ordinal in its pool as the seed, in every task. NOT safe.

`_identity[0]` counts a parent's children: it is the same in every run, and every task of a worker
starts the same sequence again.

    seedbench audit --pool --workers 8 --runs 3 -- python3 numpy_ordinal.py
"""
import multiprocessing as mp
import os
import time

import numpy as np


def draw(_):
    time.sleep(0.002)  # so that every worker gets its share of the tasks
    ordinal = mp.current_process()._identity[0]
    return np.random.RandomState(ordinal).rand()


if __name__ == "__main__":
    workers = int(os.environ.get("SEEDBENCH_WORKERS", 8))
    with mp.get_context("fork").Pool(workers) as pool:
        for value in pool.map(draw, range(100)):
            print(repr(float(value)))
