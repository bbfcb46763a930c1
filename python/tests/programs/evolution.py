"""scipy's differential evolution in worker processes, each with the library's own seeding: sound."""

import multiprocessing

import numpy as np
from scipy.optimize import differential_evolution


def noisy(point):
    return float(np.sum(point**2) + 1e-9 * np.random.normal())


if __name__ == "__main__":
    multiprocessing.set_start_method("forkserver")
    bounds = [(-1.0, 1.0)] * 2
    differential_evolution(noisy, bounds, workers=2, maxiter=3, popsize=8, polish=False, updating="deferred")
