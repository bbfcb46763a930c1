#!/usr/bin/env python3
"""Runs every recipe through `seedbench audit` and checks what it finds.

    cargo build --release --bin seedbench --examples
    python3 -m venv venv && venv/bin/pip install numpy joblib
    venv/bin/python examples/run.py target/release/seedbench

Says for each what seedbench finds, and fails where that is not what the recipe promises. Recipes whose
tools are missing are skipped and named; with --all a missing tool is a failure.
"""
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

RECIPES = Path(__file__).resolve().parent / "recipes"
SOUND, UNSOUND, INCONCLUSIVE = 0, 10, 12


def python(script, *arguments):
    return [sys.executable, str(RECIPES / script), *arguments]


def pool(runs=3, workers=8, *more):
    return ["--pool", "--workers", str(workers), "--runs", str(runs), *more]


def workers(count, runs=2, *more):
    return ["--workers", str(count), "--runs", str(runs), "--words", "256", *more]


def recipes(built, examples):
    """(what, tools, options, command, exit code, rule that must be found, text in its cause)"""
    forking, go = examples / "fork_thread_rng", built / "go_rand"
    numpy, joblib = ["numpy"], ["numpy", "joblib"]
    return [
        ("inherited state, numpy pool", numpy, pool(), python("numpy_inherited.py"),
         UNSOUND, "repeated-values", "inherited by fork"),
        ("worker ordinal, numpy pool", numpy, pool(), python("numpy_ordinal.py"),
         UNSOUND, "repeated-values", None),
        ("fixed seeds, runs may repeat", numpy, pool(), python("numpy_fixed.py"),
         SOUND, "runs-repeat", None),
        ("fixed seeds, runs must be fresh", numpy, pool(3, 8, "--expect", "fresh"),
         python("numpy_fixed.py"), UNSOUND, None, None),
        ("system generator for every draw", [], pool(), python("python_system_random.py"),
         SOUND, None, None),
        ("one byte of entropy a task", numpy, pool(), python("numpy_one_byte.py"),
         UNSOUND, "repeated-values", None),
        ("one byte of entropy before the fork", numpy, pool(),
         python("numpy_one_byte.py", "--module"), UNSOUND, "repeated-values", None),
        ("spawn keys", numpy, pool(), python("numpy_spawn_keys.py"), SOUND, None, None),
        ("seed + rank over roots", numpy, ["--workers", "8", "--words", "256", "--seeds", "0,1,2,3"],
         python("numpy_seed_plus_rank.py"), UNSOUND, "cross-run-sharing", None),
        ("Python random, seeds below 10,000", [], workers(16, 2), python("python_small_seed.py"),
         UNSOUND, "narrow-seeds", "too few bits of entropy"),
        ("Python random, fork", [], pool(), python("python_random.py", "fork"), SOUND, None, None),
        ("Python random, spawn", [], pool(2, 4), python("python_random.py", "spawn"),
         SOUND, None, None),
        ("joblib, loky", joblib, pool(2, 4), python("joblib_backends.py", "loky"),
         SOUND, None, None),
        ("joblib, multiprocessing", joblib, pool(2, 4),
         python("joblib_backends.py", "multiprocessing"), UNSOUND, None, None),
        ("data loader, no worker_init_fn", numpy, pool(2, 4), python("dataloader.py", "none"),
         UNSOUND, "equal-streams", None),
        ("data loader, seeded by worker", numpy, pool(2, 4), python("dataloader.py", "worker"),
         UNSOUND, "equal-streams", None),
        ("data loader, seeded by base and worker", numpy, pool(2, 4),
         python("dataloader.py", "base"), SOUND, None, None),
        ("C++ mt19937(random_device)", ["c++"], workers(16), [built / "mt19937", "device"],
         SOUND, None, None),
        ("C++ mt19937(random_device), asked for 10^6 workers", ["c++"],
         workers(16, 2, "--for-workers", "1000000"), [built / "mt19937", "device"],
         INCONCLUSIVE, None, None),
        ("C++ mt19937(time)", ["c++"], workers(16), [built / "mt19937", "time"],
         UNSOUND, "equal-streams", None),
        ("glibc rand without srand", ["cc"], workers(8), [built / "glibc_rand"],
         UNSOUND, "equal-streams", None),
        ("PyTorch's data loader, numpy's global generator", ["torch", "numpy"], pool(2, 4),
         python("torch_dataloader.py", "global"), SOUND, None, None),
        ("PyTorch's data loader, a generator of the data set", ["torch", "numpy"], pool(2, 4),
         python("torch_dataloader.py", "own"), UNSOUND, "equal-streams", None),
        ("PyTorch's data loader, seeded by worker_init_fn", ["torch", "numpy"], pool(2, 4),
         python("torch_dataloader.py", "seeded"), SOUND, None, None),
        ("Rust thread generator after fork", [forking], pool(2, 8), [forking, "inherit"],
         UNSOUND, "equal-streams", "fork"),
        ("Rust thread generator after fork, reseeded", [forking], pool(2, 8), [forking, "reseed"],
         SOUND, None, None),
        ("Go math/rand seeded by the clock", ["go"], pool(2, 8), [go, "clock"],
         UNSOUND, "equal-streams", None),
        ("Go math/rand seeded by crypto/rand", ["go"], pool(2, 8), [go, "crypto"],
         SOUND, None, None),
        ("Node worker threads", ["node"], pool(3, 4), ["node", RECIPES / "node_random.js"],
         SOUND, None, None),
    ]


def missing(tools):
    def there(tool):
        if isinstance(tool, Path):
            return tool.exists()
        return shutil.which(tool) or importlib.util.find_spec(tool)

    def name(tool):
        return f"{tool.name} (cargo build --examples)" if isinstance(tool, Path) else tool

    return [name(tool) for tool in tools if not there(tool)]


def build(folder):
    for tool, source in (("c++", "mt19937.cpp"), ("cc", "glibc_rand.c")):
        if shutil.which(tool):
            target = folder / Path(source).stem
            subprocess.run([tool, "-O2", "-o", target, RECIPES / source], check=True)
    if shutil.which("go"):
        subprocess.run(["go", "build", "-o", folder / "go_rand", RECIPES / "go_rand.go"], check=True)


def check(seedbench, options, command, code, rule, words):
    """What seedbench finds, and what is wrong with that."""
    line = [seedbench, "audit", *options, "--quiet", "--json", "-", "--", *map(str, command)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=300)
    if done.returncode != code:
        return "", f"exit code {done.returncode}, not {code}: {done.stdout[:2000]} {done.stderr}"
    report = json.loads(done.stdout)
    findings = report["findings"]
    rules = [finding["rule"] for finding in findings if finding["severity"] == "error"]
    verdict = ", ".join([report["verdict"], *dict.fromkeys(rules)])
    found = [finding for finding in findings if rule in (None, finding["rule"])]
    if rule and not found:
        return verdict, f"no {rule} among {[finding['rule'] for finding in findings]}"
    if words and not any(words in finding["cause"] + finding["message"] for finding in found):
        return verdict, f"nothing says `{words}`: {found}"
    return verdict, None


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--all"]
    seedbench = Path(arguments[0] if arguments else "target/release/seedbench").resolve()
    examples = seedbench.parent / "examples"
    failures = skipped = 0
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        for what, tools, options, command, code, rule, words in recipes(Path(folder), examples):
            lacking = missing(tools)
            if lacking:
                skipped += 1
                print(f"skipped  {what}: no {', '.join(map(str, lacking))}")
                continue
            verdict, problem = check(str(seedbench), options, command, code, rule, words)
            failures += problem is not None
            print(f"FAILED   {what}: {problem}" if problem else f"ok       {what}: {verdict}",
                  flush=True)
    print(f"{failures} failed, {skipped} skipped")
    return 1 if failures or ("--all" in sys.argv and skipped) else 0


if __name__ == "__main__":
    sys.exit(main())
