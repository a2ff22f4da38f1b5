"""Which unit, in the order of rules.md, and the reason for it."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Bank, Content, Door, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.units import Chosen, best, units
from toolcrib.domain.upkeep import Charging, charge_class, charged

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
LAMP = AssetType(id="lamp", name="Lamp", category="tools", charging=Charging(minimum=40, time=4 * HOUR))
PLAIN = AssetType(id="saw", name="Saw", category="tools")
TYPES = {"lamp": LAMP, "saw": PLAIN}


def door(number: int, kind: str = "lamp", *, features: tuple[str, ...] = (), **facts: Any) -> Door:
    content = Content(asset=f"{kind}-{number}", type=kind, name="", since=NOW - HOUR, **facts)
    return Door(bank="hq-01", number=number, contents=(content,), features=features)


def chosen(*doors: Door, bad: frozenset[str] = frozenset()) -> Chosen:
    bank = Bank(id="hq-01", site="hq", evidence=Evidence.TAGS, mode=Mode.KIOSK, doors=doors)
    (of_kind,) = units(bank, TYPES, NOW).values()
    found = best(of_kind, lambda unit: unit.content.asset not in bad, passes=bool)
    assert found is not None
    return found[0]


FULL = {"charge": 100, "charge_at": NOW}
HALF = {"charge": 60, "charge_at": NOW}
LATELY, LONG_AGO = {"lent_at": NOW - 2 * HOUR}, {"lent_at": NOW - 9 * HOUR}
ORDERS = [
    ("the fuller one", [door(1, **HALF), door(2, **FULL)], 2, "charge"),
    ("charge before rest", [door(1, **HALF), door(2, **FULL, **LATELY)], 2, "charge"),
    ("of one class the percentage does not matter", [door(1, **HALF), door(2, charge=80, charge_at=NOW)], 1, "door"),
    ("a charger tells", [door(1), door(2, features=("charging",), charge=75, charge_at=NOW - HOUR)], 2, "charge"),
    ("the one lent longest ago", [door(1, "saw", **LATELY), door(2, "saw", **LONG_AGO)], 2, "rested"),
    ("what was never lent", [door(1, "saw", **LONG_AGO), door(2, "saw")], 2, "rested"),
    ("the lowest door", [door(3, "saw"), door(2, "saw")], 2, "door"),
    ("rest before door", [door(1, "saw", **LATELY), door(2, "saw", **LONG_AGO), door(3, "saw", **LATELY)], 2, "rested"),
    ("the only one", [door(7, "saw")], 7, "only"),
]


@pytest.mark.parametrize(("doors", "number", "why"), [case[1:] for case in ORDERS], ids=[case[0] for case in ORDERS])
def test_the_order_of_choice(doors: list[Door], number: int, why: str) -> None:
    for order in permutations(doors):
        found = chosen(*order)
        assert (found.unit.door.number, found.why) == (number, why)


def test_what_does_not_pass_is_passed_over_and_said_so() -> None:
    found = chosen(door(1, "saw"), door(2, "saw"), door(3, "saw"), bad=frozenset({"saw-1"}))
    assert found.detail == "saw-2 in door 2: the lowest door, before saw-3 in door 3; 1 before it may not be taken"
    last = chosen(door(1, "saw"), door(2, "saw"), bad=frozenset({"saw-1"}))
    assert last.detail == "saw-2 in door 2: no other is left; 1 before it may not be taken"


def test_where_nothing_passes_the_first_is_judged() -> None:
    found = chosen(door(1, "saw"), door(2, "saw"), bad=frozenset({"saw-1", "saw-2"}))
    assert found.unit.door.number == 1


def test_the_reason_tells_what_was_compared() -> None:
    assert chosen(door(1, **HALF), door(2, **FULL)).detail == "lamp-2 in door 2: charged full, lamp-1 in door 1 enough"
    rested = chosen(door(1, "saw", **LONG_AGO), door(2, "saw"))
    assert rested.detail == "saw-2 in door 2: last lent never, saw-1 in door 1 2026-11-20T00:00:00Z"


def test_a_door_that_is_locked_and_a_type_nobody_described_offer_nothing() -> None:
    shut = Door(bank="hq-01", number=1, contents=door(1).contents, unlendable="forced")
    rocket = Content(asset="r", type="rocket", name="", since=NOW)
    doors = (shut, Door(bank="hq-01", number=2, contents=(rocket,)))
    bank = Bank(id="hq-01", site="hq", evidence=Evidence.TAGS, mode=Mode.KIOSK, doors=doors)
    assert units(bank, TYPES, NOW) == {}


facts = st.fixed_dictionaries(
    {
        "charge": st.integers(0, 100),
        "charge_at": st.just(NOW),
        "lent_at": st.none() | st.integers(0, 3).map(lambda h: NOW - h * HOUR),
    }
)


@given(st.lists(facts, min_size=1, max_size=6))
def test_the_chosen_one_comes_before_every_other(many: list[dict[str, Any]]) -> None:
    doors = [door(number, **each) for number, each in enumerate(many, start=1)]
    unit = chosen(*doors).unit
    for other in doors:
        content = other.contents[0]
        level = charge_class(LAMP.charging, charged(LAMP.charging or Charging(minimum=0), content, NOW))
        assert unit.charge >= level
        if unit.charge == level and content.lent_at != unit.content.lent_at:
            assert unit.content.lent_at is None or (content.lent_at and unit.content.lent_at < content.lent_at)
        elif unit.charge == level:
            assert unit.door.number <= other.number


def test_what_would_use_something_up_is_spared_while_another_does_without() -> None:
    doors = tuple(
        Door(bank="hq-01", number=number, contents=(Content(asset=f"lamp-{number}", type="lamp", name="", since=NOW),))
        for number in (1, 2, 3)
    )
    bank = Bank(id="hq-01", site="hq", evidence=Evidence.TAGS, mode=Mode.KIOSK, doors=doors)
    (of_kind,) = units(bank, TYPES, NOW).values()

    def found(*, dear: set[str], bad: set[str]) -> str:
        picked = best(
            of_kind,
            lambda unit: unit.content.asset,
            passes=lambda asset: asset not in bad,
            costs=lambda asset: asset in dear,
        )
        assert picked is not None
        return picked[1]

    assert found(dear={"lamp-1"}, bad=set()) == "lamp-2"
    assert found(dear={"lamp-1", "lamp-2", "lamp-3"}, bad={"lamp-1"}) == "lamp-2"
    assert found(dear=set(), bad={"lamp-1", "lamp-2", "lamp-3"}) == "lamp-1"
