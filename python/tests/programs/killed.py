"""Children that are killed right after they have drawn."""

import os
import signal

import numpy as np

rng = np.random.default_rng()  # made
for _ in range(3):
    if os.fork() == 0:
        rng.random()  # draws
        os.kill(os.getpid(), signal.SIGKILL)
for _ in range(3):
    os.wait()
