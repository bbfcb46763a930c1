import numpy as np

def task_rng(root, task):
    # SeedSequence hashes root and task together; never seed with root + task.
    return np.random.default_rng(np.random.SeedSequence(root, spawn_key=(task,)))
