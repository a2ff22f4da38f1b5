"""The dry run over HTTP (feature B11)."""

from typing import Any

import pytest

from tests.support.http import Client, enter
from tests.support.workplace import CREW, DRILL, FALLBACK, bank, drill, person, put_bank, put_person, rules, site
from toolcrib.domain.people import PersonKind
from toolcrib.domain.rules import PROOFS, RIGHTS


@pytest.fixture
def workplace(admin: Client) -> Client:
    rules(site(), site(id="dock"), DRILL, CREW, FALLBACK)
    put_bank(bank(), stowed={1: drill()})
    put_person(person())
    put_person(person(2, groups=()))
    return admin


def question(**more: Any) -> dict[str, Any]:
    return {"person": "p-1", "bank": "hq-01", "type": "drill", **more}


def test_who_may_take_is_told_until_when_and_by_which_rules(workplace: Client) -> None:
    ruling = workplace.post("/policies/dry-run", question()).json
    assert (ruling["allowed"], ruling["code"], ruling["policy"]) == (True, None, "fallback")
    assert ruling["due_at"] == "2026-11-20T17:00:00.000Z"
    rows = [row.name.lower() for row in (*RIGHTS, *PROOFS)]
    assert [line["rule"] for line in ruling["trace"]] == [*rows, "policy", "due", "unit"]
    assert all(line.keys() == {"rule", "code", "passed", "detail"} for line in ruling["trace"])


def test_who_may_not_is_told_why_with_every_finding_kept(workplace: Client) -> None:
    ruling = workplace.post("/policies/dry-run", question(person="p-2")).json
    assert (ruling["allowed"], ruling["code"]) == (False, "no_access")
    assert [line["code"] for line in ruling["trace"] if not line["passed"]] == ["no_access"]


def test_an_asset_stands_for_its_type(workplace: Client) -> None:
    by_type = workplace.post("/policies/dry-run", question())
    by_asset = workplace.post("/policies/dry-run", {"person": "p-1", "bank": "hq-01", "asset": "drill-1"})
    assert by_type.json["trace"].pop()["rule"] == "unit", "which unit is no question where one is named"
    assert by_asset.json == {**by_type.json, "trace": by_type.json["trace"][:-1]}


def test_for_an_account_its_rules_count_and_only_whoever_borrows_for_it_asks(workplace: Client) -> None:
    put_person(person(3, kind=PersonKind.TEAM))
    put_person(person(4, groups=(), borrows_for=("p-3",)))
    ruling = workplace.post("/policies/dry-run", question(person="p-4", borrower="p-3")).json
    assert (ruling["allowed"], ruling["code"]) == (True, None)
    alone = workplace.post("/policies/dry-run", question(person="p-4")).json
    assert alone["code"] == "no_access"
    other = workplace.post("/policies/dry-run", question(borrower="p-3"))
    assert (other.status, other.json["errors"][0]["field"]) == (400, "borrower")


def test_nothing_is_written(workplace: Client) -> None:
    before = workplace.dynamo.snapshot()
    workplace.post("/policies/dry-run", question())
    assert workplace.dynamo.snapshot() == before


@pytest.mark.parametrize("body", [{"type": None}, {"asset": "drill-1"}])
def test_it_is_about_one_thing(workplace: Client, body: dict[str, Any]) -> None:
    reply = workplace.post("/policies/dry-run", question(**body))
    assert (reply.status, {error["field"] for error in reply.json["errors"]}) == (400, {"asset", "type"})


@pytest.mark.parametrize(
    "body", [{"person": "none"}, {"bank": "none"}, {"type": "none"}, {"type": None, "asset": "none"}]
)
def test_what_is_not_there_is_404(workplace: Client, body: dict[str, Any]) -> None:
    assert workplace.post("/policies/dry-run", question(**body)).status == 404


def test_a_person_asks_about_themself_only(workplace: Client) -> None:
    enter("self", "self", person="p-1")
    own = Client("self")
    assert own.post("/policies/dry-run", question()).status == 200
    other, missing = (own.post("/policies/dry-run", question(person=who)) for who in ("p-2", "none"))
    assert (other.status, other.text) == (missing.status, missing.text) == (404, missing.text)


def test_a_supervisor_asks_about_their_banks_only(workplace: Client) -> None:
    enter("hq", "supervisor", sites=("hq",))
    enter("dock", "supervisor", sites=("dock",))
    assert Client("hq").post("/policies/dry-run", question()).status == 200
    other = Client("dock").post("/policies/dry-run", question())
    missing = Client("dock").post("/policies/dry-run", question(bank="none"))
    assert (other.status, other.text) == (missing.status, missing.text) == (404, missing.text)
