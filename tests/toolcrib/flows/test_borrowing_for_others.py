"""Borrowing for a team or another person: by the other's rules, with both names on record."""

from typing import Any

import pytest

from tests.support.banks import FakeBank
from tests.support.outcomes import beside, stage
from tests.support.workplace import CREW, FALLBACK, OTHER_TOKEN, TOKEN, bank, drill, person, rules
from tests.support.world import Heard, World
from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import Group, GroupGrant, PersonKind
from toolcrib.domain.policies import Allowance, Match
from toolcrib.domain.record import replace

SAW = AssetType(id="saw", name="Saw", category="power")
TEAM = person(9, name="Night shift", kind=PersonKind.TEAM, groups=("night",))
NIGHT = Group(id="night", name="Night", grants=(GroupGrant(asset_types=("saw",)),))


@pytest.fixture
def kiosk(here: World) -> FakeBank:
    """A drill that person 1 may take, and a saw that only the night shift may; person 1 and 2 borrow for it."""
    rules(SAW, NIGHT)
    hq = stage(here, mode=Mode.KIOSK)
    beside(here, drill(2, type="saw", name="Saw 2"), number=2)
    here.meet(TEAM)
    here.meet(person(borrows_for=("p-9",)), TOKEN)
    here.meet(person(2, borrows_for=("p-9",)), OTHER_TOKEN)
    return hq


def options(shown: Heard) -> list[str]:
    return [option["option"] for option in shown.body["options"]]


def take(kiosk: FakeBank, token: str = TOKEN) -> str:
    opened = kiosk.choose(kiosk.tap(token), "take:saw@p-9")
    kiosk.does(opened, "closed", tags=[])
    return opened.grant


def test_it_is_the_others_loan_by_the_others_rules_and_says_who_took_it(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    assert options(shown) == ["take:drill", "take:saw@p-9"]
    assert shown.body["options"][1]["title"] == "Take Saw (Night shift)"
    loan = here.loan(take(kiosk))
    assert (loan.person, loan.by, loan.state) == ("p-9", "p-1", "open")
    assert here.asset("drill-2").custodian.id == "p-9"
    assert list(here.person("p-9").holdings) == [loan.id]
    assert list(here.person("p-1").holdings) == []
    event = here.events("drill-2")[-1]
    assert (event.move, event.person, event.detail["by"]) == ("taken", "p-9", "p-1")


def test_anybody_who_borrows_for_them_brings_it_back(here: World, kiosk: FakeBank) -> None:
    loan = take(kiosk)
    shown = kiosk.tap(OTHER_TOKEN)
    opened = kiosk.choose(shown, f"return:{loan}")
    kiosk.does(opened, "closed", tags=["E2000002"])
    assert (here.loan(loan).state, here.events("drill-2")[-1].person) == ("closed", "p-2")


def test_without_a_screen_it_comes_back_and_nothing_is_taken_for_another(here: World, kiosk: FakeBank) -> None:
    loan = take(kiosk)
    express = here.place(bank(id="hq-02"), stowed={1: drill(7, type="saw", name="Saw 7")})
    opened = express.tap(OTHER_TOKEN)
    assert (opened.claims["purpose"], opened.grant.split(".")[0]) == ("return", loan)
    express.does(opened, "closed", tags=["E2000002"])
    assert express.tap(OTHER_TOKEN).code == "no_access"


@pytest.mark.parametrize("mode", list(Mode))
def test_who_left_the_team_still_brings_back_what_it_has_and_takes_nothing_for_it(
    here: World, kiosk: FakeBank, mode: Mode
) -> None:
    loan = take(kiosk)
    here.change_person(mine(borrows_for=(), returns_for=("p-9",), active=False))
    there = here.place(bank(id="hq-02", mode=mode), stowed={1: drill(7, type="saw", name="Saw 7")})
    answer = there.tap()
    if mode is Mode.KIOSK:
        assert options(answer) == [f"return:{loan}"]
        answer = there.choose(answer, f"return:{loan}")
    there.does(answer, "closed", tags=["E2000002"])
    assert (here.loan(loan).state, here.events("drill-2")[-1].person) == ("closed", "p-1")


@pytest.mark.parametrize(
    ("says", "spoil", "code"),
    [
        ("the team has enough", lambda _: rules(limit(0)), "allowance_reached"),
        ("the team may not", lambda _: rules(replace(NIGHT, grants=())), "no_access"),
        ("the team is closed", lambda here: here.change_person(replace(TEAM, active=False)), "person_frozen"),
        ("they are frozen", lambda here: here.change_person(mine(active=False)), "person_frozen"),
        ("they do not borrow for it", lambda here: here.change_person(mine(borrows_for=())), "nothing_available"),
    ],
)
def test_what_stands_against_it_between_tap_and_choice(
    here: World, kiosk: FakeBank, says: str, spoil: Any, code: str
) -> None:
    shown = kiosk.tap()
    spoil(here)
    assert kiosk.choose(shown, "take:saw@p-9").code == code, says
    assert here.grant_or_none(2) is None


def test_ones_own_limit_does_not_count_for_the_other(here: World, kiosk: FakeBank) -> None:
    rules(limit(0, group="crew"))
    assert options(kiosk.tap()) == ["take:saw@p-9"]
    assert here.loan(take(kiosk)).person == "p-9"


def test_a_take_for_another_never_opens_by_itself(here: World, kiosk: FakeBank) -> None:
    rules(replace(CREW, grants=()))
    assert kiosk.tap().kind == "session"


def test_two_who_take_the_last_for_one_team_do_not_pass_its_limit(here: World, kiosk: FakeBank) -> None:
    rules(limit(1))
    beside(here, drill(3, type="saw", name="Saw 3"), number=3)
    one, other = kiosk.tap(), kiosk.tap(OTHER_TOKEN)
    assert kiosk.choose(one, "take:saw@p-9").kind == "open"
    assert kiosk.choose(other, "take:saw@p-9").code == "allowance_reached"


def limit(most: int, group: str = "night") -> Any:
    return replace(FALLBACK, id="few", match=Match(group=group), allowance=Allowance(total=most))


def mine(**more: Any) -> Any:
    return person(**{"borrows_for": ("p-9",), **more})
