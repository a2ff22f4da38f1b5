import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.service.systemd import Notifier


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(0)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listener


def test_facts_go_out_one_a_line(heard: socket.socket) -> None:
    Notifier.of_environment().tell(ready=1, status="2 doors")
    assert heard.recv(100) == b"READY=1\nSTATUS=2 doors"


def test_an_abstract_socket_is_one_that_begins_with_nul(tmp_path: Path) -> None:
    name = f"toolcrib-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0{name}")
        Notifier(address=f"@{name}", watchdog_s=None).tell(watchdog=1)
        assert listener.recv(100) == b"WATCHDOG=1"


@pytest.mark.parametrize("address", [None, "", "/nowhere/at/all"])
def test_nobody_who_listens_is_no_error(address: str | None) -> None:
    Notifier(address=address, watchdog_s=None).tell(ready=1)


@pytest.mark.parametrize(
    ("environment", "every_s"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "30000000"}, 10.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 10.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
)
def test_the_watchdog_is_fed_three_times_a_period_by_whom_it_is_meant_for(
    environment: dict[str, str], every_s: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Notifier.of_environment().feed_every_s == every_s
