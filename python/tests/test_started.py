"""Every way to start a Python program: what it shares is named, whatever stands between."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import line_of, needs, watch_command

POOL = """
import multiprocessing, random, time

shared = random.Random(3)

def draw(_task):
    time.sleep(.01)
    return shared.random()

def test_pool():
    with multiprocessing.get_context("{method}").Pool(3) as pool:
        pool.map(draw, range(30), chunksize=1)

if __name__ == "__main__":
    test_pool()
"""


@pytest.fixture
def pool(tmp_path):
    def write(name, method="fork"):
        (tmp_path / name).write_text(POOL.format(method=method))
        return tmp_path / name

    return write


def convicted(seen, name, line=8):
    assert (seen.code, seen.verdict) == (10, "unsound"), seen.errors
    errors = [one for one in seen.findings("error") if one["rule"] == "equal-streams"]
    assert [(Path(one["file"]).name, one["line"]) for one in errors] == [(name, line)], seen.errors


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_pools_of_every_start_method(pool, tmp_path, method):
    seen = watch_command([sys.executable, str(pool("pool.py", method))], tmp_path)
    convicted(seen, "pool.py")


def test_a_module(pool, tmp_path, monkeypatch):
    pool("as_module.py")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    convicted(watch_command([sys.executable, "-m", "as_module"], tmp_path), "as_module.py")


def test_pytest(pool, tmp_path):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(pool("test_it.py"))]
    seen = watch_command(command, tmp_path)
    convicted(seen, "test_it.py")
    assert "1 passed" in seen.output


@needs("xdist")
def test_pytest_in_workers_of_xdist(pool, tmp_path):
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", str(pool("test_it.py"))]
    convicted(watch_command(command, tmp_path), "test_it.py")


def test_a_program_in_a_subprocess_of_a_shell_script(pool, tmp_path):
    script = tmp_path / "job.sh"
    script.write_text(f'#!/bin/sh\n"{sys.executable}" "{pool("inner.py")}"\n')
    convicted(watch_command(["sh", str(script)], tmp_path), "inner.py")


EXECUTOR = """
import random, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

def begin():
    random.seed(8)

def draw(_task):
    time.sleep(.05)
    return random.random()

if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=begin) as pool:
        list(pool.map(draw, range(12)))
"""


def test_executors(tmp_path):
    (tmp_path / "executor.py").write_text(EXECUTOR)
    convicted(watch_command([sys.executable, str(tmp_path / "executor.py")], tmp_path), "executor.py", 11)


RANKS = """
import os, torch

torch.manual_seed({seed})
torch.rand(4)
"""


@needs("torch")
@pytest.mark.parametrize(("seed", "code"), [("7", 10), ("1000 + int(os.environ['RANK'])", 0)])
def test_torchrun(tmp_path, seed, code):
    script = tmp_path / "train.py"
    script.write_text(RANKS.format(seed=seed))
    launcher = [sys.executable, "-m", "torch.distributed.run", "--nproc_per_node", "2", "--standalone"]
    if subprocess.run([*launcher, str(script)], capture_output=True, check=False).returncode != 0:
        pytest.skip("this torch's launcher fails by itself, as 1.13's does under Python 3.11")
    seen = watch_command([*launcher, str(script)], tmp_path)
    assert seen.code == code, seen.errors
    if code:
        convicted(seen, "train.py", 5)


RANK_SEEDS = """
import os, random

random.seed(int(os.environ["RANK"]))
random.random()
"""
LAUNCHER = """
import os, subprocess, sys

for rank in range(2):
    subprocess.run([sys.executable, sys.argv[1]], env=dict(os.environ, RANK=str(rank)), check=True)
"""


def test_ranks_as_seeds_are_called_ranks(tmp_path):
    (tmp_path / "rank.py").write_text(RANK_SEEDS)
    (tmp_path / "launch.py").write_text(LAUNCHER)
    seen = watch_command([sys.executable, str(tmp_path / "launch.py"), str(tmp_path / "rank.py")], tmp_path)
    assert any("with their ranks, 0 to 1" in one["message"] for one in seen.findings("note")), seen.errors


NOTEBOOK = Path(__file__).parent.parent / "examples" / "shared_streams.ipynb"


def executed(folder: Path) -> list[str]:
    """What the cells of the example printed and showed, once it has been executed anew."""
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(folder / "run.ipynb", as_version=4)
    told = []
    for cell in notebook.cells:
        outputs = [one for one in cell.get("outputs", []) if one.output_type != "error"]
        text = [one.get("text", "") or one["data"].get("text/html", "") for one in outputs]
        told.append("".join(text))
    return told


CONVERT = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--output", "run.ipynb"]


@needs("nbconvert", "ipykernel", "numpy")
def test_a_notebook_shows_what_it_shares(tmp_path):
    import subprocess

    shutil.copy(NOTEBOOK, tmp_path / "example.ipynb")
    subprocess.run([*CONVERT, "example.ipynb"], cwd=tmp_path, check=True, capture_output=True, timeout=400)
    told = executed(tmp_path)
    different, of = told[1].split(" different values of ")
    assert int(different) < int(of) == 16  # 4 where all workers take their turns
    assert "<svg" in told[3] and "unsound" in told[3] and "In [1]:13" in told[3]
    assert told[5] == "16 different values of 16\n"
    assert "<svg" in told[6] and "unsound" not in told[6]
    assert "unsound" in told[8] and "unsound" not in told[9]
    recorded = json.loads(NOTEBOOK.read_text())
    assert all(cell["outputs"] for cell in recorded["cells"] if cell["cell_type"] == "code")


@needs("nbconvert", "ipykernel", "numpy")
def test_a_notebook_is_watched_through_nbconvert(tmp_path):
    notebook = json.loads(NOTEBOOK.read_text())
    source = "import multiprocessing, random, time\nshared = random.Random(3)\ndef draw(_):\n    time.sleep(.01)\n"
    source += "    return shared.random()\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n"
    source += "    pool.map(draw, range(20))"
    [cell] = [one for one in notebook["cells"] if one["id"] == "cell-1"]
    notebook["cells"] = [dict(cell, source=source, outputs=[])]
    (tmp_path / "job.ipynb").write_text(json.dumps(notebook))
    seen = watch_command([*CONVERT, str(tmp_path / "job.ipynb")], tmp_path)
    convicted(seen, "In [1]", 5)


@needs("numpy", "gunicorn")
def test_gunicorn_that_preloads(watched):
    seen = watched("gunicorn_preload")
    convicted(seen, "gunicorn_preload.py", line_of("gunicorn_preload", "draws"))
    [error] = seen.findings("error")
    assert error["processes"] == 3 and "inherited by fork" in error["message"]
    assert f"gunicorn_preload.py:{line_of('gunicorn_preload', 'made')}" in error["related"]
