"""`seedbench.audit`, `spawn`, `Pool` and `plan`."""

from __future__ import annotations

import random
import subprocess
import sys
from array import array

import pytest

import seedbench
from conftest import needs


def words(seed, count=256):
    generator = random.Random(str(seed))
    return [generator.getrandbits(64) for _ in range(count)]


def test_lists_and_dicts_of_streams():
    sound = {f"w{index}": words(index) for index in range(8)}
    result = seedbench.audit(sound)
    assert result.is_sound and result.verdict == "sound"
    result.assert_sound()
    broken = list(sound.values())
    broken[5] = broken[2]
    result = seedbench.audit(broken)
    assert result.verdict == "unsound"
    assert result.findings[0].rule == "equal-streams"
    assert "stream 2" in result.findings[0].message or "stream 5" in result.findings[0].message
    with pytest.raises(AssertionError, match="equal-streams"):
        result.assert_sound()
    assert result.to_dict()["verdict"] == "unsound"
    assert "equal-streams" in result._repr_html_()


def test_a_callable_with_worker_or_with_run_and_worker():
    assert seedbench.audit(lambda worker: random.Random(f"x{worker}"), workers=16).is_sound
    overlapping = seedbench.audit(lambda run, worker: random.Random(run + worker), workers=8, runs=3)
    assert "cross-run-sharing" in {finding.rule for finding in overlapping.findings}
    fixed = seedbench.audit(lambda run, worker: random.Random(f"x{worker}"), runs=2, expect="fresh")
    assert not fixed.is_sound


@pytest.mark.parametrize("code", ["Q", "q", "I", "i", "d"])
def test_numbers_of_every_kind(code):
    def stream(seed):
        generator = random.Random(f"{seed}")
        if code == "d":
            return array("d", [generator.random() for _ in range(256)])
        bits = 8 * array(code).itemsize - code.islower()
        return array(code, [generator.getrandbits(bits) - (code.islower() << (bits - 1)) for _ in range(256)])

    assert seedbench.audit([stream(index) for index in range(6)]).verdict != "unsound"
    assert seedbench.audit([stream(index // 2) for index in range(6)]).verdict == "unsound"


@needs("numpy")
def test_arrays_of_numpy_without_moving_generators():
    import numpy as np

    rows = np.random.default_rng(1).integers(2**64, size=(8, 256), dtype=np.uint64)
    assert seedbench.audit(rows).is_sound
    rows[3] = rows[4]
    assert seedbench.audit(rows).verdict == "unsound"
    assert seedbench.audit(np.asfortranarray(rows)).verdict == "unsound"
    runs = np.random.default_rng(2).random((2, 4, 256))
    assert seedbench.audit(runs).is_sound
    generators = [np.random.default_rng(child) for child in np.random.SeedSequence(5).spawn(8)]
    assert seedbench.audit(generators).is_sound
    assert generators[0].random() == np.random.default_rng(np.random.SeedSequence(5).spawn(1)[0]).random()
    legacy = [np.random.RandomState(9), np.random.RandomState(9)]
    assert seedbench.audit(legacy).verdict == "unsound"


@needs("pandas")
def test_data_frames():
    import pandas as pd

    frame = pd.DataFrame({f"w{index}": [word >> 1 for word in words(index)] for index in range(4)})
    assert seedbench.audit(frame).is_sound
    frame["w4"] = frame["w0"]
    assert seedbench.audit(frame).verdict == "unsound"
    long = frame.melt(var_name="worker", value_name="value")
    assert seedbench.audit(long).verdict == "unsound"


@needs("polars")
def test_data_frames_of_polars_in_both_forms():
    import polars as pl

    frame = pl.DataFrame({f"w{index}": pl.Series(words(index), dtype=pl.UInt64) for index in range(4)})
    assert seedbench.audit(frame).is_sound
    assert seedbench.audit([frame["w0"], frame["w1"]]).is_sound
    frame = frame.with_columns(w4=frame["w0"])
    assert seedbench.audit(frame).verdict == "unsound"
    long = frame.unpivot(variable_name="worker", value_name="value")
    assert seedbench.audit(long).verdict == "unsound"


@needs("pyarrow")
def test_tables_arrays_and_streams_of_arrow():
    import pyarrow as pa

    columns = {f"w{index}": pa.array(words(index % 3), pa.uint64()) for index in range(4)}
    table = pa.table(columns)
    assert seedbench.audit(table).verdict == "unsound"
    assert seedbench.audit(table.drop_columns(["w3"])).is_sound
    assert seedbench.audit(pa.record_batch(columns)).verdict == "unsound"
    assert seedbench.audit(table.to_reader()).verdict == "unsound"
    assert seedbench.audit(list(columns.values())).verdict == "unsound"
    # Chunks are one stream, and a slice is what it shows.
    halves = pa.concat_tables([table.slice(0, 128), table.slice(128)])
    assert seedbench.audit(halves).verdict == "unsound"
    shifted = pa.record_batch({"a": columns["w0"].slice(0, 200), "b": columns["w0"].slice(40, 200)})
    assert not seedbench.audit(shifted).is_sound
    twice = pa.array([word for word in words(1) for _ in "ab"], pa.uint64())
    long = pa.table({"worker": ["a", "b"] * 256, "value": twice})
    assert seedbench.audit(long).verdict == "unsound"


@needs("pyarrow")
def test_columns_of_arrow_are_not_copied():
    import pyarrow as pa

    from seedbench import _native

    numbers = pa.array(words(1), pa.uint64())
    [(name, column)] = _native.arrow_columns(pa.record_batch({"w": numbers.slice(3)}))
    assert (name, len(column), column.kind, column.size) == ("w", 253, "u", 8)
    assert column.address == numbers.buffers()[1].address + 3 * 8
    address = numbers.buffers()[1].address
    before = pa.total_allocated_bytes()
    del numbers
    assert column.address == address + 3 * 8 and pa.total_allocated_bytes() == before
    del column
    assert pa.total_allocated_bytes() < before


@needs("pyarrow")
@pytest.mark.parametrize(
    ("values", "error", "said"),
    [([1, None, 2], ValueError, "1 values are missing"), (["a", "b"], TypeError, "no numbers")],
)
def test_columns_of_arrow_that_hold_no_numbers_are_refused(values, error, said):
    import pyarrow as pa

    with pytest.raises(error, match=said):
        seedbench.audit(pa.table({"a": values, "b": values}))


@needs("numpy", "torch")
def test_tensors_of_torch_are_not_copied():
    import torch

    from seedbench import _audit

    generator = torch.Generator()
    generator.manual_seed(1)
    rows = torch.randint(-(2**63), 2**63 - 1, (6, 256), generator=generator)
    assert seedbench.audit(rows).is_sound
    view = _audit._view(rows)
    assert view is not None
    rows[0, 0] = 7
    assert view[0, 0] == 7  # the same memory
    rows[3] = rows[2]
    assert seedbench.audit(rows).verdict == "unsound"
    assert seedbench.audit(list(rows)).verdict == "unsound"


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        ([1, 2, 3], TypeError, "one stream alone"),
        ([[], [1]], ValueError, "no numbers"),
        ([["a"], ["b"]], TypeError, "no numbers"),
        ([[2**64], [1]], ValueError, "64 bits"),
        ("text", TypeError, "no streams"),
        ([[1, 2], [0.5, 0.25]], ValueError, "one type"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(data, error, said):
    with pytest.raises(error, match=said):
        seedbench.audit(data)


@needs("numpy")
def test_spawned_keys_are_numpys_seed_sequences():
    import numpy as np

    roots = [0, 1, 42, 2**32 - 1, 2**32, 2**64 + 5, 2**128 - 1, 2**200 + 7]
    for root in roots:
        ours, theirs = seedbench.spawn(root), np.random.SeedSequence(root)
        for mine, other in zip([ours, *ours.spawn(3)], [theirs, *theirs.spawn(3)], strict=True):
            assert mine.generate_state(9) == other.generate_state(9).tolist()
            assert mine.generate_state(5, bits=64) == other.generate_state(5, np.uint64).tolist()
        # Later children go on counting, and grandchildren hang below.
        assert ours.spawn(1)[0].generate_state(4) == theirs.spawn(1)[0].generate_state(4).tolist()
        deep = theirs.spawn(1)[0].spawn(2)[1]
        assert ours.child(4).child(1).generate_state(4) == deep.generate_state(4).tolist()
        again = np.random.SeedSequence(root).spawn(7)[6]
        assert ours.rng(6).random() == np.random.default_rng(again).random()
    many = seedbench.spawn([1, 2, 3])
    assert many.generate_state(4) == np.random.SeedSequence([1, 2, 3]).generate_state(4).tolist()


def test_a_root_of_the_system_is_new_each_time_and_replays():
    first, second = seedbench.spawn(), seedbench.spawn()
    assert first != second
    assert first.random(3).random() == seedbench.spawn(first.root).random(3).random()


def draw(parameter, rng):
    return parameter, float(rng.random())


@needs("numpy")
def test_results_of_a_pool_do_not_depend_on_its_size():
    parameters = list(range(20))
    alone = seedbench.Pool(root=42, workers=0).map(draw, parameters)
    many = seedbench.Pool(root=42, workers=2).map(draw, parameters)
    assert alone.results == many.results and alone.root == 42
    assert [parameter for parameter, _ in many.results] == parameters
    assert len({value for _, value in many.results}) == len(parameters)
    assert dict(many.labelled(parameters))[3] == alone.results[3]


def test_plans_are_ranked():
    choices = seedbench.plan(workers=4096, runs=100, words=1e9, replayable=True)
    assert choices[0].accepted and all(choice.replayable for choice in choices)
    with pytest.raises(ValueError, match="workers=0"):
        seedbench.plan(workers=0)


def test_importing_loads_neither_numpy_nor_torch():
    code = "import sys, seedbench; seedbench.audit; print('numpy' in sys.modules, 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
