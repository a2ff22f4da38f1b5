"""A door's report from its arrival to its acknowledgement: who may say something, what it costs, what is said back."""

from typing import Any

import pytest

from tests.support.outcomes import GONE, THERE, beside, lend, stage
from tests.support.workplace import DRILL, bank, drill, person, rules, site
from tests.support.world import World
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.record import replace


def operations(here: World) -> list[tuple[str, int]]:
    """Return what was asked of DynamoDB since the calls were cleared, and of how many items."""
    assert here.dynamo is not None
    sizes = {"TransactWriteItems": lambda request: len(request["TransactItems"])}
    return [(name, sizes.get(name, lambda _: 1)(request)) for name, request in here.dynamo.calls]


def test_a_report_is_acknowledged_by_its_id_once_its_effect_is_committed(here: World) -> None:
    hq = stage(here)
    report = hq.saw(hq.tap(), "closed", tags=[])
    heard = hq.send(report)
    assert [each.kind for each in heard] == ["ack", "notice"]
    assert heard[0].body == {"re": report.body["id"], "ids": [report.body["id"]], "rejected": []}
    assert hq.journal == []


def test_a_repeated_report_is_acknowledged_and_nothing_is_said_again(here: World) -> None:
    hq = stage(here)
    report = hq.saw(hq.tap(), "closed", tags=[])
    hq.send(report)
    before = here.asset()
    assert [each.kind for each in hq.repeat(report)] == ["ack"]
    assert here.asset() == before


def test_a_copy_that_saw_the_door_before_and_the_thing_after_the_first_was_applied_adds_nothing(here: World) -> None:
    rules(replace(DRILL, min_evidence=Evidence.TAGS))
    hq, loan = lend(here, "presence")
    report = hq.saw(hq.tap(), "closed", present=True)
    assert here.dynamo is not None
    hooks = here.dynamo.after

    def the_first(*_: object) -> None:
        hooks.remove(the_first)
        hq.repeat(report)

    hooks.append(the_first)
    hq.send(report)
    assert the_first not in hooks
    assert (here.asset().state, here.loan(loan).state) == ("unconfirmed", "open")
    assert [case.kind for case in here.cases()] == ["weak_evidence"]


def test_what_was_lent_is_told_with_its_due_time_where_the_person_stands(here: World) -> None:
    rules(site(time_zone="America/New_York"))
    hq = stage(here)
    heard = hq.does(hq.tap(), "closed", tags=[])
    assert heard[-1].body["text"] == "Drill 1 is yours until Fri 20 Nov, 12:00."


@pytest.mark.parametrize(("saw", "seen"), [("closed", {"tags": []}), ("opened", {}), ("unresolved", {})])
def test_a_revoked_banks_report_is_rejected_and_kept_as_a_case_and_moves_nothing(
    here: World, saw: str, seen: dict[str, Any]
) -> None:
    hq = stage(here)
    report = hq.saw(hq.tap(), saw, **seen)
    here.revoke()
    before = here.asset()
    for _ in range(2):
        heard = hq.repeat(report)
        assert [each.body["rejected"] for each in heard] == [[{"id": report.body["id"], "code": "bank_revoked"}]]
    assert here.asset() == before
    assert [case.kind for case in here.cases()] == ["revoked_bank", "revoked_bank"]  # the grant's end, and this report


def test_a_report_of_a_bank_that_nobody_knows_is_rejected_and_kept(here: World) -> None:
    unknown = here.bank("hq-77")
    heard = unknown.send(unknown.saw(None, "forced", door=1))
    assert heard[0].body["rejected"][0]["code"] == "unknown_bank"
    assert [(case.kind, case.site) for case in here.cases()] == [("rejected_report", None)]


def test_a_report_of_a_door_that_is_not_there_is_rejected_and_its_number_is_not_missing(here: World) -> None:
    hq = stage(here)
    heard = hq.send(hq.saw(None, "forced", door=9))
    assert heard[0].body["rejected"][0]["code"] == "unknown_door"
    assert here.bank_record().seqs == ((1, 1),)


def test_a_report_naming_a_grant_of_another_bank_moves_nothing_and_is_a_case(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    other = here.place(bank(id="hq-02"), stowed={1: drill(2)})
    other.does(opened.grant, "closed", door=1, tags=[])
    assert here.grant().state == "issued"
    assert here.asset("drill-2").state == "stowed"
    assert here.asset().state == "unconfirmed"  # somebody says that it is not as recorded: a person looks
    assert [case.kind for case in here.cases()] == ["late_report"]
    hq.does(opened, "closed", tags=[])
    assert here.asset().state == "on_loan"


def test_what_people_in_two_orgs_call_alike_is_not_mixed_up(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    report = hq.saw(opened, "closed", tags=[])
    event = report.event(here.now) | {"thing": "globex:hq-01"}
    here.deliver("door", event)
    assert here.grant().state == "issued"
    assert here.asset().state == "stowed"


# --- what it costs (design.md, the table of transactions) ---


@pytest.mark.parametrize("evidence", GONE)
def test_opened_is_one_conditional_update_and_no_read(here: World, evidence: str) -> None:
    hq = stage(here, evidence)
    report = hq.saw(hq.tap(), "opened")
    assert here.dynamo is not None
    here.dynamo.calls.clear()
    hq.send(report)
    assert operations(here) == [("UpdateItem", 1)]


@pytest.mark.parametrize("evidence", GONE)
def test_a_closed_take_is_one_transaction_of_five(here: World, evidence: str) -> None:
    hq = stage(here, evidence)
    report = hq.saw(hq.tap(), "closed", **GONE[evidence])
    assert here.dynamo is not None
    here.dynamo.calls.clear()
    hq.send(report)
    assert operations(here) == [("BatchGetItem", 1), ("BatchGetItem", 1), ("TransactWriteItems", 5)]


@pytest.mark.parametrize("evidence", GONE)
def test_a_return_is_a_transaction_of_two_and_one_of_five(here: World, evidence: str) -> None:
    hq, _ = lend(here, evidence)
    assert here.dynamo is not None
    here.dynamo.calls.clear()
    opened = hq.tap()
    assert ("TransactWriteItems", 2) in operations(here)
    here.dynamo.calls.clear()
    hq.does(opened, "closed", **THERE[evidence])
    assert operations(here) == [("BatchGetItem", 1), ("BatchGetItem", 1), ("TransactWriteItems", 5)]


def test_an_unusual_report_with_everybody_to_tell_stays_within_25_items(here: World) -> None:
    here.site_has(supervisors=("p-1", "p-2"), channel="#tools")
    here.meet(person(2))
    hq = stage(here, capacity=2)
    beside(here, drill(2))
    hq.does(hq.tap(), "closed", tags=["E2009999"])
    assert max(size for name, size in operations(here) if name == "TransactWriteItems") <= 25
