"""`seedbench.audit`: streams in, a result out."""

from __future__ import annotations

import html
import inspect
import itertools
import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from seedbench import _native

Expect = Literal["distinct", "fresh", "identical"]

# A stream, as the analyser takes it: contiguous bytes, the kind of its numbers, the size of one.
_Stream = tuple[memoryview | _native.Column, str, int]

_KINDS = {"B": "u", "H": "u", "I": "u", "L": "u", "Q": "u", "N": "u", "?": "u"}
_KINDS |= {"b": "i", "h": "i", "i": "i", "l": "i", "q": "i", "n": "i", "f": "f", "d": "f"}
_RUN_AXES = 3
_WORDS = 256
_TEXT_TYPES = (str, bytes, bytearray)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or worth knowing."""

    rule: str
    """The stable id, explained by `seedbench explain`."""
    severity: Literal["error", "warning", "note"]
    message: str
    cause: str
    cure: str


class UnsoundError(AssertionError):
    """Streams share something, or the audit was too small for what was asked."""


@dataclass(frozen=True)
class Result:
    """What an audit found."""

    name: str
    verdict: Literal["sound", "unsound", "inconclusive"]
    findings: tuple[Finding, ...]
    bound: str
    """What the audit supports, in words."""
    needs: str | None
    """What would decide, where the verdict is inconclusive."""
    problems: tuple[str, ...]
    """What could not be read; not all was judged then."""
    _told: dict[str, Any] = field(repr=False)
    _report: bytes = field(repr=False, compare=False)

    @property
    def is_sound(self) -> bool:
        """Whether nothing was refuted, and the audit was large enough for what was asked."""
        return self.verdict == "sound"

    def assert_sound(self) -> None:
        """Raise an `AssertionError` that names workers, cause and cure unless the streams are sound.

        >>> import random, seedbench
        >>> seedbench.audit([random.Random(str(i)) for i in range(8)]).assert_sound()
        """
        if not self.is_sound:
            raise UnsoundError(str(self))

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values, for JSON."""
        return dict(self._told)

    def report(self) -> bytes:
        """The whole report as JSON, as `seedbench audit --json` writes it, for `seedbench render`."""
        return self._report

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.verdict} ({self.bound})"]
        lines += [f"  cannot be judged: {problem}" for problem in self.problems]
        for finding in self.findings:
            lines.append(f"  {finding.severity}: {finding.rule}: {finding.message}")
            if finding.severity != "note":
                lines += [f"    cause: {finding.cause}", f"    cure: {finding.cure}"]
        if self.needs:
            lines.append(f"  needs: {self.needs}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{finding.severity}</td><td><code>{finding.rule}</code></td>"
            f"<td>{html.escape(finding.message)}<br><small>{html.escape(finding.cure)}</small></td></tr>"
            for finding in self.findings
        )
        table = f"<table>{rows}</table>" if rows else ""
        return f"<p><b>{html.escape(self.name)}: {self.verdict}</b> ({html.escape(self.bound)})</p>{table}"


def audit(
    data: Any,
    *,
    workers: int | None = None,
    runs: int | None = None,
    words: int = _WORDS,
    expect: Expect = "distinct",
    for_workers: int | None = None,
    require_bits: float | None = None,
    as_: Literal["draws", "values"] | None = None,
    exhaustive: bool = False,
    tested: int | None = None,
    recall: int | None = None,
    name: str | None = None,
) -> Result:
    """Judge whether streams of random numbers share anything.

    `data` is one of

    - an array with a row a stream (numpy, torch CPU, anything with the buffer interface); with three axes,
      runs × streams × numbers;
    - a list of streams, or a dict of them by name: arrays, lists, generators of `random` or numpy (of
      which `words` words are drawn from a copy);
    - a data frame of pandas or polars, or a table of Arrow (anything with its PyCapsule interface), with a column
      a stream, or with columns `value` and `worker` (and `run`);
    - a callable, called with the worker's number, or with run and worker if it takes two arguments, for
      `workers` workers (64) and `runs` runs (1, or 4 if it takes two), which returns a stream as above.

    `workers` is, elsewhere, how many workers executed a run, where that is not the number of streams.
    Runs that repeat are a note unless `expect="fresh"`; `for_workers` and `require_bits` ask for an audit
    that could have seen seeds too narrow for so many workers, or of so few bits. `as_` says what the numbers are, raw
    draws or values of unknown law, where their looks do not. Of numbers that take more than `tested` bytes (256 MiB)
    the first are tested, and all are joined, by one window in `recall` (1024).

    >>> import random, seedbench
    >>> draws = [random.random() for _ in range(100)]
    >>> seedbench.audit({"a": draws, "b": draws}).verdict
    'unsound'
    """
    if callable(data) and not hasattr(data, "__array__") and not _is_generator(data):
        streams = list(_from_callable(data, workers, runs, words))
        title = name or str(getattr(data, "__name__", "a callable"))
        workers = None
    else:
        streams = list(_from_data(data, words, runs))
        title = name or type(data).__name__
    question = asked(
        expect=expect,
        workers=workers,
        for_workers=for_workers,
        require_bits=require_bits,
        as_=as_,
        exhaustive=exhaustive,
        tested=tested,
        recall=recall,
    )
    given = [(run, label, *stream) for run, label, stream in streams]
    return result(title, *_native.audit_streams(given, title, question))


def asked(**keywords: Any) -> dict[str, Any]:
    """What is asked, as the analyser takes it."""
    return {"memory": None, "promised": None} | keywords


def result(title: str, judged: str, report: bytes) -> Result:
    """What the analyser says, as a result."""
    told = json.loads(judged)
    keys = ("rule", "severity", "message", "cause", "cure")
    findings = tuple(Finding(**{key: finding[key] for key in keys}) for finding in told["findings"])
    verdict = told["verdict"]
    if told["problems"] and verdict == "sound":
        verdict = "inconclusive"
    told["verdict"] = verdict
    return Result(
        name=title,
        verdict=verdict,
        findings=findings,
        bound=told["bound"],
        needs=told["needs"],
        problems=tuple(told["problems"]),
        _told=told,
        _report=report,
    )


def _from_callable(
    make: Callable[..., Any], workers: int | None, runs: int | None, words: int
) -> Iterator[tuple[int, str, _Stream]]:
    try:
        parameters = list(inspect.signature(make).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    taken = [one for one in parameters if one.kind in positional and one.default is inspect.Parameter.empty]
    takes_run = len(taken) > 1
    for run in range(runs or (4 if takes_run else 1)):
        for worker in range(workers or 64):
            made = make(run, worker) if takes_run else make(worker)
            yield run, f"run {run} worker {worker}", _stream(made, words)


def _from_data(data: Any, words: int, runs: int | None) -> Iterator[tuple[int, str, _Stream]]:
    if isinstance(data, Mapping):
        for label, stream in data.items():
            yield 0, str(label), _stream(stream, words)
    elif hasattr(data, "columns") and hasattr(data, "__getitem__"):
        yield from _from_frame(data, words)
    elif (columns := _arrow(data)) is not None:
        yield from _from_columns(columns)
    elif (view := _view(data)) is not None and view.ndim > 1:
        yield from _rows(view)
    elif isinstance(data, Iterable) and not isinstance(data, _TEXT_TYPES) and not _is_generator(data):
        given = list(data)
        if given and not hasattr(given[0], "__len__") and not _is_generator(given[0]):
            raise TypeError("one stream alone shares nothing: give several, as a list of streams or a dict")
        per_run = len(given) // runs if runs else len(given)
        if runs and per_run * runs != len(given):
            raise ValueError(f"{len(given)} streams cannot be {runs} runs of the same size")
        for index, stream in enumerate(given):
            run, worker = divmod(index, max(per_run, 1))
            label = f"run {run} worker {worker}" if runs else f"stream {index}"
            yield run, label, _stream(stream, words)
    else:
        raise TypeError(f"{type(data).__name__} holds no streams: give an array with a row a stream, a list, a dict")


def _from_frame(frame: Any, words: int) -> Iterator[tuple[int, str, _Stream]]:
    columns = [str(column) for column in getattr(frame, "column_names", frame.columns)]
    label = next((name for name in ("worker", "rank", "task", "stream") if name in columns), None)
    if "value" not in columns or label is None:
        arrow = _arrow(frame)
        if arrow is not None:
            yield from _from_columns(arrow)
            return
        for column in columns:
            yield 0, column, _stream(frame[column], words)
        return
    groups: dict[tuple[int, Any], list[Any]] = {}
    runs = _plain_values(frame["run"]) if "run" in columns else itertools.repeat(0)
    numbers: dict[Any, int] = {}
    for run, worker, value in zip(runs, _plain_values(frame[label]), _plain_values(frame["value"]), strict=False):
        number = numbers.setdefault(run, len(numbers))
        groups.setdefault((number, worker), []).append(value)
    for (run, worker), values in sorted(groups.items(), key=lambda item: item[0][0]):
        yield run, f"run {run} {label} {worker}", _stream(values, words)


def _plain_values(column: Any) -> list[Any]:
    """A column of a data frame as Python's own values."""
    for method in ("to_pylist", "to_list", "tolist"):
        if hasattr(column, method):
            return list(getattr(column, method)())
    return list(column)


def _arrow(value: Any) -> list[tuple[str, _native.Column]] | None:
    """Columns by Arrow's PyCapsule interface; pandas keeps its numbers in arrays of its own."""
    if hasattr(value, "iloc") or not (hasattr(value, "__arrow_c_stream__") or hasattr(value, "__arrow_c_array__")):
        return None
    return _native.arrow_columns(value)


def _from_columns(columns: list[tuple[str, _native.Column]]) -> Iterator[tuple[int, str, _Stream]]:
    if len(columns) == 1:
        raise TypeError("one stream alone shares nothing: give a table with a column a stream")
    for name, column in columns:
        yield 0, name, (column, column.kind, column.size)


def _is_generator(value: Any) -> bool:
    return any(hasattr(value, name) for name in ("getrandbits", "bit_generator", "_bit_generator", "random_raw"))


def _stream(value: Any, words: int) -> _Stream:
    if _is_generator(value):
        return _drawn(value, words)
    columns = _arrow(value)
    if columns is not None:
        if len(columns) != 1:
            raise TypeError(f"a stream is one column, and this has {len(columns)}")
        column = columns[0][1]
        return column, column.kind, column.size
    view = _view(value)
    if view is not None:
        return _plain(view)
    if isinstance(value, Iterator):
        value = list(itertools.islice(value, words))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _listed(value)
    if isinstance(value, Iterable):
        return _listed(list(value))
    raise TypeError(f"{type(value).__name__} is no stream of numbers")


def _drawn(generator: Any, words: int) -> _Stream:
    """Words of a copy: the generator stays where it is."""
    import copy

    if hasattr(generator, "getrandbits"):
        state = copy.copy(generator)
        return memoryview(state.getrandbits(64 * words).to_bytes(8 * words, "little")), "u", 8
    inner = getattr(generator, "bit_generator", None) or getattr(generator, "_bit_generator", generator)
    inner = copy.deepcopy(inner)
    if "MT19937" in type(inner).__name__:  # gives 32 bits at a time
        return memoryview(inner.random_raw(2 * words).astype("uint32")).cast("B"), "u", 8
    return memoryview(inner.random_raw(words)).cast("B"), "u", 8


def _view(value: Any) -> memoryview | None:
    """The numbers of an array without copying them, where it lets them be seen."""
    if hasattr(value, "detach") and hasattr(value, "numpy"):
        value = value.detach().numpy()  # torch
    elif hasattr(value, "to_numpy"):
        value = value.to_numpy()  # pandas
    if isinstance(value, (str, bytes, bytearray)):
        return None
    try:
        view = memoryview(value)
    except (TypeError, ValueError):
        return None
    return view


def _plain(view: memoryview) -> _Stream:
    if view.ndim != 1:
        raise ValueError(f"a stream has one axis, and this has {view.ndim}")
    if view.format == "e":
        return _listed(view.tolist())
    kind = _kind(view.format)
    contiguous = view if view.c_contiguous else memoryview(view.tobytes())
    return contiguous.cast("B"), kind, view.itemsize


def _kind(form: str) -> str:
    import sys

    foreign = ">" if sys.byteorder == "little" else "<"
    if form.startswith((foreign, "!")):
        raise TypeError("numbers in another byte order: give array.astype(array.dtype.newbyteorder('='))")
    kind = _KINDS.get(form.lstrip("<>=@"))
    if kind is None:
        raise TypeError(f"values of format {form!r} are no numbers that can be audited")
    return kind


def _rows(view: memoryview) -> Iterator[tuple[int, str, _Stream]]:
    if view.ndim > _RUN_AXES:
        raise ValueError(f"an array of {view.ndim} axes: give streams × numbers, or runs × streams × numbers")
    shape = tuple(view.shape or ())
    if 0 in shape:
        raise ValueError(f"an array of shape {shape} holds no numbers")
    if view.format == "e":
        raise TypeError("half floats: give array.astype('float32')")
    kind, size = _kind(view.format), view.itemsize
    plain = (view if view.c_contiguous else memoryview(view.tobytes())).cast("B")
    length = shape[-1] * size
    streams = shape[-2]
    for index in range(plain.nbytes // length):
        run, worker = divmod(index, streams)
        label = f"run {run} worker {worker}" if view.ndim == _RUN_AXES else f"row {worker}"
        yield run, label, (plain[index * length : (index + 1) * length], kind, size)


def _listed(values: Sequence[Any]) -> _Stream:
    if not values:
        raise ValueError("a stream holds no numbers")
    integers = all(hasattr(value, "__index__") for value in values)
    try:
        if not integers:
            return memoryview(array("d", values)).cast("B"), "f", 8
        whole = [int(value) for value in values]
        signed = min(whole) < 0
        return memoryview(array("q" if signed else "Q", whole)).cast("B"), "i" if signed else "u", 8
    except OverflowError:
        raise ValueError("integers of more than 64 bits: split them into words of 64 bits") from None
    except TypeError as error:
        raise TypeError(f"a stream holds values that are no numbers: {error}") from None
