"""A workplace for whoever asks for one; catalogues as they stand; a build server runs every test or fails."""

import os
from collections.abc import Iterator

import pytest

from infra.catalogues.compiling import compile_catalogues
from tests.support.world import World, world

NOT_RUN = ("skipped", "xfailed")


def pytest_configure() -> None:
    """Compile what was translated since the last run."""
    compile_catalogues()


@pytest.fixture
def here() -> Iterator[World]:
    """A site, a crew, drills, nobody and no bank yet; what a test left on record is checked when it is over."""
    with world() as here:
        yield here


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Say it where people look."""
    yield
    if not_run := _not_run(terminalreporter):
        terminalreporter.write_line(
            f"CI: {not_run} tests were not run; nothing may be skipped here.", red=True, bold=True
        )


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that left tests out; with several workers only the one who collects the results knows."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and _not_run(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _not_run(reporter: pytest.TerminalReporter) -> int:
    return sum(len(reporter.stats.get(outcome, [])) for outcome in NOT_RUN) if os.environ.get("CI") else 0
