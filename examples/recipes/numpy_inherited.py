"""The generator state that every forked worker inherits. NOT safe.

numpy seeds its global generator once, when it is imported. A forked worker starts with a copy of
that state, so all workers walk the same sequence, and a value turns up once for every worker that
got that far. (numpy 2.4 imports `numpy.random` when it is first used; a parent that has not used it
yet leaves each worker to import its own. Programs that shuffle or initialise first have used it.)

    seedbench audit --pool --workers 8 --runs 3 -- python3 numpy_inherited.py
"""
import multiprocessing as mp
import os
import time

import numpy as np

np.random.permutation(10)  # the parent shuffles something


def draw(_):
    time.sleep(0.002)  # so that every worker gets its share of the tasks
    return np.random.random()


if __name__ == "__main__":
    workers = int(os.environ.get("SEEDBENCH_WORKERS", 8))
    with mp.get_context("fork").Pool(workers) as pool:
        for value in pool.map(draw, range(100)):
            print(repr(float(value)))
