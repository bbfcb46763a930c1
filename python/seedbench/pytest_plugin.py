"""pytest: `--seedbench` fails a test whose processes or threads draw from one stream, and names the line.

The marker `seedbench_allow(*lines)` lets a test share streams; without lines it is not watched at all. The
fixture `seeding` audits streams in a test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator


class Seeding:
    """What the fixture `seeding` gives."""

    def audit(self, data: Any, **options: Any) -> Any:
        """Audit streams, as `seedbench.audit` does, and fail the test unless they are sound."""
        import seedbench

        result = seedbench.audit(data, **options)
        result.assert_sound()
        return result

    def watch(self, **options: Any) -> Any:
        """Watch a part of the test, as `seedbench.watch` does."""
        import seedbench

        return seedbench.watch(**options)


@pytest.fixture
def seeding() -> Seeding:
    """Audits of streams inside a test: `seeding.audit([...])`, `with seeding.watch() as seen: ...`."""
    return Seeding()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    group = parser.getgroup("seedbench")
    group.addoption(
        "--seedbench",
        action="store_true",
        help="fail tests whose processes or threads draw from one random stream",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and watch the session if asked."""
    config.addinivalue_line(
        "markers",
        "seedbench_allow(*lines): these lines (model.py:12, model.py) may share random streams; all without any",
    )
    if config.getoption("--seedbench"):
        config.pluginmanager.register(_Session(), "seedbench-session")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say of which tests not everything was seen: of passed ones, too."""
    told = [
        (report.nodeid, text)
        for reports in terminalreporter.stats.values()
        for report in reports
        for title, text in getattr(report, "sections", ())
        if title == "Captured seedbench call"
    ]
    if told:
        terminalreporter.section("seedbench: not seen")
        for test, text in told:
            for line in text.splitlines():
                terminalreporter.write_line(f"{test}: {line}")


class _Session:
    """One folder of records a session: pools may be older than a test."""

    def __init__(self) -> None:
        from seedbench import watch

        self._watch = watch()
        self._watch.__enter__()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        marker = item.get_closest_marker("seedbench_allow")
        if marker is not None and not marker.args:
            return (yield)
        from seedbench import watch

        with watch(allow=marker.args if marker else ()) as seen:
            result = yield
        if seen.result.unseen:
            item.add_report_section("call", "seedbench", "\n".join(seen.result.unseen))
        seen.assert_sound()
        return result

    def pytest_unconfigure(self) -> None:
        self._watch.__exit__(None, None, None)
