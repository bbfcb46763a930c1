"""Runs the command line of the installed package on the programs beside this file."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = Path(__file__).parent / "programs"
pytest_plugins = ["pytester"]


@dataclass
class Seen:
    code: int
    output: str
    errors: str
    report: dict[str, Any]

    def findings(self, severity: str) -> list[dict[str, Any]]:
        return [one for one in self.report["findings"] if one["severity"] == severity]

    @property
    def verdict(self) -> str:
        return self.report["verdict"]


def line_of(program: str, mark: str) -> int:
    """The line of a program that a comment marks."""
    lines = (PROGRAMS / f"{program}.py").read_text().splitlines()
    found = [number for number, line in enumerate(lines, 1) if "#" in line and mark in line.split("#")[-1].split()]
    assert len(found) == 1, (program, mark, found)
    return found[0]


def watch_command(command: list[str], folder: Path, *options: str) -> Seen:
    report = folder / "watch.json"
    full = [sys.executable, "-m", "seedbench", "watch", "--json", str(report), *options, "--", *command]
    done = subprocess.run(full, capture_output=True, text=True, timeout=400, cwd=PROGRAMS, check=False)
    told = json.loads(report.read_text()) if report.exists() else {}
    return Seen(done.returncode, done.stdout, done.stderr, told)


@pytest.fixture
def watched(tmp_path):
    def run(program: str, *options: str, arguments: tuple[str, ...] = ()) -> Seen:
        return watch_command([sys.executable, f"{program}.py", *arguments], tmp_path, *options)

    return run


def needs(*modules: str) -> pytest.MarkDecorator:
    """Skips a test where a library is not installed."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} not installed")


@pytest.fixture(autouse=True)
def _quiet_threads(monkeypatch):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setitem(os.environ, name, "1")
