"""A pool of forked workers, and numpy's global state drawn from before."""

import multiprocessing
import time

import numpy as np

np.random.permutation(10)


def work(_task):
    time.sleep(0.01)
    return np.random.normal()  # draws


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.map(work, range(40))
