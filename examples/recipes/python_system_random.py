"""The operating system's generator for every draw. Safe, and slow.

    seedbench audit --pool --workers 8 --runs 3 -- python3 python_system_random.py
"""
import multiprocessing as mp
import os
import random


def draw(_):
    return random.SystemRandom().random()


if __name__ == "__main__":
    workers = int(os.environ.get("SEEDBENCH_WORKERS", 8))
    with mp.get_context("fork").Pool(workers) as pool:
        for value in pool.map(draw, range(2000)):
            print(repr(value))
