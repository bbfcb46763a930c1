"""Ways in which programs share a generator, or do not: what each is said to be, as a kind and by its line.

A comment `draws` marks the line that an error must name, `seeds` the one that seeds with what the process can read.
"""

from __future__ import annotations

import sys

import pytest

from conftest import needs, watch_command

POOL = "if __name__ == '__main__':\n    with multiprocessing.get_context('{}').Pool(3{}) as pool:\n        {}\n"


def pool(method: str = "fork", begin: str = "", work: str = "pool.map(work, range(30), 1)") -> str:
    return POOL.format(method, f", {begin}" if begin else "", work)


SHARED = {
    "the process id in an executor's initializer": """
import multiprocessing, os, random, time
from concurrent.futures import ProcessPoolExecutor
def begin():
    random.seed(os.getpid())  # seeds
def work(_):
    time.sleep(.02)
    return random.random()
if __name__ == "__main__":
    with ProcessPoolExecutor(3, multiprocessing.get_context("fork"), begin) as pool:
        list(pool.map(work, range(30)))
""",
    "the clock with its fraction": f"""
import multiprocessing, random, time
def begin():
    random.seed(time.time())  # seeds
def work(_):
    time.sleep(.02)
    return random.random()
{pool(begin="begin")}""",
    "milliseconds cut to what numpy takes": f"""
import multiprocessing, numpy, time
def begin():
    time.sleep(multiprocessing.current_process()._identity[0] * .05)
    numpy.random.seed(int(time.time() * 1000) % 2**32)  # seeds
def work(_):
    time.sleep(.05)
    return numpy.random.rand()
{pool(begin="begin")}""",
    "the clock and a rank": f"""
import multiprocessing, numpy, time
def work(rank):
    time.sleep(.02)
    return numpy.random.default_rng(int(time.time()) + rank).random()  # seeds
{pool()}""",
    "the clock and the process id": f"""
import multiprocessing, os, random, time
def begin():
    random.seed(int(time.time()) ^ os.getpid())  # seeds
def work(_):
    time.sleep(.02)
    return random.random()
{pool(begin="begin")}""",
    "copies for threads": """
import copy, numpy, time
from multiprocessing.dummy import Pool
rng = numpy.random.default_rng()
def work(mine):
    time.sleep(.2)
    return mine.random(4)  # draws
with Pool(4) as pool:
    pool.map(work, [copy.deepcopy(rng) for _ in range(4)], 1)
""",
    "copies of random.Random for started workers": f"""
import copy, multiprocessing, random, time
def work(mine):
    time.sleep(.3)
    return mine.random()  # draws
{pool("spawn", work="base = random.Random(); pool.map(work, [copy.copy(base) for _ in range(12)], 1)")}""",
    "an argument of started processes": """
import multiprocessing, numpy
def work(rng):
    rng.random(3)  # draws
if __name__ == "__main__":
    rng = numpy.random.default_rng()
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=work, args=(rng,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
""",
    "a module that the fork server has loaded": f"""
import multiprocessing, os, sys, time
if __name__ != "__main__":
    import random
    rng = random.Random()
def work(_):
    time.sleep(.05)
    return sys.modules["program"].rng.random()  # draws
if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    multiprocessing.get_context("forkserver").set_forkserver_preload(["program"])
{pool("forkserver")}""",
    "a seed at module level, run by every started worker": f"""
import multiprocessing, random, time
random.seed(0)
def work(_):
    time.sleep(.1)
    return random.random()  # draws
{pool("spawn")}""",
    "an event loop and a pool": """
import asyncio, multiprocessing, random, time
from concurrent.futures import ProcessPoolExecutor
rng = random.Random(5)
def work(_):
    time.sleep(.05)
    return rng.random()  # draws
async def main():
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(3, multiprocessing.get_context("fork")) as pool:
        await asyncio.gather(*[loop.run_in_executor(pool, work, task) for task in range(12)])
if __name__ == "__main__":
    asyncio.run(main())
""",
    "a saved state that every worker sets": f"""
import multiprocessing, numpy, time
numpy.random.rand()
saved = numpy.random.get_state()
def work(_):
    numpy.random.set_state(saved)
    time.sleep(.05)
    return numpy.random.rand()  # draws
{pool()}""",
    "a default seed in a class": f"""
import multiprocessing, random, time
class Model:
    def __init__(self, seed=0):
        self.rng = random.Random(seed)
    def step(self):
        time.sleep(.05)
        return self.rng.random()  # draws
def work(_):
    return Model().step()
{pool()}""",
    "commands that all set one seed": """
import subprocess, sys
code = "import random; random.seed(1234); random.random()"
for process in [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]:
    process.wait()
""",
    "a state that is sent on while its sender goes on": """
import multiprocessing, numpy
def work(rng):
    rng.random(100)
if __name__ == "__main__":
    rng = numpy.random.default_rng(12)
    rng.random(40)
    process = multiprocessing.get_context("spawn").Process(target=work, args=(rng,))
    process.start()
    rng.random(100)
    process.join()
""",
    "a child and its child": """
import os, random
rng = random.Random()
if os.fork() == 0:
    if os.fork() == 0:
        rng.random()  # draws
        os._exit(0)
    os.wait()
    rng.random()
    os._exit(0)
os.wait()
""",
}
SOUND = {
    "fresh entropy in an initializer": f"""
import multiprocessing, numpy, time
def begin():
    global rng
    rng = numpy.random.default_rng()
def work(_):
    time.sleep(.01)
    return rng.normal()
{pool(begin="begin")}""",
    "threads that share one generator": """
import numpy, time
from concurrent.futures import ThreadPoolExecutor
rng = numpy.random.default_rng(3)
def work(_):
    time.sleep(.01)
    return rng.random(4)
with ThreadPoolExecutor(4) as pool:
    list(pool.map(work, range(40)))
""",
    "a generator for every thread": """
import numpy, threading, time
from concurrent.futures import ThreadPoolExecutor
local = threading.local()
def begin():
    local.rng = numpy.random.default_rng()
def work(_):
    time.sleep(.01)
    return local.rng.random()
with ThreadPoolExecutor(4, initializer=begin) as pool:
    list(pool.map(work, range(40)))
""",
    "tasks of an event loop": """
import asyncio, random
rng = random.Random(5)
async def work():
    await asyncio.sleep(.001)
    return rng.random()
async def main():
    return await asyncio.gather(*[work() for _ in range(20)])
asyncio.run(main())
""",
    "Python's global state, which a fork seeds anew": f"""
import multiprocessing, random
random.seed(5)
random.random()
def work(_):
    return random.sample(range(100), 5)
{pool()}""",
    "ranks given to commands": """
import subprocess, sys
code = "import sys, random; random.seed(int(sys.argv[1])); random.random()"
for process in [subprocess.Popen([sys.executable, "-c", code, str(rank)]) for rank in range(3)]:
    process.wait()
""",
    "seeds from the system": f"""
import multiprocessing, os, random, uuid
def work(_):
    random.seed(int.from_bytes(os.urandom(4), "little"))
    return random.random() + random.Random(uuid.uuid4().int).random() + random.SystemRandom().random()
{pool()}""",
    "jumps": f"""
import multiprocessing, numpy
def work(task):
    return numpy.random.Generator(numpy.random.PCG64(77).jumped(task + 1)).random()
{pool()}""",
    "keys of a counter": f"""
import multiprocessing, numpy, secrets
root = secrets.randbits(64)
def work(task):
    return numpy.random.Generator(numpy.random.Philox(key=[root, task])).random()
{pool()}""",
    "root and task": f"""
import multiprocessing, numpy
def work(task):
    return numpy.random.default_rng([12345, task + 1]).random()
{pool()}""",
    "trials on a copy, thrown away": """
import copy, numpy
rng = numpy.random.default_rng(11)
for _ in range(30):
    if copy.deepcopy(rng).normal() > 0:
        rng.normal()
    rng.normal()
""",
    "a checkpoint that the next process goes on from": """
import os, pickle, subprocess, sys, numpy
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "state")
if len(sys.argv) > 1:
    with open(path, "rb") as file:
        rng = pickle.load(file)
    rng.random(100)
else:
    rng = numpy.random.default_rng(1)
with open(path, "wb") as file:
    pickle.dump(rng, file)
if len(sys.argv) == 1:
    for _ in range(3):
        subprocess.run([sys.executable, __file__, "on"], check=True)
""",
    "a generator that goes to a worker and comes back": """
import multiprocessing, numpy
def work(rng):
    rng.standard_normal(100)
    return rng
if __name__ == "__main__":
    rng = numpy.random.RandomState(12)
    with multiprocessing.get_context("fork").Pool(3) as pool:
        for _ in range(8):
            rng = pool.apply(work, (rng,))
""",
    "random's state, kept in a file between processes": """
import json, os, random, subprocess, sys
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "state")
if len(sys.argv) > 1:
    with open(path) as file:
        version, state, gauss = json.load(file)
    random.setstate((version, tuple(state), gauss))
    [random.random() for _ in range(60)]
else:
    random.seed(5)
with open(path, "w") as file:
    json.dump(random.getstate(), file)
if len(sys.argv) == 1:
    for _ in range(3):
        subprocess.run([sys.executable, __file__, "on"], check=True)
""",
}


def seen_of(text, folder):
    (folder / "program.py").write_text(text)
    seen = watch_command([sys.executable, str(folder / "program.py")], folder)
    assert seen.report.get("unseen") == [], seen.errors
    return seen


def marked(text, mark):
    return [number for number, line in enumerate(text.splitlines(), 1) if line.endswith(f"# {mark}")]


@needs("numpy")
@pytest.mark.parametrize("kind", SHARED)
def test_what_is_shared_is_named(kind, tmp_path):
    text = SHARED[kind]
    seen = seen_of(text, tmp_path)
    assert seen.code == 10, seen.errors
    errors = [(one["rule"], one["line"]) for one in seen.findings("error")]
    for line in marked(text, "draws"):
        assert ("equal-streams", line) in errors, seen.errors
    for line in marked(text, "seeds"):
        assert ("narrow-seeds", line) in errors, seen.errors


@needs("numpy")
@pytest.mark.parametrize("kind", SOUND)
def test_what_is_not_shared_is_sound(kind, tmp_path):
    seen = seen_of(SOUND[kind], tmp_path)
    assert seen.code == 0 and not seen.findings("error") and not seen.findings("warning"), seen.errors


@needs("numpy", "sklearn", "joblib")
def test_an_integer_for_an_estimator_in_every_worker_is_a_warning(tmp_path):
    text = """
import time
from joblib import Parallel, delayed
from sklearn.datasets import make_classification
from sklearn.linear_model import SGDClassifier
points, labels = make_classification(100, random_state=1)
def fit(alpha):
    time.sleep(.5)
    return SGDClassifier(random_state=0, alpha=alpha, max_iter=5).fit(points, labels).coef_
if __name__ == "__main__":
    Parallel(n_jobs=2)(delayed(fit)(alpha) for alpha in (.1, .2, .3, .4))
"""
    seen = seen_of(text, tmp_path)
    assert seen.code == 0, seen.errors
    [warning] = seen.findings("warning")
    assert (warning["rule"], warning["line"]) == ("equal-streams", 9)
    assert "one integer as its seed" in warning["cause"]
