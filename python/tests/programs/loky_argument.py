"""A generator sent to joblib's workers with every task."""

import time

import numpy as np
from joblib import Parallel, delayed

rng = np.random.default_rng()  # made


def work(rng, _task):
    time.sleep(0.05)
    return rng.normal()  # draws


if __name__ == "__main__":
    Parallel(n_jobs=2)(delayed(work)(rng, task) for task in range(8))  # copied
