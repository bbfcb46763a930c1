# One root of entropy a run, one spawn key a task: distinct, fresh, and replayable from the root.
import os
import secrets

import numpy as np


def task_rng(root: int, task: int) -> np.random.Generator:
    """The generator of one task: the same root and task give the same numbers anywhere."""
    return np.random.default_rng(np.random.SeedSequence(root, spawn_key=(task,)))


if __name__ == "__main__":
    # Draw the root once, in the launcher, log it, and hand it to every worker.
    root = int(os.environ.get("ROOT", "0"), 0) or secrets.randbits(128)
    task = int(os.environ.get("SEEDBENCH_WORKER", "0"))
    words = int(os.environ.get("SEEDBENCH_WORDS", "4"))
    rng = task_rng(root, task)
    for word in rng.integers(0, 2**64, size=words, dtype=np.uint64):
        print(word)
