"""Every worker seeds with its process id."""

import multiprocessing
import os
import time

import numpy as np


def begin():
    np.random.seed(os.getpid())  # made


def work(_task):
    time.sleep(0.01)
    return np.random.rand()


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(4, begin) as pool:
        pool.map(work, range(40))
