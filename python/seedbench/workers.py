"""What workers of any engine do for an audit: they read words where they lie, and answer about them.

An engine has `workers`, how many there are, `task_words`, about how many words a task reads (`TASK_WORDS`), and two
methods, to which the analyser hands a step and tasks that it makes of bytes:

- `gather(step, tasks)` returns the answers of `answered` to all tasks, in any order;
- `shuffle(step, tasks)` cuts each task's answer into as many buckets as there are workers (`sketched`), and returns
  what the parts of each bucket match in (`matched`).

A task is a pair of an owner, None where all workers see the same files, and a message. An answer depends on nothing
but step, task and words: what is lost may be done again by another worker, or twice. `seedbench.dask` and
`seedbench.spark` are such engines.
"""

from __future__ import annotations

import functools
import os
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from seedbench import _native
from seedbench._audit import Expect, Result, asked, result

Flat = tuple[str | None, int | None, int | None]
Task = tuple[int | None, bytes]

ReadAs = Literal["draws", "values"]

_T = TypeVar("_T")

TASK_WORDS = 1 << 22
"""Words of a task: 32 MiB of 64 bits each."""

# Buckets in which records meet at most: a worker takes several where there are more workers.
_BUCKETS = 64
# Pieces that the work is cut into at most, or two a worker where that is more.
_PIECES = 1024


class WorkerError(RuntimeError):
    """A worker could not do its part: there is no verdict on less evidence."""


@dataclass(frozen=True)
class Files:
    """A capture that all workers see."""

    path: str
    flat: Flat = (None, None, None)
    """How flat binary files are read: their element type, words a stream, streams that take turns."""
    audit: str = field(default_factory=lambda: uuid.uuid4().hex)
    """Which audit it is read for: another may find other files there."""

    def open(self) -> _native.Opened:
        return _opened(self)

    def seen(self) -> Files:
        """Under the whole path, where this process sees it."""
        if not os.path.exists(self.path):
            raise FileNotFoundError(f"there is no capture at {self.path}")
        return replace(self, path=os.path.abspath(self.path))


@functools.lru_cache(maxsize=2)
def _opened(files: Files) -> _native.Opened:
    return _native.Opened.open(files.path, files.flat)


def buckets(workers: int) -> int:
    """Buckets in which the records of so many workers meet."""
    return max(1, min(workers, _BUCKETS))


def pieces(tasks: Sequence[_T], workers: int) -> list[list[_T]]:
    """Tasks in pieces, each of which one worker does in one go."""
    most = max(_PIECES, 2 * workers)
    size = -(-len(tasks) // most)
    return [list(tasks[at : at + size]) for at in range(0, len(tasks), size or 1)]


def answered(source: Any, step: bytes, tasks: Iterable[bytes]) -> list[bytes]:
    """Answers to tasks of a step that is gathered."""
    opened = source.open()
    return [opened.answer(step, task) for task in tasks]


def sketched(source: Any, step: bytes, tasks: Iterable[bytes], buckets: int) -> list[list[bytes]]:
    """Answers to tasks of a step that is shuffled, a list for each bucket."""
    opened = source.open()
    cut = [opened.sketch(step, task, buckets) for task in tasks]
    return [[parts[bucket] for parts in cut] for bucket in range(buckets)]


def matched(step: bytes, *parts: Iterable[bytes]) -> bytes:
    """What the parts of one bucket match in."""
    return _native.matched(step, [part for some in parts for part in some])


def cannot_work(version: str, path: str | None) -> str | None:
    """Why a worker can do nothing for an audit by this version, of a capture at this path; None where it can."""
    own = _native.__version__
    if own != version:
        return f"has seedbench {own}, and the audit is made by {version}: install the same version everywhere"
    if path is not None and not os.path.exists(path):
        return f"does not see {path}: give a path on storage that all workers share, the same on each"
    return None


def one_line(error: BaseException) -> str:
    """The first line that an error says."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def audit(
    engine: Any,
    files: Files,
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
    memory: int | None = None,
    name: str | None = None,
) -> Result:
    """Judge a capture by the workers of an engine. The keywords are those of `seedbench.dask.audit`; `memory` is how
    many bytes each worker has for what is recorded (1 GiB).
    """
    question = asked(
        expect=expect,
        workers=workers,
        for_workers=for_workers,
        require_bits=require_bits,
        promised=promised,
        as_=as_,
        exhaustive=exhaustive,
        tested=tested,
        recall=recall,
        memory=memory,
    )
    title = name or files.path
    return result(title, *_native.audit_capture(files.path, files.flat, engine, title, question))
