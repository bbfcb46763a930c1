"""Threads that make a generator from 42 for every task."""

import time
from multiprocessing.dummy import Pool

import numpy as np


def work(_task):
    time.sleep(0.01)
    return np.random.default_rng(42).random()  # made draws


with Pool(4) as pool:
    pool.map(work, range(40), chunksize=1)
