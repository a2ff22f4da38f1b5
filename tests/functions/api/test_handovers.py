"""Handing over over HTTP: what each is answered."""

from typing import get_args

import pytest

from chalicelib.api.handovers import Stated
from tests.functions.api.test_loan_terms import as_, out
from tests.support.http import Client, enter
from toolcrib.domain.people import Person
from toolcrib.domain.upkeep import Condition
from toolcrib.store import mapping
from toolcrib.store.people import load_person

__all__ = ["out"]


@pytest.fixture
def ben(out: Client) -> Client:
    """A colleague at another site."""
    mapping.person_item("acme", Person(id="ben", name="Ben", site="dock", groups=("crew",))).save()
    return Client(enter("ben", "self", person="ben"))


def test_a_loan_is_asked_for_and_accepted(out: Client, ben: Client) -> None:
    asked = as_("self").post("/loans/hq/hand-over", {"to": "ben", "condition": "minor"})
    assert (asked.status, asked.json["handover"]["to"], asked.json["handover"]["condition"]) == (200, "ben", "minor")
    assert asked.json["handover"]["expires_at"] == "2026-11-21T17:00:00.000Z"
    assert ben.get("/loans/hq").status == 200
    accepted = ben.post("/loans/hq/hand-over/accept", {}, key="k-1")
    assert (accepted.status, accepted.json["person"], accepted.json["handed_from"]) == (201, "ben", "hq")
    assert accepted.json["door"] is None
    assert accepted.headers["Location"] == f"/v1/loans/{accepted.json['id']}"
    assert ben.post("/loans/hq/hand-over/accept", {}, key="k-1").json == accepted.json
    assert [each["id"] for each in ben.get("/loans").json["items"]] == [accepted.json["id"]]
    before = out.get("/loans/hq").json
    assert (before["state"], before["handed_to"], before["return_evidence"]) == (
        "closed",
        accepted.json["id"],
        "declared",
    )
    assert list(load_person("acme", "ben").holdings) == [accepted.json["id"]]


def test_until_it_is_asked_nobody_else_sees_it(ben: Client) -> None:
    for reply in (ben.get("/loans/hq"), ben.post("/loans/hq/hand-over/accept", {})):
        assert (reply.status, reply.json["code"]) == (404, "not_found")


def test_declined_or_taken_back_nothing_is_left_to_accept(ben: Client) -> None:
    as_("self").post("/loans/hq/hand-over", {"to": "ben"})
    assert ben.delete("/loans/hq/hand-over").json["handover"] is None
    assert ben.post("/loans/hq/hand-over/accept", {}).status == 404


@pytest.mark.parametrize("body", [{}, {"to": "ben", "condition": "fine"}, {"to": "ben", "person": "ben"}])
def test_a_body_that_does_not_fit_asks_for_nothing(ben: Client, out: Client, body: dict[str, str]) -> None:
    assert as_("self").post("/loans/hq/hand-over", body).status == 400
    assert out.get("/loans/hq").json["handover"] is None


def test_nobody_hands_a_thing_to_themself(out: Client) -> None:
    assert as_("self").post("/loans/hq/hand-over", {"to": "hq"}).status == 400


def test_the_words_for_a_condition_are_those_of_the_record() -> None:
    assert set(get_args(Stated)) == set(Condition)
