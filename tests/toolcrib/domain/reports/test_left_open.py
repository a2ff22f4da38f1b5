"""A door left open is one case a grant, whatever the grant has come to; a jam is counted beside that."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.scenes import ANA, BEFORE, NOW, became, change_of, door, drill, grant, loan, report, said, scene
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.doors import GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import LoanState
from toolcrib.domain.reports.left_open import case_of
from toolcrib.domain.reports.scene import Outcome, Told
from toolcrib.domain.reports.settle import settle
from toolcrib.domain.states import State

OVER = BEFORE + timedelta(seconds=30)
CASE: dict[str, Any] = {
    "id": case_of("take"),
    "kind": CaseKind.LEFT_OPEN,
    "opened_at": NOW,
    "site": "hq",
    "asset": "drill-1",
    "loan": "take",
    "person": "ana",
    "bank": "hq-01",
    "door": 1,
    "grant": "take",
    "evidence": Evidence.DOOR_ONLY,
}
ANSWERED: dict[str, Any] = {"state": CaseState.RESOLVED, "resolution": "closed", "resolved_by": "toolcrib"}
TOLD = (Told(level="warn", code="left_open", facts={"door": "1"}),)
NOTED = {"seqs": ((2, 7),), "version": 10}


@pytest.mark.parametrize("state", [GrantState.ISSUED, GrantState.OPENED, GrantState.UNRESOLVED])
def test_a_door_left_open_is_a_case_and_whoever_stands_there_is_told(state: GrantState) -> None:
    given = grant(state=state)
    at = door(drill(), grant=given)
    got = settle(scene(report(Outcome.LEFT_OPEN), at, drill(), loan()))
    change = change_of(got)
    assert (got.name, got.told, change.events, change.loans) == ("left_open", TOLD, (), ())
    assert [said(each) for each in change.cases] == [CASE]
    in_flight = grant(state=GrantState.OPENED, opened_at=NOW)
    now = {} if state is GrantState.UNRESOLVED else {"grant": in_flight}
    assert became(at, change.doors[0]) == {**now, "physical": "left_open", **NOTED}


def test_one_that_is_known_to_be_closed_is_answered_by_that() -> None:
    at = door(grant=grant(state=GrantState.USED, over_at=OVER))
    got = settle(scene(report(Outcome.LEFT_OPEN), at, drill(), loan()))
    change = change_of(got)
    assert (got.name, got.told) == ("left_open", ())
    assert [said(each) for each in change.cases] == [{**CASE, **ANSWERED, "resolved_at": OVER}]
    assert became(at, change.doors[0]) == NOTED


@pytest.mark.parametrize("state", [GrantState.FAILED, GrantState.LAPSED])
def test_one_that_was_given_up_is_in_flight_again_and_so_is_its_loan(state: GrantState) -> None:
    given_up = grant(state=state, over_at=OVER)
    void = loan(state=LoanState.VOID, grants={"take": state})
    change = change_of(settle(scene(report(Outcome.LEFT_OPEN), door(drill(), grant=given_up), drill(), void)))
    now = {"state": LoanState.PENDING, "grants": {"take": GrantState.OPENED}, "version": 4}
    assert became(void, change.loans[0]) == now
    assert change.doors[0].grant == grant(state=GrantState.OPENED, opened_at=NOW)
    (held,) = change.holdings
    assert (held.person, held.put["take"].state, held.put["take"].until) == ("ana", "pending", given_up.expires_at)
    assert [(each.kind, each.state) for each in change.cases] == [(CaseKind.LEFT_OPEN, CaseState.OPEN)]


@pytest.mark.parametrize("current", [True, False])
def test_it_is_told_once(current: bool) -> None:
    known = Case(id=case_of("take"), kind=CaseKind.LEFT_OPEN, opened_at=BEFORE)
    at = door(grant=grant() if current else grant(id="later"))
    got = settle(scene(report(Outcome.LEFT_OPEN), at, drill(), loan(), cases={known.id: known}))
    assert (got.name, got.change) == ("repeated", None)


@pytest.mark.parametrize(
    ("memory", "answer"), [(GrantState.USED, {**ANSWERED, "resolved_at": NOW}), (GrantState.UNRESOLVED, {})]
)
def test_of_a_grant_that_is_no_longer_the_doors_it_is_kept(memory: GrantState, answer: dict[str, Any]) -> None:
    at = door(grant=grant(id="later"))
    got = settle(scene(report(Outcome.LEFT_OPEN), at, drill(), loan(grants={"take": memory})))
    change = change_of(got)
    assert (got.name, got.told) == ("left_open", ())
    assert [said(each) for each in change.cases] == [{**CASE, **answer}]
    assert became(at, change.doors[0]) == NOTED


def test_of_a_grant_that_leads_to_no_loan_it_is_a_case_about_the_door() -> None:
    change = change_of(settle(scene(report(Outcome.LEFT_OPEN), door())))
    about = {name: value for name, value in CASE.items() if name not in {"asset", "loan", "person"}}
    assert [said(each) for each in change.cases] == [about]


def test_a_remote_opening_left_open_is_a_case_of_whoever_opened() -> None:
    service = grant(Purpose.SERVICE, person=None, by="ops", asset=None, loan=None)
    change = change_of(settle(scene(report(Outcome.LEFT_OPEN), door(grant=service))))
    assert [(each.person, each.asset, each.loan) for each in change.cases] == [("ops", None, None)]


def opened(given: Any, **more: Any) -> Any:
    return scene(report(Outcome.OPENED, **more), door(drill(), grant=given), drill(), loan())


@pytest.mark.parametrize("moment", [None, BEFORE])
def test_a_door_that_opened_is_in_flight_from_the_moment_it_did(moment: Any) -> None:
    here = opened(grant(), opened_at=moment)
    got = settle(here)
    change = change_of(got)
    assert (got.name, got.told, change.events, change.cases) == ("opened", (), (), ())
    now = grant(state=GrantState.OPENED, opened_at=moment or NOW)
    assert became(here.door, change.doors[0]) == {"grant": now, "physical": "open", **NOTED}


def test_of_one_that_is_unresolved_already_only_the_moment_is_kept() -> None:
    here = opened(grant(state=GrantState.UNRESOLVED, over_at=OVER))
    change = change_of(settle(here))
    now = grant(state=GrantState.UNRESOLVED, over_at=OVER, opened_at=NOW)
    assert became(here.door, change.doors[0]) == {"grant": now, **NOTED}


@pytest.mark.parametrize(
    "given", [grant(state=GrantState.UNRESOLVED, opened_at=BEFORE), grant(state=GrantState.OPENED)]
)
def test_an_opening_that_says_nothing_new_is_repeated(given: Any) -> None:
    assert settle(opened(given)).name == "repeated"


def test_a_return_that_was_given_up_and_opened_reopens_no_loan() -> None:
    given_up = grant(Purpose.RETURN, GrantState.LAPSED)
    void = loan(state=LoanState.VOID)
    out = drill(state=State.ON_LOAN, custodian=ANA)
    change = change_of(settle(scene(report(Outcome.OPENED), door(grant=given_up), out, void)))
    assert (change.loans, change.doors[0].physical) == ((), "open")


@pytest.mark.parametrize(
    ("before", "jams", "unlendable"),
    [
        ((), (NOW,), None),
        ((NOW - timedelta(hours=23), BEFORE), (NOW - timedelta(hours=23), BEFORE, NOW), "quarantined"),
        ((NOW - timedelta(days=1), BEFORE), (BEFORE, NOW), None),
    ],
)
def test_three_jams_in_a_day_quarantine_a_door(before: Any, jams: Any, unlendable: str | None) -> None:
    used = grant(state=GrantState.USED)
    got = settle(scene(report(Outcome.JAMMED), door(grant=used, jams=before), drill(), loan()))
    change = change_of(got)
    assert (change.doors[0].jams, change.doors[0].unlendable) == (jams, unlendable)
    (case,) = change.cases
    assert (got.name, case.kind, case.person, case.grant, case.site) == (
        "repeated",
        CaseKind.JAMMED,
        None,
        "take",
        "hq",
    )
