import numpy as np

def capture(rng, worker, draws=4096):
    # The draws as they come: no header, nothing sorted, summed or scaled.
    np.save(f"run-000/worker-{worker:05}.npy", rng.random(draws))
