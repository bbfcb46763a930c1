"""A seed that is set again in every epoch: within one thread a note."""

import random

for _epoch in range(5):
    random.seed(1)  # made
    random.random()  # draws
