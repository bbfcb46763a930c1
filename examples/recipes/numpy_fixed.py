"""The task's number as the seed: distinct tasks, and every run repeats the last one.

Sound where runs are meant to repeat; not fresh where they are not.

    seedbench audit --pool --workers 8 --runs 3 -- python3 numpy_fixed.py
    seedbench audit --pool --workers 8 --runs 3 --expect fresh -- python3 numpy_fixed.py
"""
import multiprocessing as mp
import os

import numpy as np


def draw(seed):
    state = np.random.RandomState(seed)
    return [(seed, state.rand()) for _ in range(64)]


if __name__ == "__main__":
    workers = int(os.environ.get("SEEDBENCH_WORKERS", 8))
    print("task,value")
    with mp.get_context("fork").Pool(workers) as pool:
        for values in pool.map(draw, range(20)):
            for task, value in values:
                print(f"{task},{value!r}")
