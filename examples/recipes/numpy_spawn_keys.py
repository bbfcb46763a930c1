"""One root of entropy, one spawned key a task. Safe; replayable with a given root.

    seedbench audit --pool --workers 8 --runs 3 -- python3 numpy_spawn_keys.py
"""
import multiprocessing as mp
import os

import numpy as np


def draw(argument):
    task, key = argument
    rng = np.random.default_rng(key)
    return [(task, value) for value in rng.random(256)]


if __name__ == "__main__":
    workers = int(os.environ.get("SEEDBENCH_WORKERS", 8))
    root = os.environ.get("SEEDBENCH_SEED")
    keys = np.random.SeedSequence(None if root is None else int(root)).spawn(64)
    print("task,value")
    with mp.get_context("fork").Pool(workers) as pool:
        for values in pool.map(draw, enumerate(keys)):
            for task, value in values:
                print(f"{task},{float(value)!r}")
