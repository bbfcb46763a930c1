"""Threads that draw from one shared instance in turn: no two get the same."""

import random
import time
from multiprocessing.dummy import Pool

shared = random.Random()


def work(_task):
    time.sleep(0.01)
    return shared.random()


with Pool(4) as pool:
    pool.map(work, range(40))
