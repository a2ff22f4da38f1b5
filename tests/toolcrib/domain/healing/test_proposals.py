"""What each combination of record and sight comes to, row by row (the table of healing/proposals.py)."""

from itertools import product

import pytest

from tests.support.workplace import drill
from toolcrib.domain.assets import Custodian
from toolcrib.domain.findings import Finding, Repair
from toolcrib.domain.healing.proposals import TABLE, Applied, Place, Proposal, Sight, place_of, repair
from toolcrib.domain.states import Move, State

P, S, A = Place, Sight, Applied

SPEC = """
stowed       here       here     agrees       -                never
stowed       here       nowhere  ghost        declare_missing  never
stowed       next_door  here     wrong_door   reconciled       yes
stowed       elsewhere  here     stray        stow             never
in_repair    here       here     agrees       -                never
in_repair    here       nowhere  ghost        declare_missing  never
in_repair    next_door  here     wrong_door   stow             never
in_repair    elsewhere  here     stray        stow             never
on_loan      elsewhere  here     stray        stow             never
stored       elsewhere  here     stray        stow             never
missing      elsewhere  here     stray        stow             never
lost         elsewhere  here     stray        stow             never
retired      elsewhere  here     stray        -                never
unconfirmed  here       here     ghost        reconciled       if_alone
unconfirmed  next_door  here     wrong_door   reconciled       if_alone
unconfirmed  elsewhere  here     stray        stow             never
unconfirmed  here       nowhere  ghost        declare_missing  never
unconfirmed  next_door  nowhere  ghost        declare_missing  never
unconfirmed  elsewhere  nowhere  ghost        declare_missing  never
"""
"""State, where it is on record, where it is seen -> finding, proposed move, whether it is made by itself."""
KEPT_BY_NO_DOOR = (State.ON_LOAN, State.STORED, State.MISSING, State.LOST, State.RETIRED)


def rows() -> dict[tuple[State, Place, Sight], Proposal]:
    found = {}
    for line in SPEC.strip().splitlines():
        state, place, sight, finding, move, applied = line.split()
        known = Proposal(finding=Finding(finding), move=None if move == "-" else Move(move), applied=Applied(applied))
        found[State(state), Place(place), Sight(sight)] = known
    return found


@pytest.mark.parametrize("row", sorted(rows()))
def test_a_row_is_as_it_is_written(row: tuple[State, Place, Sight]) -> None:
    assert TABLE[row] == rows()[row]


def test_the_table_is_total() -> None:
    assert set(TABLE) == set(product(State, Place, Sight))


@pytest.mark.parametrize(("state", "place"), sorted(product(State, Place)))
def test_what_is_seen_twice_is_for_a_person_whatever_is_on_record(state: State, place: Place) -> None:
    assert TABLE[state, place, S.TWICE] == Proposal(finding=Finding.DOUBLE_SEEN)


@pytest.mark.parametrize(("state", "place"), sorted(product(KEPT_BY_NO_DOOR, Place)))
def test_what_no_door_has_on_record_and_no_reader_sees_agrees(state: State, place: Place) -> None:
    assert TABLE[state, place, S.NOWHERE].finding is Finding.AGREES


def test_only_what_is_stowed_or_was_only_missed_is_ever_mended_by_itself() -> None:
    mended = {row for row, each in TABLE.items() if each.applied is not A.NEVER}
    assert mended == {
        (State.STOWED, P.NEXT_DOOR, S.HERE),
        (State.UNCONFIRMED, P.HERE, S.HERE),
        (State.UNCONFIRMED, P.NEXT_DOOR, S.HERE),
    }
    assert {TABLE[row].move for row in mended} == {Move.RECONCILED}


def test_nothing_on_loan_and_nothing_given_up_moves_by_itself() -> None:
    for state, place, sight in product((State.ON_LOAN, State.MISSING, State.LOST, State.IN_REPAIR), Place, Sight):
        assert TABLE[state, place, sight].applied is A.NEVER


def test_places_are_told_as_the_door_sees_them_that_speaks() -> None:
    at = {
        Place.HERE: Custodian.at_door("hq-01", 2),
        Place.NEXT_DOOR: Custodian.at_door("hq-01", 3),
        Place.ELSEWHERE: Custodian.at_door("hq-02", 2),
    }
    for place, custodian in at.items():
        assert place_of(drill(custodian=custodian), "hq-01", 2) is place
    for custodian in (Custodian.person("p-1"), Custodian.workshop(), Custodian.nobody(), Custodian.site("hq")):
        assert place_of(drill(custodian=custodian), "hq-01", 2) is Place.ELSEWHERE


def test_what_a_person_may_carry_out_is_a_stowing_where_it_is_seen() -> None:
    lent = drill(state=State.ON_LOAN, custodian=Custodian.person("p-1"))
    assert repair(lent, "hq-01", 2, S.HERE) == Repair(finding=Finding.STRAY, move=Move.STOW, bank="hq-01", door=2)
    doubted = drill(state=State.UNCONFIRMED, custodian=Custodian.at_door("hq-01", 1))
    assert repair(doubted, "hq-01", 2, S.HERE).move is Move.STOW
    assert repair(doubted, "hq-01", 2, S.TWICE).move is None


def test_only_what_was_not_seen_mends_itself_when_it_is() -> None:
    stowed = drill(state=State.STOWED, custodian=Custodian.at_door("hq-01", 1))
    assert repair(stowed, "hq-01", 1, S.NOWHERE, alone=True).alone
    assert not repair(stowed, "hq-01", 2, S.HERE, alone=True).alone
