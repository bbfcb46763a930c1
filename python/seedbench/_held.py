"""Streams that the workers of a cluster hold, as blocks of an array."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from seedbench import _native

_KINDS = {"u": "u", "b": "u", "i": "i", "f": "f"}
_LABELS = {"worker", "rank", "task", "stream"}
_RUN_AXES = 3
_HALF = 2


@dataclass(frozen=True)
class Block:
    """Where a block lies among runs and their streams, and what its numbers are."""

    run: int
    task: int
    runs: int
    tasks: int
    numbers: tuple[str, int]

    def holding(self, values: Any) -> Holding:
        return Holding(self, values)


@dataclass(frozen=True)
class Holding:
    """A block and its numbers, on the worker that has them."""

    block: Block
    values: Any

    def open(self) -> _native.Opened:
        block, rows = self.block, _rows(self.values)
        ids = itertools.product(range(block.run, block.run + block.runs), range(block.task, block.task + block.tasks))
        streams = [(run, task, row) for (run, task), row in zip(ids, rows, strict=True)]
        return _native.Opened.part(block.numbers, streams)


@dataclass(frozen=True)
class Held:
    """An array whose blocks hold whole streams."""

    delayed: list[Any]
    """The blocks, as what Dask will compute."""
    blocks: list[Block]
    numbers: tuple[str, int]
    words: int
    names: list[str]
    """Of the streams of all runs, one after another."""
    first_runs: list[int]
    first_tasks: list[int]
    shape: tuple[int, int]
    """Runs, and streams of each."""

    def place(self, run: int, task: int) -> tuple[int, int]:
        """The block that holds a stream, and which of its rows it is."""
        runs, tasks = bisect.bisect(self.first_runs, run) - 1, bisect.bisect(self.first_tasks, task) - 1
        at = runs * len(self.first_tasks) + tasks
        block = self.blocks[at]
        return at, (run - block.run) * block.tasks + task - block.task

    def streams(self) -> list[tuple[int, int, str, int, int]]:
        """Run, task, name, numbers, and the block of every stream, in order."""
        ids = itertools.product(range(self.shape[0]), range(self.shape[1]))
        return [
            (run, task, name, self.words, self.place(run, task)[0])
            for (run, task), name in zip(ids, self.names, strict=True)
        ]


def _rows(values: Any) -> list[memoryview]:
    """The bytes of each stream of a block."""
    view = memoryview(values)
    if not view.c_contiguous:
        view = memoryview(values.copy(order="C"))
    length = view.shape[-1] * view.itemsize if view.shape else 0
    plain = view.cast("B")
    return [plain[at : at + length] for at in range(0, plain.nbytes, length)]


def fetched(values: Any, pieces: Sequence[tuple[int, int, int]]) -> list[bytes]:
    """Numbers of a block: of a row, from one on, so many."""
    rows, size = _rows(values), values.dtype.itemsize
    return [bytes(rows[row][first * size : (first + words) * size]) for row, first, words in pieces]


def _firsts(chunks: Sequence[int]) -> list[int]:
    return [0, *itertools.accumulate(chunks)][:-1]


def held(data: Any) -> Held:
    """The streams of a Dask array, or of a Dask data frame with a column a stream."""
    names = None
    if hasattr(data, "to_dask_array") and hasattr(data, "columns"):
        names = [str(column) for column in data.columns]
        if "value" in names and not _LABELS.isdisjoint(names):
            raise ValueError(
                "a data frame with a row a value: give one with a column a stream, or write this one to files that "
                "all workers see, and give their path"
            )
        data = data.to_dask_array(lengths=True).T.rechunk({0: 1, 1: -1})
    elif not hasattr(data, "to_delayed") or not hasattr(data, "chunks"):
        raise TypeError(
            f"{type(data).__name__} is no path, and holds no blocks: give a Dask array of streams × words, or use "
            "seedbench.audit"
        )
    if data.ndim not in (2, _RUN_AXES):
        raise ValueError(f"an array of {data.ndim} axes: give streams × words, or runs × streams × words")
    if any(size != size for size in data.shape):
        raise ValueError("an array whose chunks have unknown sizes: call its compute_chunk_sizes() first")
    if 0 in data.shape:
        raise ValueError(f"an array of shape {data.shape} holds no numbers")
    kind = _KINDS.get(data.dtype.kind)
    if kind is None or (kind == "f" and data.dtype.itemsize == _HALF) or not data.dtype.isnative:
        raise TypeError(f"numbers of type {data.dtype} cannot be audited: give array.astype('uint64') or 'float64'")
    if data.numblocks[-1] != 1:
        data = data.rechunk({data.ndim - 1: -1})
    numbers = (kind, data.dtype.itemsize)
    runs, tasks = ((1,), *data.chunks[:-1])[-2:]
    first_runs, first_tasks = _firsts(runs), _firsts(tasks)
    blocks = [
        Block(run, task, of_runs, of_tasks, numbers)
        for run, of_runs in zip(first_runs, runs, strict=True)
        for task, of_tasks in zip(first_tasks, tasks, strict=True)
    ]
    shape = (sum(runs), sum(tasks))
    if names is None and data.ndim == _RUN_AXES:
        names = [f"run {run} worker {worker}" for run in range(shape[0]) for worker in range(shape[1])]
    return Held(
        delayed=list(data.to_delayed().ravel()),
        blocks=blocks,
        numbers=numbers,
        words=data.shape[-1],
        names=names or [f"row {row}" for row in range(shape[1])],
        first_runs=first_runs,
        first_tasks=first_tasks,
        shape=shape,
    )
