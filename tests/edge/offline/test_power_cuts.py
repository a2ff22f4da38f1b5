"""A cut before and after every write, while a bank lends by itself (safety.md I7, I8, I12, threat 10)."""

import sqlite3
from collections import Counter
from functools import partial
from itertools import count

import pytest

from edge.actions import Action, Unlock
from edge.display import Opening
from tests.edge.cuts import CutJournal, PowerCutError
from tests.edge.rig import only
from tests.edge.rosters import ANA, BEN, CLOUD_MS, DRILL, SAW, OfflineRig, body

FINAL = {"closed", "not_opened", "jammed", "unresolved"}


class Witness(OfflineRig):
    """Counts real pulses over all boots of one story."""

    pulsed: Counter[str]
    marked_first: bool

    def did(self, actions: list[Action]) -> list[Action]:
        for unlock in only(actions, Unlock):
            self.pulsed[unlock.grant] += 1
            self.marked_first &= self.journal.is_used(unlock.grant)
        return super().did(actions)


def witness(db: sqlite3.Connection, **journal: object) -> Witness:
    rig = Witness(db=db, journal=partial(CutJournal, **journal))  # type: ignore[arg-type]
    rig.pulsed, rig.marked_first = Counter(), True
    return rig


def story(rig: Witness) -> None:
    """Without a line somebody takes, another returns, a door is forced; a new roster comes after all is told."""
    rig.boot()
    rig.settle()
    rig.give()
    rig.lose_line()
    rig.shows(ANA)
    rig.use(1)
    rig.shows(BEN)
    rig.move(4, is_open=True)
    rig.move(2, is_open=True)
    rig.move(2, is_open=False)
    rig.see(4, SAW, is_open=True)
    rig.move(4, is_open=False)
    rig.shows(ANA)
    rig.wait(16)
    rig.back()
    rig.settle()
    rig.give(body(version="r2", made_ms=CLOUD_MS + rig.mono_ms + 60_000))


def writes_of_the_story() -> int:
    numbers = count()
    story(witness(sqlite3.connect(":memory:"), writes=numbers, cut_at=-1, after=False))
    return next(numbers)


def cut_story(cut_at: int, *, after: bool) -> Witness:
    rig = witness(sqlite3.connect(":memory:"), writes=count(), cut_at=cut_at, after=after)
    with pytest.raises(PowerCutError):
        story(rig)
    return rig


def rebooted(cut: Witness) -> Witness:
    rig = witness(cut.db, writes=count(), cut_at=-1, after=False)
    rig.mono_ms, rig.seen, rig.chance = cut.mono_ms, cut.seen, cut.chance
    rig.pulsed = cut.pulsed
    rig.boot(connect=False)
    return rig


CUTS = pytest.mark.parametrize(
    ("cut_at", "after"), [(number, after) for number in range(writes_of_the_story()) for after in (False, True)]
)


@CUTS
def test_a_cut_never_doubles_a_pulse_and_every_marked_dealing_ends_once(cut_at: int, after: bool) -> None:
    before = cut_story(cut_at, after=after)
    live = {grant for (grant,) in before.db.execute("SELECT grant_id FROM used WHERE settled = 0")}
    survivor = rebooted(before)
    ended = [each for each in survivor.told() if each[1] == "unresolved"]
    assert len(ended) == len(live)
    assert all(kind in {"take", "return"} for _, _, kind in ended)
    assert all(times == 1 for times in survivor.pulsed.values())
    assert before.marked_first
    assert not survivor.bank._dealings.live


@CUTS
def test_a_cut_never_gives_a_count_back(cut_at: int, after: bool) -> None:
    """Whoever took their one drill before the cut takes no second one after it, by the same roster."""
    before = cut_story(cut_at, after=after)
    took = any(
        dealt.body.count(b'"take"')
        for dealt in CutJournal(before.db, writes=count(), cut_at=-1, after=False).dealings()
    )
    survivor = rebooted(before)
    survivor.back()
    survivor.lose_line()
    screens = survivor.screens(survivor.shows(ANA))
    opened = [screen.purpose for screen in screens if isinstance(screen, Opening)]
    if took:
        assert "take" not in opened


@CUTS
def test_a_cut_loses_and_reorders_nothing(cut_at: int, after: bool) -> None:
    before = cut_story(cut_at, after=after)
    written = before.db.execute("SELECT id FROM reports WHERE offline = 1 ORDER BY boot, seq").fetchall()
    survivor = rebooted(before)
    survivor.back()
    survivor.settle()
    offline = [each["id"] for each in survivor.sent(survivor.all, "door") if "offline" in each]
    in_order = list(dict.fromkeys(offline))
    assert [id_ for (id_,) in written] == [id_ for id_ in in_order if (id_,) in set(written)]
    assert not survivor.bank.offline
    assert survivor.journal.depth() == 0


@CUTS
def test_a_roster_is_there_as_a_whole_or_not_at_all(cut_at: int, after: bool) -> None:
    survivor = rebooted(cut_story(cut_at, after=after))
    assert survivor.bank.roster is None or survivor.bank.roster.version in {"r1", "r2"}
    assert (survivor.journal.roster() is None) is (survivor.bank.roster is None)


def test_the_story_lends_and_takes_back() -> None:
    rig = witness(sqlite3.connect(":memory:"), writes=count(), cut_at=-1, after=False)
    story(rig)
    assert [(outcome, kind) for _, outcome, kind in rig.told() if outcome in FINAL] == [
        ("closed", "take"),
        ("closed", "return"),
        ("not_opened", "return"),
    ]
    assert DRILL not in (rig.seen[1].tags or ())
