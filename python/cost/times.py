"""One measurement by name, in a process of its own: prints a number.

python times.py first-draw PCG64 300  microseconds of CPU for a first draw, the median of so many that wait at once
python times.py fork 100000           milliseconds for fork, exit and wait with so many undrawn generators
python times.py loader                seconds of CPU for an epoch of torch's DataLoader with two workers
"""

import os
import random
import resource
import sys
import time


def first_draw(kind, count):
    def make(seed):
        if kind == "random.Random":
            return random.Random(seed).random
        if kind == "torch.Generator":
            import torch

            generator = torch.Generator()
            generator.manual_seed(seed)
            return lambda: torch.rand(1, generator=generator)
        import numpy as np

        return np.random.Generator(getattr(np.random, kind)(seed)).random

    draws = [make(seed) for seed in range(int(count))]
    taken = []
    for draw in draws:
        start = time.thread_time_ns()
        draw()
        taken.append(time.thread_time_ns() - start)
    taken = sorted(taken)
    return taken[len(taken) // 2] / 1e3


def fork(count):
    import numpy as np

    alive = [np.random.Generator(np.random.SFC64(seed)) for seed in range(count)]
    taken = []
    for _ in range(15):
        start = time.perf_counter()
        if os.fork() == 0:
            os._exit(0)
        os.wait()
        taken.append(time.perf_counter() - start)
    assert len(alive) == count
    return min(taken) * 1e3


def loader():
    import torch
    from torch.utils.data import DataLoader, Dataset

    class Data(Dataset):
        def __len__(self):
            return 20_000

        def __getitem__(self, index):
            return torch.rand(8) + index

    for _batch in DataLoader(Data(), batch_size=64, num_workers=2, multiprocessing_context="fork"):
        pass
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


what, *argument = sys.argv[1:]
if what == "first-draw":
    print(first_draw(*argument))
elif what == "fork":
    print(fork(int(*argument)))
else:
    print(loader())
