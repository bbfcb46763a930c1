"""An instance of random.Random is copied by fork; the global one is seeded anew by Python."""

import os
import random

instance = random.Random()  # made
random.random()
for _ in range(2):
    if os.fork() == 0:
        random.random()
        instance.random()  # draws
        os._exit(0)
for _ in range(2):
    os.wait()
