"""A child that ends by a fault after it has drawn."""

import ctypes
import os
import random

instance = random.Random(5)  # made
for _ in range(2):
    if os.fork() == 0:
        instance.random()  # draws
        ctypes.string_at(0)
for _ in range(2):
    os.wait()
