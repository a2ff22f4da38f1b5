"""An update works, or the earlier software runs again and the job says why; whenever the power goes, one is whole."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from edge import durable
from edge.enrolment.questions import RefusedError, SilentError
from edge.updates.bundle import BundleError
from edge.updates.guard import MOST_STARTS, guard
from edge.updates.jobs import Jobs
from edge.updates.manifest import Manifest
from edge.updates.slots import RELEASE, Phase, Slots
from edge.updates.updater import (
    HEALTHY_WITHIN_S,
    MOST_TRIES,
    Installing,
    Surroundings,
    Updater,
    reported_firmware,
    running_version,
)
from tests.edge.cut_power import PowerCutError, power_cut
from tests.edge.updates.releases import KEYS, manifest

URL = "https://example.com/bundle.tar"


class Board:
    """A board with two slots, its cloud, and systemd. A slot is whole when its `bin` says so."""

    def __init__(self, root: Path, **document: Any) -> None:
        self.slots = Slots(durable.folder(root))
        self._fill(self.slots.root / "a", "1.0")
        self.slots.switch("a")
        self.document: dict[str, Any] = {"kind": "toolcrib-update", "manifest": manifest("1.1"), "url": URL, **document}
        self.status: str | None = "QUEUED"
        self.details: Mapping[str, Any] = {}
        self.idle, self.healthy, self.online, self.now = True, True, True, 0.0
        self.devices = {"1.0": frozenset({"locks", "reader"}), "1.1": frozenset({"locks", "reader", "uhf"})}
        self.breaks: str | None = None
        self.starts_at_all = True
        self.down = False
        self.boot()

    @staticmethod
    def _fill(slot: Path, version: str) -> None:
        durable.folder(slot)
        (slot / "bin").write_text(version)
        durable.put(slot / RELEASE, manifest(version).encode())

    async def ask(self, topic: str, question: Mapping[str, Any]) -> dict[str, Any]:
        if not self.online:
            raise SilentError("no network")
        if topic.endswith("$next/get"):
            open_ = self.status in {"QUEUED", "IN_PROGRESS"}
            return {"execution": {"jobId": "j-1", "jobDocument": self.document}} if open_ else {}
        if self.status not in {"QUEUED", "IN_PROGRESS"}:
            raise RefusedError("TerminalStateReached", "it is over")
        self.status, self.details = question["status"], question.get("statusDetails", {})
        return {}

    def install(self, _: Path, slot: Path) -> None:
        if self.breaks == "install":
            raise BundleError("it does not install: no such wheel")
        (slot / "bin").write_text("1.1")

    def fetch(self, url: str, to: Path, _: Manifest) -> Path:
        assert url == URL
        if self.breaks == "process":
            raise PowerCutError
        if self.breaks == "fetch":
            raise BundleError("the bundle is not the one that was signed")
        to.write_bytes(b"bundle")
        return to

    def unpack(self, _: Path, to: Path) -> Path:
        return durable.folder(to)

    def stop(self) -> None:
        self.down = True

    def boot(self) -> None:
        """Start as systemd does: the guard first, then whatever `current` points to."""
        while True:
            guard(self.slots.root)
            self.down = False
            version = (self.slots.root / self.slots.current / "bin").read_text()
            if version == "1.0" or self.starts_at_all:
                break
        here = Surroundings(
            idle=lambda: self.idle,
            healthy=lambda: self.healthy,
            devices=lambda: self.devices[version],
            restart=self.stop,
            clock=lambda: self.now,
        )
        how = Installing(fetch=self.fetch, unpack=self.unpack, install=self.install)
        running = running_version(self.slots, KEYS)
        assert running == version, "what runs is what was signed"
        self.updater = Updater(self.slots, Jobs("acme:hq-01", self.ask), KEYS, running, here, how)

    async def goes_on(self, looks: int = 6) -> None:
        for _ in range(looks):
            try:
                await self.updater.look()
            except (SilentError, RefusedError):
                continue
            if self.down:
                self.boot()

    @property
    def running(self) -> str:
        return (self.slots.root / self.slots.current / "bin").read_text()


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(tmp_path)


async def test_an_update_is_installed_beside_tried_and_reported(board: Board) -> None:
    await board.goes_on()
    assert (board.running, board.slots.current, board.status) == ("1.1", "b", "SUCCEEDED")
    assert board.slots.update is None
    assert reported_firmware(board.slots, KEYS, "toolcrib-edge 0.1.0") == "toolcrib-edge 1.1"
    assert {each.name for each in board.slots.root.iterdir()} == {"current", "a", "b"}


async def test_nobody_is_interrupted(board: Board) -> None:
    board.idle = False
    await board.goes_on()
    assert (board.running, board.status) == ("1.0", "IN_PROGRESS")
    update = board.slots.update
    assert update is not None
    assert update.phase is Phase.READY
    board.idle = True
    await board.goes_on()
    assert (board.running, board.status) == ("1.1", "SUCCEEDED")


@pytest.mark.parametrize("breaks", ["fetch", "install"])
async def test_what_does_not_install_is_reported_and_the_bank_runs_on(board: Board, breaks: str) -> None:
    board.breaks = breaks
    await board.goes_on()
    assert (board.running, board.status) == ("1.0", "FAILED")
    assert board.details["why"]
    assert board.slots.update is None


async def test_what_does_not_connect_in_time_is_turned_back(board: Board) -> None:
    board.healthy = False
    await board.goes_on(3)
    assert board.running == "1.1"
    board.now += HEALTHY_WITHIN_S
    await board.goes_on(1)
    assert board.running == "1.1", "not a second before its time"
    board.now += 1
    board.online = False
    await board.goes_on()
    assert board.running == "1.0"
    board.online, board.healthy = True, True
    await board.goes_on()
    assert (board.status, "300 s" in board.details["why"]) == ("FAILED", True)
    assert board.running == "1.0", "a job that failed is not begun again"


@pytest.mark.parametrize(
    ("answering", "version", "said"),
    [({"locks"}, "1.0", "and reader answering"), ({"locks", "reader"}, "1.1", None), (set(), "1.0", "locks, reader")],
)
async def test_software_that_loses_a_device_is_turned_back(
    board: Board, answering: set[str], version: str, said: str | None
) -> None:
    board.devices["1.1"] = frozenset(answering)
    await board.goes_on(3)
    board.now += HEALTHY_WITHIN_S + 1
    await board.goes_on()
    assert board.running == version
    assert (said is None) == (board.status == "SUCCEEDED")
    assert said is None or said in board.details["why"]


async def test_the_earlier_software_does_not_judge_the_new_one_while_it_ends(board: Board) -> None:
    await board.updater.look()
    await board.updater.look()
    assert board.down
    for _ in range(3):
        await board.updater.look()
    update = board.slots.update
    assert update is not None
    assert (update.phase, board.status) == (Phase.TRIAL, "IN_PROGRESS")
    await board.updater.run()


async def test_an_update_that_ends_the_banks_process_whenever_it_is_installed_is_given_up(board: Board) -> None:
    board.breaks = "process"
    for _ in range(MOST_TRIES):
        with pytest.raises(PowerCutError):
            await board.updater.look()
        board.boot()
    await board.goes_on()
    assert (board.running, board.status) == ("1.0", "FAILED")
    assert "ended 3 times" in board.details["why"]


async def test_what_does_not_even_start_is_turned_back_by_the_guard(board: Board) -> None:
    board.starts_at_all = False
    await board.goes_on()
    assert (board.running, board.status) == ("1.0", "FAILED")
    assert f"started {MOST_STARTS} times" in board.details["why"]


@pytest.mark.parametrize(
    ("document", "status", "why"),
    [
        ({"manifest": manifest(kid="thief")}, "REJECTED", "not signed"),
        ({"manifest": "x"}, "REJECTED", "not signed"),
        ({"kind": "another"}, "REJECTED", "no update"),
        ({"url": 5}, "REJECTED", "no update"),
        ({"manifest": manifest("1.0")}, "SUCCEEDED", "runs already"),
    ],
)
async def test_what_is_no_update_for_this_board_is_refused(
    tmp_path: Path, document: dict[str, Any], status: str, why: str
) -> None:
    board = Board(tmp_path, **document)
    await board.goes_on()
    assert (board.running, board.status) == ("1.0", status)
    assert why in board.details["why"]
    assert not (board.slots.root / "b").exists()


async def test_a_release_says_what_may_never_follow_it(tmp_path: Path) -> None:
    board = Board(tmp_path, manifest=manifest("1.1", least="1.1"))
    await board.goes_on()
    assert board.slots.least == "1.1"
    board.document["manifest"], board.status = manifest("1.0"), "QUEUED"
    await board.goes_on()
    assert (board.running, board.status) == ("1.1", "REJECTED")
    assert "older than 1.1" in board.details["why"]
    board.slots.raise_least("0.5")
    assert board.slots.least == "1.1"


async def test_a_job_that_was_taken_back_is_forgotten(board: Board) -> None:
    board.idle = False
    await board.goes_on()
    board.status, board.idle = "CANCELED", True
    await board.goes_on()
    assert board.slots.update is None


def test_software_that_nobody_signed_says_so(tmp_path: Path) -> None:
    slots = Slots(tmp_path)
    assert reported_firmware(slots, KEYS, "toolcrib-edge 0.1.0") == "toolcrib-edge 0.1.0 (unsigned)"
    Board._fill(tmp_path / "a", "2.0")
    assert reported_firmware(slots, {}, "toolcrib-edge 0.1.0") == "toolcrib-edge 0.1.0 (unsigned)"
    assert reported_firmware(slots, KEYS, "-") == "toolcrib-edge 2.0"


def test_the_running_slot_is_never_cleared(board: Board) -> None:
    with pytest.raises(ValueError, match="running"):
        board.slots.cleared("a")


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("ends", ["works", "never connects", "does not install"])
async def test_a_power_cut_at_any_step_leaves_a_slot_that_runs_and_a_job_that_ends(
    tmp_path: Path, ends: str, before: bool
) -> None:
    async def story(board: Board) -> None:
        board.healthy = ends != "never connects"
        board.breaks = "install" if ends == "does not install" else None
        for _ in range(4):
            await board.goes_on(3)
            board.now += HEALTHY_WITHIN_S + 1

    with power_cut(-1, before=True) as steps:
        await story(Board(tmp_path / "whole"))
    begun = len(steps)
    assert begun > 8
    for at in range(4, begun):  # the first four make the board
        board = Board(tmp_path / str(at))
        with power_cut(at - 4, before=before):
            try:
                await story(board)
            except PowerCutError:
                assert board.running in {"1.0", "1.1"}
        board.boot()
        await story(board)
        wanted = ("1.1", "SUCCEEDED") if ends == "works" else ("1.0", "FAILED")
        assert (board.running, board.status) == wanted, f"cut {at} ({steps[at]})"
        assert board.slots.update is None
