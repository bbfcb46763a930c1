"""A torch generator at module level, inherited by fork."""

import os

import torch

generator = torch.Generator()
generator.manual_seed(9)  # made
for _ in range(3):
    if os.fork() == 0:
        torch.rand(3, generator=generator)  # draws
        os._exit(0)
for _ in range(3):
    os.wait()
