#!/usr/bin/env python3
"""Measures the audit of large captures in one process and on ranks: mpi/scale.py target/release FOLDER [words|equal|large]

Makes captures in FOLDER (0.8, 0.5 and 8 GB), audits each, holds the reports against one another, and prints rows of
the table in reports/scale.md. Ranks share the processors of one machine: what is shown is that they say the same, and
what it costs."""

import json, os, pathlib, re, resource, subprocess, sys, time

build, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
chosen = sys.argv[3:] or ["words", "equal", "large"]
alone, ranks = build / "seedbench", build / "seedbench-mpi"
PROVENANCE = ["arguments", "created_unix_ns", "machine"]


def words_of(count):
    """Words of the system's generator, as bytes."""
    return os.urandom(8 * count)


def made(name, make):
    path = folder / name
    if not path.exists():
        half = folder / f"{name}.half"
        half.mkdir(parents=True, exist_ok=True)
        make(half)
        half.rename(path)
    return path


def planted(path):
    """10^8 words: 4 runs of 250 workers; an equal pair, an overlap far from the edges, `seed + rank` across runs."""
    each = 100_000
    seeded = [words_of(each) for _ in range(251)]
    for run in range(4):
        (path / f"run-{run}").mkdir(exist_ok=True)
        for worker in range(250):
            words = seeded[worker + run] if run < 2 else words_of(each)
            if (run, worker) == (2, 40):
                block = words
            if (run, worker) == (2, 41):
                words = block
            if (run, worker) == (3, 7):
                donor = words
            if (run, worker) == (3, 90):
                words = words[: 8 * 50_000] + donor[8 * 20_000 : 8 * 60_000] + words[8 * 90_000 :]
            (path / f"run-{run}" / f"worker-{worker:05}.u64").write_bytes(words)


def equal(path):
    """10^6 equal short streams in one file."""
    stream = words_of(64)
    with open(path / "flat.u64", "wb") as file:
        for _ in range(1_000):
            file.write(stream * 1_000)


def large(path):
    """10^9 words: 250 workers of 4 million, one of which repeats another's late half."""
    each = 4_000_000
    for worker in range(250):
        words = words_of(each)
        if worker == 3:
            donor = words[8 * 2_500_000 :]
        if worker == 200:
            words = words[: 8 * 1_000_000] + donor + words[8 * 1_000_000 + len(donor) :]
        (path / f"worker-{worker:05}.u64").write_bytes(words)


CASES = {
    "words": ("10^8 words, flawed", planted, [], ["--exhaustive", "--tested", "64M", "--memory", "256M"]),
    "equal": ("10^6 equal streams", equal, ["flat.u64", "--words-per-stream", "64"], []),
    "large": ("10^9 words, an overlap", large, [], ["--tested", "32M", "--memory", "128M"]),
}
# Bytes that a process may have for itself, where they are limited (RLIMIT_DATA, in KiB).
LIMITS = {"large": 512 << 10}


def measured(command, report):
    environment = dict(
        os.environ,
        OMPI_ALLOW_RUN_AS_ROOT="1",
        OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
        OMPI_MCA_rmaps_base_oversubscribe="1",
        OMPI_MCA_mpi_yield_when_idle="1",
    )
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode not in (0, 10, 12):
        sys.exit(f"{command}: {done.returncode}\n{done.stderr}")
    told = json.loads(report.read_text())
    for key in PROVENANCE:
        told.pop(key)
    sent = re.search(r"(\d+) bytes went between ranks", done.stderr)
    return told, wall, cpu, int(sent.group(1)) if sent else 0


print("| capture | how | wall, s | CPU, s | bytes between ranks | of the words | verdict | report |")
print("|---|---|---:|---:|---:|---:|---|---|")
for name in chosen:
    title, make, inside, options = CASES[name]
    path = made(name, make)
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    capture = [str(path / inside[0]), *inside[1:]] if inside else [str(path)]
    report = folder / "report.json"
    arguments = ["audit", *capture, *options, "--json", str(report)]
    first = None
    for count in (0, 1, 2, 3, 4):
        limit = LIMITS.get(name, "unlimited")
        within = ["bash", "-c", f'ulimit -d {limit}; exec "$@"', "-"]
        mpirun = ["mpirun", "-n", str(count), *within, str(ranks)]
        command = [*mpirun, *arguments, "--verbose"] if count else [*within, str(alone), *arguments]
        told, wall, cpu, sent = measured(command, report)
        first = first or told
        how = f"{count} rank{'s'[: count > 1]}" if count else "one process"
        same = "—" if not count else "the same" if told == first else "ANOTHER"
        share = f"{sent / size:.2%}" if sent else "—"
        print(f"| {title} | {how} | {wall:.1f} | {cpu:.1f} | {sent or '—'} | {share} | {told['verdict']} | {same} |", flush=True)
