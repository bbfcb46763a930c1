"""Draws between marks, for callgrind: a dump at every call of `os.getpgrp` holds what came since the last one.

Prints the names of the sections in their order.
"""

import os
import random
import sys

import numpy as np

torch = None
if sys.argv[1] == "torch":
    import torch

mark = os.getpgrp
own = random.Random(1)
generator = np.random.default_rng(2)
legacy = np.random.RandomState(3)
cases = [
    ("random.random()", 20_000, random.random),
    ("Random.random()", 20_000, own.random),
    ("Random.gauss(0, 1)", 10_000, lambda: own.gauss(0, 1)),
    ("np.random.random()", 20_000, np.random.random),
    ("RandomState.normal()", 20_000, legacy.normal),
    ("Generator.random()", 20_000, generator.random),
    ("Generator.integers(10)", 5_000, lambda: generator.integers(10)),
    ("np.random.random(1000)", 200, lambda: np.random.random(1000)),
    ("Generator.normal(size=1000)", 200, lambda: generator.normal(size=1000)),
]
if torch is not None:
    tensor = torch.ones(1000)
    layer = torch.nn.Dropout()
    cases = [
        ("torch.rand(3)", 5_000, lambda: torch.rand(3)),
        ("torch.randn(1000)", 1_000, lambda: torch.randn(1000)),
        ("Tensor.uniform_()", 2_000, tensor.uniform_),
        ("nn.Dropout", 1_000, lambda: layer(tensor)),
    ]


def measure(suffix):
    for name, count, draw in cases:
        draw()
        mark()
        for _ in range(count):
            draw()
        mark()
        print(f"{name}{suffix}")


for _, _, draw in cases:
    draw()
measure("")
undrawn = [random.Random(), np.random.default_rng(), np.random.RandomState()]
if torch is not None:
    waiting = torch.Generator()
    waiting.manual_seed(4)
measure(" (another undrawn)")
