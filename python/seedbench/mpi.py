"""The audit by the ranks of MPI, from mpi4py: of numbers that every rank drew, or of files that all ranks see.

    from mpi4py import MPI
    import seedbench.mpi
    result = seedbench.mpi.audit(MPI.COMM_WORLD, draws)     # on every rank
    result.assert_sound()

Words stay with their ranks; messages about them travel, and every rank gets the result that one process would get,
byte for byte. Programs in C and Fortran call `libseedbench_mpi` instead, in the folder `mpi` of the project.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from seedbench import _native
from seedbench import workers as engines
from seedbench._audit import Expect, Result, asked, result
from seedbench.workers import TASK_WORDS, Files, ReadAs, Task, WorkerError

__all__ = ["WorkerError", "audit"]

_KINDS = dict.fromkeys("BHILQN?", "u") | dict.fromkeys("bhilqn", "i") | dict.fromkeys("fd", "f")
# What rank 0 says to all.
_GATHER, _SHUFFLE, _FETCH, _DONE, _FAILED = range(5)


def audit(
    comm: Any,
    data: Any,
    *,
    expect: Expect = "distinct",
    workers: int | None = None,
    for_workers: int | None = None,
    require_bits: float | None = None,
    as_: ReadAs | None = None,
    exhaustive: bool = False,
    tested: int | None = None,
    recall: int | None = None,
    element: str | None = None,
    words_per_stream: int | None = None,
    interleaved: int | None = None,
    task_words: int = TASK_WORDS,
    name: str | None = None,
) -> Result:
    """Judge whether the ranks of a communicator share random numbers. Collective: every rank calls it.

    `data` is what this rank drew, an array of numbers with a buffer (numpy, `array.array`, torch on a CPU), as many as
    it likes and of one type on all ranks; or the path of a capture that all ranks see, the same on each. The keywords
    are those of `seedbench.dask.audit`, and the same on all ranks.

    Every rank gets the result. Raises a `WorkerError` on all ranks that names one which cannot do its part, and a
    `ValueError` where the numbers cannot be read or what is asked makes no sense.
    """
    question = asked(
        expect=expect,
        workers=workers,
        for_workers=for_workers,
        require_bits=require_bits,
        as_=as_,
        exhaustive=exhaustive,
        tested=tested,
        recall=recall,
    )
    flat = (element, words_per_stream, interleaved)
    source: Files | _Own | None = None
    try:
        source = Files(os.fspath(data), flat, audit="") if isinstance(data, (str, os.PathLike)) else _Own.of(comm, data)
        if isinstance(source, _Own) and any(flat):
            raise TypeError("element, words_per_stream and interleaved are for files, and this is none")
        told = (_native.__version__, None, source.told()) if isinstance(source, _Own) else _seen(source)
    except (TypeError, ValueError) as error:
        told = (_native.__version__, engines.one_line(error), ())
    streams = _agreed(comm, told)
    assert source is not None, "what is wrong was told to all"
    ranks = _Ranks(comm, source, task_words)
    title = name or (source.path if isinstance(source, Files) else "the numbers of all ranks")
    if comm.Get_rank() != 0:
        return result(title, *ranks.serve())
    try:
        if isinstance(source, Files):
            judged = _native.audit_capture(source.path, flat, ranks, title, question)
        else:
            judged = _native.audit_held(source.numbers, streams, ranks, title, question)
    except BaseException as error:
        failed = error if isinstance(error, (WorkerError, ValueError)) else WorkerError(engines.one_line(error))
        comm.bcast((_FAILED, failed), root=0)
        raise
    comm.bcast((_DONE, judged), root=0)
    return result(title, *judged)


@dataclass(frozen=True)
class _Own:
    """What one rank drew: the stream of its number."""

    rank: int
    values: memoryview
    numbers: tuple[str, int]
    opened: _native.Opened

    @staticmethod
    def of(comm: Any, values: Any) -> _Own:
        view = memoryview(values)
        kind = _KINDS.get(view.format.lstrip("@="))
        if kind is None:
            raise TypeError(f"numbers of the type {view.format!r} cannot be audited: give unsigned integers or doubles")
        plain = (view if view.c_contiguous else memoryview(view.tobytes())).cast("B")
        if not plain.nbytes:
            raise ValueError("it drew no number: give at least one on every rank")
        rank, numbers = comm.Get_rank(), (kind, view.itemsize)
        return _Own(rank, plain, numbers, _native.Opened.part(numbers, [(0, rank, plain)]))

    def open(self) -> _native.Opened:
        return self.opened

    def told(self) -> tuple[Any, ...]:
        return (*self.numbers, self.values.nbytes // self.numbers[1])

    def piece(self, first: int, words: int) -> bytes:
        size = self.numbers[1]
        return bytes(self.values[first * size : (first + words) * size])


def _seen(files: Files) -> tuple[str, str | None, tuple[Any, ...]]:
    return _native.__version__, engines.cannot_work(_native.__version__, files.path), ("files", files.path, files.flat)


def _agreed(comm: Any, told: tuple[str, str | None, tuple[Any, ...]]) -> list[tuple[int, int, str, int, int]]:
    """The streams of all ranks, where nothing is wrong on any and all tell of the same."""
    every = comm.allgather(told)
    for rank, (version, problem, _) in enumerate(every):
        if version != every[0][0]:
            problem = f"has seedbench {version}, and rank 0 {every[0][0]}: install the same version everywhere"
        if problem:
            raise WorkerError(f"rank {rank}: {problem}")
    for rank, (_, _, of) in enumerate(every):
        if of[:2] != every[0][2][:2]:
            raise WorkerError(f"rank {rank}: gives {of[:2]}, and rank 0 {every[0][2][:2]}: give the same on all")
    if every[0][2][0] == "files":
        return []
    return [(0, rank, f"rank {rank}", of[2], rank) for rank, (_, _, of) in enumerate(every)]


class _Ranks:
    """What the analyser on rank 0 hands work to: all ranks do it in step, rank 0 too."""

    def __init__(self, comm: Any, source: Files | _Own, task_words: int) -> None:
        self.comm, self.source, self.task_words = comm, source, task_words
        self.workers: int = comm.Get_size()

    def gather(self, step: bytes, tasks: Sequence[Task]) -> list[bytes]:
        self.comm.bcast((_GATHER, step), root=0)
        return self._gather(step, self._dealt(tasks))

    def shuffle(self, step: bytes, tasks: Sequence[Task]) -> list[bytes]:
        self.comm.bcast((_SHUFFLE, step), root=0)
        return self._shuffle(step, self._dealt(tasks))

    def fetch(self, pieces: Sequence[tuple[int, int, int, int]]) -> list[bytes]:
        self.comm.bcast((_FETCH, pieces), root=0)
        found = dict(self._fetch(pieces))
        return [found[at] for at in range(len(pieces))]

    def serve(self) -> tuple[str, bytes]:
        """Do what rank 0 says until it says what the result is."""
        work: dict[int, Callable[[Any], object]] = {
            _GATHER: lambda step: self._gather(step, None),
            _SHUFFLE: lambda step: self._shuffle(step, None),
            _FETCH: self._fetch,
        }
        while True:
            ask, what = self.comm.bcast(None, root=0)
            if ask == _DONE:
                judged: tuple[str, bytes] = what
                return judged
            if ask == _FAILED:
                raise what
            work[ask](what)

    def _dealt(self, tasks: Sequence[Task]) -> list[list[bytes]]:
        dealt: list[list[bytes]] = [[] for _ in range(self.workers)]
        for at, (owner, message) in enumerate(tasks):
            dealt[at % self.workers if owner is None else owner].append(message)
        return dealt

    def _gather(self, step: bytes, dealt: list[list[bytes]] | None) -> list[bytes]:
        tasks = self.comm.scatter(dealt, root=0)
        return self._told(_tried(engines.answered, self.source, step, tasks))

    def _shuffle(self, step: bytes, dealt: list[list[bytes]] | None) -> list[bytes]:
        tasks = self.comm.scatter(dealt, root=0)
        problem, cut = _tried(engines.sketched, self.source, step, tasks, self.workers)
        parts = self.comm.alltoall(cut or [[] for _ in range(self.workers)])
        if problem:
            return self._told((problem, []))
        problem, hits = _tried(engines.matched, step, *parts)
        return self._told((problem, [hits] if hits is not None else []))

    def _fetch(self, pieces: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, bytes]]:
        own = self.source
        assert isinstance(own, _Own), "files are read where they are seen"
        mine = [(at, own.piece(first, words)) for at, (_, rank, first, words) in enumerate(pieces) if rank == own.rank]
        return self._told((None, mine))

    def _told(self, mine: tuple[str | None, list[Any] | None]) -> list[Any]:
        """What all ranks have to say, on rank 0."""
        every = self.comm.gather(mine, root=0) or []
        for rank, (problem, _) in enumerate(every):
            if problem:
                raise WorkerError(f"rank {rank}: {problem}")
        return [one for _, some in every for one in some or []]


def _tried(work: Callable[..., Any], *arguments: Any) -> tuple[str | None, Any]:
    try:
        return None, work(*arguments)
    except (ValueError, OSError) as error:
        return engines.one_line(error), None
