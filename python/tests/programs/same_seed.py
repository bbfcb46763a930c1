"""Every worker seeds with 42."""

import multiprocessing
import random
import time


def begin():
    random.seed(42)  # made


def work(_task):
    time.sleep(0.01)
    return random.gauss(0, 1)  # draws


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(4, begin) as pool:
        pool.map(work, range(40))
