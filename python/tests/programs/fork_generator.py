"""A generator at module level, inherited by forked workers."""

import multiprocessing
import time

import numpy as np

rng = np.random.default_rng(12345)  # made


def work(_task):
    time.sleep(0.01)
    return rng.normal()  # draws


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.map(work, range(40))
