"""albumentations' transforms in a data set: every worker of every epoch inherits the state that they were made with.

As reported: albumentations-team/AlbumentationsX issue 266, for albumentations 2.0.8.
"""

import albumentations
import numpy as np
from torch.utils.data import DataLoader, Dataset


class Images(Dataset):
    def __init__(self):
        self.augment = albumentations.Compose([albumentations.HorizontalFlip(p=0.5)])  # made

    def __len__(self):
        return 16

    def __getitem__(self, index):
        image = np.full((8, 8, 3), index, np.uint8)
        return self.augment(image=image)["image"]  # draws


if __name__ == "__main__":
    loader = DataLoader(Images(), batch_size=4, num_workers=2, multiprocessing_context="fork")
    for _epoch in range(2):
        for _batch in loader:
            pass
