"""Stands in for traps where an interpreter's layouts are not those that are known: wrappers in Python.

Every draw of `random` and torch takes longer then. Births of numpy's generators are seen where functions make
them, and those of constructors at the next fork; what is seen is kept alive, as its end would not be noticed.
"""

from __future__ import annotations

import functools
import gc
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

_KEPT = 4096


def _wrapped(recorder: Any, original: Any, code: str, of_type: bool) -> Callable[..., Any]:
    @functools.wraps(original)
    def call(*arguments: Any, **keywords: Any) -> Any:
        this, *rest = arguments if of_type else (None, *arguments)
        recorder.before(code, this)
        result = original(*arguments, **keywords)
        recorder.after(code, this, rest[0] if rest else None, result)
        return result

    return call


def wrap(recorder: Any, replace: Callable[[type, str, object], None], owner: Any, name: str, code: str) -> None:
    """Replace a method of a type or a function of a module by a wrapper."""
    method = owner.__dict__[name]
    static = isinstance(method, staticmethod)
    original = method.__func__ if static else method
    of_type = isinstance(owner, type) and not static
    wrapper = _wrapped(recorder, original, code, of_type)
    if isinstance(owner, type):
        replace(owner, name, staticmethod(wrapper) if static else wrapper)
    if not of_type:
        rebind(original, wrapper)


def rebind(original: object, wrapper: object) -> None:
    """Give whoever has imported a function its wrapper."""
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", {})
        for name in [name for name, value in list(names.items()) if value is original]:
            setattr(module, name, wrapper)


def rebind_random() -> None:
    """Functions of `random` that are methods of its global instance are taken from it again."""
    random = sys.modules.get("random")
    instance = getattr(random, "_inst", None)
    if instance is not None:
        for name in ("random", "getrandbits"):
            setattr(random, name, getattr(instance, name))


class Numpy:
    """numpy's generators, whose births and ends are not told by their types."""

    def __init__(self, module: ModuleType, recorder: Any) -> None:
        self._kinds = (module.BitGenerator, module.Generator, module.RandomState)
        self._recorder = recorder
        self._kept: dict[int, object] = {}
        pickled: Any = sys.modules["numpy.random._pickle"]
        names = ("__generator_ctor", "__bit_generator_ctor", "__randomstate_ctor")
        for owner, name in ((module, "default_rng"), *((pickled, name) for name in names)):
            original = getattr(owner, name, None)
            if original is not None:
                rebind(original, self._made(original, seeded=name == "default_rng"))

    def _made(self, original: Any, seeded: bool) -> Callable[..., Any]:
        @functools.wraps(original)
        def make(*arguments: Any, **keywords: Any) -> Any:
            result = original(*arguments, **keywords)
            if isinstance(result, self._kinds) and self._keep(result):
                seed = (arguments[0] if arguments else keywords.get("seed")) if seeded else None
                self._recorder.made_by(result, seed)
            return result

        return make

    def _keep(self, thing: object) -> bool:
        if id(thing) in self._kept or len(self._kept) >= _KEPT:
            return False
        self._kept[id(thing)] = thing
        return True

    def before_fork(self) -> None:
        """Generators that constructors have made are found."""
        for thing in gc.get_objects():
            if isinstance(thing, self._kinds) and self._keep(thing):
                self._recorder.found(thing, False, "by a constructor, at a line that is not known")
