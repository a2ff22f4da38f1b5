"""Starting the local AWS: with permissions enforced, on loopback, where it was the last time."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from infra.local import ministack, ports, processes
from infra.local.home import Home, LocalStackError


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, str]]:
    """The environments it was started with; it is ready at once and runs from then on."""
    found: list[Mapping[str, str]] = []

    def start(_: Home, __: str, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        assert command[-1] == ministack.PROGRAM
        found.append(environment)

    monkeypatch.setattr(processes, "start", start)
    monkeypatch.setattr(processes, "find", lambda *_: found or None)
    monkeypatch.setattr(ministack, "_wait", lambda *_: None)
    monkeypatch.setattr(ports, "_is_free", lambda _: True)
    return found


def test_permissions_are_enforced_and_nobody_else_on_the_network_is_served(
    folder: Home, started: list[Mapping[str, str]]
) -> None:
    target = ministack.start(folder, port=None, mqtt_port=None)
    (environment,) = started
    assert (environment["AUTH"], environment["BIND_HOST"]) == ("true", "127.0.0.1")
    assert (target.endpoint, target.mqtt.port) == ("http://127.0.0.1:4566", 8883)
    assert len(environment["AWS_SECRET_ACCESS_KEY"]) == 40
    assert environment["STATE_DIR"].startswith(str(folder.folder))


def test_it_comes_back_where_it_was_with_the_same_root(folder: Home, started: list[Mapping[str, str]]) -> None:
    ministack.start(folder, port=14001, mqtt_port=14002)
    first = dict(started.pop())
    ministack.start(folder, port=None, mqtt_port=None)
    assert dict(started[0]) == first


def test_what_runs_is_not_started_again_and_not_moved(folder: Home, started: list[Mapping[str, str]]) -> None:
    ministack.start(folder, port=14001, mqtt_port=14002)
    ministack.start(folder, port=14001, mqtt_port=None)
    with pytest.raises(LocalStackError, match=r"runs on ports 14001 and 14002 \(MQTT\)\. Stop it"):
        ministack.start(folder, port=14003, mqtt_port=None)
    assert len(started) == 1


def test_without_one_there_is_nothing_to_deploy_to(folder: Home) -> None:
    with pytest.raises(LocalStackError, match="Start one: make up"):
        ministack.target(folder)
