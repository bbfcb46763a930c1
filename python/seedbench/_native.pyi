from collections.abc import Sequence
from os import PathLike
from typing import Any

__version__: str

recorder: Any

def main(
    arguments: Sequence[str], image: str | PathLike[str] | None, recorder: str | PathLike[str] | None
) -> int: ...
def audit_streams(
    streams: Sequence[tuple[int, str, memoryview, str, int]],
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
    folder: str, *, since: int, allow: list[str], relative_to: str, fresh: bool = False
) -> tuple[str, str, str]: ...
def seen_processes(folder: str) -> list[int]: ...
