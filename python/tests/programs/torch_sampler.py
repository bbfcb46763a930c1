"""torch's DistributedSampler: every rank shuffles alike and takes its share of the one order. Right, by one integer."""

import multiprocessing

from torch.utils.data import DistributedSampler


def work(rank, barrier):
    sampler = DistributedSampler(list(range(100)), num_replicas=3, rank=rank, seed=4)
    for epoch in range(2):
        barrier.wait(60)
        sampler.set_epoch(epoch)
        list(sampler)


if __name__ == "__main__":
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(3)
    ranks = [fork.Process(target=work, args=(rank, barrier)) for rank in range(3)]
    for rank in ranks:
        rank.start()
    for rank in ranks:
        rank.join()
