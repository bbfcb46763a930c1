"""`seedbench.watch`: names the lines that draw from a shared stream, in a part of a running program."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from seedbench import _native
from seedbench._audit import UnsoundError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

FOLDER = "SEEDBENCH_WATCH"
_HERE = os.path.dirname(os.path.abspath(__file__))
RECORDER = os.path.join(_HERE, "_watch")


@dataclass(frozen=True)
class WatchFinding:
    """One thing that is wrong, or worth knowing, with the line that shows it."""

    rule: str
    severity: Literal["error", "warning", "note"]
    message: str
    cause: str
    cure: str
    file: str | None
    line: int | None
    allowed: bool


@dataclass(frozen=True)
class Watched:
    """What a watch found."""

    verdict: Literal["sound", "unsound", "inconclusive"]
    findings: tuple[WatchFinding, ...]
    unseen: tuple[str, ...]
    """What was not seen, a line each."""
    _told: dict[str, Any] = field(repr=False)
    _text: str = field(repr=False)
    _html: str = field(repr=False)

    @property
    def is_sound(self) -> bool:
        """Whether no stream is shared that may not be."""
        return self.verdict == "sound"

    def assert_sound(self) -> None:
        """Raise an `AssertionError` with the lines unless nothing is shared."""
        if self.verdict == "unsound":
            raise UnsoundError(self._text)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return dict(self._told)

    def __str__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        return self._html


def judge(folder: str, since: int, allow: Iterable[str], older: dict[int, str]) -> Watched:
    """Judge what this process and its own recorded into a folder since a time in nanoseconds.

    `older` are processes that ran before.
    """
    told, text, page = _native.judge_watch(
        folder, since=since, of=os.getpid(), allow=list(allow), relative_to=os.getcwd()
    )
    values = json.loads(told)
    seen = _native.seen_processes(folder)
    unseen = [
        f"process {pid} ({name}) is older than this watch: "
        + ("what it drew from before is not seen again" if pid in seen else "nothing of it is seen")
        for pid, name in older.items()
        if not any(line.startswith(f"process {pid} is older") for line in values["unseen"])
    ]
    values["unseen"] += unseen
    text += "".join(f"  not seen: {line}\n" for line in unseen)
    keys = ("rule", "severity", "message", "cause", "cure", "file", "line", "allowed")
    return Watched(
        verdict=values["verdict"],
        findings=tuple(WatchFinding(**{key: one[key] for key in keys}) for one in values["findings"]),
        unseen=tuple(values["unseen"]),
        _told=values,
        _text=text,
        _html=page,
    )


class watch:
    """Watch this process, and all that it starts, while a `with` runs.

    >>> import random, seedbench
    >>> from multiprocessing.dummy import Pool
    >>> with seedbench.watch() as seen, Pool(2) as threads:
    ...     _ = threads.map(lambda task: random.Random(f"a root and {task}").random(), range(8))
    >>> seen.assert_sound()  # else an AssertionError names the lines that draw from one stream

    The watch may begin at any time: generators that exist are found, but not the lines that made them.
    Processes that run already, such as those of an older pool, are not seen, and named.
    """

    def __init__(self, *, allow: Iterable[str] = (), folder: str | None = None) -> None:
        """Let lines of `allow` pass, as in `model.py:12`. With a `folder`, records stay there."""
        self._allow = tuple(allow)
        self._given = folder
        self._folder = ""
        self._since = 0
        self._owns = False
        self._old: dict[str, str | None] = {}
        self._older: dict[int, str] = {}
        self._result: Watched | None = None

    @property
    def result(self) -> Watched:
        """What was found; there once the `with` has ended."""
        if self._result is None:
            raise RuntimeError("the watch has not ended: ask after the with")
        return self._result

    def __enter__(self) -> watch:
        from seedbench import _hook

        recorder = _native.recorder
        if recorder.active() and not recorder.home():
            raise RuntimeError("a subinterpreter cannot be watched: begin the watch in the main one")
        self._older = _workers()
        self._owns = not recorder.active()
        if self._owns:
            self._folder = self._given or tempfile.mkdtemp(prefix="seedbench-watch-")
            path = os.environ.get("PYTHONPATH")
            values = {FOLDER: self._folder, "PYTHONPATH": RECORDER + (os.pathsep + path if path else "")}
            self._old = {name: os.environ.get(name) for name in (*values, "SEEDBENCH_MAIN")}
            os.environ.update(values)
            self._since = 0 if self._given is None else time.time_ns()
            _hook.start(self._folder, attach=True)
        else:
            self._folder = os.environ[FOLDER]
            self._since = time.time_ns()
            _hook.again()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        from seedbench import _hook

        try:
            if self._owns:
                _hook.stop()
            else:
                _hook.look()
            self._result = judge(self._folder, self._since, self._allow, self._older)
        finally:
            if self._owns:
                for name, value in self._old.items():
                    if value is None:
                        os.environ.pop(name, None)
                    else:
                        os.environ[name] = value
                if self._given is None:
                    # States predict all later numbers.
                    shutil.rmtree(self._folder, ignore_errors=True)

    def assert_sound(self) -> None:
        """Raise an `AssertionError` with the lines unless nothing is shared."""
        self.result.assert_sound()

    def __repr__(self) -> str:
        return "seedbench.watch(): not ended" if self._result is None else str(self._result)

    def _repr_html_(self) -> str:
        return self.result._repr_html_()


def _workers() -> dict[int, str]:
    """Worker processes of pools that run already."""
    module = sys.modules.get("multiprocessing")
    found = {one.pid: one.name for one in module.active_children() if one.pid} if module else {}
    loky = sys.modules.get("joblib.externals.loky.reusable_executor") or sys.modules.get("loky.reusable_executor")
    executor = getattr(loky, "_executor", None)
    for pid in getattr(executor, "_processes", None) or {}:
        found.setdefault(pid, "loky")
    return found
