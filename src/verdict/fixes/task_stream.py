import multiprocessing as mp
import numpy as np

def task(job):
    seed, item = job
    rng = np.random.default_rng(seed)      # a generator of its own, opened in the task
    return item, rng.random()

if __name__ == "__main__":
    root = np.random.SeedSequence()        # once per run; log root.entropy to replay it
    items = range(100)
    with mp.Pool() as pool:
        results = pool.map(task, list(zip(root.spawn(len(items)), items)))
