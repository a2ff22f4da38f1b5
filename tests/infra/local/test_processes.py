"""Background programs: found by pid and start time, stopped with all they started, never mistaken for another."""

import sys
import time
from collections.abc import Iterator

import psutil
import pytest

from infra.local import processes
from infra.local.home import Home

CHILD = "import time; time.sleep(600)"
PARENT = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {CHILD!r}]); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {CHILD}"
PATIENCE_S = 20


@pytest.fixture
def home(folder: Home) -> Iterator[Home]:
    yield folder
    processes.stop(folder, "program")


def start(home: Home, code: str) -> psutil.Process:
    processes.start(home, "program", [sys.executable, "-c", code], {})
    found = processes.find(home, "program")
    assert found is not None
    return found


def children(process: psutil.Process) -> list[psutil.Process]:
    """Wait until the program has started its child."""
    deadline = time.monotonic() + PATIENCE_S
    while not process.children() and time.monotonic() < deadline:
        time.sleep(0.02)
    return process.children()


def runs(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def test_a_program_is_found_while_it_runs(home: Home) -> None:
    started = start(home, CHILD)
    assert processes.find(home, "program") == started


def test_what_was_never_started_is_not_found_and_not_stopped(home: Home) -> None:
    assert processes.find(home, "program") is None
    assert processes.stop(home, "program") is False


def test_stopping_takes_all_that_the_program_started_with_it(home: Home) -> None:
    parent = start(home, PARENT)
    (child,) = children(parent)
    assert processes.stop(home, "program") is True
    assert not runs(parent)
    assert not runs(child)
    assert not (home.folder / "program.pid.json").exists()


def test_what_outlives_a_program_that_died_is_stopped_too(home: Home) -> None:
    parent = start(home, PARENT)
    (child,) = children(parent)
    parent.kill()
    parent.wait(PATIENCE_S)
    assert runs(child)
    assert processes.find(home, "program") is None
    assert processes.stop(home, "program") is True
    assert not runs(child)


def test_a_program_that_does_not_listen_is_killed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "GRACE_S", 1)
    deaf = start(home, STUBBORN)
    log = home.folder / "program.log"
    deadline = time.monotonic() + PATIENCE_S
    while "deaf" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert processes.stop(home, "program") is True
    assert not runs(deaf)


def test_a_pid_that_belongs_to_another_by_now_is_left_alone(home: Home) -> None:
    another = start(home, CHILD)
    home.write("program.pid.json", {"pid": another.pid, "started": another.create_time() - 3600})
    assert processes.find(home, "program") is None
    assert processes.stop(home, "program") is False
    assert runs(another)
    another.kill()
    another.wait(PATIENCE_S)


def test_what_a_program_says_is_in_its_log_which_begins_anew_once_it_is_large(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = home.folder / "program.log"
    home.folder.mkdir()
    log.write_text("of the last time\n")
    processes.start(home, "program", [sys.executable, "-c", "print('hello')"], {})
    processes.stop(home, "program")
    assert log.read_text().startswith("of the last time")
    monkeypatch.setattr(processes, "KEPT_LOG_BYTES", 3)
    processes.start(home, "program", [sys.executable, "-c", "pass"], {})
    assert "of the last time" not in log.read_text()
