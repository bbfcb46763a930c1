"""What an audit by workers costs beside that of one process, on one machine: prints a table in Markdown.

    python python/cost/cluster.py FOLDER [engine ...]

in an environment with the wheel, numpy, and the engines (dask[distributed]; pyspark and Java). FOLDER takes a capture
of 800 MB: 10^8 words in 4 runs of 250 workers, with root + rank as the seeds of a third, an equal pair, and an overlap
of 40,000 words far from the edges. Reports must be equal byte for byte.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import seedbench.workers

RUNS, WORKERS, WORDS = 4, 250, 100_000
OPTIONS: dict[str, Any] = {"exhaustive": True, "tested": 64 << 20}


def capture(folder: Path) -> Path:
    """Streams of numpy's PCG64: a third of the workers are seeded by run + worker, the others by both."""
    import numpy as np

    if folder.exists():
        return folder

    def drawn(run: int, worker: int) -> Any:
        key: Any = run + worker if worker < WORKERS // 3 else [7, run, worker]
        return np.random.default_rng(key).integers(2**64, size=WORDS, dtype=np.uint64)

    for run in range(RUNS):
        (folder / f"run-{run:03}").mkdir(parents=True)
        for worker in range(WORKERS):
            numbers = drawn(run, worker)
            if (run, worker) == (1, 201):
                numbers = drawn(1, 200)
            if (run, worker) == (2, 211):
                numbers[20_000:60_000] = drawn(2, 210)[50_000:90_000]
            numbers.tofile(folder / f"run-{run:03}" / f"worker-{worker:05}.u64")
    return folder


class Counted:
    """Workers of this process, one after another, whose messages are counted."""

    task_words = seedbench.workers.TASK_WORDS

    def __init__(self, files: seedbench.workers.Files, workers: int) -> None:
        self.files, self.workers = files, workers
        self.bytes = {"steps": 0, "tasks": 0, "answers": 0, "records": 0, "meetings": 0}

    def gather(self, step: bytes, tasks: list[tuple[None, bytes]]) -> list[bytes]:
        answers = seedbench.workers.answered(self.files, step, [task for _, task in tasks])
        self._count(step, tasks, answers=sum(map(len, answers)))
        return answers

    def shuffle(self, step: bytes, tasks: list[tuple[None, bytes]]) -> list[bytes]:
        cut = seedbench.workers.sketched(self.files, step, [task for _, task in tasks], self.workers)
        met = [seedbench.workers.matched(step, parts) for parts in cut]
        self._count(step, tasks, records=sum(len(part) for parts in cut for part in parts), meetings=sum(map(len, met)))
        return met

    def _count(self, step: bytes, tasks: list[tuple[None, bytes]], **more: int) -> None:
        more |= {"steps": len(step) * self.workers, "tasks": sum(len(task) for _, task in tasks)}
        for what, count in more.items():
            self.bytes[what] += count


def without_provenance(report: bytes) -> bytes:
    told = rb'"arguments":\[.*?\],"created_unix_ns":\d+,"machine":\{.*?\},"plan":'
    return re.sub(told, b'"plan":', report, count=1, flags=re.DOTALL)


def seconds() -> float:
    """Of processors, by this process and those of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def one_process(path: Path) -> bytes:
    options = ["--exhaustive", "--tested", str(OPTIONS["tested"]), "--quiet", "--json", "-"]
    command = [sys.executable, "-m", "seedbench", "audit", str(path), *options]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout


def by_dask(path: Path, workers: int) -> tuple[bytes, float]:
    from distributed import Client

    import seedbench.dask

    with Client(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as client:
        start = time.perf_counter()
        return seedbench.dask.audit(client, path, **OPTIONS).report(), time.perf_counter() - start


def by_spark(path: Path, workers: int) -> tuple[bytes, float]:
    from pyspark.sql import SparkSession

    import seedbench.spark

    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = SparkSession.builder.master(f"local[{workers},4]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        start = time.perf_counter()
        return seedbench.spark.audit(spark, path, **OPTIONS).report(), time.perf_counter() - start
    finally:
        spark.stop()


ENGINES: dict[str, tuple[Callable[..., tuple[bytes, float]], tuple[int, ...]]] = {
    "dask": (by_dask, (1, 2, 4)),
    "spark": (by_spark, (2,)),
}


def main() -> None:
    path = capture(Path(sys.argv[1]))
    start, before = time.perf_counter(), seconds()
    said = without_provenance(one_process(path))
    wall = time.perf_counter() - start
    print("| engine | workers | wall, s | with its start and end, s | CPU, s | report |\n|---|---|---|---|---|---|")
    print(f"| one process | 1 | {wall:.1f} | {wall:.1f} | {seconds() - before:.1f} | {len(said):,} bytes |", flush=True)
    for name in sys.argv[2:] or ENGINES:
        engine, sizes = ENGINES[name]
        for workers in sizes:
            start, before = time.perf_counter(), seconds()
            report, wall = engine(path, workers)
            whole, used = time.perf_counter() - start, seconds() - before
            same = "the same bytes" if without_provenance(report) == said else "ANOTHER"
            # Java's processes outlive the session.
            spent = "not counted" if name == "spark" else f"{used:.1f}"
            print(f"| {name} | {workers} | {wall:.1f} | {whole:.1f} | {spent} | {same} |", flush=True)
    words = sum(file.stat().st_size for file in path.rglob("*.u64"))
    files = seedbench.workers.Files(str(path))
    print("\n| one window in | moved among 4 workers, bytes | of the words | of it |\n|---|---|---|---|")
    for recall in (None, 1024):
        counted = Counted(files, 4)
        report = seedbench.workers.audit(counted, files, recall=recall, **OPTIONS).report()
        assert recall or without_provenance(report) == said
        moved = sum(counted.bytes.values())
        parts = ", ".join(f"{what} {count:,}" for what, count in counted.bytes.items())
        print(f"| {recall or 'as usual'} | {moved:,} | {moved / words:.2%} | {parts} |", flush=True)


if __name__ == "__main__":
    main()
