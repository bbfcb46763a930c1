"""Where an interpreter's layouts are not known, wrappers in Python stand in for the traps, and the report says so.

`SEEDBENCH_LAYOUTS=unknown` makes every check of a layout fail, as in an interpreter that is built otherwise.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import seedbench
from conftest import PROGRAMS, line_of, needs, watch_command

NUMPY = needs("numpy")
TORCH = needs("numpy", "torch")
OF = {"random": "random: the layout", "numpy": "numpy: the layout", "torch": "torch: the layout"}
SHARED = [
    ("same_seed", "random"),
    ("instance_inherited", "random"),
    pytest.param("fork_legacy", "numpy", marks=NUMPY),
    pytest.param("fork_generator", "numpy", marks=NUMPY),
    pytest.param("parent_goes_on", "numpy", marks=NUMPY),
    pytest.param("killed", "numpy", marks=NUMPY),
    pytest.param("loky_argument", "numpy", marks=needs("numpy", "joblib")),
    pytest.param("forkserver_argument", "numpy", marks=NUMPY),
    pytest.param("torch_dropout", "torch", marks=TORCH),
    pytest.param("torch_generator", "torch", marks=TORCH),
]


@pytest.fixture(autouse=True)
def _unknown(monkeypatch):
    monkeypatch.setenv("SEEDBENCH_LAYOUTS", "unknown")


@pytest.mark.parametrize(("program", "library"), SHARED)
def test_a_shared_state_is_found_all_the_same(watched, program, library):
    seen = watched(program)
    assert seen.code == 10, seen.errors
    [error] = [one for one in seen.findings("error") if one["rule"] == "equal-streams"]
    line = line_of(program, "parent" if program == "parent_goes_on" else "draws")
    named = {f"{error['file']}:{error['line']}", *error["related"]}
    assert f"{program}.py:{line}" in named, seen.errors
    assert any(OF[library] in line for line in seen.report["unseen"]), seen.errors


@pytest.mark.parametrize("program", ["parent_stops", "threads_shared", "reseeded", "executed"])
def test_a_sound_program_of_random_is_sound(watched, program):
    seen = watched(program)
    assert (seen.code, seen.verdict) == (0, "sound"), seen.errors
    assert seen.report["states"] > 0
    assert any("every draw takes longer" in line for line in seen.report["unseen"])


@NUMPY
def test_nothing_of_numpy_is_called_sound_where_births_are_not_seen(watched):
    seen = watched("spawned_seeds")
    assert (seen.code, seen.verdict) == (12, "inconclusive"), seen.errors
    assert any("seen at forks alone" in line for line in seen.report["unseen"])


def test_calls_of_the_system_are_counted(watched):
    assert watched("entropy").report["entropy_calls"] >= 120


@NUMPY
def test_the_program_prints_the_same(watched):
    plain = subprocess.run([sys.executable, "subclass.py"], capture_output=True, text=True, cwd=PROGRAMS, check=True)
    assert watched("subclass").output == plain.stdout


def test_an_interpreter_without_the_lock_is_refused_by_name(tmp_path):
    # Its build says so in `sys.abiflags`, also while the lock is switched on; a layout of it is never touched.
    script = tmp_path / "free.py"
    script.write_text(
        "import sys\n"
        "sys.abiflags += 't'\n"
        f"sys.path.insert(0, {str(Path(seedbench.__file__).parent / '_watch')!r})\n"
        "import sitecustomize\n"
        "assert 'seedbench._hook' not in sys.modules\n"
        "print('done')\n"
    )
    command = [sys.executable, "-c", f"import subprocess; subprocess.run([{sys.executable!r}, '-I', {str(script)!r}])"]
    seen = watch_command(command, tmp_path)
    assert seen.output == "done\n", seen.errors
    assert (seen.code, seen.verdict) == (12, "inconclusive")
    assert any("free-threaded interpreters cannot be watched yet" in line for line in seen.report["unseen"])
