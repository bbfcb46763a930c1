"""A stand-in for PyTorch's DataLoader as it was before version 1.9: workers are forked anew in every
epoch, the data set augments with numpy's global generator, and `worker_init_fn` may seed it. PyTorch
itself is not used; `torch_dataloader.py` uses it, where it is installed.

Without `worker_init_fn` every worker of every epoch repeats the same augmentations. Seeding with the
worker's number alone repeats them in every epoch. Seeding from the base seed that the loader draws
anew for each epoch, with the worker's number, is safe.

    seedbench audit --pool --workers 4 --runs 2 -- python3 dataloader.py none
    seedbench audit --pool --workers 4 --runs 2 -- python3 dataloader.py worker
    seedbench audit --pool --workers 4 --runs 2 -- python3 dataloader.py base
"""
import json
import multiprocessing as mp
import os
import secrets
import sys

import numpy as np

DRAWS = 64

np.random.permutation(10)  # the parent shuffles the data set


def init_none(base, worker):
    pass


def init_worker(base, worker):
    np.random.seed(worker)


def init_base(base, worker):
    words = np.random.SeedSequence([base, worker]).generate_state(8)
    np.random.seed(words)


def worker_loop(epoch, worker, base, worker_init_fn, results):
    worker_init_fn(base, worker)
    results.put((epoch, worker, np.random.random(DRAWS).tolist()))


if __name__ == "__main__":
    workers = int(os.environ.get("SEEDBENCH_WORKERS", 4))
    init = {"none": init_none, "worker": init_worker, "base": init_base}[sys.argv[1]]
    context = mp.get_context("fork")
    for epoch in range(3):
        base = secrets.randbits(63)
        results = context.SimpleQueue()
        pool = [
            context.Process(target=worker_loop, args=(epoch, worker, base, init, results))
            for worker in range(workers)
        ]
        for process in pool:
            process.start()
        for _ in pool:
            epoch, worker, values = results.get()
            print(json.dumps({"epoch": epoch, "worker": worker, "value": values}))
        for process in pool:
            process.join()
