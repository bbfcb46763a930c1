"""What workers of any engine do for an audit: they read words where they lie, and answer about them.

Steps, tasks and answers are bytes that the analyser makes and takes. An answer depends on nothing but step, task and
words, so that a task may be done again by another worker, or twice.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from seedbench import _native

# Element type, words a stream, streams that take turns.
Flat = tuple[str | None, int | None, int | None]
# The owner of the streams that a task is about, where not everyone can read them, and the task.
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
    flat: Flat
    audit: str
    """Which audit it is read for: another may find other files there."""

    def open(self) -> _native.Opened:
        return _opened(self)


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


def matched(step: bytes, parts: Iterable[Iterable[bytes]]) -> bytes:
    """What the parts of one bucket match in."""
    return _native.matched(step, [part for some in parts for part in some])


def seen(path: str) -> str:
    """The whole path of a capture that is seen here."""
    if not os.path.exists(path):
        raise FileNotFoundError(f"there is no capture at {path}")
    return os.path.abspath(path)


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
