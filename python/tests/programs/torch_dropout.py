"""torch's default generator, seeded once and inherited by fork."""

import os

import torch
import torch.nn.functional as functional

torch.manual_seed(3)  # made
ones = torch.ones(64)
for _ in range(3):
    if os.fork() == 0:
        functional.dropout(ones)  # draws
        os._exit(0)
for _ in range(3):
    os.wait()
