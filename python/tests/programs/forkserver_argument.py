"""A RandomState sent to the workers of an executor."""

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np


def work(state):
    time.sleep(0.1)
    return state.normal()  # draws


if __name__ == "__main__":
    state = np.random.RandomState(7)  # made
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(3, mp_context=context) as pool:
        list(pool.map(work, [state] * 12))
