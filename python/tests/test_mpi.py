"""`seedbench.mpi`: the bytes that one process says, on one to four ranks of a real MPI."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

import seedbench
from captures import RECALL, TESTED, as_command_line, planted, stream, without_provenance
from conftest import needs

pytestmark = [
    needs("mpi4py"),
    pytest.mark.skipif(shutil.which("mpirun") is None, reason="mpirun not installed"),
]

PROGRAM = f"""
import array, json, sys
from mpi4py import MPI
import seedbench.mpi
comm, how = MPI.COMM_WORLD, json.loads(sys.argv[1])
rank = comm.Get_rank()
data = how.get("path")
if data is None:
    data = array.array(how["type"])
    data.frombytes(open(how["files"][rank], "rb").read())
try:
    asked = how.get("asked", {{}})
    result = seedbench.mpi.audit(comm, data, tested={TESTED}, recall={RECALL}, task_words=4096, **asked)
except Exception as error:
    told = f"{{type(error).__name__}}: {{error}}"
else:
    told = result.report().decode()
every = comm.gather(told)
if rank == 0:
    json.dump(every, sys.stdout)
"""


def on(ranks: int, **how):
    environment = dict(
        os.environ,
        OMPI_ALLOW_RUN_AS_ROOT="1",
        OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1",
        OMPI_MCA_rmaps_base_oversubscribe="1",
        OMPI_MCA_mpi_yield_when_idle="1",
    )
    command = ["mpirun", "-n", str(ranks), sys.executable, "-c", PROGRAM, json.dumps(how)]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    every = json.loads(done.stdout)
    assert len(every) == ranks
    assert len(set(every)) == 1, "all ranks are told the same"
    return every[0]


def test_ranks_that_read_files_say_what_one_process_says(tmp_path):
    path = str(planted(tmp_path / "flawed"))
    alone = without_provenance(as_command_line(path, "--exhaustive"))
    for ranks in (1, 3):
        told = on(ranks, path=path, asked={"exhaustive": True})
        assert without_provenance(told.encode()) == alone


def test_numbers_stay_with_the_ranks_that_drew_them(tmp_path):
    drawn = [stream(rank, words=20_000) for rank in range(4)]
    for name, flawed in (("sound", False), ("flawed", True)):
        if flawed:
            drawn[3] = drawn[3][:80_000] + drawn[1][40_000:100_000] + drawn[3][140_000:]
        files = [tmp_path / f"{name}-{rank}" for rank in range(4)]
        for file, numbers in zip(files, drawn, strict=True):
            file.write_bytes(numbers)
        told = json.loads(on(4, files=[str(file) for file in files], type="Q", asked={"as_": "draws"}))
        assert told["verdict"] == ("unsound" if flawed else "sound")
        rules = [finding["rule"] for finding in told["findings"] if finding["severity"] == "error"]
        assert rules == (["shifted-overlap"] if flawed else [])
        assert seedbench.audit([memoryview(one).cast("Q") for one in drawn]).verdict == told["verdict"]


def test_what_is_wrong_is_told_on_every_rank(tmp_path):
    empty, full = tmp_path / "empty", tmp_path / "full"
    empty.write_bytes(b"")
    full.write_bytes(stream(1, words=5_000))
    assert "rank 1: it drew no number" in on(2, files=[str(full), str(empty)], type="Q")
    assert "rank 0: does not see" in on(2, path=str(tmp_path / "nowhere"))
    assert "expect" in on(2, files=[str(full)] * 2, type="Q", asked={"expect": "nonsense"})
