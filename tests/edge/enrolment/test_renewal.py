"""A running bank changes its certificate, or keeps it; whenever the power goes it has one that the cloud lets in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from edge.enrolment import identity
from edge.enrolment.calendar import due_at
from edge.enrolment.identity import Identity, certificate_id, read
from edge.enrolment.keys import fits, new_key
from edge.enrolment.questions import RefusedError, SilentError
from edge.enrolment.renewal import MOST_TRIES, Renewal
from tests.edge.cut_power import PowerCutError, power_cut
from tests.edge.enrolment.board import SINCE, TEMPLATE, Cloud, enrolled


class Wall:
    """A bank on a wall: the cloud knows which certificate is its own, and which is the next."""

    def __init__(self, root: Path, *, days: float = 400) -> None:
        self.cloud, self.root = Cloud(days=days), root
        self.cloud.let_in.append(self.id_of(enrolled(root, self.cloud, new_key())))
        self.present = self.shown
        self.now: datetime | None = SINCE + timedelta(days=days)
        self.idle, self.network = True, True
        self.renewal = self.boots()

    def boots(self) -> Renewal:
        self.renewal = Renewal(
            self.root, TEMPLATE, self.ask, now=lambda: self.now, idle=lambda: self.idle, attempt=self.attempt
        )
        return self.renewal

    async def ask(self, topic: str, question: Mapping[str, Any]) -> dict[str, Any]:
        if not self.network:
            raise SilentError("the bank is not connected")
        if self.shown != self.present:
            raise RefusedError("AccessDenied", "not with this certificate")
        return await self.cloud.ask(topic, question)

    async def attempt(self, _: Identity, place: Path) -> bool:
        """Connect with what lies in a folder: the cloud changes over when it is the one it let in last."""
        assert fits((place / "key.pem").read_bytes(), (place / "cert.pem").read_text())
        shown = certificate_id((place / "cert.pem").read_text())
        if not self.network or shown not in {self.present, self.cloud.let_in[-1]}:
            return False
        self.present = shown
        return True

    @staticmethod
    def id_of(who: Identity) -> str:
        return certificate_id(who.cert.read_text())

    @property
    def shown(self) -> str:
        return self.id_of(read(self.root))

    async def looks(self, times: int = 1) -> None:
        for _ in range(times):
            try:
                await self.renewal.look()
            except (RefusedError, SilentError):
                continue


@pytest.fixture
def wall(tmp_path: Path) -> Wall:
    return Wall(tmp_path)


async def test_a_bank_renews_when_it_is_due_with_a_new_key_and_the_same_secrets(wall: Wall) -> None:
    before = (read(wall.root).key.read_bytes(), read(wall.root).keys, wall.shown)
    assert await wall.renewal.look()
    who = read(wall.root)
    assert who.key.read_bytes() != before[0]
    assert who.keys == before[1]
    assert wall.shown == wall.present != before[2]
    assert fits(who.key.read_bytes(), who.cert.read_text())
    assert {each.name for each in wall.root.iterdir()} == {"current", wall.shown[:16]}


@pytest.mark.parametrize(
    ("days", "due"),
    [(90, 60), (300, 200), (547.5, 365), (8_000, 365)],
)
def test_it_is_due_when_a_third_of_its_life_is_left_or_after_a_year(tmp_path: Path, days: float, due: float) -> None:
    wall = Wall(tmp_path, days=days)
    assert due_at(read(wall.root).certificate) == SINCE + timedelta(days=due)


@pytest.mark.parametrize("why", ["not due", "no trusted time", "somebody stands there", "no network"])
async def test_nothing_is_changed_before_its_time(wall: Wall, why: str) -> None:
    before = wall.shown
    if why == "not due":
        wall.now = due_at(read(wall.root).certificate) - timedelta(seconds=1)
    elif why == "no trusted time":
        wall.now = None
    elif why == "somebody stands there":
        wall.idle = False
    else:
        wall.network = False
    await wall.looks(3)
    assert wall.shown == wall.present == before
    assert not wall.renewal.waiting
    assert len(wall.cloud.let_in) == 1


async def test_a_next_certificate_waits_for_the_network_and_is_not_asked_for_again(wall: Wall) -> None:
    attempt = wall.attempt

    async def cut_off(who: Identity, place: Path) -> bool:
        wall.network = False
        return await attempt(who, place)

    wall.renewal = Renewal(wall.root, TEMPLATE, wall.ask, now=lambda: wall.now, idle=lambda: True, attempt=cut_off)
    before = wall.shown
    await wall.looks()
    assert (wall.renewal.waiting, wall.shown) == (True, before)
    await wall.boots().look()
    wall.network = True
    assert await wall.renewal.look()
    assert (wall.shown, len(wall.cloud.let_in)) == (wall.present, 2)


async def test_a_next_certificate_that_is_never_let_in_gives_way_while_the_present_one_works(wall: Wall) -> None:
    await wall.renewal._let_in()
    wall.cloud.let_in.append("taken back")
    await wall.looks(MOST_TRIES - 1)
    assert wall.renewal.waiting
    assert await wall.renewal.look()
    assert wall.shown == wall.present == wall.cloud.let_in[-1]


async def test_a_next_certificate_is_kept_for_ever_while_there_is_no_network(wall: Wall) -> None:
    """The cloud may have changed over already: then it is the only one that holds."""
    await wall.renewal._let_in()
    wall.present = wall.cloud.let_in[-1]
    wall.network = False
    await wall.looks(3 * MOST_TRIES)
    wall.network = True
    await wall.looks(2)
    assert wall.shown == wall.present


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
async def test_a_power_cut_at_any_step_leaves_a_bank_that_renews_and_is_let_in(tmp_path: Path, before: bool) -> None:
    whole = Wall(tmp_path / "whole")
    with power_cut(-1, before=True) as steps:
        await whole.renewal.look()
    assert len(steps) > 6
    for at in range(len(steps)):
        wall = Wall(tmp_path / str(at))
        with power_cut(at, before=before), pytest.raises(PowerCutError):
            await wall.renewal.look()
        who = read(wall.root)
        assert fits(who.key.read_bytes(), who.cert.read_text())
        wall.boots()
        for _ in range(3):
            await wall.looks()
        assert wall.shown == wall.present, f"cut {at} ({steps[at]})"
        assert identity.read(wall.root).keys.kid == "3"
