"""Started workers, each with the library's own seeding: sound."""

import multiprocessing
import random
import time

import numpy as np


def work(_task):
    time.sleep(0.05)
    return np.random.normal() + random.random()


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(work, range(16))
