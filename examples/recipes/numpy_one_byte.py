"""A local state seeded with one byte from the operating system. NOT safe.

One byte is 256 seeds: of 20 workers two share a stream more often than not. With `--module` the
byte is drawn once, before the fork, and then every worker has the same state.

    seedbench audit --pool --workers 8 --runs 3 -- python3 numpy_one_byte.py
    seedbench audit --pool --workers 8 --runs 3 -- python3 numpy_one_byte.py --module
"""
import multiprocessing as mp
import os
import sys
import time

import numpy as np

AT_MODULE = np.random.RandomState(int.from_bytes(os.urandom(1), byteorder="little"))


def draw(_):
    reseed = int.from_bytes(os.urandom(1), byteorder="little")
    return np.random.RandomState(reseed).rand()


def draw_from_module(_):
    time.sleep(0.002)  # so that every worker gets its share of the tasks
    return AT_MODULE.rand()


if __name__ == "__main__":
    workers = int(os.environ.get("SEEDBENCH_WORKERS", 8))
    function = draw_from_module if "--module" in sys.argv else draw
    with mp.get_context("fork").Pool(workers) as pool:
        for value in pool.map(function, range(200)):
            print(repr(float(value)))
