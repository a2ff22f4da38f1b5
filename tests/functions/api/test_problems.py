"""Every refusal reads the same, and a failure says nothing of its inside (RFC 9457)."""

import inspect
from http import HTTPStatus
from typing import Any

import pytest

from chalicelib.flows.admin import people
from chalicelib.web import problems
from chalicelib.web.answers import refuse
from chalicelib.web.problems import STATUS, problem, status_of
from tests.support.http import Client
from toolcrib.domain import refusals
from toolcrib.domain.refusals import DoorBusy, LostRace, NotFound, Refusal, WrongState

KINDS = [
    kind
    for module in (refusals, problems)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, Refusal)
]


def made(kind: type[Refusal]) -> Refusal:
    return WrongState(state="lost", move="stow") if kind is WrongState else kind()


@pytest.mark.parametrize("kind", KINDS)
def test_every_refusal_has_a_status_and_a_code(kind: type[Refusal]) -> None:
    told = problem(made(kind))
    assert told.items() >= {"type": "about:blank", "status": status_of(made(kind)).value}.items()
    assert all(told[name] for name in ("title", "detail", "code"))
    assert 400 <= told["status"] < 500


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("NotFound", 404),
        ("WrongState", 409),
        ("Conflict", 409),
        ("DoorBusy", 409),
        ("AlreadyThere", 409),
        ("Stale", 412),
        ("Invalid", 400),
        ("NotAllowed", 403),
        ("LostRace", 409),
        ("NotSignedIn", 401),
        ("TooLarge", 413),
        ("KeyReused", 422),
        ("Unconditional", 428),
    ],
)
def test_the_status_of_a_refusal(kind: str, status: int) -> None:
    found = next(each for each in KINDS if each.__name__ == kind)
    assert status_of(made(found)) == status


def test_every_status_is_in_the_table_of_the_documentation() -> None:
    from chalicelib.web.openapi import REFUSALS

    assert {int(status) for status in STATUS.values()} <= REFUSALS.keys()


def test_a_race_lost_too_often_reads_as_a_conflict_and_says_to_repeat() -> None:
    told = problem(LostRace(detail="oc6zs: the record moved on"))
    assert (told["code"], "oc6zs" in str(told), told["advice"]) == ("conflict", False, "Repeat the request.")


def test_advice_and_fields_come_along() -> None:
    told = problem(DoorBusy(fields={"door": "is in use"}))
    assert (told["advice"], told["errors"]) == ("Try again in a minute.", [{"field": "door", "message": "is in use"}])


def test_a_problem_is_not_kept_by_anybody_on_the_way() -> None:
    response = refuse(NotFound(detail="no such thing"), {"Retry-After": "2"})
    assert response.headers == {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Retry-After": "2",
        "Content-Type": "application/problem+json",
    }


def test_a_failure_is_a_problem_without_its_inside(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise KeyError("Ann Canary of table toolcrib-state")

    monkeypatch.setattr(people, "show", fail)
    reply = admin.get("/people/ann")
    assert (reply.status, reply.headers["Content-Type"]) == (500, "application/problem+json")
    assert (reply.json["code"], reply.json["title"]) == ("failed", HTTPStatus.INTERNAL_SERVER_ERROR.phrase)
    assert "Canary" not in reply.text
    assert "KeyError" not in reply.text


def test_a_method_that_there_is_not_is_told_with_those_there_are(admin: Client) -> None:
    reply = admin.ask("PUT", "/people")
    assert (reply.status, reply.json["code"]) == (405, "method_not_allowed")
    assert sorted(reply.headers["Allow"].split(", ")) == ["GET", "POST"]


@pytest.mark.parametrize("odd", ["%2e%2e", "a%2Fb", "a b", "ä", "x" * 65, "#", "'", "..%00", "*"])
def test_an_id_that_cannot_be_one_names_nothing(admin: Client, odd: str) -> None:
    for path in (f"/people/{odd}", f"/loans/{odd}", f"/people/{odd}/badges"):
        resource = "/v1" + path.replace(odd, "{id}")
        reply = admin.ask("GET", path, resource=resource, parameters={"id": odd})
        assert (reply.status, reply.json["detail"]) == (404, "no such thing"), path
