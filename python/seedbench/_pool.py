"""A pool that hands every task a generator of its own."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from seedbench._spawn import SpawnKey, spawn

Parameter = TypeVar("Parameter")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Outcome(Generic[Value]):
    """What a pool gave."""

    results: list[Value]
    """One a parameter, in their order."""
    wall: float
    """Seconds from the first task to the last."""
    root: int | tuple[int, ...]
    """The root that replays it."""
    workers: int
    """How many processes ran it; it makes no difference to the results."""

    def labelled(self, parameters: Iterable[Parameter]) -> Iterator[tuple[Parameter, Value]]:
        """The results beside their parameters."""
        return zip(parameters, self.results, strict=True)


def _task(work: tuple[Callable[..., Any], Any, SpawnKey, int]) -> Any:
    function, parameter, key, task = work
    return function(parameter, key.rng(task))


class Pool:
    """Maps a function over parameters in processes; results do not depend on how many there are.

    >>> import seedbench
    >>> def simulate(darts, rng):
    ...     return int((rng.random((darts, 2)) ** 2).sum(axis=1).__le__(1).sum())
    >>> outcome = seedbench.Pool(root=42, workers=0).map(simulate, [1000, 1000])
    >>> outcome.results == seedbench.Pool(root=outcome.root, workers=0).map(simulate, [1000, 1000]).results
    True
    """

    def __init__(self, root: int | Iterable[int] | None = None, workers: int | None = None) -> None:
        """A pool of one process a core, or of `workers`; 0 runs tasks here, without processes.

        Without a root, every pool draws another from the operating system.
        """
        self._key = spawn(root)
        self._workers = os.cpu_count() or 1 if workers is None else workers

    @property
    def root(self) -> int | tuple[int, ...]:
        """The root that replays it."""
        return self._key.root

    def map(self, function: Callable[[Parameter, Any], Value], parameters: Iterable[Parameter]) -> Outcome[Value]:
        """Call `function(parameter, rng)` for every parameter: task i gets numpy's generator of child i."""
        work = [(function, parameter, self._key, task) for task, parameter in enumerate(parameters)]
        start = time.perf_counter()
        if self._workers > 0 and work:
            with ProcessPoolExecutor(min(self._workers, len(work))) as pool:
                results = list(pool.map(_task, work, chunksize=max(1, len(work) // (4 * self._workers))))
        else:
            results = [_task(one) for one in work]
        return Outcome(results, time.perf_counter() - start, self._key.root, self._workers)
