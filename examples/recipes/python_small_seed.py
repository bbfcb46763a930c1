"""One worker that seeds with a number below 10,000. NOT safe, and seen before any two workers meet.

    seedbench audit --workers 16 --words 256 -- python3 python_small_seed.py
"""
import os
import random

rng = random.Random(random.SystemRandom().randrange(10_000))
for _ in range(int(os.environ["SEEDBENCH_WORDS"])):
    print(rng.random())
