"""The audit by the workers of a Dask cluster, of files that they share or of arrays that they hold.

>>> from distributed import Client
>>> import dask.array, seedbench.dask
>>> with Client(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as client:
...     draws = dask.array.random.default_rng(1).random((4, 1000), chunks=(2, 1000))
...     sound = seedbench.dask.audit(client, draws)
...     shared = seedbench.dask.audit(client, dask.array.concatenate([draws, draws[:1]]))
>>> sound.verdict, shared.findings[0].rule
('sound', 'equal-streams')

Words stay where they are: a scheduler and a network carry messages about them, and the result is the one that
`seedbench.audit` gives, byte for byte. What a worker did that is lost is done again by another.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from seedbench import _native
from seedbench import workers as engines
from seedbench._audit import Expect, Result, asked, result
from seedbench._held import Block, Held, fetched, held
from seedbench.workers import TASK_WORDS, Files, ReadAs, Task, WorkerError

try:
    import dask.config
    import distributed
except ImportError as error:
    raise ImportError("seedbench.dask needs Dask's scheduler: pip install 'dask[distributed]'") from error

__all__ = ["WorkerError", "audit"]

# Bytes that a worker takes for what is recorded, where it has so many to spare.
_MEMORY = 1 << 30


def audit(
    client: Any,
    data: Any,
    *,
    expect: Expect = "distinct",
    workers: int | None = None,
    for_workers: int | None = None,
    require_bits: float | None = None,
    promised: tuple[int, int] | None = None,
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
    """Judge whether streams of random numbers share anything, by the workers of a Dask cluster.

    `data` is one of

    - the path of a capture (a file, or a folder of files) on storage that this process and all workers see under the
      same path, in any form that `seedbench audit` takes. `element`, `words_per_stream` and `interleaved` say how flat
      binary files are read, as the options `--type`, `--words-per-stream` and `--interleaved` do;
    - a Dask array of shape (streams, words), or (runs, streams, words). A chunk holds whole streams: an array that is
      cut along the words is rechunked, which moves words between workers;
    - a Dask data frame with a column a stream, which becomes an array.

    `expect`, `workers`, `for_workers`, `require_bits` and `exhaustive` are those of `seedbench.audit`. `promised`
    says how many workers and runs there must be: where streams of them are missing, the verdict is inconclusive and
    names them, unless what is there is refuted. `as_` says what the numbers are, raw draws or values of unknown law,
    where their looks do not. `tested` is how many bytes of the first words are tested, read by this process (256
    MiB); everything is joined, and of what is longer one window in `recall` (1024). A task reads about `task_words`
    words at a time: fewer take less memory, and more are better where there are very many streams, since each task
    goes through what is said of all.

    A worker that is lost is replaced by the others, and the result is the same. Raises a `WorkerError` that names the
    worker where one cannot do its part, and a `ValueError` where the capture cannot be read or what is asked makes no
    sense. The blocks of an array must be recomputed alike, as those of `dask.array.random` are.
    """
    if getattr(client, "asynchronous", False):
        raise TypeError("the client is asynchronous: give a Client that waits for its results")
    question: dict[str, Any] = {
        "expect": expect,
        "workers": workers,
        "for_workers": for_workers,
        "require_bits": require_bits,
        "promised": promised,
        "as_": as_,
        "exhaustive": exhaustive,
        "tested": tested,
        "recall": recall,
    }
    if isinstance(data, (str, os.PathLike)):
        files = Files(os.fspath(data), (element, words_per_stream, interleaved))
        engine = _Engine(client, files=files.seen(), task_words=task_words)
        return engines.audit(engine, files, name=name, memory=engine.memory, **question)
    if element or words_per_stream or interleaved:
        raise TypeError("element, words_per_stream and interleaved are for files, and this is none")
    parts = held(data)
    engine = _Engine(client, held=parts, task_words=task_words)
    title, held_by = name or type(data).__name__, asked(**question, memory=engine.memory)
    return result(title, *_native.audit_held(parts.numbers, parts.streams(), engine, title, held_by))


def _greeted(version: str, path: str | None, dask_worker: Any) -> tuple[str | None, int | None]:
    """Why this worker can do nothing, and the bytes of memory that it may take."""
    manager = getattr(dask_worker, "memory_manager", None)
    return engines.cannot_work(version, path), getattr(manager, "memory_limit", None)


def _named(work: Callable[..., Any], *arguments: Any) -> Any:
    """Work that names this worker where it fails."""
    try:
        return work(*arguments)
    except (ValueError, OSError) as error:
        address = distributed.get_worker().address
        raise WorkerError(f"worker {address}: {engines.one_line(error)}") from error


def _answered(source: Any, step: bytes, tasks: list[bytes]) -> list[bytes]:
    return _named(engines.answered, source, step, tasks)  # type: ignore[no-any-return]


def _sketched(source: Any, step: bytes, tasks: list[bytes], buckets: int) -> list[list[bytes]]:
    return _named(engines.sketched, source, step, tasks, buckets)  # type: ignore[no-any-return]


def _matched(step: bytes, *parts: list[bytes]) -> bytes:
    return _named(engines.matched, step, *parts)  # type: ignore[no-any-return]


def _of_block(values: Any, block: Block, work: Callable[..., Any], *arguments: Any) -> Any:
    return work(block.holding(values), *arguments)


def _fetched(values: Any, pieces: list[tuple[int, int, int]]) -> list[bytes]:
    return _named(fetched, values, pieces)  # type: ignore[no-any-return]


@contextlib.contextmanager
def _told_in_one_line() -> Iterator[None]:
    """What the cluster could not do, as an error of one line."""
    try:
        yield
    except WorkerError:
        raise
    except (Exception, asyncio.CancelledError) as error:
        raise WorkerError(f"the cluster could not do its part: {engines.one_line(error)}") from error


def _step(step: bytes) -> bytes:
    """A task like any other, and done again if its result is lost, as scattered data would not be."""
    return step


def _part(cut: list[list[bytes]], bucket: int) -> list[bytes]:
    return cut[bucket]


class _Engine:
    """What the analyser hands work to: it makes tasks of Dask of it."""

    def __init__(
        self,
        client: Any,
        *,
        task_words: int,
        files: Files | None = None,
        held: Held | None = None,
    ) -> None:
        self.client = client
        self.task_words = task_words
        # Keys of another audit's tasks are others: what it left behind may be of other words.
        self._audit = uuid.uuid4().bytes
        self._files = files
        self.memory = self._greet(files.path if files else None)
        # Each bucket lies with one worker, and has that worker's memory.
        self.workers = engines.buckets(len(client.nthreads()))
        self._held = held
        self._blocks = client.compute(held.delayed) if held else []

    def gather(self, step: bytes, tasks: Sequence[Task]) -> list[bytes]:
        with _told_in_one_line():
            answers = self.client.gather(self._handed_out(_answered, step, tasks))
        return [answer for some in answers for answer in some]

    def shuffle(self, step: bytes, tasks: Sequence[Task]) -> list[bytes]:
        with _told_in_one_line():
            cut = self._handed_out(_sketched, step, tasks, self.workers)
            told = self._told(step)
            met = []
            for bucket in range(self.workers):
                parts = [self._submit(_part, one, bucket, of=[one.key.encode(), b"%d" % bucket]) for one in cut]
                met.append(self._submit(_matched, told, *parts, of=[step, b"%d" % bucket]))
            return list(self.client.gather(met))

    def fetch(self, pieces: Sequence[tuple[int, int, int, int]]) -> list[bytes]:
        assert self._held is not None, "files are read where they are seen"
        wanted: dict[int, list[tuple[int, tuple[int, int, int]]]] = {}
        for at, (run, task, first, words) in enumerate(pieces):
            block, row = self._held.place(run, task)
            wanted.setdefault(block, []).append((at, (row, first, words)))
        with _told_in_one_line():
            futures = [
                self._submit(_fetched, self._blocks[block], [one for _, one in some], of=[repr((block, some)).encode()])
                for block, some in wanted.items()
            ]
            fetched = self.client.gather(futures)
        found = [b""] * len(pieces)
        for some, numbers in zip(wanted.values(), fetched, strict=True):
            for (at, _), piece in zip(some, numbers, strict=True):
                found[at] = piece
        return found

    def _greet(self, path: str | None) -> int:
        """Bytes of memory that each worker has for what is recorded; refuses workers that can do nothing."""
        told = self.client.run(_greeted, _native.__version__, path, on_error="return")
        least = _MEMORY
        for address, one in told.items():
            if isinstance(one, OSError):
                continue  # It was lost at this moment, and others do its work.
            if isinstance(one, BaseException):
                hint = ": install it there, in this version" if "No module named 'seedbench" in str(one) else ""
                raise WorkerError(f"worker {address}: {engines.one_line(one)}{hint}") from one
            problem, limit = one
            if problem:
                raise WorkerError(f"worker {address} {problem}")
            least = min(least, (limit or _MEMORY) // 4)
        return least

    def _told(self, step: bytes) -> Any:
        return self._submit(_step, step, of=[step])

    def _handed_out(self, work: Callable[..., Any], step: bytes, tasks: Sequence[Task], *more: Any) -> list[Any]:
        """A future for each piece of the work: tasks about one block are one, since it is converted once."""
        told = self._told(step)
        if self._held is None:
            messages = engines.pieces([message for _, message in tasks], self.workers)
            return [self._submit(work, self._files, told, some, *more, of=[step, *some]) for some in messages]
        by_owner: dict[int, list[bytes]] = {}
        for owner, message in tasks:
            assert owner is not None, "every stream lies in a block"
            by_owner.setdefault(owner, []).append(message)
        return [
            self._submit(
                _of_block, self._blocks[owner], self._held.blocks[owner], work, told, some, *more, of=[step, *some]
            )
            for owner, some in by_owner.items()
        ]

    def _submit(self, work: Callable[..., Any], *arguments: Any, of: Iterable[bytes]) -> Any:
        """A task whose key tells its content, so that what is asked twice is done once."""
        digest = hashlib.blake2b(self._audit, digest_size=16)
        for part in of:
            digest.update(len(part).to_bytes(8, "little"))
            digest.update(part)
        key = f"seedbench{work.__name__}-{digest.hexdigest()}"
        # Steps are long where there are many streams.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"}):
            return self.client.submit(work, *arguments, key=key, pure=True)
