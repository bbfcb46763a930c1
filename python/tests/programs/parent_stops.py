"""A parent that has drawn before it forks, and not after: its child goes on alone. Sound."""

import os
import random

generator = random.Random()
[generator.random() for _ in range(100)]
if os.fork() == 0:
    [generator.random() for _ in range(100)]
    os._exit(0)
os.wait()
