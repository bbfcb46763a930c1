"""`seedbench.spark`: the bytes that one process says, by executors whose Python dies and by those where it lives."""

from __future__ import annotations

import shutil
import sys

import pytest

import seedbench
from captures import RECALL, SMALL_TASKS, TESTED, as_command_line, planted, without_provenance
from conftest import needs

pytestmark = [
    needs("pyspark"),
    pytest.mark.skipif(shutil.which("java") is None, reason="java not installed"),
]


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        # Two executors that try four times each.
        builder = SparkSession.builder.master("local[2,4]").config("spark.ui.enabled", "false")
        spark = builder.getOrCreate()
        spark.sparkContext.setLogLevel("OFF")
        yield spark
        spark.stop()


@pytest.fixture(scope="module")
def flawed(tmp_path_factory):
    """A capture, and what the command line says of it."""
    path = planted(tmp_path_factory.mktemp("flawed"))
    return path, without_provenance(as_command_line(path, "--exhaustive"))


def audited(spark, path):
    import seedbench.spark

    return seedbench.spark.audit(spark, path, task_words=SMALL_TASKS, tested=TESTED, recall=RECALL, exhaustive=True)


def test_files_are_judged_as_by_one_process(spark, flawed):
    path, report = flawed
    result = audited(spark, path)
    assert without_provenance(result.report()) == report
    rules = {finding.rule for finding in result.findings}
    assert {"equal-streams", "shifted-overlap", "cross-run-sharing"} <= rules


@pytest.mark.parametrize("work", ["answered", "sketched", "matched"])
def test_a_killed_worker_changes_nothing(spark, flawed, work, monkeypatch, tmp_path):
    path, report = flawed
    flag = str(tmp_path / "died")

    def dies_once(*arguments):
        import os
        import signal

        from seedbench import workers

        try:
            os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return getattr(workers, work)(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(seedbench.workers, work, dies_once)
    assert without_provenance(audited(spark, path).report()) == report
    assert (tmp_path / "died").exists()


def test_what_a_worker_cannot_do_is_one_line(spark, flawed, monkeypatch, tmp_path):
    import seedbench.spark

    def refused(path):
        with pytest.raises(seedbench.spark.WorkerError) as error:
            audited(spark, path)
        said = str(error.value)
        assert said.startswith("a worker on ") and "\n" not in said
        return said

    path, _ = flawed
    monkeypatch.chdir(path)  # of this process alone
    assert "does not see /proc/self/cwd/run-000" in refused("/proc/self/cwd/run-000")
    gather = seedbench.spark._Engine.gather

    def older(engine, step, tasks):
        return gather(engine, step.replace(b'"version":"', b'"version":"0'), tasks)

    with monkeypatch.context() as patch:
        patch.setattr(seedbench.spark._Engine, "gather", older)
        assert "another version of seedbench" in refused(path)
    with monkeypatch.context() as patch:
        patch.setattr(seedbench._native, "__version__", "0.0.9")
        assert "the audit is made by 0.0.9" in refused(path)


def test_a_data_frame_is_judged_where_it_was_written(spark, tmp_path):
    import random

    import seedbench.spark

    rows = [(worker, at, random.Random(f"{min(worker, 2)} {at}").random()) for worker in range(4) for at in range(500)]
    frame = spark.createDataFrame(rows, ["worker", "position", "value"])
    with pytest.raises(TypeError, match="write a data frame"):
        seedbench.spark.audit(spark, frame)
    path = tmp_path / "frame"
    ordered = frame.repartition("worker").sortWithinPartitions("worker", "position")
    ordered.select("worker", "value").write.csv(str(path), header=True)
    result = seedbench.spark.audit(spark, path)
    assert result.findings[0].rule == "equal-streams" and result.to_dict()["streams"] == 4


@pytest.mark.parametrize("loss", ["truncated", "vanished"])
def test_a_file_that_is_lost_meanwhile_is_named_and_no_other_is_lost(spark, loss, monkeypatch, tmp_path):
    import os

    import seedbench.spark

    path = planted(tmp_path)
    file = path / "run-000" / "worker-00001.u64"
    gather = seedbench.spark._Engine.gather

    def losing(engine, step, tasks):
        if loss == "truncated":
            os.truncate(file, 80_004)
        else:
            file.unlink(missing_ok=True)
        return gather(engine, step, tasks)

    monkeypatch.setattr(seedbench.spark._Engine, "gather", losing)
    result = audited(spark, path)
    [problem] = result.problems
    assert "worker-00001.u64" in problem and "\n" not in problem
    assert {"equal-streams", "shifted-overlap"} <= {finding.rule for finding in result.findings}
