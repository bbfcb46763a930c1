#!/usr/bin/env python3
"""Times the programs that `seedbench plan` prints in Python and C++, and writes src/advise/costs.json.

    cargo build --release --bin seedbench
    python3 -m venv venv && venv/bin/pip install numpy
    venv/bin/python examples/costs.py target/release/seedbench

Samples are nanoseconds of CPU of the thread, each of about a millisecond, so that another process beside it lengthens
few of them: medians of three runs on a machine with a load of 11 differed by at most 14 %. `plan` shows medians, and
ranks by their intervals.
"""
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
SAMPLES = 31
BLOCK = 4096
ROOT = 0xF00D_CAFE_0123_4567_89AB_CDEF

# What is put behind the printed program, whose main has another name.
TIMES = """
#include <ctime>
#include <cstdio>
#include <sys/random.h>
static double now() {
    timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return 1e9 * t.tv_sec + t.tv_nsec;
}
template <class Work> static void sample(const char* what, int times, Work work) {
    for (int i = 0; i <= %d; ++i) {
        double start = now();
        for (int j = 0; j < times; ++j) work(j);
        double each = (now() - start) / times;
        if (i > 0) std::printf("%%s %%.4g\\n", what, each);  // the first warms up
    }
}
#undef main
int main() {
    const Root root{1, 2, 3, 4};
    static volatile std::uint64_t sink;
    auto rng = task_rng(root, 1);
    sample("open", 100, [&](int task) { sink = task_rng(root, task)(); });
    sample("word", 1000000, [&](int) { sink = rng(); });
    sample("system", 2000, [&](int) {
        std::uint64_t word;
        if (getrandom(&word, sizeof word, 0) != sizeof word) std::abort();
        sink = word;
    });
}
"""


def sampled(work, times, each=1):
    """Nanoseconds of `work`, called so many times a sample and giving so many words a call."""
    taken = []
    for _ in range(SAMPLES + 1):
        start = time.thread_time_ns()
        for task in range(times):
            work(task)
        taken.append((time.thread_time_ns() - start) / times / each)
    return [float(f"{ns:.4g}") for ns in taken[1:]]  # the first warms up


def advised(seedbench, language):
    line = [seedbench, "plan", "--no-cost", "--replayable", "--language", language, "--json"]
    return json.loads(subprocess.run(line, capture_output=True, check=True, text=True).stdout)["choices"]


def machine():
    models = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    return models[0] if models else platform.machine()


def of_python(seedbench):
    strategies = []
    for choice in advised(seedbench, "python"):
        program = {"__name__": "program"}
        exec(choice["program"], program)
        task_rng = program["task_rng"]
        rng = task_rng(ROOT, 1)
        draw = rng.random
        strategies.append({
            "id": choice["id"],
            "open": sampled(lambda task: task_rng(ROOT, task), 50),
            "word": sampled(lambda _: rng.integers(0, 2**64, size=BLOCK, dtype=np.uint64), 100, BLOCK),
            "single": sampled(lambda _: [draw() for _ in range(100)], 100, 100),
        })
    return {
        "language": "Python",
        "runtime": f"CPython {platform.python_version()}, numpy {np.__version__}",
        "drawn": f"in arrays of {BLOCK:,}",
        "single": "rng.random()",
        "system": sampled(lambda _: int.from_bytes(os.urandom(8), "little"), 2_000),
        "strategies": strategies,
    }


def of_cpp(seedbench):
    strategies, system = [], []
    for choice in advised(seedbench, "cpp"):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "times.cpp")
            source.write_text("#define main spawn_main\n" + choice["program"] + TIMES % SAMPLES)
            subprocess.run(["c++", "-std=c++17", "-O2", "-Wno-return-type", "-o", Path(folder, "times"), source], check=True)
            lines = subprocess.run([Path(folder, "times")], capture_output=True, check=True, text=True).stdout
        taken = {"open": [], "word": [], "system": []}
        for line in lines.splitlines():
            what, each = line.split()
            taken[what].append(float(each))
        system = taken.pop("system")
        strategies.append({"id": choice["id"], **taken})
    version = subprocess.run(["c++", "-dumpfullversion"], capture_output=True, check=True, text=True).stdout.strip()
    return {"language": "C++", "runtime": f"g++ {version} -O2", "drawn": "one by one", "system": system,
            "strategies": strategies}


def main():
    seedbench = str(Path(sys.argv[1] if len(sys.argv) > 1 else "target/release/seedbench").resolve())
    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"the load of this machine is {load:.1f}: intervals are narrower on an idle one", file=sys.stderr)
    common = {"machine": machine(), "date": datetime.date.today().isoformat()}
    found = [{**common, **of(seedbench)} for of in (of_python, of_cpp)]
    for language in found:
        for strategy in language["strategies"]:
            medians = {what: sorted(strategy[what])[SAMPLES // 2] for what in ("open", "word", "single") if what in strategy}
            spreads = {what: f"{sorted(strategy[what])[-10] / sorted(strategy[what])[9]:.2f}" for what in medians}
            print(language["language"], strategy["id"], medians, "spread of the middle:", spreads)
    text = json.dumps(found, separators=(", ", ": "))
    # A line for every list of samples.
    text = text.replace(', "', ',\n"').replace("}, {", "},\n{")
    (HERE.parent / "src" / "advise" / "costs.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
