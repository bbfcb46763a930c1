"""Subclasses, copies and pickles keep their types and go on where they were."""

import copy
import pickle
import random

import numpy as np


class Mine(np.random.Generator):
    def __init__(self, bits, name):
        super().__init__(bits)
        self.name = name


class Plain(random.Random):
    pass


mine = Mine(np.random.PCG64(3), "mine")
again = np.random.default_rng(3)
assert type(again) is np.random.Generator and isinstance(mine, np.random.Generator)
assert mine.random() == again.random()
copied = pickle.loads(pickle.dumps(again))
assert type(copied) is np.random.Generator
assert copied.random() == again.random()
assert copy.deepcopy(again).random() == again.random()
plain = Plain(4)
assert pickle.loads(pickle.dumps(plain)).random() == copy.copy(plain).random() == plain.random()
legacy = np.random.RandomState(5)
assert copy.deepcopy(legacy).rand() == legacy.rand()
swapped = np.random.Generator(np.random.PCG64(8))
swapped.__init__(np.random.PCG64(9))
assert swapped.random() == np.random.default_rng(9).random()
print(mine.name, plain.random(), legacy.rand(), np.random.default_rng(1).bit_generator.random_raw())
