"""Ranks as seeds."""

import multiprocessing

import numpy as np


def work(rank):
    return np.random.default_rng(rank).normal()  # made


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.map(work, range(8), chunksize=2)
