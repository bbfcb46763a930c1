"""First on the path of a watched program: starts the recorder, then the module that this one hides.

Nothing is printed here: what cannot be recorded is said in the folder of records.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))


def _start(folder: str) -> None:
    if sys.implementation.name != "cpython" or sys.version_info < (3, 10):
        raise RuntimeError("only CPython 3.10 and newer can be watched")
    # Built without the lock: layouts differ there even while the lock is switched on.
    if "t" in getattr(sys, "abiflags", "") or not getattr(sys, "_is_gil_enabled", lambda: True)():
        raise RuntimeError("free-threaded interpreters cannot be watched yet")
    import _frozen_importlib as importer
    import _frozen_importlib_external as files

    path = os.path.join(os.path.dirname(_HERE), "_hook.py")
    spec: Any = files.spec_from_file_location("seedbench._hook", path)
    module = importer.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    module.start(folder)


def _note(folder: str, what: str) -> None:
    import json
    import time

    at = time.time_ns()
    process = f"{os.getpid()}-{at:x}"
    hello = {
        "event": "hello",
        "pid": os.getpid(),
        "ppid": os.getppid(),
        "parent": None,
        "how": "start",
        "command": list(getattr(sys, "orig_argv", []))[:6],
        "python": sys.version.split()[0],
    }
    problem = {"event": "problem", "what": what}
    lines = [json.dumps({"process": process, "at": at, **event}) for event in (hello, problem)]
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    file = os.open(os.path.join(folder, process + ".jsonl"), flags, 0o600)
    os.write(file, ("\n".join(lines) + "\n").encode())
    os.close(file)


_folder = os.environ.get("SEEDBENCH_WATCH")
if _folder:
    try:
        _start(_folder)
    except Exception as error:
        try:  # noqa: SIM105 (contextlib would have to be imported in every process)
            _note(_folder, f"this process is not recorded: {error}")
        except Exception:
            pass

_this = sys.modules.pop("sitecustomize", None)
_path = list(sys.path)
sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != _HERE]
try:
    import sitecustomize  # type: ignore[import-not-found]  # noqa: F401
except ImportError as error:
    if error.name != "sitecustomize":
        raise
    if _this is not None:
        sys.modules["sitecustomize"] = _this
finally:
    sys.path[:] = _path
