"""What lies uncharged where it does not charge: who has to be told, and when that is over."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.schedules.low_charge import PATIENCE, Stay, called_for, over, resolved, stays
from tests.support.workplace import DRILL, NOW, bank
from toolcrib.domain.assets import AssetType
from toolcrib.domain.cases import Case, CaseState
from toolcrib.domain.doors import (
    BANK_REVOKED,
    IN_REPAIR,
    QUARANTINED,
    BankState,
    Content,
    Door,
    Grant,
    GrantState,
    Purpose,
)
from toolcrib.domain.record import replace
from toolcrib.domain.upkeep import CHARGES, Charging

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
HERE = NOW - 3 * HOUR
TYPES = {"drill": replace(DRILL, charging=Charging(minimum=40, time=2 * HOUR))}
UNTIMED = {"drill": replace(DRILL, charging=Charging(minimum=40))}
CHARGER = {"features": (CHARGES,)}
LIVE = Grant(id="g", purpose=Purpose.TAKE, state=GrantState.ISSUED, authorised_at=NOW, expires_at=NOW)

Fields = dict[str, Any]
Types = dict[str, AssetType]


def stay(door: Fields | None = None, state: BankState = BankState.ACTIVE, **more: Any) -> Stay:
    """A drill lies in door 3 for three hours; `more` are fields of what the door says of it."""
    thing = Content(**{"asset": "drill-1", "type": "drill", "name": "Drill 1", "since": HERE, **more})
    where = Door(bank="hq-01", number=3, contents=(thing,), **(door or {}))
    return Stay(bank=replace(bank(state=state), doors=(where,)), door=where, thing=thing)


def opened(of: Stay) -> Case:
    case = called_for(of, TYPES, NOW)
    assert case is not None
    return case


def test_what_lies_uncharged_without_a_charger_is_a_case_that_says_what_and_where() -> None:
    case = opened(stay(charge=20, charge_at=HERE))
    assert (case.kind, case.site, case.bank, case.door, case.asset) == ("low_charge", "hq", "hq-01", 3, "drill-1")
    assert (case.state, case.opened_at, case.version) == (CaseState.OPEN, NOW, 1)
    assert case.detail == "20 % < 40 %"


CALLS: list[tuple[str, Fields, Fields, Types]] = [
    ("nobody ever stated its charge", {}, {}, TYPES),
    ("it was full once, then lent", {}, {"charge": 90, "charge_at": HERE - HOUR, "lent": 1}, TYPES),
    ("a percent too low", {}, {"charge": 39, "charge_at": HERE}, TYPES),
    ("other features do not charge", {"features": ("cooled",)}, {}, TYPES),
    (
        "measured long after a charger should have filled it",
        CHARGER,
        {"charge": 20, "charge_at": NOW - HOUR / 2},
        TYPES,
    ),
    ("measured as its full time ended", CHARGER, {"charge": 39, "charge_at": HERE + 2 * HOUR}, TYPES),
    ("a charger that nobody knows the time of", CHARGER, {"charge": 20, "charge_at": HERE}, UNTIMED),
]


@pytest.mark.parametrize(("door", "thing", "types"), [each[1:] for each in CALLS], ids=[each[0] for each in CALLS])
def test_a_case_is_called_for(door: Fields, thing: Fields, types: Types) -> None:
    assert called_for(stay(door, **thing), types, NOW) is not None
    assert over(stay(door, **thing), types, NOW) is None


SPARED: list[tuple[str, Fields, Fields, Types, str]] = [
    ("charged just enough", {}, {"charge": 40, "charge_at": HERE}, TYPES, "charged"),
    ("its charger is at it", CHARGER, {"since": NOW - HOUR / 2}, TYPES, "charging"),
    ("its charger has been at it for long", CHARGER, {"charge": 0, "charge_at": HERE}, TYPES, "charged"),
    ("measured as it came, hours ago", CHARGER, {"since": NOW - 50 * HOUR}, TYPES, "charged"),
    (
        "measured a second before its full time ended",
        CHARGER,
        {"charge": 5, "charge_at": HERE + 2 * HOUR - SECOND},
        TYPES,
        "charged",
    ),
    ("stated enough after its full time", CHARGER, {"charge": 60, "charge_at": NOW}, TYPES, "charged"),
    ("its type has no minimum", {}, {}, {"drill": DRILL}, "needs no charge"),
    ("its type is not known", {}, {}, {}, "needs no charge"),
    ("it waits for the workshop", {"unlendable": IN_REPAIR}, {}, TYPES, "in repair"),
]


@pytest.mark.parametrize(
    ("door", "thing", "types", "why"), [each[1:] for each in SPARED], ids=[each[0] for each in SPARED]
)
def test_nobody_is_told_and_a_case_is_over(door: Fields, thing: Fields, types: Types, why: str) -> None:
    assert called_for(stay(door, **thing), types, NOW) is None
    assert over(stay(door, **thing), types, NOW) == why


def test_a_charger_that_does_not_charge_stays_a_case_however_late_anybody_looks() -> None:
    idle = stay(CHARGER, charge=20, charge_at=NOW)
    for hours in (0, 1, 50, 5000):
        assert over(idle, TYPES, NOW + hours * HOUR) is None


@pytest.mark.parametrize(
    ("door", "state"),
    [
        ({"unlendable": QUARANTINED}, BankState.ACTIVE),
        ({"unlendable": BANK_REVOKED}, BankState.REVOKED),
        ({}, BankState.REVOKED),
        ({}, BankState.PLANNED),
        ({"grant": LIVE}, BankState.ACTIVE),
    ],
)
def test_what_cannot_be_lent_anyway_opens_none_and_an_open_one_stays(door: Fields, state: BankState) -> None:
    assert called_for(stay(door, state), TYPES, NOW) is None
    assert over(stay(door, state), TYPES, NOW) is None


def test_whoever_puts_it_in_has_ten_minutes_to_state_its_charge() -> None:
    assert called_for(stay(since=NOW - PATIENCE + SECOND), TYPES, NOW) is None
    assert called_for(stay(since=NOW - PATIENCE), TYPES, NOW) is not None


def test_a_stay_has_one_case_whoever_looks_and_whenever() -> None:
    case = opened(stay())
    later = called_for(stay(charge=10, charge_at=NOW), TYPES, NOW + HOUR)
    assert later is not None
    assert later.id == case.id == stay().case


@pytest.mark.parametrize("other", [{"asset": "drill-2"}, {"since": HERE + SECOND}])
def test_another_thing_or_another_stay_is_another_case(other: Fields) -> None:
    assert stay(**other).case != stay().case


def test_all_that_lies_in_all_doors_is_looked_at() -> None:
    first, second = stay(), stay(asset="drill-2")
    shared = replace(first.door, contents=(first.thing, second.thing))
    elsewhere = replace(bank(id="dock-01"), doors=(Door(bank="dock-01", number=1),))
    found = stays([replace(first.bank, doors=(shared,)), elsewhere])
    assert found.keys() == {first.case, second.case}
    assert {each.door.number for each in found.values()} == {3}


def test_it_is_over_once_it_is_gone() -> None:
    assert over(None, TYPES, NOW) == "gone from there"


def test_a_case_answers_itself_and_says_why() -> None:
    case = opened(stay())
    done = resolved(case, "charged", NOW + HOUR)
    assert (done.id, done.state, done.version) == (case.id, CaseState.RESOLVED, 2)
    assert (done.resolution, done.resolved_by, done.resolved_at) == ("charged", "toolcrib", NOW + HOUR)
    assert done.effect is None
