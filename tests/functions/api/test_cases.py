"""Cases and notices over HTTP."""

from collections.abc import Callable
from typing import Any, get_args

import pytest
from botocore.exceptions import ReadTimeoutError

from chalicelib.api.cases import Effect
from chalicelib.flows.admin.resolutions import MOVES
from tests.support import orgs
from tests.support.http import Client, enter
from tests.support.workplace import NOW, ORG
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.store import mapping


@pytest.fixture
def opened(admin: Client) -> Client:
    case = Case(
        id="c-1",
        kind=CaseKind.WRONG_ITEM,
        opened_at=NOW,
        site="hq",
        asset="drill-1",
        person="ann",
        bank="hq-01",
        door=3,
        grant="g-1",
        loan="g-1",
    )
    mapping.case_item(ORG, case).save()
    return admin


def test_a_case_is_shown_with_all_it_is_about(opened: Client) -> None:
    shown = opened.get("/cases/c-1")
    assert shown.json == {
        "id": "c-1",
        "kind": "wrong_item",
        "state": "open",
        "site": "hq",
        "asset": "drill-1",
        "person": "ann",
        "loan": "g-1",
        "bank": "hq-01",
        "door": 3,
        "grant": "g-1",
        "detail": "",
        "answers": {},
        "evidence": None,
        "repair": None,
        "owner": None,
        "history": [],
        "effect": None,
        "opened_at": "2026-11-20T09:00:00.000Z",
        "resolution": None,
        "note": None,
        "resolved_at": None,
        "resolved_by": None,
        "waiting": [],
    }
    assert opened.get("/cases").json["items"] == [shown.json]


def test_resolving_says_how_by_whom_and_when(opened: Client) -> None:
    enter("boss", "supervisor", person="boss", sites=("hq",))
    resolved = Client("boss").post("/cases/c-1/resolve", {"resolution": "found", "note": "Behind the door."})
    assert resolved.status == 200
    assert (
        resolved.json.items()
        >= {
            "state": "resolved",
            "resolution": "found",
            "note": "Behind the door.",
            "resolved_by": "boss",
            "resolved_at": "2026-11-20T09:00:00.000Z",
        }.items()
    )
    assert opened.get("/cases?state=open").json["items"] == []
    assert opened.get("/cases?state=resolved").json["items"] == [resolved.json]


def test_a_case_is_resolved_once(opened: Client) -> None:
    opened.post("/cases/c-1/resolve", {"resolution": "found"})
    again = opened.post("/cases/c-1/resolve", {"resolution": "stolen"})
    assert (again.status, again.json["code"]) == (409, "already_resolved")
    assert opened.get("/cases/c-1").json["resolution"] == "found"


def lose_an_answer(client: Client) -> None:
    def lose(operation: str, _: dict[str, Any]) -> None:
        if operation == "TransactWriteItems":
            client.dynamo.after.remove(lose)
            raise ReadTimeoutError(endpoint_url="dynamodb")

    client.dynamo.after.append(lose)


def test_what_was_given_away_stays_so_for_the_repeat_whatever_became_of_the_case_since(opened: Client) -> None:
    opened.post("/people", {"id": "joe", "name": "Joe"})
    lose_an_answer(opened)
    assert opened.patch("/cases/c-1", {"owner": "joe"}, "*", key="k").status == 500
    assert opened.post("/cases/c-1/resolve", {"resolution": "found"}).status == 200
    again = opened.patch("/cases/c-1", {"owner": "joe"}, "*", key="k")
    assert (again.status, again.json["owner"]) == (200, "joe")
    late = opened.patch("/cases/c-1", {"owner": None}, "*", key="another")
    assert (late.status, late.json["code"]) == (409, "already_resolved")


def test_after_a_lost_answer_the_repeat_is_told_what_it_did(opened: Client) -> None:
    lose_an_answer(opened)
    ask: Callable[[], Any] = lambda: opened.post("/cases/c-1/resolve", {"resolution": "found"}, key="k")  # noqa: E731
    assert [ask().status, ask().status] == [500, 200]


def test_resolving_moves_nothing(opened: Client) -> None:
    before = set(opened.dynamo.snapshot()["ledger"])
    opened.post("/cases/c-1/resolve", {"resolution": "found"})
    assert set(opened.dynamo.snapshot()["ledger"]) == before


@pytest.mark.parametrize(
    "body", [{}, {"resolution": ""}, {"resolution": "x" * 101}, {"note": "x"}, {"resolution": None}]
)
def test_a_resolution_is_needed(opened: Client, body: Any) -> None:
    reply = opened.post("/cases/c-1/resolve", body)
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, "resolution")


def test_a_notice_is_shown_without_an_address(admin: Client) -> None:
    mapping.notice_item(ORG, orgs.notice("n-1", "hq", recipient="ann")).save()
    shown = admin.get("/notices/n-1")
    assert (
        shown.json.items()
        >= {
            "id": "n-1",
            "loan": "n-1",
            "step": "PT2H",
            "recipient": "ann",
            "via": "email",
            "state": "pending",
            "due_at": "2026-11-20T09:00:00.000Z",
            "sent_at": None,
        }.items()
    )
    assert admin.get("/notices?recipient=ann").json["items"] == [shown.json]


def test_a_case_is_given_to_a_person_and_its_history_says_so(opened: Client) -> None:
    opened.post("/people", {"id": "joe", "name": "Joe"})
    given = opened.patch("/cases/c-1", {"owner": "joe"}, "*")
    assert (given.status, given.json["owner"]) == (200, "joe")
    assert given.json["history"] == [
        {"at": "2026-11-20T09:00:00.000Z", "by": "admin", "what": "assigned", "note": "joe"}
    ]
    nobody = opened.patch("/cases/c-1", {"owner": "moe"}, "*")
    assert (nobody.status, nobody.json["errors"]) == (400, [{"field": "owner", "message": "there is no person moe"}])


def test_a_case_that_somebody_else_changed_is_not_given_away(opened: Client) -> None:
    opened.post("/cases/c-1/notes", {"note": "Looked behind it."})
    stale = opened.patch("/cases/c-1", {"owner": None}, headers={"If-Match": '"1"'})
    assert stale.status == 412


def test_what_was_found_out_is_noted_as_long_as_the_case_is_open(opened: Client) -> None:
    noted = opened.post("/cases/c-1/notes", {"note": "Looked behind it."})
    assert [(entry["what"], entry["note"]) for entry in noted.json["history"]] == [("noted", "Looked behind it.")]
    opened.post("/cases/c-1/resolve", {"resolution": "found"})
    late = opened.post("/cases/c-1/notes", {"note": "Too late."})
    assert (late.status, late.json["code"]) == (409, "already_resolved")


def test_a_resolution_names_a_place_only_with_a_move(opened: Client) -> None:
    stray = opened.post("/cases/c-1/resolve", {"resolution": "found", "bank": "hq-01", "door": 1})
    assert stray.status == 400
    assert {error["field"] for error in stray.json["errors"]} == {"bank", "door"}
    assert opened.get("/cases/c-1").json["state"] == "open"


def test_the_moves_a_resolution_takes_are_those_that_can_be_stated() -> None:
    assert set(get_args(Effect)) == {str(move) for move in MOVES}
