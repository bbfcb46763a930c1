"""Every bit generator of numpy, each inherited by two children."""

import os

import numpy as np

kinds = [np.random.MT19937, np.random.PCG64, np.random.PCG64DXSM, np.random.Philox, np.random.SFC64]
generators = [np.random.Generator(kind()) for kind in kinds]
state = np.random.RandomState()
for _ in range(2):
    if os.fork() == 0:
        print([generator.integers(10) for generator in generators], state.rand())
        os._exit(0)
for _ in range(2):
    os.wait()
