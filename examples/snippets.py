#!/usr/bin/env python3
"""Pastes every program that `seedbench plan` prints, runs it, and breaks it.

    cargo build --release --bin seedbench
    python3 -m venv venv && venv/bin/pip install numpy
    venv/bin/python examples/snippets.py target/release/seedbench [LANGUAGE …]

Each program must draw the words of its strategy of the catalogue, and pass the audits that are printed
below it; with its task ignored, its root ignored or its root narrowed one of those audits must say
unsound. Languages whose tools are missing are skipped and named; with --all that is a failure.
"""
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
UNSOUND = 10
ROOT, TASK, WORDS = 0xF00D_CAFE_0123_4567_89AB_CDEF, 3, 16

# What is written instead of what, to break a program.
BREAKS = {
    "python": {
        "task ignored": ("task_rng(root, task)\n", "task_rng(root, 0)\n"),
        "root ignored": ("int(given, 0) if given else secrets", "secrets"),
        "root of 15 bits": ("int(given, 0)", "int(given, 0) % 2**15"),
        "root of 32 bits": ("int(given, 0)", "int(given, 0) % 2**32"),
        "root of 64 bits": ("int(given, 0)", "int(given, 0) % 2**64"),
        "root through a double": ("int(given, 0)", "int(float(given))"),
    },
    "rust": {
        "task ignored": ('task_rng(root, number("SEEDBENCH_WORKER", 0)?)', "task_rng(root, 0)"),
        "root ignored": ("Ok(given) => given.parse::<u128>()?", "Ok(_) => SysRng.try_next_u64()?.into()"),
        "root of 32 bits": ("given.parse::<u128>()?", "given.parse::<u128>()? as u32 as u128"),
        "root of 64 bits": ("given.parse::<u128>()?", "given.parse::<u128>()? as u64 as u128"),
    },
    "c": {
        "task ignored": ('new_task_rng(root, number("SEEDBENCH_WORKER", 0))', "new_task_rng(root, 0)"),
        "root ignored": ("if (given) {", "if (!given) {"),
        "root of 32 bits": ("parse(given, root);", "parse(given, root), root[1] = root[2] = root[3] = 0;"),
    },
    "csharp": {
        "task ignored": ('new TaskRng(root, Number("SEEDBENCH_WORKER", 0))', "new TaskRng(root, 0)"),
        "root ignored": ("if (given != null)", "if (given == null)"),
        "root of 32 bits": ("root = Parse(given);", "root = new uint[] { Parse(given)[0], 0, 0, 0 };"),
    },
    "fortran": {
        "task ignored": ("new_task_rng(root, number('SEEDBENCH_WORKER', 0_int64))", "new_task_rng(root, 0_int64)"),
        "root ignored": ("if (length > 0) then", "if (length < 0) then"),
        "root of 32 bits": ("rng = new_task_rng(", "root(1:3) = 0; rng = new_task_rng("),
    },
    "go": {
        "task ignored": ('taskRng(root, number("SEEDBENCH_WORKER", 0))', "taskRng(root, 0)"),
        "root ignored": ("if !given {", "if given {"),
        "root of 32 bits": ("for i := 0; i < 4; i++ {\n\t\tword", "for i := 0; i < 1; i++ {\n\t\tword"),
    },
    "java": {
        "task ignored": ('taskRng(root, number("SEEDBENCH_WORKER", 0))', "taskRng(root, 0)"),
        "root ignored": ("given != null ? new BigInteger(given)", "given == null ? BigInteger.ONE"),
        "root of 64 bits": (".putLong(root.shiftRight(64).longValue())", ""),
    },
    "javascript": {
        "task ignored": ("taskRng(root, BigInt(process.env.SEEDBENCH_WORKER ?? 0))", "taskRng(root, 0n)"),
        "root ignored": ("given ? BigInt(given) :", "given ? BigInt(Date.now()) * 1000003n + process.hrtime.bigint() :"),
        "root through a double": ("BigInt(given)", "BigInt(Number(given))"),
    },
    "php": {
        "task ignored": ('(int) getenv("SEEDBENCH_WORKER")', "0"),
        "root ignored": ("$given ? parse($given) :", "!$given ? parse($given) :"),
        "root of 32 bits": ("parse($given)", 'str_pad(substr(parse($given), 0, 4), 16, "\\0")'),
    },
    "r": {
        "task ignored": ('use_task_rng(root, as.numeric(Sys.getenv("SEEDBENCH_WORKER", "0")))', "use_task_rng(root, 0)"),
        "root ignored": ('if (given == "") {', 'if (given != "") {'),
        "root of 32 bits": ("root <- parse_root(given)", "root <- c(parse_root(given)[1], 0, 0, 0)"),
    },
    "ruby": {
        "task ignored": ("[0, task].pack", "[0, 0].pack"),
        "root ignored": ("given ? Integer(given) :", "given ? Random.new_seed :"),
        "root of 64 bits": ("root & (2**64 - 1), root >> 64, 0, 0", "root & (2**64 - 1), 0, 0, 0"),
    },
    "c++": {
        "task ignored": ('task_rng(root, number("SEEDBENCH_WORKER", 0))', "task_rng(root, 0)"),
        "root ignored": ("root = parse(given);", "std::random_device device; for (auto& word : root) word = device();"),
        "root of 32 bits": ("root = parse(given);", "root = parse(given); root[1] = root[2] = root[3] = 0;"),
    },
}
SCRIPTS = {"javascript": ("node", "js"), "php": ("php", "php"), "r": ("Rscript", "R"), "ruby": ("ruby", "rb")}
COMPILED = {
    "c": ("c", ["cc", "-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-o", "OUT"]),
    "csharp": ("cs", ["mcs", "-out:OUT"]),
    "fortran": ("f90", ["gfortran", "-std=f2008", "-O1", "-Wall", "-Wextra", "-o", "OUT", "-J", "DIR"]),
    "go": ("go", ["go", "build", "-o", "OUT"]),
}
MANIFEST = """[package]
name = "snippets"
version = "0.0.0"
edition = "2024"

[dependencies]
rand = { version = "0.10", features = ["chacha"] }
rand_pcg = "0.10"
rand_xoshiro = "0.8"
"""


def lacking(language):
    """The tool of a language that is not here."""
    tools = {"python": "numpy", "rust": "cargo", "c++": "c++", "c": "cc", "csharp": "mcs", "fortran": "gfortran",
             "go": "go", "java": "javac", "javascript": "node", "php": "php", "r": "Rscript", "ruby": "ruby"}
    tool = tools[language]
    found = importlib.util.find_spec(tool) if language == "python" else shutil.which(tool)
    return None if found else tool


def advice(seedbench, language):
    line = [seedbench, "plan", "--no-cost", "--replayable", "--language", language, "--json"]
    return json.loads(subprocess.run(line, capture_output=True, check=True, text=True).stdout)


def variants(language, advised):
    """(name, the strategy whose words it draws, source); a broken one has no strategy."""
    found = [(choice["id"], choice["id"], choice["program"]) for choice in advised["choices"]]
    bases = {choice["program"].split("task_rng", 1)[0].count("\n"): choice for choice in advised["choices"][::-1]}
    for base in bases.values() if language == "rust" else advised["choices"][:1]:
        for what, (old, new) in BREAKS[language].items():
            assert old in base["program"], f"{language}: nothing to break: {old}"
            found.append((f"{base['id']}, {what}", None, base["program"].replace(old, new)))
    return found


def build(language, folder, sources):
    """The command of each source."""
    if language == "python":
        files = [folder / f"v{i}.py" for i in range(len(sources))]
        for file, source in zip(files, sources):
            file.write_text(source)
        return [[sys.executable, str(file)] for file in files]
    if language in SCRIPTS:
        interpreter, ending = SCRIPTS[language]
        for i, source in enumerate(sources):
            (folder / f"v{i}.{ending}").write_text(source)
        return [[interpreter, str(folder / f"v{i}.{ending}")] for i in range(len(sources))]
    if language == "java":
        for i, source in enumerate(sources):
            (folder / f"v{i}").mkdir()
            (folder / f"v{i}" / "Spawn.java").write_text(source)
            subprocess.run(["javac", "-Xlint:all", "-Werror", "-d", folder / f"v{i}", folder / f"v{i}" / "Spawn.java"], check=True)
        return [["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", str(folder / f"v{i}"), "Spawn"] for i in range(len(sources))]
    if language in COMPILED:
        ending, line = COMPILED[language]
        for i, source in enumerate(sources):
            (folder / f"v{i}.{ending}").write_text(source)
            build_line = [part.replace("OUT", str(folder / f"v{i}")).replace("DIR", str(folder)) for part in line]
            told = {**os.environ, "GOCACHE": str(folder / "cache")}
            subprocess.run([*build_line, folder / f"v{i}.{ending}"], check=True, env=told)
        run = ["mono"] if language == "csharp" else []
        return [[*run, str(folder / f"v{i}")] for i in range(len(sources))]
    if language == "c++":
        for i, source in enumerate(sources):
            (folder / f"v{i}.cpp").write_text(source)
            flags = ["-std=c++17", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused"]
            subprocess.run(["c++", *flags, "-o", folder / f"v{i}", folder / f"v{i}.cpp"], check=True)
        return [[str(folder / f"v{i}")] for i in range(len(sources))]
    (folder / "src" / "bin").mkdir(parents=True)
    (folder / "Cargo.toml").write_text(MANIFEST)
    shutil.copy(REPOSITORY / "Cargo.lock", folder)
    for i, source in enumerate(sources):
        (folder / "src" / "bin" / f"v{i}.rs").write_text(source)
    line = ["cargo", "build", "--quiet", "--offline", "--manifest-path", folder / "Cargo.toml"]
    subprocess.run(line, check=True, env={**os.environ, "CARGO_TARGET_DIR": str(folder / "target")})
    return [[str(folder / "target" / "debug" / f"v{i}")] for i in range(len(sources))]


def drawn(command):
    told = {"SEEDBENCH_SEED": str(ROOT), "SEEDBENCH_WORKER": str(TASK), "SEEDBENCH_WORDS": str(WORDS)}
    line = subprocess.run(command, capture_output=True, check=True, text=True, env={**os.environ, **told})
    return [int(word, 0) for word in line.stdout.split()]


def declared(seedbench, strategy):
    line = [seedbench, "generate", strategy, "--root", hex(ROOT), "--stream", str(TASK), "--bytes", str(8 * WORDS)]
    raw = subprocess.run(line, capture_output=True, check=True).stdout
    return [int.from_bytes(raw[at:at + 8], "little") for at in range(0, len(raw), 8)]


def audited(seedbench, printed, printed_command, command):
    """The exit code of a printed audit, of a command in place of the printed one."""
    line = shlex.split(printed.removesuffix(printed_command))
    assert line[0] == "seedbench" and printed.endswith(printed_command), printed
    return subprocess.run([seedbench, *line[1:], *command], capture_output=True).returncode


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--all"]
    only = arguments[1:] or list(BREAKS)
    seedbench = str(Path(arguments[0] if arguments else "target/release/seedbench").resolve())
    failures = skipped = 0
    for language in only:
        if tool := lacking(language):
            print(f"skipped  {language}: no {tool}")
            skipped += 1
            continue
        advised = advice(seedbench, language)
        made = variants(language, advised)
        with tempfile.TemporaryDirectory() as folder:
            commands = build(language, Path(folder), [source for _, _, source in made])
            for (name, strategy, _), command in zip(made, commands):
                codes = [audited(seedbench, line, advised["command"], command)
                         for line in advised["refuted_by"]]
                problems = []
                if strategy is None and UNSOUND not in codes:
                    problems.append(f"no printed audit refutes it: exit codes {codes}")
                if strategy and codes != [0, 0]:
                    problems.append(f"a printed audit accuses it: exit codes {codes}")
                if strategy and drawn(command) != declared(seedbench, strategy):
                    problems.append(f"it does not draw the words of {strategy}")
                failures += bool(problems)
                verdict = "; ".join(problems) or ("refuted" if strategy is None else "the catalogue's words, sound")
                print(f"{'FAILED  ' if problems else 'ok      '} {language}: {name}: {verdict}", flush=True)
    print(f"{failures} failed, {skipped} skipped")
    return 1 if failures or ("--all" in sys.argv and skipped) else 0


if __name__ == "__main__":
    sys.exit(main())
