"""What stands outside of both slots turns back what does not come to work, and leaves alone what it cannot read."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from edge.updates import guard as guards
from edge.updates.guard import END_S, MOST_STARTS, WATCH_S, guard, watch
from edge.updates.slots import Phase, Slots, Update
from edge.updates.updater import HEALTHY_WITHIN_S

GUARD = Path("edge/updates/guard.py")


@pytest.fixture
def slots(tmp_path: Path) -> Slots:
    """A board whose second slot is on trial."""
    made = Slots(tmp_path)
    made.cleared("b")
    (tmp_path / "a").mkdir()
    made.switch("b")
    made.note(Update(job="j", phase=Phase.TRIAL, version="1.1", source="a", target="b", devices=("locks",)))
    return made


class Steps:
    """What a watching guard waits for and ends; `during` happens in its first wait."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, during: Any = lambda: None, *, gone: bool = False) -> None:
        self.seen: list[tuple[str, int]] = []
        self._during, self._gone = during, gone
        monkeypatch.setattr(guards.os, "pidfd_open", lambda process: -process)
        monkeypatch.setattr(guards.signal, "pidfd_send_signal", self.kill)

    def wait(self, seconds: float) -> None:
        self.seen.append(("wait", int(seconds)))
        self._during()

    def kill(self, handle: int, number: int) -> None:
        assert handle == -4711
        if self._gone:
            raise ProcessLookupError
        self.seen.append(("kill", number))


def test_every_start_on_trial_counts_and_after_the_third_the_slot_before_is_started(slots: Slots) -> None:
    for _ in range(MOST_STARTS):
        guard(slots.root)
        assert slots.current == "b"
    guard(slots.root)
    update = slots.update
    assert update is not None
    assert (slots.current, update.phase, update.devices) == ("a", Phase.BACK, ("locks",))
    guard(slots.root)
    assert slots.update == update


def test_software_that_neither_works_nor_ends_is_turned_back_and_ended(
    slots: Slots, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Steps(monkeypatch)
    watch(slots.root, 4711, steps.wait)
    update = slots.update
    assert update is not None
    assert (slots.current, update.phase) == ("a", Phase.BACK)
    assert "neither worked nor ended" in update.why
    assert steps.seen == [("wait", WATCH_S), ("kill", signal.SIGTERM), ("wait", END_S), ("kill", signal.SIGKILL)]
    assert WATCH_S > HEALTHY_WITHIN_S, "the software itself says more of why"


def test_what_ended_by_itself_needs_no_more(slots: Slots, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch, gone=True)
    watch(slots.root, 4711, steps.wait)
    assert (steps.seen, slots.current) == ([("wait", WATCH_S)], "a")


@pytest.mark.parametrize("phase", [None, *sorted(set(Phase) - {Phase.TRIAL})])
def test_a_trial_that_ended_meanwhile_is_left_as_it_is(
    slots: Slots, monkeypatch: pytest.MonkeyPatch, phase: Phase | None
) -> None:
    def ends() -> None:
        if phase is None:
            slots.forget()
        else:
            slots.note(Update(job="j", phase=phase, version="1.1", source="a", target="b"))

    steps = Steps(monkeypatch, ends)
    watch(slots.root, 4711, steps.wait)
    assert (steps.seen, slots.current) == ([("wait", WATCH_S)], "b")


@pytest.mark.parametrize(
    "noise", [b"", b"{}", b"[]", b"null", b'{"phase": "trial"}', b"\xff", b'{"phase":"trial","source":5,"target":"b"}']
)
def test_it_leaves_alone_what_it_cannot_read(slots: Slots, noise: bytes) -> None:
    (slots.root / "update.json").write_bytes(noise)
    for _ in range(MOST_STARTS + 1):
        guard(slots.root)
    assert slots.current == "b"


def test_it_never_points_to_a_slot_that_is_not_there(slots: Slots) -> None:
    (slots.root / "a").rmdir()
    for _ in range(MOST_STARTS + 1):
        guard(slots.root)
    assert slots.current == "b"


def test_it_needs_nothing_but_the_standard_library() -> None:
    lines = GUARD.read_text().splitlines()
    imported = {line.split()[1].split(".")[0] for line in lines if line.startswith(("import ", "from "))}
    assert imported - sys.stdlib_module_names == set()


def ran(*arguments: object) -> str:
    run = subprocess.run(
        [sys.executable, "-I", GUARD, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return run.stdout


def test_as_systemd_runs_it_it_says_what_it_did_and_watches_nothing_without_a_trial(slots: Slots) -> None:
    assert ran(slots.root) == "start 1 of 3 of b on trial\n"
    assert json.loads((slots.root / "update.json").read_bytes())["starts"] == 1
    slots.forget()
    assert ran(slots.root) == "no update is on trial\n"
    assert ran(slots.root, os.getpid()) == ""


def test_as_systemd_runs_it_beside_a_trial_it_goes_on_by_itself_and_ends_what_does_not_come_to_work(
    slots: Slots, tmp_path: Path
) -> None:
    impatient = tmp_path / "guard.py"
    text = GUARD.read_text().replace(f"WATCH_S = {WATCH_S}", "WATCH_S = 0").replace(f"END_S = {END_S}", "END_S = 0")
    impatient.write_text(text)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bank:
        subprocess.run([sys.executable, "-I", impatient, slots.root, str(bank.pid)], check=True)
        assert bank.wait() in {-signal.SIGTERM, -signal.SIGKILL}
    update = slots.update
    assert update is not None
    assert (slots.current, update.phase) == ("a", Phase.BACK)
