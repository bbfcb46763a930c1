"""A generator sent to joblib's workers with every task."""

import os
import tempfile
import time
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed

rng = np.random.default_rng()  # made


def work(rng, folder):
    (folder / str(os.getpid())).touch()
    while len(os.listdir(folder)) < 2:  # until both workers are at work
        time.sleep(0.01)
    return rng.normal()  # draws


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Parallel(n_jobs=2)(delayed(work)(rng, folder) for task in range(8))  # copied
