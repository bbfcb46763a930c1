"""A generator sent to the workers of a Dask cluster with every task."""

import time

import numpy as np
from dask.distributed import Client, LocalCluster

TASKS = 8


def work(rng, _task):
    time.sleep(0.1)
    return rng.normal()  # draws


if __name__ == "__main__":
    rng = np.random.default_rng(5)  # made
    with LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        tasks = [client.submit(work, rng, task, pure=False) for task in range(TASKS)]  # copied
        client.gather(tasks)
