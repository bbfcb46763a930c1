"""dask's random arrays, a state for every block, computed in threads: sound."""

import dask.array

generator = dask.array.random.default_rng()
generator.normal(size=4000, chunks=500).mean().compute(scheduler="threads", num_workers=4)
