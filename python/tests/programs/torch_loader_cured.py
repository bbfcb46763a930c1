"""The same with worker_init_fn: sound."""

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, get_worker_info


class Data(Dataset):
    rng = None

    def __len__(self):
        return 64

    def __getitem__(self, index):
        return torch.tensor(self.rng.normal()) + torch.randn(())


def begin(worker):
    get_worker_info().dataset.rng = np.random.default_rng([torch.initial_seed() & (2**63 - 1), worker])


if __name__ == "__main__":
    for _epoch in range(2):
        for _batch in DataLoader(
            Data(), batch_size=4, num_workers=3, worker_init_fn=begin, multiprocessing_context="fork"
        ):
            pass
