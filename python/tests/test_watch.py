"""`with seedbench.watch()`, the pytest plugin, and the reports with lines."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import sys
import time
from xml.etree import ElementTree

import pytest

import seedbench
from conftest import line_of, needs, watch_command

shared = random.Random(3)


def draw(_task):
    time.sleep(0.01)
    return shared.random()


def run_pool():
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.map(draw, range(20))


def test_a_watch_that_begins_late_names_the_line_that_draws():
    before = {name: os.environ.get(name) for name in ("SEEDBENCH_WATCH", "PYTHONPATH")}
    with seedbench.watch() as seen:
        folder = os.environ["SEEDBENCH_WATCH"]
        run_pool()
    assert seen.result.verdict == "unsound"
    [error] = [one for one in seen.result.findings if one.severity == "error"]
    assert error.line == draw.__code__.co_firstlineno + 2
    with pytest.raises(AssertionError, match="draw the same"):
        seen.assert_sound()
    assert "<svg" in seen.result._repr_html_()
    assert not os.path.exists(folder)
    assert before == {name: os.environ.get(name) for name in before}


def test_watches_follow_one_another():
    for _ in range(2):
        with seedbench.watch() as seen:
            random.random()
        assert seen.result.verdict == "sound", str(seen.result)
        assert seen.result.to_dict()["states"] == 1
    with seedbench.watch(allow=["test_watch.py"]) as seen:
        run_pool()
    seen.assert_sound()


def test_a_pool_older_than_the_watch_is_named():
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.map(draw, range(4))
        with seedbench.watch() as seen:
            pool.map(draw, range(4))
    assert sum("older than this watch" in line for line in seen.result.unseen) == 2


def test_the_folder_is_gone_after_an_error():
    with pytest.raises(KeyError), seedbench.watch():
        folder = os.environ["SEEDBENCH_WATCH"]
        raise KeyError
    assert not os.path.exists(folder)


TESTS = """
import multiprocessing, random, time
import pytest

shared = random.Random(1)

def draw(_):
    time.sleep(.01)
    return shared.random()

def own(seed):
    return random.Random(seed).random()

def run(work, tasks):
    with multiprocessing.get_context("fork").Pool(2) as pool:
        pool.map(work, tasks)

def test_shares():
    run(draw, range(20))

def test_shares_again():
    run(draw, range(20))

def test_sound():
    run(own, [f"{i}" for i in range(20)])

@pytest.mark.seedbench_allow
def test_may_share():
    run(draw, range(20))

def test_fixture(seeding):
    seeding.audit([random.Random(str(i)) for i in range(4)])
    with pytest.raises(AssertionError):
        seeding.audit([random.Random(1), random.Random(1)])
"""


def test_the_plugin_fails_tests_that_share(pytester):
    pytester.makepyfile(TESTS)
    plain = pytester.runpytest_subprocess("-q")
    plain.assert_outcomes(passed=5)
    watched = pytester.runpytest_subprocess("-q", "--seedbench")
    watched.assert_outcomes(passed=3, failed=2)
    watched.stdout.fnmatch_lines(["*test_the_plugin_fails_tests_that_share.py:8 draws from*"])


OLD_POOL = """
import multiprocessing, random, time
import pytest

shared = random.Random(1)

def draw(_):
    time.sleep(.01)
    return shared.random()

@pytest.fixture(scope="module")
def pool():
    with multiprocessing.get_context("fork").Pool(2) as pool:
        yield pool

def test_first(pool):
    pool.map(draw, range(20))

def test_second(pool):
    pool.map(draw, range(20))
"""


@pytest.mark.parametrize("options", [(), pytest.param(("-n", "2"), marks=needs("xdist"))])
def test_the_plugin_says_when_a_pool_is_older_than_a_test(pytester, options):
    pytester.makepyfile(OLD_POOL)
    watched = pytester.runpytest_subprocess("-q", "--seedbench", *options)
    told = [line for line in watched.outlines if "::test_second: process" in line]
    assert watched.ret == 1 and any("is older than this watch" in line for line in told)


ONE_SEED = """
import random, time
import pytest

shared = random.Random(1)

@pytest.mark.parametrize("case", range(8))
def test_alone(case):
    time.sleep(.05)
    shared.random()
"""


@needs("xdist")
def test_workers_of_xdist_are_no_workers_of_a_test(pytester):
    pytester.makepyfile(ONE_SEED)
    pytester.runpytest_subprocess("-q", "--seedbench", "-n", "2").assert_outcomes(passed=8)


@needs("xdist")
def test_the_plugin_works_under_xdist(pytester):
    pytester.makepyfile(TESTS)
    pytester.runpytest_subprocess("-q", "--seedbench", "-n", "2").assert_outcomes(passed=3, failed=2)


def test_sarif_junit_annotations_and_the_page_have_the_line(tmp_path):
    names = ("watch.sarif", "watch.xml", "watch.html")
    sarif, junit, page = (tmp_path / name for name in names)
    options = ["--sarif", str(sarif), "--junit", str(junit), "--html", str(page), "--annotate"]
    seen = watch_command([sys.executable, "same_seed.py"], tmp_path, *options)
    line = line_of("same_seed", "draws")

    run = json.loads(sarif.read_text())["runs"][0]
    [result] = [one for one in run["results"] if one["level"] == "error"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "same_seed.py"
    assert place["region"]["startLine"] == line
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "equal-streams"

    suite = ElementTree.parse(junit).getroot()
    [case] = [one for one in suite.iter("testcase") if one.find("failure") is not None]
    assert (case.get("file"), case.get("line")) == ("same_seed.py", str(line))

    assert f"::error file=same_seed.py,line={line},title=seedbench equal-streams::" in seen.errors

    text = page.read_text()
    assert text.count("<circle") >= 4 and "ForkPoolWorker-1" in text
    assert "<script" not in text and "http" not in text.split("<body")[1]
