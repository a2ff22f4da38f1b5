"""What a person can do at a bank right now: one list, pure, that every way of asking is judged by (rules.md)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.workplace import CREW, DRILL, FALLBACK, NOW, TOKEN, bank, person, site
from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Content, Door, Grant, GrantState, Mode, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.offers.offer import offer
from toolcrib.domain.offers.option import Offer, OptionKind
from toolcrib.domain.offers.returns import fitting_door
from toolcrib.domain.offers.thoughts import SECOND_THOUGHTS
from toolcrib.domain.people import Badge, Holding, LastReturn
from toolcrib.domain.record import replace
from toolcrib.domain.rulebook import RuleBook

SAW = AssetType(id="saw", name="Saw", category="tools", size="L")
BOOK = RuleBook(fallback=FALLBACK, groups={"crew": CREW}, sites={"hq": site()}, types={"drill": DRILL, "saw": SAW})
BADGE = Badge(id=TOKEN, person="p-1")
YESTERDAY = NOW - timedelta(days=1)
HOUR = timedelta(hours=1)


def holds(asset: str, *, kind: str = "drill", since: datetime = YESTERDAY, **more: Any) -> Content:
    return Content(asset=asset, type=kind, name=asset.title(), tag=None, since=since, **more)


def door(number: int, *contents: Content, **more: Any) -> Door:
    return Door(**{"bank": "hq-01", "number": number, "contents": contents, **more})


def held(**more: Any) -> Holding:
    given = {
        "asset": "drill-1",
        "type": "drill",
        "name": "Drill 1",
        "state": "open",
        "bank": "hq-01",
        "door": 1,
        "site": "hq",
        "since": NOW - HOUR,
        "until": NOW + HOUR,
        "evidence": Evidence.TAGS,
    }
    return Holding(**{**given, **more})


def live(state: GrantState = GrantState.ISSUED) -> Grant:
    return Grant(id="g", purpose=Purpose.TAKE, state=state, person="p-2", authorised_at=NOW, expires_at=NOW)


def offered(*doors: Door, mode: Mode = Mode.KIOSK, **who: Any) -> Offer:
    return offer(person(**who), BADGE, replace(bank(mode=mode), doors=doors), BOOK, NOW)


def ids(found: Offer) -> list[str]:
    """What can be done alone; handing over takes two."""
    return [option.id for option in found.options if option.kind is not OptionKind.HANDOVER]


def test_one_unit_of_each_type_is_offered_the_one_that_was_not_lent_for_longest() -> None:
    doors = (
        door(1, holds("drill-1", lent=1, lent_at=YESTERDAY)),
        door(2, holds("drill-2", lent=1, lent_at=YESTERDAY - HOUR)),
        door(3, holds("saw-1", kind="saw")),
    )
    found = offered(*doors)
    assert [(option.id, option.asset, option.door.number) for option in found.options] == [
        ("take:drill", "drill-2", 2),
        ("take:saw", "saw-1", 3),
    ]
    assert found.options[0].due_at == NOW + timedelta(hours=8)
    assert [remark.says for option in found.options for remark in option.remarks] == ["unit.rested", "unit.only"]
    verdict = found.options[0].verdict
    assert verdict is not None
    assert verdict.trace[-1].rule == "unit"


@pytest.mark.parametrize(
    ("says", "closed"),
    [
        ("somebody is at it", {"grant": live()}),
        ("it stands open", {"grant": live(GrantState.OPENED)}),
        ("it is locked", {"unlendable": "forced"}),
    ],
)
def test_nothing_is_offered_from_a_door_when(says: str, closed: dict[str, Any]) -> None:
    assert ids(offered(door(1, holds("drill-1"), **closed))) == [], says


def test_a_type_that_nobody_described_is_not_offered() -> None:
    assert offered(door(1, holds("rocket-1", kind="rocket"))) == Offer()


def test_what_is_refused_is_said_with_why() -> None:
    found = offered(door(1, holds("drill-1")), active=False)
    assert (ids(found), [(each.title, each.refusal.code) for each in found.refusals]) == (
        [],
        [("Cordless drill", "person_frozen")],
    )


def test_returns_come_first_by_when_they_are_due() -> None:
    loans = {"l-2": held(asset="b", until=NOW + 2 * HOUR), "l-1": held(asset="a", until=NOW + HOUR)}
    found = offered(door(1, holds("drill-9")), door(2), holdings=loans)
    assert ids(found) == ["return:l-1", "return:l-2", "take:drill"]


@pytest.mark.parametrize(
    ("state", "until", "back"),
    [
        ("open", NOW + HOUR, True),
        ("open", NOW - HOUR, True),
        ("pending", NOW + timedelta(seconds=10), False),
        ("pending", NOW, False),
        ("pending", NOW - timedelta(milliseconds=1), True),
        ("unconfirmed", NOW + HOUR, True),
    ],
)
def test_what_may_come_back(state: str, until: datetime, *, back: bool) -> None:
    found = offered(door(1), holdings={"l-1": held(state=state, until=until)})
    assert bool(found.of(OptionKind.RETURN)) == back


def test_what_was_last_seen_with_somebody_is_returned_without_a_loan_and_is_never_late() -> None:
    found = offered(door(1), holdings={"x.drill-1": held(state="unconfirmed")})
    (option,) = found.options
    assert (option.id, option.loan, option.due_at) == ("return:x.drill-1", None, None)


def test_what_fits_no_free_door_is_named() -> None:
    found = offered(door(1, holds("drill-9")), door(2, size="S"), holdings={"l-1": held()})
    assert (ids(found), [each.name for each in found.no_room]) == (["take:drill"], ["Drill 1"])


@pytest.mark.parametrize(("size", "number"), [("S", 2), ("M", 3), ("L", 5), ("XL", None), ("unheard-of", 2)])
def test_the_smallest_free_door_that_takes_it_lowest_number_first(size: str, number: int | None) -> None:
    doors = (
        door(1, holds("drill-1"), size="S"),
        door(2, size="S"),
        door(3, size="M"),
        door(4, size="M"),
        door(5, size="L"),
        door(6, size="XL", unlendable="quarantined"),
        door(7, size="XL", grant=live()),
    )
    found = fitting_door(replace(bank(), doors=doors), size)
    assert (found.number if found else None) == number


def test_a_door_for_two_takes_a_second() -> None:
    found = fitting_door(replace(bank(), doors=(door(1, holds("drill-1"), capacity=2),)), "M")
    assert found is not None


# --- second thoughts ---

FRESH = {"l-1": held(evidence=Evidence.DOOR_ONLY, since=NOW - SECOND_THOUGHTS)}
BACK = LastReturn(loan="l-1", bank="hq-01", door=1, at=NOW - SECOND_THOUGHTS, holding=held())


def thoughts(found: Offer) -> list[str]:
    return [option.id for option in found.options if option.kind in {OptionKind.NOT_TAKEN, OptionKind.NOT_RETURNED}]


def test_a_take_that_only_a_door_told_of_may_be_denied_for_a_minute_at_that_bank_with_a_screen() -> None:
    assert thoughts(offered(door(1), holdings=FRESH)) == ["not_taken:l-1"]


@pytest.mark.parametrize(
    ("says", "held_", "mode"),
    [
        ("a minute is over", held(evidence=Evidence.DOOR_ONLY, since=NOW - SECOND_THOUGHTS * 1.01), Mode.KIOSK),
        ("a sensor saw it", held(evidence=Evidence.PRESENCE, since=NOW), Mode.KIOSK),
        ("it was elsewhere", held(evidence=Evidence.DOOR_ONLY, since=NOW, bank="hq-02"), Mode.KIOSK),
        ("it is not out yet", held(evidence=Evidence.DOOR_ONLY, since=NOW, state="pending"), Mode.KIOSK),
        ("there is no screen", held(evidence=Evidence.DOOR_ONLY, since=NOW), Mode.EXPRESS),
    ],
)
def test_a_take_cannot_be_denied_when(says: str, held_: Holding, mode: Mode) -> None:
    assert thoughts(offered(door(1), mode=mode, holdings={"l-1": held_})) == [], says


def test_a_return_that_only_a_door_told_of_may_be_taken_back_for_a_minute() -> None:
    assert thoughts(offered(door(1, holds("drill-1")), last_return=BACK)) == ["not_returned:l-1"]


@pytest.mark.parametrize(
    ("says", "first", "last"),
    [
        ("a minute is over", door(1, holds("drill-1")), replace(BACK, at=NOW - SECOND_THOUGHTS * 1.01)),
        ("it was elsewhere", door(1, holds("drill-1")), replace(BACK, bank="hq-02")),
        ("it is not there any more", door(1), BACK),
        ("something else is there", door(1, holds("drill-2")), BACK),
        ("somebody is about to take it", door(1, holds("drill-1"), grant=live()), BACK),
        ("the door is gone", door(2, holds("drill-1")), BACK),
    ],
)
def test_a_return_cannot_be_taken_back_when(says: str, first: Door, last: LastReturn) -> None:
    assert thoughts(offered(first, last_return=last)) == [], says
