"""PyTorch's own DataLoader, whose workers are forked anew in every epoch.

`global`: the data set draws from numpy's global generator. Since version 1.9 PyTorch seeds it in every
worker from the loader's base seed and the worker's number: safe. Before, every worker of every epoch
repeated the same augmentations (`dataloader.py` stands in for those versions).
`own`: the data set keeps a generator of its own, made in the parent. PyTorch knows nothing of it, and
all workers inherit one state. NOT safe.
`seeded`: the same, made anew by `worker_init_fn` from the seed that PyTorch gives each worker. Safe.

    seedbench audit --pool --workers 4 --runs 2 -- python3 torch_dataloader.py global
    seedbench audit --pool --workers 4 --runs 2 -- python3 torch_dataloader.py own
    seedbench audit --pool --workers 4 --runs 2 -- python3 torch_dataloader.py seeded
"""
import json
import os
import sys

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, get_worker_info

DRAWS = 64


class Augmented(Dataset):
    def __init__(self, items, own):
        self.items = items
        self.rng = np.random.default_rng() if own else None

    def __len__(self):
        return self.items

    def __getitem__(self, index):
        draw = np.random.random if self.rng is None else self.rng.random
        return get_worker_info().id, draw(DRAWS).tolist()


def seeded(worker):
    get_worker_info().dataset.rng = np.random.default_rng(torch.initial_seed())


def as_it_is(item):
    return item


if __name__ == "__main__":
    workers = int(os.environ.get("SEEDBENCH_WORKERS", 4))
    np.random.permutation(10)  # the parent shuffles something
    loader = DataLoader(
        Augmented(2 * workers, own=sys.argv[1] != "global"),
        batch_size=None,
        collate_fn=as_it_is,
        num_workers=workers,
        multiprocessing_context="fork",
        worker_init_fn=seeded if sys.argv[1] == "seeded" else None,
    )
    torch.seed()  # PyTorch starts from a constant: without this every run repeats the last
    for epoch in range(3):
        for worker, values in loader:
            print(json.dumps({"epoch": epoch, "worker": worker, "value": values}))
