"""torch's CPU generators: they have no pointers to replace, so their states are compared.

A state is kept at seeding and at a fork. The first call of a drawing function that finds it changed
gives the line; when all kept states have changed, the traps on those functions are lifted.
"""

from __future__ import annotations

import functools
import weakref
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_KEPT = 4096
_LOOKS = 2000
_LEGACY_STATE = 24 + 8 * 624
_FUNCTIONS = [
    "rand",
    "randn",
    "randint",
    "randperm",
    "rand_like",
    "randn_like",
    "randint_like",
    "normal",
    "bernoulli",
    "multinomial",
    "poisson",
    "binomial",
    "dropout",
    "dropout_",
    "alpha_dropout",
    "alpha_dropout_",
    "feature_dropout",
    "feature_dropout_",
    "native_dropout",
    "rrelu",
    "rrelu_",
    "scaled_dot_product_attention",
    "lstm",
    "gru",
    "rnn_tanh",
    "rnn_relu",
]
_METHODS = [
    "normal_",
    "uniform_",
    "random_",
    "bernoulli_",
    "bernoulli",
    "multinomial",
    "exponential_",
    "geometric_",
    "cauchy_",
    "log_normal_",
]


class _Kept:
    __slots__ = ("birth", "generator", "state")

    def __init__(self, generator: Any, state: bytes, birth: Any) -> None:
        self.generator = generator
        self.state = state
        self.birth = birth


def _same(generator: Any) -> Any:
    return generator


def _state(generator: Any) -> bytes:
    return bytes(generator.get_state().numpy())


class Watch:
    """The generators of one process."""

    def __init__(self, torch: Any, recorder: Any, trap: Callable[[Any, str, str], bool]) -> None:
        self._torch = torch
        self._recorder = recorder
        self._kept: dict[int, _Kept] = {}
        # Those that have not been drawn from, and those among them that are not found in memory.
        self._waiting: set[int] = set()
        self._unknown: set[int] = set()
        self._looks = 0
        self._full = False
        native = torch._C
        recorder.set_callbacks(self)
        functions = type(native._VariableFunctions)
        tensor = getattr(native, "TensorBase", None) or native._TensorBase
        hooks = [(functions, name, "D") for name in _FUNCTIONS] + [(tensor, name, "D") for name in _METHODS]
        hooks += [(native._nn, "scaled_dot_product_attention", "D")]
        hooks += [(native.Generator, name, "S") for name in ("manual_seed", "seed", "set_state")]
        slow = [trap(owner, name, does) for owner, name, does in hooks if name in owner.__dict__]
        if any(slow):
            recorder.problem("torch: the layout of its functions is not known: every draw takes longer")
        self._keep(torch.default_generator, "global", None)

    def _keep(self, generator: Any, origin: str, seed: Any) -> None:
        if len(self._kept) >= _KEPT:
            if not self._full:
                self._full = True
                self._recorder.problem(f"torch: only the first {_KEPT} generators that are alive are seen")
            return
        state = _state(generator)
        if len(state) < _LEGACY_STATE:
            return  # of another device
        key = id(generator)
        birth = self._recorder.torch_birth(origin, seed)
        reference: Callable[[], Any]
        try:
            reference = weakref.ref(generator, lambda _: self._forget(key))
        except TypeError:  # torch 1 allows no weak references: it is kept alive
            reference = functools.partial(_same, generator)
        self._kept[key] = _Kept(reference, state, birth)
        self._wait(key)
        self._arm()

    def _wait(self, key: int) -> None:
        """Look at one that has not been drawn from: in memory, if it is found there."""
        self._waiting.add(key)
        if self._recorder.torch_wait(key, self._kept[key].state):
            self._unknown.discard(key)
        else:
            self._unknown.add(key)

    def _wait_no_more(self, key: int) -> None:
        self._waiting.discard(key)
        self._unknown.discard(key)
        self._recorder.torch_wait_no_more(key)

    def _arm(self) -> None:
        self._recorder.torch_unknown(len(self._unknown))
        self._looks = 0
        self._recorder.torch_traps(True)

    def _forget(self, key: int) -> None:
        self._kept.pop(key, None)
        self._wait_no_more(key)
        self._recorder.torch_unknown(len(self._unknown))

    # Called by the traps.

    def drew(self, _owner: Any = None, _argument: Any = None) -> None:
        """A drawing function has returned."""
        self.look(self._recorder.torch_place())

    def before_seeding(self, generator: Any, _argument: Any = None) -> None:
        """A generator is about to be seeded: had it been drawn from?"""
        self.look(None, generator)

    def seeded(self, generator: Any, seed: Any = None) -> None:
        """A generator has been seeded, or its state set."""
        if id(generator) not in self._kept:
            self._keep(generator, "made", seed if isinstance(seed, int) else None)
        else:
            self._keep(generator, "seeded" if isinstance(seed, int) else "state-set", seed)

    def look(self, place: Any = None, only: Any = None) -> None:
        """Compare states; those that have changed have been drawn from."""
        keys = [id(only)] if only is not None else [*self._recorder.torch_changed(), *self._unknown]
        for key in keys:
            kept = self._kept.get(key)
            generator = None if kept is None else kept.generator()
            if kept is None or generator is None or key not in self._waiting or _state(generator) == kept.state:
                continue
            self._wait_no_more(key)
            self._recorder.torch_drew(kept.birth, kept.state, place)
        if only is not None:
            return
        self._looks += 1
        if place is not None and (not self._waiting or (self._unknown and self._looks > _LOOKS)):
            self._recorder.torch_traps(False)
        self._recorder.torch_unknown(len(self._unknown))

    def leave(self) -> None:
        """The process ends."""
        self.look()
        if self._torch.cuda.is_initialized():
            self._recorder.problem("torch uses CUDA: its generators there are not seen")

    # Called at forks.

    def before_fork(self) -> None:
        """How far has each state been used?"""
        self.look()
        for key, kept in list(self._kept.items()):
            generator = kept.generator()
            if key not in self._waiting and generator is not None:
                self._recorder.torch_cut(kept.birth, _state(generator))

    def after_fork(self) -> None:
        """Wait for the first draw again."""
        for key, kept in list(self._kept.items()):
            generator = kept.generator()
            if generator is not None and key not in self._waiting:
                kept.state = _state(generator)
                self._wait(key)
        if self._kept:
            self._arm()
