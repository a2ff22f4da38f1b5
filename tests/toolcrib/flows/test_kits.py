"""Kits at a bank: taken as a whole out of one door, told apart by their tags, brought back together or in parts."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.kits import DRONE, TAGS, drone, lent, loans, part, states
from tests.support.outcomes import NOBODYS, beside
from tests.support.pairs import exclusive, lockout
from tests.support.workplace import OTHER_TOKEN, TOKEN, bank, drill, person, put_asset, rules
from tests.support.world import Heard, World
from toolcrib.domain.assets import AssetType
from toolcrib.domain.cases import CaseState
from toolcrib.domain.doors import Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.policies import Allowance, Match, Period, Policy
from toolcrib.domain.record import replace

BODY, CHARGER, CASE = TAGS
IN, OUT = "stowed 1", "on_loan p-1"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was seen when a door was closed, and what that comes to, part by part."""

    says: str
    evidence: str = "tags"
    saw: str = "closed"
    seen: dict[str, Any] = field(default_factory=dict)
    are: list[str]
    loans: list[str]
    told: str
    parts: str = ""
    cases: tuple[str, ...] = ()


TAKES = [
    Row(says="all is gone", seen={"tags": []}, are=[OUT] * 3, loans=["open"] * 3, told="taken"),
    Row(says="nothing is", seen={"tags": TAGS}, are=[IN] * 3, loans=["void"] * 3, told="not_taken"),
    Row(
        says="the charger was left",
        seen={"tags": [CHARGER]},
        are=[OUT, IN, OUT],
        loans=["open", "void", "open"],
        told="kit_partly_taken",
        parts="Charger",
    ),
    Row(
        says="only the case was taken",
        seen={"tags": [BODY, CHARGER]},
        are=[IN, IN, OUT],
        loans=["void", "void", "open"],
        told="kit_partly_taken",
        parts="Body, Charger",
    ),
    Row(
        says="a tag that nobody knows",
        seen={"tags": [NOBODYS]},
        are=[OUT] * 3,
        loans=["open"] * 3,
        told="taken",
        cases=("unknown_tag",),
    ),
    Row(
        says="nothing is felt",
        evidence="presence",
        seen={"present": False},
        are=[OUT] * 3,
        loans=["open"] * 3,
        told="taken",
    ),
    Row(
        says="something is felt, nobody can tell what",
        evidence="presence",
        seen={"present": True},
        are=[OUT] * 3,
        loans=["open"] * 3,
        told="taken",
    ),
    Row(says="a door is all there is", evidence="door_only", are=[OUT] * 3, loans=["open"] * 3, told="taken"),
    Row(says="the door was not opened", saw="not_opened", are=[IN] * 3, loans=["void"] * 3, told="not_opened"),
    Row(says="it is stuck", saw="jammed", are=[IN] * 3, loans=["void"] * 3, told="jammed", cases=("jammed",)),
]


def told(heard: list[Heard]) -> list[tuple[str | None, str]]:
    return [(each.code, each.body["text"]) for each in heard if each.kind == "notice"]


def open_cases(here: World) -> tuple[str, ...]:
    return tuple(sorted(str(case.kind) for case in here.cases() if case.state is CaseState.OPEN))


@pytest.mark.parametrize("row", TAKES, ids=lambda row: f"{row.evidence}: {row.says}")
def test_what_becomes_of_each_part_of_a_take(here: World, row: Row) -> None:
    hq = drone(here, row.evidence)
    opened = hq.tap()
    assert (opened.kind, loans(here, opened)) == ("open", ["pending"] * 3)
    heard = hq.does(opened, row.saw, **row.seen)
    assert (states(here), loans(here, opened), open_cases(here)) == (row.are, row.loans, row.cases)
    ((code, text),) = told(heard)
    assert (code, row.parts in text) == (row.told, True)
    held = {held.asset for held in here.person().holdings.values()}
    assert held == {part for part, state in zip(DRONE.parts, row.loans, strict=True) if state == "open"}


def test_something_else_that_left_with_it_is_unconfirmed_and_a_case(here: World) -> None:
    hq = drone(here, mode=Mode.KIOSK, capacity=4)
    beside(here, drill(4))
    opened = hq.choose(hq.tap(), "take:kit:drone")
    hq.does(opened, "closed", tags=[])
    assert states(here) == [OUT] * 3
    assert (here.asset("drill-4").state, open_cases(here)) == ("unconfirmed", ("wrong_item",))


RETURNS = [
    Row(says="all is back", seen={"tags": TAGS}, are=[IN] * 3, loans=["closed"] * 3, told="returned"),
    Row(
        says="the charger is missing",
        seen={"tags": [BODY, CASE]},
        are=[IN, OUT, IN],
        loans=["closed", "open", "closed"],
        told="kit_partly_returned",
        parts="Charger",
    ),
    Row(says="nothing was put in", seen={"tags": []}, are=[OUT] * 3, loans=["open"] * 3, told="not_returned"),
    Row(
        says="something unknown came with it",
        seen={"tags": [*TAGS, NOBODYS]},
        are=[IN] * 3,
        loans=["closed"] * 3,
        told="returned",
        cases=("unknown_tag",),
    ),
    Row(
        says="something unknown came instead",
        seen={"tags": [NOBODYS]},
        are=[OUT] * 3,
        loans=["open"] * 3,
        told="unknown_tag",
        cases=("unknown_tag",),
    ),
    Row(
        says="something is felt",
        evidence="presence",
        seen={"present": True},
        are=[IN] * 3,
        loans=["closed"] * 3,
        told="returned",
    ),
    Row(
        says="nothing is felt",
        evidence="presence",
        seen={"present": False},
        are=[OUT] * 3,
        loans=["open"] * 3,
        told="not_returned",
    ),
    Row(says="a door is all there is", evidence="door_only", are=[IN] * 3, loans=["closed"] * 3, told="returned"),
    Row(says="the door was not opened", saw="not_opened", are=[OUT] * 3, loans=["open"] * 3, told="not_opened"),
]


@pytest.mark.parametrize("row", RETURNS, ids=lambda row: f"{row.evidence}: {row.says}")
def test_what_becomes_of_each_part_of_a_return(here: World, row: Row) -> None:
    hq, taken = lent(here, row.evidence)
    opened = hq.tap()
    heard = hq.does(opened, row.saw, **row.seen)
    assert (states(here), loans(here, taken), open_cases(here)) == (row.are, row.loans, row.cases)
    ((code, text),) = told(heard)
    assert (code, row.parts in text) == (row.told, True)


def test_what_was_left_may_be_taken_by_whoever_has_the_rest_and_by_nobody_else(here: World) -> None:
    hq = drone(here)
    hq.does(hq.tap(), "closed", tags=[CHARGER])
    refused = hq.tap(OTHER_TOKEN)
    assert refused.code == "kit_incomplete"
    assert "drill-1" in refused.body["text"]
    back = hq.tap()
    assert here.grant(back.door).purpose == "return"  # without a screen a return comes first


def test_at_a_screen_the_rest_of_a_kit_is_on_offer_beside_its_return(here: World) -> None:
    hq = drone(here, mode=Mode.KIOSK)
    hq.does(hq.tap(), "closed", tags=[CHARGER])
    screen = hq.tap()
    offered = [option["option"] for option in screen.body["options"] if option["kind"] in {"take", "return"}]
    assert offered == ["return:kit:drone", "take:kit:drone"]
    opened = hq.choose(screen, "take:kit:drone")
    hq.does(opened, "closed", tags=[])
    assert states(here) == [OUT] * 3
    back = hq.tap()
    heard = hq.does(back, "closed", tags=TAGS)
    assert told(heard) == [("returned", "Drone kit is back. Thank you.")]
    assert {str(here.asset(each).state) for each in DRONE.parts} == {"stowed"}


def test_a_part_that_comes_back_later_comes_back_by_itself(here: World) -> None:
    hq, taken = lent(here)
    first = hq.tap()
    hq.does(first, "closed", tags=[BODY, CASE])
    here.later(minutes=5)
    second = hq.tap()
    heard = hq.does(second, "closed", door=second.door, tags=[*(TAGS if second.door == first.door else [CHARGER])])
    assert told(heard) == [("returned", "Charger is back. Thank you.")]
    assert loans(here, taken) == ["closed"] * 3


def test_where_no_door_has_room_for_all_each_part_comes_back_by_itself(here: World) -> None:
    lent(here)
    here.place(bank(id="hq-02", mode=Mode.KIOSK), doors=2)
    two = here.bank("hq-02")
    screen = two.tap()
    ids = [option["option"] for option in screen.body["options"] if option["kind"] == "return"]
    assert len(ids) == 3
    assert "return:kit:drone" not in ids


@pytest.mark.parametrize("evidence", ["presence", "door_only"])
def test_without_tags_a_screen_lets_a_part_come_back_alone(here: World, evidence: str) -> None:
    hq, taken = lent(here, evidence, mode=Mode.KIOSK)
    screen = hq.tap()
    ids = [option["option"] for option in screen.body["options"] if option["kind"] == "return"]
    assert (len(ids), "return:kit:drone" in ids) == (4, True)
    opened = hq.choose(screen, f"return:{taken}")
    hq.does(opened, "closed", present=True if evidence == "presence" else None)
    assert loans(here, taken) == ["closed", "open", "open"]


def test_a_part_that_needs_better_evidence_is_checked_by_a_person_the_others_are_back(here: World) -> None:
    hq, taken = lent(here, "door_only")
    rules(AssetType(id="drill", name="Drill", category="tools", size="M", min_evidence=Evidence.PRESENCE))
    heard = hq.does(hq.tap(), "closed")
    assert [code for code, _ in told(heard)] == ["return_unconfirmed"]
    assert loans(here, taken) == ["open"] * 3
    assert open_cases(here) == ("weak_evidence",) * 3


def test_an_untagged_part_comes_along_with_the_tagged_ones(here: World) -> None:
    hq = drone(here, part3={"tag": None})
    opened = hq.tap()
    hq.does(opened, "closed", tags=[])
    assert states(here) == [OUT] * 3
    assert [str(here.loan(each.loan or "").evidence) for each in here.loan(opened.grant).kit.parts] == [  # type: ignore[union-attr]
        "tags",
        "tags",
        "door_only",
    ]
    here.later(minutes=5)
    back = hq.tap()
    hq.does(back, "closed", tags=[BODY])
    assert [each.split()[0] for each in states(here)] == ["stowed", "on_loan", "stowed"]


def test_only_a_door_told_and_each_part_may_be_denied_for_a_minute(here: World) -> None:
    hq = drone(here, "door_only", mode=Mode.KIOSK)
    grant = hq.tap().grant
    hq.does(grant, "closed", door=1)
    screen = hq.tap()
    denied = [option["title"] for option in screen.body["options"] if option["kind"] == "not_taken"]
    assert sorted(denied) == ["I did not take Body", "I did not take Case", "I did not take Charger"]
    first = here.loan(grant)
    assert first.kit is not None
    charger = next(each.loan for each in first.kit.parts if each.asset == "drill-2")
    assert hq.choose(screen, f"not_taken:{charger}").code == "disowned"
    assert loans(here, grant) == ["open", "closed", "open"]
    assert here.asset("drill-2").state == "unconfirmed"


def test_each_part_of_a_return_may_be_denied_for_a_minute(here: World) -> None:
    hq, taken = lent(here, "door_only", mode=Mode.KIOSK)
    hq.does(hq.choose(hq.tap(), "return:kit:drone"), "closed")
    assert loans(here, taken) == ["closed"] * 3
    screen = hq.tap()
    denied = {
        option["title"]: option["option"] for option in screen.body["options"] if option["kind"] == "not_returned"
    }
    assert sorted(denied) == ["I did not return Body", "I did not return Case", "I did not return Charger"]
    assert hq.choose(screen, denied["I did not return Charger"]).code == "not_put_in"
    assert here.asset("drill-2").state == "unconfirmed"
    assert "I did not return Case" in {option["title"] for option in hq.tap().body["options"]}


class TestWhoMayTakeIt:
    """Every part is judged, each as if those before it were in the person's hands."""

    def test_parts_count_for_the_allowance_and_the_refusal_names_the_part(self, here: World) -> None:
        hq = drone(here, mode=Mode.KIOSK)
        rules(Policy(id="two", match=Match(category="tools"), period=Period(), allowance=Allowance(category=2)))
        screen = hq.tap()
        (refused,) = screen.body["refusals"]
        assert (refused["title"], refused["code"]) == ("Drone kit (Case)", "allowance_reached")
        rules(Policy(id="two", match=Match(category="tools"), period=Period(), allowance=Allowance(category=3)))
        assert hq.tap().kind == "open"

    def test_parts_that_exclude_each_other_are_never_lent(self, here: World) -> None:
        hq = drone(here, part2={"type": "charger"})
        rules(AssetType(id="charger", name="Charger", category="tools"), exclusive("drill", "charger"))
        assert hq.tap().code == "pair_conflict"

    def test_parts_that_lock_each_other_are_never_lent(self, here: World) -> None:
        hq = drone(here)
        rules(lockout("drill-1", "drill-3"))
        assert hq.tap().code == "pair_conflict"

    def test_a_part_is_not_lent_by_itself(self, here: World) -> None:
        hq = drone(here, mode=Mode.KIOSK)
        beside(here, drill(4), number=2)
        ids = [option["option"] for option in hq.tap().body["options"]]
        assert ids == ["take:drill", "take:kit:drone"]
        rules(replace(DRONE, active=False))
        assert hq.tap().kind == "open", "a drill is all there is to take"

    def test_where_it_lies_in_two_doors_it_is_incomplete(self, here: World) -> None:
        rules(DRONE)
        hq = here.place(bank(), stowed={1: part(1), 2: part(2)}, capacity=3)
        put_asset(part(3))
        here.meet(person(), TOKEN)
        refused = hq.tap()
        assert refused.code == "kit_incomplete"
        assert "Charger, drill-3" in refused.body["text"]

    def test_of_a_kit_with_no_part_here_nothing_is_said(self, here: World) -> None:
        rules(DRONE)
        hq = here.place(bank(), capacity=3)
        here.meet(person(), TOKEN)
        assert hq.tap().code == "nothing_available"

    def test_two_at_once_do_not_both_get_it(self, here: World) -> None:
        hq = drone(here)
        first = hq.tap()
        assert first.kind == "open"
        assert hq.tap(OTHER_TOKEN).code == "nothing_available"
        assert hq.tap().grant == first.grant, "the same grant is signed again"


def test_what_its_loans_remember(here: World) -> None:
    hq = drone(here)
    opened = hq.tap()
    hq.does(opened, "closed", tags=[])
    first = here.loan(opened.grant)
    assert first.kit is not None
    assert [each.asset for each in first.kit.parts] == list(DRONE.parts)
    for each in first.kit.parts:
        loan = here.loan(each.loan or "")
        assert (loan.begun_by, loan.grants, loan.kit) == (opened.grant, {opened.grant: "used"}, first.kit)
        event = here.events(each.asset)[-1]
        assert (event.op, event.grant, event.loan, event.detail["kit"]) == (
            opened.grant,
            opened.grant,
            loan.id,
            "drone",
        )
