"""The program stays as it was, and states do not stay anywhere."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import PROGRAMS, needs, watch_command

QUIET = ["subclass", "fails", "reseeded", "executed", "parent_stops"]


@pytest.mark.parametrize("program", QUIET)
@needs("numpy")
def test_the_output_is_the_same_with_and_without(program, tmp_path):
    text = (PROGRAMS / f"{program}.py").read_text()
    script = tmp_path / f"{program}.py"
    script.write_text(f"import random\nrandom.seed(7)\n{text}\nprint(random.random())\n")
    plain = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    seen = watch_command([sys.executable, str(script)], tmp_path)
    assert seen.output == plain.stdout
    assert seen.errors.startswith(plain.stderr)
    assert seen.errors[len(plain.stderr) :].startswith("seedbench watch: ")
    if plain.returncode:
        assert seen.code == plain.returncode


def test_the_exit_code_of_a_program_that_fails_is_returned(watched):
    assert watched("fails").code == 3


def test_a_program_that_is_not_python_is_said_to_be_none(tmp_path):
    seen = watch_command(["true"], tmp_path)
    assert (seen.code, seen.verdict) == (12, "inconclusive")
    assert "audit" in seen.report["needs"] and "shard" in seen.report["needs"]


def test_a_program_that_does_not_exist_is_a_usage_error(tmp_path):
    assert watch_command(["./no-such-program"], tmp_path).code == 64


def folders(where: Path) -> list[Path]:
    return list(where.glob("seedbench-watch-*"))


def test_records_are_private_while_it_runs_and_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    script = tmp_path / "modes.py"
    script.write_text(
        "import os, random\n"
        "random.random()\n"
        "folder = os.environ['SEEDBENCH_WATCH']\n"
        "modes = [os.stat(os.path.dirname(folder)).st_mode, os.stat(folder).st_mode]\n"
        "modes += [os.stat(os.path.join(folder, name)).st_mode for name in os.listdir(folder)]\n"
        "print(*modes)\n"
    )
    seen = watch_command([sys.executable, str(script)], tmp_path)
    outer, inner, *files = (int(mode) for mode in seen.output.split())
    assert stat.S_IMODE(outer) == stat.S_IMODE(inner) == 0o700
    assert files and all(stat.S_IMODE(mode) == 0o600 for mode in files)
    assert not folders(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_records_are_gone_after_a_signal(number, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    script = tmp_path / "waits.py"
    script.write_text("import random, time\nprint(random.random(), flush=True)\ntime.sleep(60)\n")
    command = [sys.executable, "-m", "seedbench", "watch", "--", sys.executable, str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL) as run:
        assert run.stdout is not None
        run.stdout.readline()
        assert folders(tmp_path)
        run.send_signal(number)
        _, errors = run.communicate(timeout=30)
    assert b"seedbench watch: " in errors
    assert run.returncode in (1, 128 + number), errors
    assert not folders(tmp_path)


def test_records_are_gone_after_a_failure_of_the_judge(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    script = tmp_path / "spoils.py"
    script.write_text(
        "import os, random\n"
        "random.random()\n"
        "os.mkdir(os.path.join(os.environ['SEEDBENCH_WATCH'], 'no-file.jsonl'))\n"
        "print('done')\n"
    )
    seen = watch_command([sys.executable, str(script)], tmp_path)
    assert seen.output == "done\n"
    assert seen.code not in (0, 10, 12) and "failed to read the records" in seen.errors
    assert not folders(tmp_path)


def test_lines_that_are_no_records_are_counted(tmp_path):
    script = tmp_path / "garbage.py"
    script.write_text(
        "import os, random\n"
        "random.random()\n"
        "open(os.path.join(os.environ['SEEDBENCH_WATCH'], '1-1.jsonl'), 'wb').write(b'\\xff{\\n{}\\n')\n"
    )
    seen = watch_command([sys.executable, str(script)], tmp_path)
    assert any("2 records of process 1 were cut off" in line for line in seen.report["unseen"]), seen.report


def test_no_word_of_a_state_is_in_any_report(tmp_path):
    files = [tmp_path / name for name in ("r.sarif", "r.xml", "r.html")]
    script = tmp_path / "words.py"
    script.write_text("import random\nrandom.seed(11)\nrandom.random()\n")
    options = ["--sarif", str(files[0]), "--junit", str(files[1]), "--html", str(files[2])]
    watch_command([sys.executable, str(script)], tmp_path, *options)
    import random

    word = random.Random(11).getrandbits(64)
    for file in [*files, tmp_path / "watch.json"]:
        text = file.read_text()
        assert f"{word:016x}" not in text and str(word) not in text


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_recorder_that_cannot_write_does_not_disturb(tmp_path):
    environment = dict(os.environ, SEEDBENCH_WATCH=str(tmp_path / "gone"))
    import seedbench

    environment["PYTHONPATH"] = str(Path(seedbench.__file__).parent / "_watch")
    done = subprocess.run(
        [sys.executable, "-c", "import random; random.seed(1); print(random.random())"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("0.13436424411240122\n", "")


def test_the_sitecustomize_that_is_hidden_still_runs(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text("import builtins\nbuiltins.HERE = 'mine'\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    seen = watch_command([sys.executable, "-c", "print(HERE)"], tmp_path)
    assert seen.output == "mine\n", seen.errors


def test_a_subinterpreter_is_named_and_does_no_harm(tmp_path):
    module = "_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters"
    script = tmp_path / "sub.py"
    script.write_text(
        f"import random\nimport {module} as sub\nrandom.random()\nnew = sub.create()\n"
        "sub.run_string(new, 'import random; random.random(); random.seed(3); random.random()')\n"
        "sub.destroy(new)\nprint('done')\n"
    )
    seen = watch_command([sys.executable, str(script)], tmp_path)
    assert seen.output == "done\n", seen.errors
    assert any("not recorded" in line for line in seen.report["unseen"]), seen.report["unseen"]


def test_only_so_many_states_are_kept_and_that_is_said(tmp_path):
    script = tmp_path / "many.py"
    script.write_text("import random\nfor i in range(700):\n    random.Random(i).random()\n")
    start = time.monotonic()
    seen = watch_command([sys.executable, str(script)], tmp_path)
    assert seen.code == 0, seen.errors
    assert any("first 512 states" in line for line in seen.report["unseen"])
    assert time.monotonic() - start < 60
