"""Supervisors hear of what lies uncharged where it does not charge: once a stay, and until it is over."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.schedules import watch_banks, watch_charge
from tests.support.banks import FakeBank
from tests.support.http import Client, enter
from tests.support.outcomes import beside
from tests.support.workplace import DRILL, ORG, bank, drill, put_asset, put_bank, rules
from tests.support.world import World
from toolcrib.domain.cases import Case, CaseState, answered
from toolcrib.domain.record import replace
from toolcrib.domain.upkeep import CHARGES, Charging
from toolcrib.store import mapping
from toolcrib.store.cases import save_case

HOUR = timedelta(hours=1)
LAMP = replace(DRILL, charging=Charging(minimum=40, time=2 * HOUR))
TYPES = {"drill": LAMP}


def watch(here: World) -> int:
    return watch_banks.handle(ORG, now=here.now)["charges"]


def low(here: World) -> list[Case]:
    return [case for case in here.cases() if case.kind == "low_charge"]


def charges(here: World, number: int = 1) -> None:
    """Build a charger into a door."""
    mapping.door_item(ORG, replace(here.door(number), features=(CHARGES,))).save()


def admin(here: World) -> Client:
    enter("admin", "admin")
    return Client(at=here.now)


def states(here: World, charge: int) -> None:
    assert admin(here).patch("/assets/drill-1", {"charge": charge}, "*").status == 200


def take_out(here: World) -> None:
    assert admin(here).post("/assets/drill-1/move", {"move": "unstow", "reason": "to a charger"}).status == 200


def put_in(here: World, door: int = 1, asset: str = "drill-1") -> None:
    assert admin(here).post(f"/assets/{asset}/stow", {"bank": "hq-01", "door": door}).status == 200


@pytest.fixture
def hq(here: World) -> FakeBank:
    """A bank of four doors without chargers, with an uncharged drill in the first since yesterday."""
    rules(LAMP)
    here.site_has(supervisors=("boss",), channel="#hq")
    return here.place(bank(), stowed={1: drill(1)})


@pytest.fixture
def told(here: World, hq: FakeBank) -> Case:
    """It was told of."""
    assert watch(here) == 1
    (case,) = low(here)
    here.later(minutes=5)
    return case


def test_supervisors_are_told_what_lies_where_and_how_far_it_is_charged(here: World, told: Case) -> None:
    assert (told.asset, told.bank, told.door, told.site) == ("drill-1", "hq-01", 1, "hq")
    assert told.detail == "0 % < 40 %"
    notices = [notice for notice in here.notices() if notice.case == told.id]
    assert {notice.recipient for notice in notices} == {"boss", "#hq"}
    assert not any(notice.urgent for notice in notices)


def test_it_is_told_once_however_often_and_however_late_anybody_looks(here: World, told: Case) -> None:
    for _ in range(3):
        assert watch(here) == 0
        here.later(days=20)
    assert low(here) == [told]


def test_a_watch_that_comes_days_late_tells_the_same(here: World, hq: FakeBank) -> None:
    here.later(days=9)
    assert watch(here) == 1
    assert len(low(here)) == 1


def test_what_is_on_a_charger_is_told_to_nobody(here: World) -> None:
    rules(LAMP)
    here.place(bank(), features=(CHARGES,))
    put_asset(drill(1))
    put_in(here)
    here.later(minutes=5)
    states(here, 0)
    for _ in range(6):
        here.later(minutes=40)
        assert watch(here) == 0
    assert low(here) == []


def test_what_a_charger_should_have_filled_and_did_not_is_told(here: World) -> None:
    rules(LAMP)
    here.place(bank(), stowed={1: drill(1)}, features=(CHARGES,))
    assert watch(here) == 0
    states(here, 20)
    assert watch(here) == 1
    here.later(hours=5)
    assert watch(here) == 0
    states(here, 80)
    assert watch(here) == 1
    (case,) = low(here)
    assert (case.resolution, case.detail) == ("charged", "20 % < 40 %")


def test_what_was_taken_out_is_over(here: World, hq: FakeBank, told: Case) -> None:
    hq.does(here.open_remotely(1), "closed", tags=[])
    assert watch(here) == 1
    (case,) = low(here)
    assert (case.state, case.resolution, case.resolved_by) == (CaseState.RESOLVED, "gone from there", "toolcrib")
    assert watch(here) == 0


def test_a_charge_that_is_stated_ends_it_where_it_is_enough(here: World, told: Case) -> None:
    states(here, 39)
    assert watch(here) == 0
    states(here, 40)
    assert watch(here) == 1
    assert [case.resolution for case in low(here)] == ["charged"]


def test_a_charger_that_is_built_in_ends_it(here: World, told: Case) -> None:
    charges(here)
    assert watch(here) == 1
    assert [case.state for case in low(here)] == [CaseState.RESOLVED]


@pytest.mark.parametrize("types", [(DRILL,), (replace(LAMP, charging=Charging(minimum=1, time=HOUR)),)])
def test_a_type_that_needs_no_charge_or_less_ends_it(here: World, told: Case, types: tuple[Any, ...]) -> None:
    states(here, 1)
    rules(*types)
    assert watch(here) == 1
    assert [case.state for case in low(here)] == [CaseState.RESOLVED]


def test_moved_to_a_charging_door_it_is_over_and_not_told_anew(here: World, told: Case) -> None:
    charges(here, 2)
    take_out(here)
    put_in(here, 2)
    assert watch(here) == 1
    here.later(minutes=15)
    assert watch(here) == 0
    assert [case.resolution for case in low(here)] == ["gone from there"]


def test_another_thing_in_its_place_is_a_case_of_its_own(here: World, told: Case) -> None:
    take_out(here)
    put_asset(drill(2))
    put_in(here, asset="drill-2")
    assert watch(here) == 1
    here.later(minutes=10)
    assert watch(here) == 1
    assert [(case.asset, case.state) for case in low(here)] == [("drill-1", "resolved"), ("drill-2", "open")]


def test_the_same_thing_put_in_again_is_another_stay(here: World, told: Case) -> None:
    take_out(here)
    put_in(here)
    here.later(minutes=10)
    assert watch(here) == 2
    assert [(case.asset, case.state) for case in low(here)] == [("drill-1", "resolved"), ("drill-1", "open")]


def test_what_a_person_has_answered_is_not_told_again(here: World, told: Case) -> None:
    over = answered(told, resolution="known", by="p-9", at=here.now, note=None, effect=None)
    save_case(ORG, "answer", here.now, replace(over, version=2))
    assert watch(here) == 0
    assert [case.resolution for case in low(here)] == ["known"]


def test_in_a_revoked_bank_nothing_is_told_and_what_was_told_stays(here: World, told: Case) -> None:
    beside(here, drill(2), number=2)
    here.revoke()
    assert watch(here) == 0
    assert low(here) == [told]


def test_a_case_of_a_bank_that_was_not_looked_at_stays(here: World, told: Case) -> None:
    assert watch_charge.handle(ORG, [], TYPES, now=here.now) == 0
    put_bank(bank(id="dock-01", site="dock"))
    assert watch_charge.handle(ORG, [here.bank_record("dock-01")], TYPES, now=here.now) == 0
    assert low(here) == [told]


def test_types_that_need_no_charge_or_are_unknown_are_told_to_nobody(here: World) -> None:
    rules(LAMP)
    here.place(bank(), stowed={1: drill(1, type="saw"), 2: drill(2, type="")})
    assert watch(here) == 0


def test_a_look_at_a_charged_workplace_costs_one_query_more(here: World) -> None:
    rules(LAMP)
    here.place(bank(), stowed={1: drill(1, charge=80, charge_at=here.now)})
    banks = [here.bank_record()]
    watch_charge.handle(ORG, banks, TYPES, now=here.now)
    assert here.dynamo is not None
    before = len(here.dynamo.calls)
    assert watch_charge.handle(ORG, banks, TYPES, now=here.now) == 0
    assert [operation for operation, _ in here.dynamo.calls[before:]] == ["Query"]


def test_what_is_open_is_not_read_again_until_it_is_over(here: World, told: Case) -> None:
    banks = [here.bank_record()]
    assert here.dynamo is not None
    before = len(here.dynamo.calls)
    watch_charge.handle(ORG, banks, TYPES, now=here.now)
    assert [operation for operation, _ in here.dynamo.calls[before:]] == ["Query"]


def test_a_type_that_needs_charge_from_today_on_is_told_over_several_looks(
    here: World, hq: FakeBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_charge, "MOST_OPENED", 2)
    for number in (2, 3, 4):
        beside(here, drill(number), number=number)
    assert [watch(here), watch(here), watch(here)] == [2, 2, 0]
    assert {case.asset for case in low(here)} == {"drill-1", "drill-2", "drill-3", "drill-4"}


def test_a_list_that_is_behind_ends_nothing_twice(here: World, told: Case) -> None:
    listed = mapping.case_item(ORG, told)
    states(here, 80)
    assert watch(here) == 1
    (over,) = low(here)
    behind = mapping.case_item(ORG, over)
    behind.listing_pk, behind.listing_sk = listed.listing_pk, listed.listing_sk
    behind.save()
    assert watch(here) == 0
    assert low(here) == [over]
    mapping.case_item(ORG, over).save()
