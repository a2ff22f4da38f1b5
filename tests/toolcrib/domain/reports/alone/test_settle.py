"""Reports of a bank that was alone, beyond a door that was shut again: noted once, and nobody is blamed for a door."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import BEFORE, HERE, NOW, became, change_of, door, drill, grant, report, scene
from toolcrib.domain.cases import CaseKind
from toolcrib.domain.doors import Bank, Content, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.offline.use import ToldAlone, Use, UseKind
from toolcrib.domain.people import Person
from toolcrib.domain.record import replace
from toolcrib.domain.reports.alone.moment import then
from toolcrib.domain.reports.alone.settle import settle
from toolcrib.domain.reports.scene import Outcome
from toolcrib.domain.states import Move, State

BANK = Bank(id="hq-01", site="hq", evidence=Evidence.TAGS, mode=Mode.EXPRESS)
TOLD = ToldAlone(bank="hq-01", report="up-1")
HEARD = {"seqs": ((2, 7),), "version": 10}
AFTER = NOW + timedelta(seconds=1)
KINDS = pytest.mark.parametrize("kind", list(UseKind))


def use(kind: UseKind) -> Use:
    return Use(kind=kind, roster="r-1", bank=BANK, asset="drill-1", person=Person(id="ana", name="Ana"))


def alone(outcome: Outcome) -> Any:
    return report(outcome, grant=None, evidence=Evidence.TAGS)


@KINDS
@pytest.mark.parametrize("outcome", [Outcome.OPENED, Outcome.NOT_OPENED])
def test_what_moves_nothing_is_noted_as_heard(kind: UseKind, outcome: Outcome) -> None:
    at = door(drill())
    got = settle(scene(alone(outcome), at, drill()), use(kind))
    change = change_of(got)
    assert (got.name, got.told, change.alone, change.guard) == (f"alone_{outcome}", (), TOLD, False)
    assert (change.events, change.cases, change.loans) == ((), (), ())
    assert became(at, change.doors[0]) == HEARD


@KINDS
def test_a_jam_counts_as_any(kind: UseKind) -> None:
    got = settle(scene(alone(Outcome.JAMMED), door(drill()), drill()), use(kind))
    change = change_of(got)
    assert (got.name, change.alone) == ("alone_jammed", TOLD)
    assert [(each.kind, each.person) for each in change.cases] == [(CaseKind.JAMMED, None)]
    assert len(change.doors[0].jams) == 1


@KINDS
def test_a_forced_door_is_forced_and_nobody_is_blamed(kind: UseKind) -> None:
    got = settle(scene(alone(Outcome.FORCED), door(drill()), drill()), use(kind))
    change = change_of(got)
    assert (got.name, change.alone, change.guard) == ("forced", TOLD, True)
    assert [(each.move, each.state, each.to, each.person) for each in change.events] == [
        (Move.FORCED, State.UNCONFIRMED, HERE, None)
    ]
    assert [(each.kind, each.person) for each in change.cases] == [(CaseKind.FORCED, None)]
    assert change.doors[0].unlendable == "forced"


@KINDS
def test_a_door_left_open_is_a_case_about_the_door(kind: UseKind) -> None:
    at = door(drill(), since=BEFORE)
    got = settle(scene(alone(Outcome.LEFT_OPEN), at, drill()), use(kind))
    change = change_of(got)
    assert (got.name, change.alone, change.events) == ("left_open", TOLD, ())
    assert [(each.kind, each.person) for each in change.cases] == [(CaseKind.LEFT_OPEN, None)]
    assert became(at, change.doors[0]) == {**HEARD, "physical": "left_open"}


def test_what_a_bank_told_of_the_moment_is_without_the_grant_and_the_things_that_came_since() -> None:
    later = replace(door(drill(), grant=grant()), contents=(Content.of(drill(), NOW), Content.of(drill(2), AFTER)))
    seen = then(scene(alone(Outcome.CLOSED), later, drill(), drill(2)))
    assert ([each.asset for each in seen.door.contents], seen.door.grant) == (["drill-1"], None)
