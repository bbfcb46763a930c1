"""Keys that give every task a generator of its own: numpy's `SeedSequence.spawn`, with or without numpy.

Source: O'Neill 2015, Developing a seed_seq Alternative; numpy's SeedSequence, which these words equal bit
for bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    import numpy

_POOL = 4
_MASK = 0xFFFF_FFFF
_INIT_A, _MULT_A = 0x43B0_D7E5, 0x931E_8875
_INIT_B, _MULT_B = 0x8B51_F9DD, 0x58F3_8DED
_MIX_L, _MIX_R = 0xCA01_F9DD, 0x4973_F715
_ROOT_BITS = 128


def _words(value: int) -> list[int]:
    """A number as words of 32 bits, the lowest first; at least one."""
    if value < 0:
        raise ValueError(f"{value} is no seed: give a number from 0")
    words = [value & _MASK]
    while value := value >> 32:
        words.append(value & _MASK)
    return words


class _Hash:
    """numpy's hash of 32-bit words, whose constant moves on with every call."""

    def __init__(self, constant: int, factor: int) -> None:
        self._constant = constant
        self._factor = factor

    def __call__(self, value: int) -> int:
        value ^= self._constant
        self._constant = self._constant * self._factor & _MASK
        value = value * self._constant & _MASK
        return value ^ value >> 16


def _mix(x: int, y: int) -> int:
    value = (_MIX_L * x - _MIX_R * y) & _MASK
    return value ^ value >> 16


class SpawnKey:
    """A root of entropy and a place in the tree below it.

    >>> import seedbench
    >>> key = seedbench.spawn(42)
    >>> [hex(word) for word in key.child(3).generate_state(2, bits=64)]
    ['0x34037e9dc34fc8c5', '0xed87f1b548019fd6']
    """

    __slots__ = ("_spawned", "entropy", "spawn_key")

    def __init__(self, entropy: int | Iterable[int], spawn_key: Iterable[int] = ()) -> None:
        if not isinstance(entropy, int):
            entropy = tuple(int(part) for part in entropy)
        self.entropy = entropy
        self.spawn_key = tuple(int(part) for part in spawn_key)
        self._spawned = 0

    @property
    def root(self) -> int | tuple[int, ...]:
        """What to record: `seedbench.spawn(root)` replays everything drawn from a root key."""
        return self.entropy

    def child(self, index: int) -> SpawnKey:
        """The key of task, epoch or rank `index`: the same whenever and wherever it is asked for."""
        if index < 0:
            raise ValueError(f"{index} is no child: give a number from 0")
        return SpawnKey(self.entropy, (*self.spawn_key, index))

    def spawn(self, count: int) -> list[SpawnKey]:
        """The next `count` children, as numpy's `SeedSequence.spawn` numbers them."""
        first = self._spawned
        self._spawned += count
        return [self.child(first + index) for index in range(count)]

    def generate_state(self, count: int, *, bits: int = 32) -> list[int]:
        """Words that seed a generator, of 32 or 64 bits: those of numpy's `SeedSequence`."""
        if bits not in (32, 64):
            raise ValueError(f"words of {bits} bits: give 32 or 64")
        hashed = _Hash(_INIT_B, _MULT_B)
        pool = self._pool()
        halves = [hashed(pool[index % _POOL]) for index in range(count * bits // 32)]
        if bits == 32:
            return halves
        return [low | high << 32 for low, high in zip(halves[::2], halves[1::2], strict=True)]

    def _pool(self) -> list[int]:
        parts = (self.entropy,) if isinstance(self.entropy, int) else self.entropy
        entropy = [word for part in parts for word in _words(part)]
        below = [word for part in self.spawn_key for word in _words(part)]
        if below:  # so that a longer root and no key is not a shorter root and a key
            entropy += [0] * (_POOL - len(entropy))
        entropy += below
        hashed = _Hash(_INIT_A, _MULT_A)
        pool = [hashed(entropy[index] if index < len(entropy) else 0) for index in range(_POOL)]
        for source in range(_POOL):
            for target in range(_POOL):
                if source != target:
                    pool[target] = _mix(pool[target], hashed(pool[source]))
        for word in entropy[_POOL:]:
            for target in range(_POOL):
                pool[target] = _mix(pool[target], hashed(word))
        return pool

    def seed_sequence(self) -> numpy.random.SeedSequence:
        """The same key as numpy's."""
        import numpy as np

        return np.random.SeedSequence(self.entropy, spawn_key=self.spawn_key)

    def rng(self, task: int) -> numpy.random.Generator:
        """numpy's generator of task `task`: `default_rng(SeedSequence(root).spawn(n)[task])`."""
        import numpy as np

        return np.random.default_rng(self.child(task).seed_sequence())

    def random(self, task: int) -> random.Random:
        """A `random.Random` for task `task`, where there is no numpy."""
        import random

        words = self.child(task).generate_state(4, bits=64)
        return random.Random(sum(word << 64 * index for index, word in enumerate(words)))

    def __repr__(self) -> str:
        return f"SpawnKey({self.entropy!r}, spawn_key={self.spawn_key!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SpawnKey):
            return NotImplemented
        return (self.entropy, self.spawn_key) == (other.entropy, other.spawn_key)

    def __hash__(self) -> int:
        return hash((self.entropy, self.spawn_key))


def spawn(root: int | Iterable[int] | None = None) -> SpawnKey:
    """The key of a root: one a run, recorded; one generator a task, whoever runs it.

    Without a root, 128 bits are asked of the operating system.

    >>> import seedbench
    >>> run = seedbench.spawn(2024)
    >>> run.child(7) == seedbench.spawn(run.root).child(7)
    True
    """
    if root is None:
        import secrets

        root = secrets.randbits(_ROOT_BITS)
    return SpawnKey(root)
