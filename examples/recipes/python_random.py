"""Python's own `random` in a pool. Safe since Python 3.7, which reseeds it in every forked child;
a spawned child imports it anew.

    seedbench audit --pool --workers 8 --runs 3 -- python3 python_random.py fork
    seedbench audit --pool --workers 8 --runs 3 -- python3 python_random.py spawn
"""
import multiprocessing as mp
import os
import random
import sys


def draw(_):
    return random.random()


if __name__ == "__main__":
    workers = int(os.environ.get("SEEDBENCH_WORKERS", 8))
    with mp.get_context(sys.argv[1]).Pool(workers) as pool:
        for value in pool.map(draw, range(2000)):
            print(repr(value))
