"""Faults, services and charge: pure functions of what was stated and of time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolcrib.domain.doors import Content
from toolcrib.domain.upkeep import (
    ChargeClass,
    Charging,
    Condition,
    Service,
    charge_class,
    charged,
    service_due,
)

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SECOND, DAY, HOUR = timedelta(seconds=1), timedelta(days=1), timedelta(hours=1)
QUARTERLY = Service(every=timedelta(days=90))
BY_FIFTY = Service(loans=50)
TWO_HOURS = Charging(minimum=40, time=2 * HOUR)


def thing(**more: Any) -> Content:
    return Content(**{"asset": "drill-1", "type": "drill", "name": "Drill 1", "since": NOW - DAY, **more})


@pytest.mark.parametrize("word", ["scratched", "", "broken", "OK"])
def test_any_other_word_for_a_condition_is_a_minor_fault(word: str) -> None:
    assert Condition(word) is Condition.MINOR


@pytest.mark.parametrize(
    ("says", "service", "facts", "due"),
    [
        ("no service is asked for", None, {}, False),
        ("nothing counts", Service(), {"lent": 10**6}, False),
        ("a second before its day", QUARTERLY, {"serviced_at": NOW - timedelta(days=90) + SECOND}, False),
        ("at the moment itself", QUARTERLY, {"serviced_at": NOW - timedelta(days=90)}, True),
        ("nobody ever said that it was serviced", QUARTERLY, {}, True),
        ("one loan below", BY_FIFTY, {"lent": 149, "serviced_lent": 100}, False),
        ("as many loans", BY_FIFTY, {"lent": 150, "serviced_lent": 100}, True),
        ("more loans", BY_FIFTY, {"lent": 151, "serviced_lent": 100}, True),
        ("never serviced, one loan below", BY_FIFTY, {"lent": 49}, False),
        ("never serviced, as many loans", BY_FIFTY, {"lent": 50}, True),
        ("the loans come first", Service(every=DAY, loans=1), {"serviced_at": NOW, "lent": 1}, True),
        ("the date comes first", Service(every=DAY, loans=9), {"serviced_at": NOW - DAY, "lent": 1}, True),
        ("neither yet", Service(every=DAY, loans=9), {"serviced_at": NOW, "lent": 8}, False),
    ],
)
def test_a_service_is_due(says: str, service: Service | None, facts: dict[str, Any], *, due: bool) -> None:
    assert (service_due(service, thing(**facts), NOW) is not None) is due, says


def test_what_is_due_says_what_was_compared() -> None:
    assert service_due(BY_FIFTY, thing(lent=50), NOW) == "50 loans since its service, every 50"
    serviced = thing(serviced_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert service_due(Service(every=DAY), serviced, NOW) == "last serviced 2026-01-01T00:00:00Z, every 86400 s"


HERE = NOW - HOUR
CHARGES = [
    ("nobody ever stated it", {}, 0, 50),
    ("stated since it lies here", {"charge": 30, "charge_at": HERE + HOUR / 2}, 30, 55),
    ("stated this moment", {"charge": 30, "charge_at": NOW}, 30, 30),
    ("stated before it came, and never lent", {"charge": 30, "charge_at": HERE - DAY}, 30, 80),
    ("stated, then lent and returned", {"charge": 90, "charge_at": HERE - DAY, "lent": 1}, 0, 50),
    ("stated while it was out", {"charge": 90, "charge_at": HERE - SECOND, "lent": 1}, 0, 50),
    ("stated as it came back", {"charge": 90, "charge_at": HERE, "lent": 1}, 90, 100),
    ("full stays full", {"charge": 100, "charge_at": HERE}, 100, 100),
    ("stated later than now, by a clock that is ahead", {"charge": 10, "charge_at": NOW + HOUR}, 10, 10),
]


@pytest.mark.parametrize(
    ("facts", "without", "on_a_charger"), [case[1:] for case in CHARGES], ids=[case[0] for case in CHARGES]
)
def test_charge_rises_on_a_charger_and_nowhere_else(facts: dict[str, Any], without: int, on_a_charger: int) -> None:
    """It lies here for an hour, and two hours fill it."""
    assert charged(TWO_HOURS, thing(since=HERE, **facts), NOW, since=HERE) == without
    assert charged(TWO_HOURS, thing(since=HERE, **facts), NOW, since=HERE, charger=True) == on_a_charger


def test_a_type_without_a_time_does_not_charge_by_itself() -> None:
    untimed = Charging(minimum=40)
    assert charged(untimed, thing(charge=20, charge_at=HERE), NOW, since=HERE, charger=True) == 20


def test_what_lies_in_no_door_is_as_was_stated() -> None:
    assert charged(TWO_HOURS, thing(charge=70, charge_at=NOW - DAY, lent=1), NOW) == 70


@pytest.mark.parametrize(
    ("percent", "found"),
    [
        (0, ChargeClass.LOW),
        (39, ChargeClass.LOW),
        (40, ChargeClass.ENOUGH),
        (94, ChargeClass.ENOUGH),
        (95, ChargeClass.FULL),
        (100, ChargeClass.FULL),
    ],
)
def test_the_class_of_a_level(percent: int, found: ChargeClass) -> None:
    assert charge_class(TWO_HOURS, percent) is found
    assert charge_class(None, percent) is ChargeClass.ENOUGH


moments = st.integers(0, 400 * 86_400).map(lambda s: NOW + timedelta(seconds=s))


@given(
    st.integers(0, 100),
    st.booleans(),
    st.integers(1, 10**6),
    st.tuples(moments, moments, moments, moments).map(sorted),
)
def test_a_level_never_falls_while_it_lies_there_and_stays_a_percentage(
    charge: int, charger: bool, seconds: int, times: list[datetime]
) -> None:
    since, stated, earlier, later = times
    kind = Charging(minimum=50, time=timedelta(seconds=seconds))
    unit = thing(since=since, charge=charge, charge_at=stated)
    first = charged(kind, unit, earlier, since=since, charger=charger)
    then = charged(kind, unit, later, since=since, charger=charger)
    assert charge <= first <= then <= 100
    full = charged(kind, unit, stated + timedelta(seconds=seconds), since=since, charger=True)
    assert full == 100
