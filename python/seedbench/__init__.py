"""Is my parallel program's seeding sound?

>>> import random, seedbench
>>> result = seedbench.audit(lambda worker: random.Random(f"a root and {worker}"), workers=16)
>>> result.verdict
'sound'
>>> result = seedbench.audit(lambda worker: random.Random(worker // 4), workers=16)
>>> result.findings[0].rule
'equal-streams'

`seedbench watch -- python train.py` names the lines of a program that draw from a shared stream; `watch`
does so for a part of a running one. `seedbench.dask` and `seedbench.spark` audit by the workers of a cluster.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seedbench._audit import Finding, Result, audit
    from seedbench._plan import Choice, plan
    from seedbench._pool import Outcome, Pool
    from seedbench._spawn import SpawnKey, spawn
    from seedbench._watching import Watched, watch

__all__ = [
    "Choice",
    "Finding",
    "Outcome",
    "Pool",
    "Result",
    "SpawnKey",
    "Watched",
    "audit",
    "plan",
    "spawn",
    "watch",
]

# Loaded when first used: importing seedbench costs little.
_HOMES = {
    "Choice": "_plan",
    "Finding": "_audit",
    "Outcome": "_pool",
    "Pool": "_pool",
    "Result": "_audit",
    "SpawnKey": "_spawn",
    "Watched": "_watching",
    "audit": "_audit",
    "plan": "_plan",
    "spawn": "_spawn",
    "watch": "_watching",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    home = _HOMES.get(name)
    if home is None:
        if name == "__version__":
            from seedbench._native import __version__

            return __version__
        if name in ("dask", "spark", "workers"):
            return import_module(f"seedbench.{name}")
        raise AttributeError(f"module 'seedbench' has no attribute {name!r}")
    value = getattr(import_module(f"seedbench.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
