"""`seedbench.dask`: the bytes that one process says, by workers that die and by those that live."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

import seedbench
from captures import RECALL, SMALL_TASKS, TESTED, as_command_line, planted, sound, stream, without_provenance
from conftest import needs

pytestmark = needs("distributed")

SMALL = {"tested": TESTED, "recall": RECALL}


@pytest.fixture(scope="module")
def cluster():
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        yield cluster


@pytest.fixture
def client(cluster):
    from distributed import Client

    with Client(cluster) as client:
        yield client


def sized(cluster, client, workers):
    """Waits until so many workers answer. One that was killed is replaced, unless it had not quite begun: then all are
    begun anew.
    """
    for seconds in (10, 60):
        cluster.scale(workers)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            pids = client.run(os.getpid, on_error="return")
            if len(pids) == workers and all(isinstance(pid, int) for pid in pids.values()):
                return
            time.sleep(0.05)
        cluster.scale(0)
        while client.nthreads():
            time.sleep(0.05)
    raise AssertionError(f"these workers answer, and not {workers}: {pids}")


@pytest.fixture(scope="module")
def flawed(tmp_path_factory):
    """A capture, and what the command line says of it."""
    path = planted(tmp_path_factory.mktemp("flawed"))
    report = as_command_line(path, "--exhaustive")
    for rule in (b'"equal-streams"', b'"shifted-overlap"', b'"cross-run-sharing"'):
        assert rule in report, rule
    return path, without_provenance(report)


def audited(client, data, **more):
    import seedbench.dask

    return seedbench.dask.audit(client, data, task_words=SMALL_TASKS, **SMALL, **more)


@pytest.mark.parametrize("workers", [4, 2, 1])
def test_files_are_judged_as_by_one_process(cluster, client, flawed, workers):
    path, report = flawed
    sized(cluster, client, workers)
    result = audited(client, path, exhaustive=True)
    assert without_provenance(result.report()) == report
    assert result.verdict == "unsound"
    assert "equal-streams" in result._repr_html_()
    assert result.to_dict()["streams"] == 8
    with pytest.raises(AssertionError, match="cross-run-sharing"):
        result.assert_sound()


def test_missing_workers_are_named(cluster, client, tmp_path):
    path = sound(tmp_path)
    sized(cluster, client, 1)
    assert audited(client, path, promised=(4, 1)).verdict == "sound"
    result = audited(client, path, promised=(5, 1))
    assert result.verdict == "inconclusive"
    assert [finding.rule for finding in result.findings] == ["missing-streams"]
    assert "worker 4" in result.findings[0].message


def dies_once(name, flag):
    """The work of this name, of which the first worker that gets it is killed."""

    def work(*arguments):
        import os
        import signal

        import seedbench.dask

        try:
            os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return getattr(seedbench.dask, name)(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    work.__name__ = name
    return work


@pytest.mark.parametrize("work", ["_answered", "_sketched", "_part", "_matched"])
def test_a_worker_killed_while_mapping_or_shuffling_changes_nothing(
    cluster, client, flawed, work, monkeypatch, tmp_path
):
    import seedbench.dask

    path, report = flawed
    sized(cluster, client, 2)
    flag = tmp_path / "died"
    monkeypatch.setattr(seedbench.dask, work, dies_once(work, str(flag)))
    assert without_provenance(audited(client, path, exhaustive=True).report()) == report
    assert flag.exists()


def test_all_workers_killed_before_verifying_change_nothing(cluster, client, flawed, monkeypatch):
    import seedbench.dask

    path, report = flawed
    sized(cluster, client, 2)
    shuffle, killed = seedbench.dask._Engine.shuffle, []

    def killing(engine, step, tasks):
        met = shuffle(engine, step, tasks)
        for pid in client.run(os.getpid).values():
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
        return met

    monkeypatch.setattr(seedbench.dask._Engine, "shuffle", killing)
    assert without_provenance(audited(client, path, exhaustive=True).report()) == report
    assert len(killed) >= 2


@pytest.fixture(scope="module")
def rows():
    """Streams with an equal pair, and an overlap beyond what is tested."""
    import numpy as np

    rows = np.stack([np.frombuffer(stream(row, words=20_000), "<u8") for row in range(6)])
    rows[4] = rows[1]
    rows[3, 9_001:15_001] = rows[2, 8_000:14_000]
    return rows


def both(client, array, numbers, **more):
    """The reports of an array that workers hold, and of one in memory."""
    there = audited(client, array, name="numbers", as_="draws", **more)
    here = seedbench.audit(numbers, name="numbers", as_="draws", **SMALL, **more)
    assert there == here
    return without_provenance(there.report()), without_provenance(here.report())


def test_arrays_are_judged_where_they_lie(cluster, client, rows):
    import dask.array as da

    sized(cluster, client, 2)
    there, here = both(client, da.from_array(rows, chunks=(4, -1)), rows, exhaustive=True)
    assert there == here
    assert b'"equal-streams"' in here and b'"shifted-overlap"' in here
    # Streams that are cut along their words are put together; what is sound is read to its end.
    there, here = both(client, da.from_array(rows[:3], chunks=(2, 7_000)), rows[:3])
    assert there == here
    runs = rows.reshape(2, 3, -1)
    there, here = both(client, da.from_array(runs, chunks=(1, 2, -1)), runs, exhaustive=True)
    assert there == here and b"run 1 worker 1" in here


@pytest.mark.parametrize("kind", ["u4", "i8", "f8", "f4"])
def test_arrays_of_every_kind(cluster, client, rows, kind):
    import dask.array as da

    sized(cluster, client, 2)
    numbers = (rows >> 33).astype("u4") if kind == "u4" else (rows / 2.0**64 if kind[0] == "f" else rows).astype(kind)
    there, here = both(client, da.from_array(numbers, chunks=(3, -1)), numbers)
    assert there == here


@needs("pandas", "pyarrow")
def test_data_frames_have_a_column_a_stream(cluster, client, rows):
    import dask.dataframe as dd
    import pandas as pd

    sized(cluster, client, 2)
    frame = pd.DataFrame({f"w{row}": rows[row] for row in range(6)})
    there, here = both(client, dd.from_pandas(frame, npartitions=3), frame, exhaustive=True)
    assert there == here and b'"w4"' in here
    long = pd.DataFrame({"worker": [0, 0, 1, 1], "value": [1, 2, 3, 4]})
    with pytest.raises(ValueError, match="a row a value"):
        audited(client, dd.from_pandas(long, npartitions=1))


@pytest.mark.parametrize("work", ["_sketched", "_fetched"])
def test_a_worker_killed_with_its_block_changes_nothing(cluster, client, rows, work, monkeypatch, tmp_path):
    import dask.array as da

    import seedbench.dask

    sized(cluster, client, 2)
    flag = tmp_path / "died"
    monkeypatch.setattr(seedbench.dask, work, dies_once(work, str(flag)))
    there, here = both(client, da.from_array(rows, chunks=(2, -1)), rows, exhaustive=True)
    assert there == here and flag.exists()


@pytest.mark.parametrize(
    ("shape", "chunks", "kind", "said"),
    [((8,), (8,), "u8", "1 axes"), ((2, 0), (2, 1), "u8", "no numbers"), ((2, 8), (1, 8), "f2", "float16")],
)
def test_arrays_that_hold_no_streams_are_refused(client, shape, chunks, kind, said):
    import dask.array as da

    with pytest.raises((TypeError, ValueError), match=said):
        audited(client, da.zeros(shape, chunks=chunks, dtype=kind))
    with pytest.raises(TypeError, match=r"seedbench\.audit"):
        audited(client, [1, 2])


def one_line(error):
    text = str(error.value)
    assert "\n" not in text
    return text


def test_a_worker_that_does_not_see_the_path_is_named(cluster, client, flawed, monkeypatch):
    import seedbench.dask

    path, _ = flawed
    sized(cluster, client, 2)
    monkeypatch.chdir(path)  # of this process alone
    with pytest.raises(seedbench.dask.WorkerError) as error:
        audited(client, "/proc/self/cwd/run-000")
    said = one_line(error)
    assert "tcp://" in said and "does not see /proc/self/cwd/run-000" in said
    with pytest.raises(FileNotFoundError, match="nowhere"):
        audited(client, "/nowhere")


def test_a_worker_without_the_package_is_named(cluster, client, flawed):
    import seedbench.dask

    def uninstalled():
        for name in [name for name in sys.modules if name.partition(".")[0] == "seedbench"]:
            del sys.modules[name]
        sys.modules["seedbench"] = None
        return os.getpid()

    sized(cluster, client, 2)
    [address, _] = client.nthreads()
    [pid] = client.run(uninstalled, workers=[address]).values()
    try:
        with pytest.raises(seedbench.dask.WorkerError) as error:
            audited(client, flawed[0], exhaustive=True)
    finally:
        os.kill(pid, signal.SIGKILL)
        while address in client.nthreads():
            time.sleep(0.05)
    said = one_line(error)
    assert address in said and "No module named 'seedbench" in said and "install it there" in said


def test_a_worker_of_another_version_is_named(cluster, client, flawed, monkeypatch):
    import seedbench.dask

    path, _ = flawed
    sized(cluster, client, 2)

    def become(version):
        from seedbench import _native

        _native.__version__ = version

    [address, _] = client.nthreads()
    client.run(become, "0.0.9", workers=[address])
    try:
        with pytest.raises(seedbench.dask.WorkerError) as error:
            audited(client, path, exhaustive=True)
    finally:
        client.run(become, seedbench.__version__, workers=[address])
    said = one_line(error)
    assert address in said and "has seedbench 0.0.9" in said and seedbench.__version__ in said

    # One that came later is found out by what it is asked.
    gather = seedbench.dask._Engine.gather

    def older(engine, step, tasks):
        return gather(
            engine, step.replace(f'"version":"{seedbench.__version__}"'.encode(), b'"version":"0.0.9"'), tasks
        )

    monkeypatch.setattr(seedbench.dask._Engine, "gather", older)
    with pytest.raises(seedbench.dask.WorkerError) as error:
        audited(client, path, exhaustive=True)
    said = one_line(error)
    assert "tcp://" in said and "another version of seedbench" in said


@pytest.mark.parametrize("loss", ["truncated", "vanished"])
def test_a_file_that_is_lost_meanwhile_is_named_and_no_other_is_lost(cluster, client, loss, monkeypatch, tmp_path):
    import seedbench.dask

    path = planted(tmp_path)
    sized(cluster, client, 2)
    file = path / "run-000" / "worker-00001.u64"
    gather = seedbench.dask._Engine.gather

    def losing(engine, step, tasks):
        if loss == "truncated":
            os.truncate(file, 80_004)
        else:
            file.unlink(missing_ok=True)
        return gather(engine, step, tasks)

    monkeypatch.setattr(seedbench.dask._Engine, "gather", losing)
    result = audited(client, path, exhaustive=True)
    [problem] = result.problems
    assert "worker-00001.u64" in problem and "\n" not in problem
    assert {"equal-streams", "shifted-overlap"} <= {finding.rule for finding in result.findings}


def test_a_cluster_that_is_gone_is_said(flawed, monkeypatch):
    from distributed import Client, LocalCluster

    import seedbench.dask

    path, _ = flawed
    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=":0") as own:
        client = Client(own)
        gather = seedbench.dask._Engine.gather

        def leaving(engine, step, tasks):
            client.close()
            return gather(engine, step, tasks)

        monkeypatch.setattr(seedbench.dask._Engine, "gather", leaving)
        with pytest.raises(seedbench.dask.WorkerError) as error:
            audited(client, path, exhaustive=True)
        assert "the cluster could not do its part" in one_line(error)


def test_without_the_scheduler_what_to_install_is_said():
    code = "import sys; sys.modules['distributed'] = None; import seedbench.dask"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1].endswith("pip install 'dask[distributed]'")


def test_sound_files_are_read_to_their_end(cluster, client, tmp_path):
    path = sound(tmp_path)
    sized(cluster, client, 2)
    result = audited(client, path)
    assert result.is_sound
    assert without_provenance(result.report()) == without_provenance(as_command_line(path))
