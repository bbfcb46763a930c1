from collections.abc import Sequence
from os import PathLike
from typing import Any

__version__: str

recorder: Any

def main(arguments: Sequence[str], image: str | PathLike[str] | None, recorder: str | PathLike[str] | None) -> int: ...

class Column:
    """A column of numbers in memory that Arrow owns."""

    kind: str
    size: int
    address: int
    def __len__(self) -> int: ...

def arrow_columns(object: Any) -> list[tuple[str, Column]]: ...
def audit_streams(
    streams: Sequence[tuple[int, str, memoryview | Column, str, int]],
    *,
    name: str,
    expect: str,
    workers: int | None,
    for_workers: int | None,
    require_bits: float | None,
    exhaustive: bool,
) -> str: ...
def plan(workers: float, runs: float, words: float, replayable: bool) -> str: ...
def judge_watch(
    folder: str, *, since: int, of: int | None, allow: list[str], relative_to: str, fresh: bool = False
) -> tuple[str, str, str]: ...
def seen_processes(folder: str) -> list[int]: ...
