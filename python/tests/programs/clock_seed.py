"""Every worker seeds with the second."""

import multiprocessing
import random
import time


def begin():
    random.seed(int(time.time()))  # made


def work(_task):
    time.sleep(0.01)
    return random.random()  # draws


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(4, begin) as pool:
        pool.map(work, range(40))
