"""Captures with planted flaws, and what the command line says of them."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

TESTED, RECALL = 64 << 10, 64
SMALL_TASKS = 1 << 12
"""Words of a task, so that a small capture makes many."""


def stream(*key: int, words: int) -> bytes:
    return random.Random(repr(key)).randbytes(8 * words)


def planted(folder: Path, *, runs: int = 2, workers: int = 4, words: int = 20_000) -> Path:
    """Runs seeded by root + rank, an equal pair, and an overlap far from the edges."""
    streams = {
        (run, worker): stream(run + worker if worker < 2 else 100 * (run + 1) + worker, words=words)
        for run in range(runs)
        for worker in range(workers)
    }
    streams[0, 3] = streams[0, 2]
    third = words // 3
    part = streams[1, 2][8 * third : 16 * third]
    at = 8 * (third + 301)
    whole = streams[1, 3]
    streams[1, 3] = whole[:at] + part + whole[at + len(part) :]
    return written(folder, streams)


def sound(folder: Path, *, workers: int = 4, words: int = 20_000) -> Path:
    return written(folder, {(0, worker): stream(worker, words=words) for worker in range(workers)})


def written(folder: Path, streams: dict[tuple[int, int], bytes]) -> Path:
    for (run, worker), numbers in streams.items():
        path = folder / f"run-{run:03}" / f"worker-{worker:05}.u64"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(numbers)
    return folder


def as_command_line(path: Path, *options: str) -> bytes:
    """The report of the command line."""
    small = ["--tested", str(TESTED), "--recall", str(RECALL)]
    command = [sys.executable, "-m", "seedbench", "audit", str(path), "--quiet", "--json", "-", *small, *options]
    return subprocess.run(command, stdout=subprocess.PIPE, timeout=120, check=False).stdout


def without_provenance(report: bytes) -> bytes:
    """A report without arguments, time and machine, which stand together."""
    told = re.compile(rb'"arguments":\[.*?\],"created_unix_ns":\d+,"machine":\{.*?\},"plan":')
    rest, count = told.subn(b'"plan":', report)
    assert count == 1, report[:1000]
    return rest
