"""Puts the recorder into this process: thin, as the work is done in `seedbench._native.recorder`."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

_HERE = os.path.dirname(os.path.abspath(__file__))
_NUMPY_CLASSES = ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64")
_COMMAND_PARTS = 6


def native() -> Any:
    """The extension module, found beside this file: the package itself need not be importable."""
    name = "seedbench._native"
    module = sys.modules.get(name)
    if module is None:
        import _frozen_importlib as importer
        import _frozen_importlib_external as files

        found = [entry for entry in os.listdir(_HERE) if entry.startswith("_native.")]
        found = [entry for entry in found if entry.endswith((".so", ".pyd"))]
        path = os.path.join(_HERE, found[0])
        loader = files.ExtensionFileLoader(name, path)
        spec: Any = files.spec_from_file_location(name, path, loader=loader)
        module = importer.module_from_spec(spec)
        loader.exec_module(module)
        sys.modules[name] = module
    return module


recorder = native().recorder
_hooked: list[bool] = []


def start(folder: str, *, attach: bool = False) -> None:
    """Record into `folder` from now on; with `attach` also what exists already."""
    library = os.path.dirname(os.__file__)
    standard = sorted({library + os.sep, os.path.realpath(library) + os.sep})
    command = list(getattr(sys, "orig_argv", []))
    scripts = (os.path.abspath(part) for part in command[1:] if part.endswith(".py"))
    main = os.environ.setdefault("SEEDBENCH_MAIN", next(scripts, ""))
    recorder.start(folder, _HERE + os.sep, standard, main or None, command[:_COMMAND_PARTS], attach=attach)
    if not _hooked:
        _hooked.append(True)
        _hook()
    else:
        for torch in _torch:
            _try(torch.after_fork)
    if attach:
        _find_existing()


def again() -> None:
    """A new part of a watch: what is drawn from now on is a stream of its own."""
    for torch in _torch:
        _try(torch.before_fork)
    recorder.again()
    for torch in _torch:
        _try(torch.after_fork)


def look() -> None:
    """Record what has been drawn so far, where that is only seen by looking."""
    for torch in _torch:
        _try(torch.look)


def stop() -> None:
    """End recording; `start` begins again."""
    look()
    recorder.stop()


def _hook() -> None:
    import _random
    import atexit

    _try(_hook_random, _random)
    if os.name == "posix":
        import _posixsubprocess  # noqa: F401 (its function is looked up below)
    starts = {"posix": ("urandom", "posix_spawn"), "nt": ("urandom",), "_posixsubprocess": ("fork_exec",)}
    for module, names in starts.items():
        for name in names:
            if hasattr(sys.modules.get(module), name):
                _try(_trap, sys.modules[module], name, "e" if name == "urandom" else "x")
    for name, hook in list(_Finder.hooks.items()):
        if name in sys.modules:
            del _Finder.hooks[name]
            _try(hook, sys.modules[name])
    sys.meta_path.insert(0, _Finder())
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_before_fork,
            after_in_parent=_after_fork_in_parent,
            after_in_child=_after_fork_in_child,
        )
    atexit.register(_leave)
    leave = os._exit

    def _exit(status: int) -> None:
        _leave()  # children of multiprocessing end here, where nothing registered with atexit runs
        leave(status)

    os._exit = _exit  # type: ignore[assignment]


def _try(hook: Callable[..., object], *arguments: object) -> None:
    try:
        hook(*arguments)
    except Exception as error:
        recorder.problem(f"{getattr(hook, '__name__', hook)}: {error!r}")


# What runs at forks and at the end, torch's part among it.
_torch: list[Any] = []
_numpy: list[Any] = []


def _beside(name: str) -> Any:
    """A module beside this file: the package itself need not be importable."""
    import _frozen_importlib as importer
    import _frozen_importlib_external as files

    full = f"seedbench.{name}"
    module = sys.modules.get(full)
    if module is None:
        spec: Any = files.spec_from_file_location(full, os.path.join(_HERE, name + ".py"))
        module = importer.module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules[full] = module
    return module


def _trap(owner: Any, name: str, does: str) -> bool:
    """Lay a trap in a method or function; returns whether it is a slow one."""
    method = owner.__dict__[name]
    try:
        recorder.hook_method(getattr(owner, name) if isinstance(method, staticmethod) else method, does)
    except ValueError:
        _beside("_wrappers").wrap(recorder, _replace, owner, name, does)
        return True
    return False


def _replace(kind: type, name: str, value: object) -> None:
    """Put `value` into the dictionary of a type that does not let its attributes be set."""
    import gc

    namespace = next(found for found in gc.get_referents(kind.__dict__) if isinstance(found, dict))
    namespace[name] = value
    recorder.type_modified(kind)


def _before_fork() -> None:
    for numpy in _numpy:
        _try(numpy.before_fork)
    for torch in _torch:
        _try(torch.before_fork)
    recorder.before_fork()


def _after_fork_in_parent() -> None:
    recorder.after_fork_in_parent()
    for torch in _torch:
        _try(torch.after_fork)


def _after_fork_in_child() -> None:
    recorder.after_fork_in_child()
    for torch in _torch:
        _try(torch.after_fork)


def _leave() -> None:
    for torch in _torch:
        _try(torch.leave)
    recorder.leave()


def _hook_random(module: ModuleType) -> None:
    if not recorder.learn_random(module.Random(1)):
        recorder.problem("random: its layout is not known, so that first draws take longer")
    methods = {"random": "d", "getrandbits": "d", "seed": "s", "setstate": "t", "getstate": "g"}
    slow = [name for name, does in methods.items() if _trap(module.Random, name, does)]
    if slow:
        recorder.problem("random: the layout of its methods is not known: every draw takes longer")
        _beside("_wrappers").rebind_random()
    instance = getattr(sys.modules.get("random"), "_inst", None)
    if instance is not None:
        recorder.found(instance, True, "Python's global state")


def _hook_numpy(module: ModuleType) -> None:
    classes = [getattr(module, name) for name in _NUMPY_CLASSES]
    unknown: list[str] = []
    for kind in classes:
        if not recorder.learn_numpy(kind(0)):
            recorder.problem(f"numpy: the layout of {kind.__name__} is not known: first draws take longer")
    for kind in (*classes, module.Generator, module.RandomState):
        try:
            recorder.hook_type(kind)
        except ValueError as error:
            unknown.append(str(error))
    if unknown:
        recorder.problem(
            "numpy: the layout of its types is not known: generators that constructors make are seen at forks alone, "
            "and not recorded before"
        )
        _numpy.append(_beside("_wrappers").Numpy(module, recorder))
    legacy = module.mtrand._rand
    for instance in (legacy._bit_generator, legacy):
        recorder.found(instance, True, "numpy's global state")
    _replace(module.MT19937, "_legacy_seeding", _seeding(module.MT19937.__dict__["_legacy_seeding"]))
    for kind in classes:
        _replace(kind, "state", _state(kind.__dict__["state"]))


def _seeding(original: Any) -> Callable[..., Any]:
    def _legacy_seeding(self: Any, *arguments: Any, **keywords: Any) -> Any:
        result = original(self, *arguments, **keywords)
        seed = arguments[0] if arguments else keywords.get("seed")
        recorder.reseeded(self, seed, state_set=False)
        return result

    _legacy_seeding.__doc__ = original.__doc__
    return _legacy_seeding


def _state(original: Any) -> property:
    def read(self: Any) -> Any:
        recorder.copied(self)
        return original.__get__(self)

    def write(self: Any, value: Any) -> None:
        original.__set__(self, value)
        recorder.reseeded(self, state_set=True)

    return property(read, write, doc=original.__doc__)


def _hook_torch(module: ModuleType) -> None:
    _torch.append(_beside("_torch").Watch(module, recorder, _trap))


def _name_jax(_module: ModuleType) -> None:
    recorder.problem("jax is there: its keys, and what draws from them, are not seen")


class _Finder:
    """Runs a hook once its module has been imported."""

    hooks: dict[str, Callable[[ModuleType], None]] = {  # noqa: RUF012
        "numpy.random": _hook_numpy,
        "torch": _hook_torch,
        "jax": _name_jax,
    }

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if name not in self.hooks:
            return None
        hook = self.hooks.pop(name)
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None and spec.loader is not None:
                load = spec.loader.exec_module

                def exec_module(module: ModuleType, load: Any = load) -> None:
                    load(module)
                    _try(hook, module)

                spec.loader.exec_module = exec_module  # type: ignore[method-assign]
                return spec
        return None


def _find_existing() -> None:
    import gc

    numpy = sys.modules.get("numpy.random")
    random = sys.modules.get("random")
    kinds: tuple[type, ...] = () if numpy is None else (numpy.BitGenerator, numpy.Generator, numpy.RandomState)
    plain = () if random is None else (random.Random,)
    for thing in gc.get_objects():
        if isinstance(thing, kinds) or (
            isinstance(thing, plain) and not isinstance(thing, random.SystemRandom)  # type: ignore[union-attr]
        ):
            _try(recorder.found, thing, False, "before the watch")
