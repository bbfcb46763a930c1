"""optuna in forked processes: every one of them has the sampler as it was, and proposes the same next point.

As reported: optuna issue 2826, and the review of optuna pull request 692.
"""

import multiprocessing

import optuna

optuna.logging.set_verbosity(optuna.logging.WARNING)
study = optuna.create_study(sampler=optuna.samplers.RandomSampler())
fork = multiprocessing.get_context("fork")


def propose():
    return study.ask().suggest_float("x", 0.0, 1.0)  # made draws


if __name__ == "__main__":
    propose()  # the sampler makes its generator when it is first asked
    points = fork.SimpleQueue()
    workers = [fork.Process(target=lambda: points.put(propose())) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("all propose the same" if len({points.get() for _ in workers}) == 1 else "proposals differ")
