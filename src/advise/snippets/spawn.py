# One root of entropy a run, one spawn key a task: distinct, fresh, and replayable from the root.
import os
import secrets
import sys

import numpy as np


def task_rng(root: int, task: int) -> np.random.Generator:
    """The generator of one task: the same root and task give the same numbers anywhere."""
    return np.random.default_rng(np.random.SeedSequence(root, spawn_key=(task,)))


if __name__ == "__main__":
    # Draw the root once, in the launcher, log it, and hand it to every worker.
    given = os.environ.get("SEEDBENCH_SEED")
    root = int(given, 0) if given else secrets.randbits(128)
    print(f"SEEDBENCH_SEED={root}", file=sys.stderr)
    task = int(os.environ.get("SEEDBENCH_WORKER", "0"))
    words = int(os.environ.get("SEEDBENCH_WORDS", "4"))
    rng = task_rng(root, task)
    for word in rng.integers(0, 2**64, size=words, dtype=np.uint64):
        print(word)
