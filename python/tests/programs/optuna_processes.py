"""optuna in forked processes: every one of them has the sampler as it was, and proposes the same next point.

As reported: optuna issue 2826, and the review of optuna pull request 692.
"""

import multiprocessing

import optuna

optuna.logging.set_verbosity(optuna.logging.WARNING)
sampler = optuna.samplers.RandomSampler()
study = optuna.create_study(sampler=sampler)


def propose(_task):
    return study.ask().suggest_float("x", 0.0, 1.0)  # draws


if __name__ == "__main__":
    propose(0)  # the sampler sets its generator up when it is first asked
    with multiprocessing.get_context("fork").Pool(3) as pool:
        points = pool.map(propose, range(3), chunksize=1)
    print("all propose the same" if len(set(points)) == 1 else "proposals differ")
