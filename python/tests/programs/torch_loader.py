"""A data set with a generator of its own: every worker of every epoch has a copy of it."""

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset


class Data(Dataset):
    def __init__(self):
        self.rng = np.random.default_rng(0)  # made

    def __len__(self):
        return 64

    def __getitem__(self, index):
        return torch.tensor(self.rng.normal()) + torch.randn(())  # draws


if __name__ == "__main__":
    for _epoch in range(2):
        for _batch in DataLoader(Data(), batch_size=4, num_workers=3, multiprocessing_context="fork"):
            pass
