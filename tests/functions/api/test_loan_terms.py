"""Loans kept longer or called back over HTTP: who may, and what they are told."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support import orgs
from tests.support.http import Client, enter
from tests.support.workplace import NOW, ORG
from toolcrib.domain.assets import Custodian
from toolcrib.domain.change import Change
from toolcrib.domain.events import Cause, move
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import Loan
from toolcrib.domain.people import Holding
from toolcrib.domain.policies import Recall, Renewals
from toolcrib.domain.record import replace
from toolcrib.domain.renewing import earliest
from toolcrib.domain.states import Move
from toolcrib.store import mapping
from toolcrib.store.assets import load_asset
from toolcrib.store.commit import commit
from toolcrib.store.people import load_person

HOUR = timedelta(hours=1)
DUE = NOW + 8 * HOUR
TERMS = replace(orgs.TERMS, renewals=Renewals(max=1, window=HOUR), recall=Recall(notice=HOUR))


@pytest.fixture
def out(admin: Client) -> Client:
    """Somebody at hq has a drill; a supervisor, and the person themself, can sign in."""
    orgs.fill(ORG)
    lent(orgs.loan("hq", "hq", terms=TERMS))
    enter("supervisor", "supervisor", person="boss", sites=("hq",))
    enter("self", "self", person="hq")
    return admin


def lent(loan: Loan) -> None:
    """Let a loan be on record whole: its asset is out on it, its person's summary names it."""
    asset = load_asset(ORG, loan.asset)
    cause = Cause(op=f"setup-{loan.id}", at=NOW, evidence=Evidence.TAGS)
    held = Custodian.person(loan.person)
    stowed, first = move(asset, Move.STOW, to=Custodian.at_door(loan.bank, 1), cause=replace(cause, op="setup-stow"))
    taken, event = move(stowed, Move.TAKEN, to=held, cause=cause, loan=loan.id)
    mapping.loan_item(ORG, loan).save()
    commit(ORG, Change(op=cause.op, at=NOW, assets=(taken,), events=(first, event)))
    holding = Holding(
        asset=asset.id,
        type=asset.type,
        name=asset.name,
        state="open",
        bank=loan.bank,
        door=1,
        site=loan.site,
        since=NOW,
        until=loan.due_at,
        renew_from=earliest(loan),
    )
    mapping.person_item(ORG, replace(load_person(ORG, loan.person), holdings={loan.id: holding}, blocks={})).save()


def as_(role: str, at: Any = DUE) -> Client:
    return Client(role, at=at)


def test_a_person_keeps_their_own_longer_and_a_repeat_is_answered_the_same(out: Client) -> None:
    first = as_("self").post("/loans/hq/renew", key="k-1")
    assert (first.status, first.json["due_at"], first.json["renewals"]) == (200, "2026-11-21T01:00:00.000Z", 1)
    assert as_("self").post("/loans/hq/renew", key="k-1").json == first.json
    assert as_("self").get("/loans/hq").json["due_at"] == first.json["due_at"]


@pytest.mark.parametrize("role", ["admin", "supervisor"])
def test_whoever_looks_after_them_may_too(out: Client, role: str) -> None:
    assert as_(role).post("/loans/hq/renew").json["renewals"] == 1


def test_why_not_is_told_with_what_to_do(out: Client) -> None:
    early = as_("self", at=NOW).post("/loans/hq/renew")
    assert (early.status, early.json["code"]) == (409, "not_renewable")
    assert early.json["detail"] == "from 2026-11-20T16:00:00Z, now 2026-11-20T09:00:00Z"
    assert early.json["advice"] == "Try again nearer to the due time."


def test_an_open_loan_stays_where_it_is_listed_by_its_due_time(out: Client) -> None:
    lent(orgs.loan("dock", "dock", due_at=DUE + HOUR))
    assert [each["id"] for each in out.get("/loans?state=open").json["items"]] == ["hq", "dock"]
    as_("self").post("/loans/hq/renew")
    assert [each["id"] for each in out.get("/loans?state=open").json["items"]] == ["dock", "hq"]


def test_what_is_called_back_says_so_and_is_not_renewed(out: Client) -> None:
    back = as_("supervisor", at=NOW).post("/loans/hq/recall", {"reason": "needed at the dock"})
    assert (back.status, back.json["due_at"], back.json["due_why"]) == (200, "2026-11-20T10:00:00.000Z", "recall")
    assert back.json["recalled"] == {
        "at": "2026-11-20T09:00:00.000Z",
        "reason": "needed at the dock",
        "due_before": "2026-11-20T17:00:00.000Z",
    }
    assert as_("self", at=NOW).post("/loans/hq/renew").json["code"] == "not_renewable"
    again = as_("supervisor", at=NOW).post("/loans/hq/recall", {})
    assert (again.status, again.json["code"]) == (409, "already_recalled")
    (notice,) = (each for each in out.get("/notices").json["items"] if each["step"] == "recall")
    assert (notice["loan"], notice["recipient"], notice["to"]) == ("hq", "hq", "holder")


def test_nobody_calls_their_own_loan_back(out: Client) -> None:
    assert as_("self").post("/loans/hq/recall", {}).status == 403


@pytest.mark.parametrize("body", [{"reason": ""}, {"reason": "x" * 301}, {"reason": "a\nb"}, {"due_at": "now"}])
def test_a_body_that_does_not_fit_changes_nothing(out: Client, body: dict[str, Any]) -> None:
    assert as_("supervisor").post("/loans/hq/recall", body).status == 400
    assert out.get("/loans/hq").json["recalled"] is None
