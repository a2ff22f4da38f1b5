"""A cut before and after every write of the journal, wherever a story stands (safety.md I7, I8, threat 10)."""

import sqlite3
from collections import Counter
from functools import partial
from itertools import count

import pytest

from edge.actions import Action, Unlock
from tests.edge.cuts import CutJournal, PowerCutError
from tests.edge.rig import Rig, only


class Witness(Rig):
    """Counts real pulses and keeps what the cloud could have received, over all boots of one story."""

    def did(self, actions: list[Action]) -> list[Action]:
        for unlock in only(actions, Unlock):
            self.pulsed[unlock.grant] += 1
            self.marked_first &= self.journal.is_used(unlock.grant)
        return super().did(actions)

    pulsed: Counter[str]
    marked_first: bool


def story(rig: Witness, *, presses_on: bool) -> None:
    """Boot, take with a second tap for the same grant, force a door, then end with a boot that lives."""
    rig.boot()
    first, second = rig.tap(), rig.tap()
    rig.command(first, jti="g1")
    rig.command(second, jti="g1")
    rig.ack(rig.move(3, is_open=True))
    rig.wait(5)
    rig.ack(rig.move(3, is_open=False))
    rig.command(None, jti="g2", door=4, purpose="service")
    rig.ack(rig.wait(20))
    rig.move(2, is_open=True)
    rig.move(2, is_open=False)
    if presses_on:
        rig.command(rig.tap(), jti="g1")


def witness(db: sqlite3.Connection, **journal: object) -> Witness:
    rig = Witness(db=db, journal=partial(CutJournal, **journal))  # type: ignore[arg-type]
    rig.pulsed, rig.marked_first = Counter(), True
    return rig


def rebooted(cut: Witness) -> Witness:
    rig = witness(cut.db, writes=count(), cut_at=-1, after=False)
    rig.mono_ms, rig.seen, rig.chance = cut.mono_ms, cut.seen, cut.chance
    rig.boot()
    return rig


def writes_of_the_story() -> int:
    numbers = count()
    story(witness(sqlite3.connect(":memory:"), writes=numbers, cut_at=-1, after=False), presses_on=True)
    return next(numbers)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("cut_at", range(writes_of_the_story()))
def test_a_cut_at_any_write_never_doubles_a_pulse_and_never_hides_a_used_grant(cut_at: int, after: bool) -> None:
    db = sqlite3.connect(":memory:")
    before = witness(db, writes=count(), cut_at=cut_at, after=after)
    with pytest.raises(PowerCutError):
        story(before, presses_on=True)
    used_at_cut = {grant for (grant,) in db.execute("SELECT grant_id FROM used WHERE settled = 0")}

    survivor = rebooted(before)
    survivor.command(survivor.tap(), jti="g1")
    survivor.wait(30)

    pulses = before.pulsed + survivor.pulsed
    assert all(times <= 1 for times in pulses.values()), pulses
    assert before.marked_first
    assert survivor.marked_first
    unresolved = [each["grant"] for each in survivor.sent(survivor.all, "door") if each["outcome"] == "unresolved"]
    assert set(unresolved) == used_at_cut
    assert survivor.journal.unsettled() == []


def test_every_boot_after_a_cut_numbers_its_own_reports_from_one() -> None:
    for cut_at in range(writes_of_the_story()):
        db = sqlite3.connect(":memory:")
        before = witness(db, writes=count(), cut_at=cut_at, after=True)
        with pytest.raises(PowerCutError):
            story(before, presses_on=False)
        survivor = rebooted(before)
        rows = db.execute("SELECT boot, seq FROM reports ORDER BY boot, seq").fetchall()
        mine = [seq for boot, seq in rows if boot == survivor.journal.boot]
        assert mine == list(range(1, len(mine) + 1))
