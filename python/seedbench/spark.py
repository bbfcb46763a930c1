"""The audit by the executors of a Spark cluster, of files that they share.

    import seedbench.spark
    result = seedbench.spark.audit(spark, "/shared/captures")
    result.assert_sound()

Rust reads the words where they lie; Spark carries messages about them, and the result is the one that
`seedbench audit` gives, byte for byte. Tasks that are lost are done again, as often as `spark.task.maxFailures` says
(`local[2]` never does; `local[2,4]` does).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from seedbench import _native
from seedbench import workers as engines
from seedbench._audit import Expect, Result
from seedbench.workers import TASK_WORDS, Files, ReadAs, Task, WorkerError

__all__ = ["WorkerError", "audit"]


def audit(
    spark: Any,
    path: str | os.PathLike[str],
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
    """Judge whether streams of random numbers share anything, by the executors of a Spark cluster.

    `spark` is a session or its context, `path` a capture (a file, or a folder of files) on storage that the driver and
    all executors see under the same path, in any form that `seedbench audit` takes. The keywords are those of
    `seedbench.dask.audit`.

    The package must be installed where executors run Python. Raises a `WorkerError` that names the host where a part
    cannot be done, and a `ValueError` where the capture cannot be read or what is asked makes no sense.
    """
    context = getattr(spark, "sparkContext", spark)
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(
            f"{type(path).__name__} is no path: write a data frame where all see it, frame.repartition('worker')"
            ".sortWithinPartitions('worker', 'position').select('worker', 'value').write.csv(path, header=True)"
        )
    files = Files(os.fspath(path), (element, words_per_stream, interleaved))
    return engines.audit(
        _Engine(context, files, task_words),
        files,
        expect=expect,
        workers=workers,
        for_workers=for_workers,
        require_bits=require_bits,
        promised=promised,
        as_=as_,
        exhaustive=exhaustive,
        tested=tested,
        recall=recall,
        name=name,
    )


def _tried(work: Callable[..., Any], *arguments: Any) -> Any:
    """What is done, or the error that says on which host it was not: a value, since an exception comes as a trace."""
    try:
        return work(*arguments)
    except (ValueError, OSError) as error:
        return WorkerError(f"a worker on {socket.gethostname()}: {engines.one_line(error)}")


class _Engine:
    """What the analyser hands work to: it makes jobs of Spark of it."""

    def __init__(self, context: Any, files: Files, task_words: int) -> None:
        self.task_words = task_words
        self.workers = engines.buckets(context.defaultParallelism)
        self._context = context
        self._files = files.seen()
        self._greet(self._files.path)

    def gather(self, step: bytes, tasks: Sequence[Task]) -> list[bytes]:
        files, told, work = self._files, self._context.broadcast(step), engines.answered

        def answers(messages: list[bytes]) -> list[Any]:
            found = _tried(work, files, told.value, messages)
            return [found] if isinstance(found, WorkerError) else list(found)

        return self._collected(self._pieces(tasks).flatMap(answers), told)

    def shuffle(self, step: bytes, tasks: Sequence[Task]) -> list[bytes]:
        files, told, buckets = self._files, self._context.broadcast(step), self.workers
        sketch, match = engines.sketched, engines.matched

        def cut(messages: list[bytes]) -> list[tuple[int, Any]]:
            found = _tried(sketch, files, told.value, messages, buckets)
            return [(0, found)] if isinstance(found, WorkerError) else list(enumerate(found))

        def met(pairs: Iterator[tuple[int, Any]]) -> list[Any]:
            parts = [part for _, part in pairs]
            lost = [part for part in parts if isinstance(part, WorkerError)]
            return lost[:1] or [_tried(match, told.value, *parts)]

        shuffled = self._pieces(tasks).flatMap(cut).partitionBy(buckets, int)
        return self._collected(shuffled.mapPartitions(met), told)

    def _greet(self, path: str) -> None:
        """Refuses workers that can do nothing, as far as they are met."""
        version, some = _native.__version__, 2 * self._context.defaultParallelism

        def greeted(_: int) -> list[WorkerError]:
            problem = engines.cannot_work(version, path)
            return [WorkerError(f"a worker on {socket.gethostname()} {problem}")] if problem else []

        self._collected(self._context.parallelize(range(some), some).flatMap(greeted))

    def _pieces(self, tasks: Sequence[Task]) -> Any:
        pieces = engines.pieces([message for _, message in tasks], self.workers)
        return self._context.parallelize(pieces, len(pieces) or 1)

    def _collected(self, job: Any, *told: Any) -> list[bytes]:
        try:
            found = job.collect()
        except Exception as error:
            raise WorkerError(f"Spark could not do its part: {_reason(error)}") from error
        for step in told:
            step.destroy()
        for one in found:
            if isinstance(one, WorkerError):
                raise one
        return list(found)


def _reason(error: Exception) -> str:
    """The line of a trace of Java's and Python's that says what happened."""
    lines = [line.strip() for line in str(error).splitlines()]
    for mark in ("No module named 'seedbench", "SparkException: "):
        for line in lines:
            if mark in line:
                return line[line.index(mark) :].removeprefix("SparkException: ")
    return engines.one_line(error)
