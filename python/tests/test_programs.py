"""Programs that are known to be sound or not: the verdict, and the lines that are named."""

from __future__ import annotations

import sys

import pytest

from conftest import line_of, needs, watch_command

NUMPY = needs("numpy")
TORCH = needs("numpy", "torch")

# The program, how many processes share one state, and a part of what is said.
SHARED = [
    pytest.param("fork_legacy", 4, "numpy's global state", marks=NUMPY),
    pytest.param("fork_generator", 4, "seed 12345", marks=NUMPY),
    pytest.param("loky_argument", 2, "copied at ", marks=needs("numpy", "joblib")),
    pytest.param("forkserver_argument", 3, "seed 7", marks=NUMPY),
    ("same_seed", 4, "seed 42"),
    pytest.param("parent_goes_on", 2, "inherited by fork", marks=NUMPY),
    pytest.param("killed", 3, "inherited by fork", marks=NUMPY),
    ("instance_inherited", 2, "random.Random"),
    ("crash", 2, "seed 5"),
    pytest.param("torch_dropout", 3, "seed 3", marks=TORCH),
    pytest.param("torch_generator", 3, "seed 9", marks=TORCH),
    pytest.param("torch_loader", 6, "seed 0", marks=TORCH),
    pytest.param("dask_argument", 2, "copied at ", marks=needs("numpy", "distributed")),
    # Bugs that users of these libraries reported, made again with the libraries.
    pytest.param("gymnasium_vector", 4, "seed 1", marks=needs("numpy", "gymnasium")),
    pytest.param("optuna_processes", 3, "inherited by fork", marks=needs("numpy", "optuna")),
    pytest.param("stable_baselines", 3, "seed 0", marks=needs("stable_baselines3")),
    pytest.param("albumentations_loader", 4, "inherited by fork", marks=needs("torch", "albumentations")),
]
SOUND = [
    pytest.param("spawn_sound", marks=NUMPY),
    pytest.param("spawned_seeds", marks=NUMPY),
    pytest.param("forest", marks=needs("sklearn")),
    "threads_shared",
    "parent_stops",
    "executed",
    "reseeded",
    pytest.param("subclass", marks=NUMPY),
    pytest.param("torch_loader_cured", marks=TORCH),
    pytest.param("dask_array", marks=needs("numpy", "dask")),
    pytest.param("evolution", marks=needs("numpy", "scipy")),
]


# States of all lines and libraries, the one among them that multiprocessing takes names from.
RECORDED = {
    "fork_legacy": 5,
    "fork_generator": 5,
    "loky_argument": 5,
    "torch_loader": 30,
    "torch_loader_cured": 30,
    "spawned_seeds": 25,
    "same_seed": 5,
    "dask_array": 8,
    "threads_shared": 2,
    "torch_dropout": 3,
    "torch_generator": 3,
    "parent_goes_on": 3,
    "killed": 3,
}
# Tasks that find the state of their argument used by another one in the same worker.
REPEATED = {"loky_argument": 6, "dask_argument": 6, "forest": 5}

# States that a sound program draws from in lines of its own, at least.
STATES = {"spawn_sound": 2, "spawned_seeds": 24, "parent_stops": 2, "torch_loader_cured": 12}


def counted_rightly(seen, program):
    assert seen.report["states"] == RECORDED.get(program, seen.report["states"])
    assert seen.report["repeats"] == REPEATED.get(program, seen.report["repeats"])


def states_of(seen, program):
    """The states that lines of a program draw from."""
    states = [state for process in seen.report["processes"] for state in process["states"]]
    return [state for state in states if state["draws"].startswith(f"{program}.py:")]


@pytest.mark.parametrize(("program", "processes", "said"), SHARED)
def test_a_shared_state_is_an_error_on_its_line(watched, program, processes, said):
    seen = watched(program)
    assert (seen.code, seen.verdict) == (10, "unsound"), seen.errors
    drawing = "parent" if program == "parent_goes_on" else "draws"
    lines = {f"{program}.py:{line_of(program, drawing)}"} if program != "loky_argument" else set()
    errors = [one for one in seen.findings("error") if one["rule"] == "equal-streams"]
    [error] = [one for one in errors if said in one["message"]]
    assert error["processes"] <= processes
    if program not in ("loky_argument", "forkserver_argument"):  # executors hand tasks to fewer workers
        assert error["processes"] == processes
    named = {f"{error['file']}:{error['line']}", *error["related"]}
    assert lines <= named
    if program not in ("fork_legacy",):
        assert f"{program}.py:{line_of(program, 'made')}" in named
    assert error["file"] == f"{program}.py"
    assert error["cure"]
    states = states_of(seen, program)
    of_line = 2 if program == "albumentations_loader" else 1  # its pipeline has a generator, and its transform another
    assert len({state["group"] for state in states if state["shared"]}) == of_line, states
    counted_rightly(seen, program)


@pytest.mark.parametrize("program", SOUND)
def test_a_sound_program_is_not_accused(watched, program):
    seen = watched(program)
    assert (seen.code, seen.verdict) == (0, "sound"), seen.errors
    assert not seen.findings("error")
    assert seen.report["states"] > 0
    states = states_of(seen, program)
    assert len(states) >= STATES.get(program, 0), states
    assert not any(state["shared"] for state in states), states
    counted_rightly(seen, program)


@NUMPY
def test_every_bit_generator_is_seen(watched):
    seen = watched("every_kind")
    assert seen.code == 10
    text = " ".join(one["message"] for one in seen.findings("error"))
    for kind in ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"):
        assert f"numpy {kind}" in text or f"numpy {kind}," in text, text


@NUMPY
def test_seeds_that_are_process_ids_are_named(watched):
    seen = watched("pid_seed")
    [error] = seen.findings("error")
    assert seen.report["states"] == 5
    assert not seen.findings("note")  # what is known from the call is said once
    assert (seen.code, error["rule"], error["line"]) == (10, "narrow-seeds", line_of("pid_seed", "made"))
    assert "its process id" in error["message"]


def test_seeds_that_are_the_clock_are_named(watched):
    seen = watched("clock_seed")
    assert seen.code == 10
    assert any("the second of the clock" in one["message"] for one in seen.findings("error"))


@NUMPY
def test_ranks_as_seeds_are_noted(watched):
    seen = watched("small_seeds")
    assert any("small integers, 0 to 7" in one["message"] for one in seen.findings("note"))


@NUMPY
def test_threads_that_seed_alike_are_an_error(watched):
    seen = watched("threads_same_seed")
    [error] = seen.findings("error")
    assert "threads draw the same" in error["message"] and "seed 42" in error["message"]
    assert error["line"] == line_of("threads_same_seed", "draws")


@needs("sklearn")
def test_an_integer_for_every_fold_is_a_warning(watched):
    seen = watched("folds")
    assert (seen.code, seen.verdict) == (0, "sound"), seen.errors
    assert {one["rule"] for one in seen.findings("warning")} == {"equal-streams"}, seen.errors
    shared = [state for process in seen.report["processes"] for state in process["states"] if state["shared"]]
    assert len({state["group"] for state in shared}) == 6  # the forest's, and one of each tree
    assert all("sklearn" in state["draws"] and "sklearn" in state["born"] for state in shared)


@TORCH
def test_one_order_for_all_ranks_of_a_sampler_is_a_warning(watched):
    seen = watched("torch_sampler")
    assert (seen.code, seen.verdict) == (0, "sound"), seen.errors
    [warning] = seen.findings("warning")
    assert (warning["rule"], warning["processes"]) == ("equal-streams", 3), seen.errors


def test_a_seed_set_in_every_epoch_is_a_note(watched):
    seen = watched("reseeded")
    assert any("again, 4 times" in one["message"] for one in seen.findings("note"))


def test_the_operating_systems_generator_is_counted(watched):
    seen = watched("entropy")
    assert seen.code == 0, seen.errors
    # 40 tasks make three calls each, and multiprocessing makes one for its key; killed workers lose none.
    assert 121 <= seen.report["entropy_calls"] <= 125
    assert len(states_of(seen, "entropy")) <= 1  # multiprocessing takes names from one
    assert not seen.report["findings"]


@needs("jax")
def test_keys_of_jax_are_said_to_be_unseen(tmp_path):
    seen = watch_command([sys.executable, "-c", "import jax; jax.random.normal(jax.random.key(1))"], tmp_path)
    assert any("jax is there" in line for line in seen.report["unseen"]), seen.errors


@TORCH
def test_generators_of_cuda_are_said_to_be_unseen(tmp_path):
    # Whether a device is in use is what torch says; where there is none, it is made to say so.
    code = "import torch; torch.rand(2); torch.cuda.is_initialized = lambda: True"
    seen = watch_command([sys.executable, "-c", code], tmp_path)
    assert any("torch uses CUDA: its generators there are not seen" in line for line in seen.report["unseen"])


def test_processes_that_cannot_be_seen_are_named(watched):
    seen = watched("isolated")
    assert (seen.code, seen.verdict) == (12, "inconclusive")
    unseen = [line for line in seen.report["unseen"] if "was not seen" in line]
    assert len(unseen) == 3, seen.report["unseen"]
    assert any(" -I " in line for line in unseen) and any(" -S " in line for line in unseen)


def test_allowed_lines_pass(watched):
    line = line_of("same_seed", "draws")
    assert watched("same_seed", "--allow", f"same_seed.py:{line}").code == 0
    assert watched("same_seed", "--allow", "same_seed.py").code == 0
    assert watched("same_seed", "--allow", f"same_seed.py:{line + 1}").code == 10


def test_runs_are_compared(watched):
    seen = watched("reseeded", "--runs", "2")
    assert any(one["rule"] == "runs-repeat" for one in seen.findings("note"))
    assert seen.code == 0
    fresh = watched("reseeded", "--runs", "2", "--expect", "fresh")
    assert fresh.code == 10
