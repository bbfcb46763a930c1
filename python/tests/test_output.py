"""A program prints the same with the recorder and without: programs made at random from what generators can do."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from conftest import needs, watch_command

BEGIN = """
import copy, multiprocessing, os, pickle, random, sys, threading
import numpy as np

plain = [random.Random(SEED + i) for i in range(3)]
modern = [np.random.default_rng(SEED + i) for i in range(3)]
legacy = [np.random.RandomState(SEED + i) for i in range(3)]
random.seed(SEED)
np.random.seed(SEED)
"""
CHILD = """
sys.stdout.flush()
if os.fork() == 0:
    random.seed({n})  # Python seeds the child's anew
    {inner}
    sys.stdout.flush()
    os._exit(0)
os.wait()
"""
THREAD = """
def run():
    {inner}
thread = threading.Thread(target=run)
thread.start()
thread.join()
"""
# {i} and {j} are places of a list, {n} is a number.
STEPS = """
print(random.random(), random.randint(0, {n}), random.choice(range(1, {n} + 2)))
random.seed({n})
print(plain[{i}].gauss(0, 1), plain[{i}].getrandbits({n} + 1))
plain[{i}].seed("seed {n}")
plain[{i}].setstate(plain[{j}].getstate())
plain[{i}] = pickle.loads(pickle.dumps(plain[{j}]))
plain[{i}] = copy.deepcopy(plain[{j}])
plain[{i}] = random.Random({n})
print(random.sample(range(50), 3), random.SystemRandom().random() < 1)
print(np.random.random(), np.random.permutation(5))
np.random.seed({n})
np.random.set_state(np.random.get_state())
print(legacy[{i}].normal(), legacy[{i}].randint(0, 100, 3), legacy[{i}].bytes(4))
legacy[{i}].seed({n})
legacy[{i}].set_state(legacy[{j}].get_state())
legacy[{i}] = pickle.loads(pickle.dumps(legacy[{j}]))
print(modern[{i}].random(), modern[{i}].integers(100, size=3), modern[{i}].bytes(4))
print(modern[{i}].normal(size=2), modern[{i}].shuffle([1, 2, 3]))
modern[{i}] = copy.deepcopy(modern[{j}])
modern[{i}] = pickle.loads(pickle.dumps(modern[{j}]))
modern[{i}].bit_generator.state = modern[{j}].bit_generator.state
modern[{i}] = modern[{j}].spawn(2)[1] if hasattr(modern[{j}], "spawn") else modern[{j}]
modern[{i}] = np.random.Generator(np.random.MT19937({n}))
modern[{i}] = np.random.Generator(np.random.PCG64DXSM({n}))
modern[{i}] = np.random.Generator(np.random.SFC64({n}))
modern[{i}] = np.random.Generator(np.random.Philox({n}))
modern[{i}].__init__(np.random.PCG64({n}))
modern[{i}].bit_generator.advance({n})
legacy[{i}] = np.random.RandomState(np.random.PCG64({n}))
print(modern[{i}].bit_generator.random_raw(2), type(modern[{i}]).__name__)
print(isinstance(legacy[{i}], np.random.RandomState), isinstance(plain[{i}], random.Random))
print(modern[{i}].bit_generator.ctypes.next_double(modern[{i}].bit_generator.ctypes.state))
del modern[{i}]; modern.insert({i}, np.random.default_rng({n}))
modern[{i}].nothing
modern[{i}].integers(5, 2)
random.randrange(0)
""".strip().splitlines()


def program(seed: int) -> str:
    choose = random.Random(f"program {seed}")

    def step() -> str:
        chosen = choose.choice(STEPS).format(i=choose.randrange(3), j=choose.randrange(3), n=choose.randrange(1, 60))
        return f"try: {chosen}\nexcept Exception as error: print(type(error).__name__, error)"

    def inner() -> str:
        return "\n".join(step() for _ in range(4)).replace("\n", "\n    ")

    parts = [BEGIN.replace("SEED", str(seed))]
    for _ in range(90):
        what = choose.random()
        if what < 0.06:
            parts.append(CHILD.format(inner=inner(), n=choose.randrange(60)))
        elif what < 0.12:
            parts.append(THREAD.format(inner=inner()))
        else:
            parts.append(step())
    parts.append("print([one.random() for one in (*plain, *modern, *legacy, random, np.random)])")
    return "\n".join(parts)


@needs("numpy")
@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="the programs fork")
@pytest.mark.parametrize("seed", range(12))
def test_a_program_prints_the_same(seed, tmp_path):
    script = tmp_path / "program.py"
    script.write_text(program(seed))
    command = [sys.executable, "-W", "ignore", str(script)]
    plain = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert plain.returncode == 0, plain.stderr
    assert len(plain.stdout.splitlines()) > 30
    seen = watch_command(command, tmp_path)
    assert seen.output == plain.stdout
    assert seen.errors.startswith(plain.stderr)
    assert seen.errors[len(plain.stderr) :].startswith("seedbench watch: ")
    assert seen.report["states"] > 10
