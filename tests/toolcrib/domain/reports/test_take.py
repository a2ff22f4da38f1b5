"""Every outcome of a take, from the door's report to the record (rules.md, *Doors*; design.md, the outcome table)."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.support.outcomes import GONE, NOBODYS, TAG, THERE, Outcome, beside, outcome, stage
from tests.support.workplace import OTHER_TOKEN, TOKEN, bank, drill, person
from tests.support.world import World


@dataclass(frozen=True, kw_only=True)
class Row:
    """Said in one sentence: what was seen, and what it comes to."""

    says: str
    evidence: str
    saw: str = "closed"
    seen: dict[str, Any] = field(default_factory=dict)
    comes_to: Outcome


TAKEN: dict[str, Any] = {"asset": "on_loan with p-1", "loan": "open", "door": "used, lendable", "told": ("taken",)}
NOT_TAKEN: dict[str, Any] = {
    "asset": "stowed with door 1",
    "loan": "void",
    "door": "used, lendable",
    "told": ("not_taken",),
}
FAILED: dict[str, Any] = {"asset": "stowed with door 1", "loan": "void", "door": "failed, lendable"}
UNRESOLVED: dict[str, Any] = {
    "asset": "unconfirmed with p-1",
    "loan": "pending",
    "door": "unresolved, unresolved",
    "cases": ("unresolved",),
}

TABLE = [
    Row(
        says="tags say that it is gone",
        evidence="tags",
        seen={"tags": []},
        comes_to=Outcome(**TAKEN, events=("taken by tags",)),
    ),
    Row(
        says="tags say that it is still there",
        evidence="tags",
        seen={"tags": [TAG]},
        comes_to=Outcome(**NOT_TAKEN, events=("not_taken by tags",)),
    ),
    Row(
        says="the reader failed, presence says that it is gone",
        evidence="tags",
        seen={"present": False},
        comes_to=Outcome(**TAKEN, events=("taken by presence",)),
    ),
    Row(
        says="reader and sensor failed, so it is assumed taken",
        evidence="tags",
        comes_to=Outcome(**TAKEN, events=("taken by door_only",)),
    ),
    Row(
        says="the sensor feels nothing",
        evidence="presence",
        seen={"present": False},
        comes_to=Outcome(**TAKEN, events=("taken by presence",)),
    ),
    Row(
        says="the sensor still feels something",
        evidence="presence",
        seen={"present": True},
        comes_to=Outcome(**NOT_TAKEN, events=("not_taken by presence",)),
    ),
    Row(
        says="the sensor failed, so it is assumed taken",
        evidence="presence",
        comes_to=Outcome(**TAKEN, events=("taken by door_only",)),
    ),
    Row(
        says="nothing but the door can tell, so it is assumed taken",
        evidence="door_only",
        comes_to=Outcome(**TAKEN, events=("taken by door_only",)),
    ),
    Row(
        says="a bank with switches only is not believed tags",
        evidence="door_only",
        seen={"tags": [TAG]},
        comes_to=Outcome(**TAKEN, events=("taken by door_only",)),
    ),
    Row(
        says="a tag that nobody knows is inside as well",
        evidence="tags",
        seen={"tags": [NOBODYS]},
        comes_to=Outcome(**TAKEN, events=("taken by tags",), cases=("unknown_tag",)),
    ),
    *(
        Row(
            says="the door was not opened",
            evidence=evidence,
            saw="not_opened",
            comes_to=Outcome(**FAILED, told=("not_opened",)),
        )
        for evidence in GONE
    ),
    *(
        Row(
            says="the door is stuck",
            evidence=evidence,
            saw="jammed",
            comes_to=Outcome(**FAILED, told=("jammed",), cases=("jammed",)),
        )
        for evidence in GONE
    ),
    *(
        Row(
            says="the bank does not know how it ended",
            evidence=evidence,
            saw="unresolved",
            comes_to=Outcome(**UNRESOLVED, events=(f"unresolved by {least}",)),
        )
        for evidence, least in (("tags", "door_only"), ("presence", "door_only"), ("door_only", "door_only"))
    ),
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.evidence}: {row.says}")
def test_what_becomes_of_a_take(here: World, row: Row) -> None:
    hq = stage(here, row.evidence)
    opened = hq.tap()
    heard = hq.does(opened, row.saw, **row.seen)
    assert outcome(here, heard, grant=opened.grant, loan=opened.grant) == row.comes_to


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.evidence}: {row.says}")
def test_that_the_door_opened_before_changes_nothing_of_it(here: World, row: Row) -> None:
    hq = stage(here, row.evidence)
    opened = hq.tap()
    hq.does(opened, "opened", opened_ms=0)
    assert here.grant().state == "opened"
    here.later(seconds=5)
    hq.does(opened, row.saw, **row.seen)
    now = outcome(here, grant=opened.grant, loan=opened.grant)
    if row.saw in {"not_opened", "jammed"}:  # it was open: that it never opened is not believed, a jam is no end
        assert (now.loan, now.door) == ("pending", "opened, lendable")
    else:
        assert (now.asset, now.loan, now.events) == (row.comes_to.asset, row.comes_to.loan, row.comes_to.events)


def test_until_its_door_reports_the_take_is_pending_and_the_thing_where_it_was(here: World) -> None:
    opened = stage(here).tap()
    before = Outcome(asset="stowed with door 1", loan="pending", door="issued, lendable")
    assert outcome(here, grant=opened.grant, loan=opened.grant) == before


def test_another_thing_gone_is_unconfirmed_with_the_person_and_a_case_and_the_loan_void(here: World) -> None:
    hq = stage(here, capacity=2)
    other = beside(here, drill(2)).id
    opened = hq.tap()
    heard = hq.does(opened, "closed", tags=[TAG])
    assert outcome(here, heard, grant=opened.grant, loan=opened.grant) == Outcome(
        asset="stowed with door 1",
        loan="void",
        door="used, lendable",
        cases=("wrong_item",),
        told=("wrong_item",),
        events=("not_taken by tags",),
    )
    assert (here.asset(other).state, here.asset(other).custodian.id) == ("unconfirmed", "p-1")
    assert set(here.person().holdings) == {f"x.{other}"}


def test_two_things_gone_is_a_loan_of_the_one_and_a_case_about_the_other(here: World) -> None:
    hq = stage(here, capacity=2)
    other = beside(here, drill(2)).id
    opened = hq.tap()
    hq.does(opened, "closed", tags=[])
    assert here.loan(opened.grant).state == "open"
    assert here.asset(other).custodian.id == "p-1"
    assert set(here.person().holdings) == {opened.grant, f"x.{other}"}


def test_where_two_things_lie_in_one_door_presence_proves_only_that_it_is_empty(here: World) -> None:
    hq = stage(here, "presence", capacity=2)
    other = beside(here, drill(2)).id
    opened = hq.tap()
    hq.does(opened, "closed", present=False)
    assert here.asset().state == "on_loan"
    assert here.asset(other).state == "unconfirmed"


def test_where_two_things_lie_in_one_door_something_felt_is_no_proof(here: World) -> None:
    hq = stage(here, "presence", capacity=2)
    other = beside(here, drill(2)).id
    opened = hq.tap()
    hq.does(opened, "closed", present=True)
    assert [str(event.evidence) for event in here.events()] == ["door_only"]
    assert here.asset(other).state == "stowed"


def test_a_reader_does_not_prove_the_absence_of_what_wears_no_tag(here: World) -> None:
    hq = here.place(bank(), stowed={1: drill(1, tag=None)})
    here.meet(person(), TOKEN)
    opened = hq.tap()
    hq.does(opened, "closed", tags=[])
    assert [str(event.evidence) for event in here.events()] == ["door_only"]


def test_a_thing_on_loan_put_in_during_a_take_is_unconfirmed_and_its_holder_left_in_peace(here: World) -> None:
    hq = stage(here)
    first = hq.tap()
    hq.does(first, "closed", tags=[])
    here.later(minutes=2)
    hq_2 = here.place(bank(id="hq-02"), stowed={1: drill(2)})
    here.meet(person(2), OTHER_TOKEN)
    opened = hq_2.tap(OTHER_TOKEN)
    hq_2.does(opened, "closed", tags=[TAG])
    assert here.asset("drill-2").state == "on_loan"
    assert here.asset().state == "unconfirmed"
    assert here.asset().custodian.id == "hq-02"
    loan = here.loan(first.grant)
    assert loan.state == "open"
    assert loan.paused_until is not None
    assert here.door(bank="hq-02").unlendable == "unexpected_item"


def test_the_loan_is_counted_from_the_closing_of_the_door_not_from_the_reports_arrival(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    here.later(seconds=20)
    closing = here.now
    report = hq.saw(opened, "closed", tags=[])
    here.later(hours=3)
    hq.send(report)
    loan = here.loan(opened.grant)
    assert loan.taken_at == closing
    assert (loan.due_at - closing).total_seconds() == 8 * 3600


@pytest.mark.parametrize("evidence", GONE)
def test_what_was_not_taken_is_offered_again_at_once(here: World, evidence: str) -> None:
    hq = stage(here, evidence)
    if evidence == "door_only":
        hq.does(hq.tap(), "not_opened")
    else:
        hq.does(hq.tap(), "closed", **THERE[evidence])
    again = hq.tap()
    assert again.claims["purpose"] == "take"
    hq.does(again, "closed", **GONE[evidence])
    assert here.asset().state == "on_loan"
