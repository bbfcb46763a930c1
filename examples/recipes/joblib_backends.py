"""numpy's global generator under joblib.

`loky` starts fresh interpreters, each seeded anew: safe. `multiprocessing` forks: NOT safe.

    seedbench audit --pool --workers 4 --runs 2 -- python3 joblib_backends.py loky
    seedbench audit --pool --workers 4 --runs 2 -- python3 joblib_backends.py multiprocessing
"""
import os
import sys
import time

import numpy as np
from joblib import Parallel, delayed

np.random.permutation(10)  # the parent shuffles something


def draw(task):
    time.sleep(0.01)  # so that every worker gets its share of the tasks
    return task, np.random.random(64).tolist()


if __name__ == "__main__":
    workers = int(os.environ.get("SEEDBENCH_WORKERS", 4))
    results = Parallel(n_jobs=workers, backend=sys.argv[1], batch_size=1)(
        delayed(draw)(task) for task in range(4 * workers)
    )
    print("task,value")
    for task, values in results:
        for value in values:
            print(f"{task},{value!r}")
