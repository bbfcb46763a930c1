"""A child of one SeedSequence for every task: sound."""

import multiprocessing

import numpy as np


def work(seed):
    return np.random.default_rng(seed).normal()


if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(4) as pool:
        pool.map(work, np.random.SeedSequence().spawn(24))
