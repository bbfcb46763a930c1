"""`seedbench.plan`: what to use for a job of this size."""

from __future__ import annotations

import json
from dataclasses import dataclass

from seedbench import _native


@dataclass(frozen=True)
class Choice:
    """A sound strategy, judged for a job."""

    id: str
    summary: str
    risk: float
    """A bound on the probability that any two streams of the job are one or overlap."""
    replayable: bool
    """Whether a recorded root repeats the run."""
    accepted: bool
    """Whether the risk is low enough to be advised."""
    program: str
    """A whole program in Python to paste."""


def plan(*, workers: int = 64, runs: int = 1, words: float = 1e6, replayable: bool = False) -> list[Choice]:
    """Rank the sound strategies for `workers` streams a run, `runs` runs, `words` words a stream.

    >>> import seedbench
    >>> seedbench.plan(workers=4096, runs=100, replayable=True)[0].accepted
    True
    """
    for name, value in (("workers", workers), ("runs", runs), ("words", words)):
        if not value >= 1:
            raise ValueError(f"{name}={value}: give a number from 1")
    told = json.loads(_native.plan(float(workers), float(runs), float(words), replayable))
    accepted = told["accepted_risk"]
    return [
        Choice(
            id=choice["id"],
            summary=choice["summary"],
            risk=choice["risk"],
            replayable=choice["replayable"],
            accepted=choice["risk"] <= accepted,
            program=choice["program"],
        )
        for choice in told["choices"]
    ]
