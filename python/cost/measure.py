"""What watching costs: measures with and without the recorder, and prints the tables of COST.md.

    python python/cost/measure.py [part ...] > python/COST.md

in an environment with the wheel and numpy; torch is measured where it is installed.

Instructions are counted by valgrind's callgrind, and are the same at every load of the machine. Times are the
least, or the median where it says so, of alternating runs.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TORCH = importlib.util.find_spec("torch") is not None
TIMES = 5
STARTS = 15


def environment(folder: str | None) -> dict[str, str]:
    """The environment of a process that is watched, or that is not."""
    import seedbench

    values = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    if folder is not None:
        recorder = Path(seedbench.__file__).parent / "_watch"
        values |= {"SEEDBENCH_WATCH": folder, "PYTHONPATH": str(recorder)}
    return {**os.environ, **values}


def run(command: list[str], watched: bool) -> str:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, env=environment(folder if watched else None)
        )
    return done.stdout


def instructions(watched: bool, libraries: str) -> dict[str, int]:
    """Instructions in every section of draws.py."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out")
        tool = ["valgrind", "--tool=callgrind", "--dump-before=getpgrp*", f"--callgrind-out-file={out}"]
        names = run([*tool, sys.executable, str(HERE / "draws.py"), libraries], watched)
        totals = []
        # Part 1 ends at the first mark; parts 2, 4, 6 … are what lies between the marks of a section.
        for part in range(2, 2 * len(names.splitlines()) + 1, 2):
            text = Path(f"{out}.{part}").read_text()
            [line] = [line for line in text.splitlines() if line.startswith(("summary:", "totals:"))][:1]
            totals.append(int(line.split()[1]))
    return dict(zip(names.splitlines(), totals, strict=True))


def numbers(arguments: list[str], watched: bool, times: int = TIMES) -> list[float]:
    command = [sys.executable, str(HERE / "times.py"), *arguments]
    return [float(run(command, watched)) for _ in range(times)]


def cpu(code: str, watched: bool) -> float:
    """Milliseconds of CPU that a process takes to run some code."""

    def used() -> float:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return children.ru_utime + children.ru_stime

    before = used()
    run([sys.executable, "-c", code], watched)
    return (used() - before) * 1e3


def row(*cells: object) -> None:
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def head(*cells: str) -> None:
    print()
    row(*cells)
    row(*["---"] * len(cells))


def versions() -> str:
    from importlib.metadata import version

    names = ["numpy", *(["torch"] if TORCH else [])]
    return ", ".join([f"CPython {platform.python_version()}", *(f"{name} {version(name)}" for name in names)])


def of_draws(libraries: str) -> None:
    print(f"\n## Instructions of draws of {libraries}")
    print(
        "\nCounted by callgrind over whole loops, once every generator has drawn and while another has not: at most 1 %"
    )
    print("and 8 % more are wanted.")
    head("draw", "without", "watched", "more")
    without, watched = instructions(False, libraries), instructions(True, libraries)
    for name, count in without.items():
        row(f"`{name}`", f"{count:,}", f"{watched[name]:,}", f"{100 * (watched[name] / count - 1):+.2f} %")


def of_first_draws() -> None:
    print("\n## First draws")
    print(f"\nCPU, medians of 300, the least of {TIMES} such processes: at most 150 µs are wanted.")
    head("first draw", "without", "watched")
    for kind in ["random.Random", "PCG64", "MT19937", "Philox", "SFC64"]:
        first_draw(f"`{kind}`", kind, 300)


def of_first_draws_of_torch() -> None:
    print("\n## First draws of torch")
    print(f"\nCPU, medians of so many, the least of {TIMES} such processes: at most 150 µs are wanted.")
    head("`torch.Generator`s that wait", "without", "watched")
    for count in (20, 300, 3000):
        first_draw(f"{count:,}", "torch.Generator", count)


def first_draw(name: str, kind: str, count: int) -> None:
    least = [min(numbers(["first-draw", kind, str(count)], flag)) for flag in (False, True)]
    row(name, *(f"{value:.1f} µs" for value in least))


def of_forks() -> None:
    print("\n## Forks")
    print(f"\nFork, exit and wait, the least of 15 in each of {TIMES} processes: at most 50 ms more are wanted.")
    head("live undrawn generators", "without", "watched", "more")
    for count in (0, 100_000):
        plain, seen = (min(numbers(["fork", str(count)], flag)) for flag in (False, True))
        row(f"{count:,}", f"{plain:.2f} ms", f"{seen:.2f} ms", f"{seen - plain:+.2f} ms")


def of_starts() -> None:
    print("\n## Starts")
    print(f"\nCPU of a process, the median of {STARTS} alternating pairs: at most 15 ms more are wanted.")
    head("process", "without", "watched", "more")
    for code in ("pass", "import random; random.random()", "import numpy; numpy.random.random()"):
        pairs = [(cpu(code, False), cpu(code, True)) for _ in range(STARTS)]
        plain, seen = (statistics.median(one) for one in zip(*pairs, strict=True))
        row(f"`{code}`", f"{plain:.1f} ms", f"{seen:.1f} ms", f"{seen - plain:+.1f} ms")
    code = "import time, sys; start = time.process_time(); import seedbench; print(time.process_time() - start)"
    code += "; assert not {'numpy', 'torch'} & set(sys.modules)"
    taken = min(float(run([sys.executable, "-c", code], False)) for _ in range(STARTS)) * 1e3
    print(f"\n`import seedbench`: {taken:.1f} ms of CPU, the least of {STARTS}: at most 30 ms are wanted. It imports")
    print("neither numpy nor torch.")


def of_the_loader() -> None:
    pairs = [(numbers(["loader"], False, 1)[0], numbers(["loader"], True, 1)[0]) for _ in range(TIMES)]
    plain, seen = (min(one) for one in zip(*pairs, strict=True))
    print("\n## A DataLoader")
    print(f"\nAn epoch with two workers, 20,000 items, CPU of the program, the least of {TIMES} alternating pairs:")
    print(f"{plain:.2f} s without, {seen:.2f} s watched, a ratio of {seen / plain:.3f}: at most 1.03 is wanted.")


PARTS = {
    "draws": lambda: of_draws("random and numpy"),
    "torch-draws": lambda: of_draws("torch"),
    "first": of_first_draws,
    "torch-first": of_first_draws_of_torch,
    "forks": of_forks,
    "starts": of_starts,
    "loader": of_the_loader,
}


def main() -> None:
    of_torch = ("torch-draws", "torch-first", "loader")
    parts = sys.argv[1:] or [part for part in PARTS if TORCH or part not in of_torch]
    print("# What watching costs\n")
    print(f"Measured by `python python/cost/measure.py {' '.join(parts)}` on {platform.machine()}, {versions()}.")
    print("Every figure is of that machine and run.")
    for part in parts:
        PARTS[part]()


if __name__ == "__main__":
    main()
