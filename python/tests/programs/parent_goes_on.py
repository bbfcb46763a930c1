"""Parent and child draw on from one state after a fork."""

import os

import numpy as np

rng = np.random.default_rng()  # made
rng.random(100)
if os.fork() == 0:
    rng.random(100)  # child
    os._exit(0)
os.wait()
rng.random(100)  # parent
