"""Questions of an asset type over HTTP: kept as given, and refused where they make no sense."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.http import Client, enter
from tests.support.world import world

GUARD = {
    "id": "guard",
    "kind": "yes_no",
    "text": {"en": "Is the guard in place?", "de": "Ist der Schutz dran?"},
    "when": "both",
    "required": True,
    "fault_if": {"critical": [False]},
}
CABLE = {
    "id": "cable",
    "kind": "choice",
    "text": {"en": "How is the cable?"},
    "choices": [{"id": "good", "text": {"en": "good"}}, {"id": "worn", "text": {"en": "worn"}}],
    "fault_if": {"minor": ["worn"]},
}
REMARK = {"id": "remark", "kind": "text", "text": {"en": "Anything else?"}, "when": "return"}


@pytest.fixture
def admin() -> Iterator[Client]:
    with world():
        enter("admin", "admin")
        yield Client()


def put(admin: Client, *questions: dict[str, Any]) -> Any:
    return admin.patch("/asset-types/drill", {"questions": list(questions)}, "*")


def test_what_goes_in_comes_out(admin: Client) -> None:
    assert put(admin, GUARD, CABLE, REMARK).status == 200
    shown = admin.get("/asset-types/drill").json["questions"]
    assert shown[0] == {**GUARD, "choices": [], "fault_if": {"minor": [], "critical": [False]}}
    assert [each["kind"] for each in shown] == ["yes_no", "choice", "text"]
    assert (shown[1]["when"], shown[1]["choices"], shown[1]["required"]) == ("both", CABLE["choices"], False)
    assert admin.patch("/asset-types/drill", {"name": "Drill"}, "*").json["questions"] == shown


@pytest.mark.parametrize(
    ("questions", "field", "says"),
    [
        ([GUARD, GUARD], "questions[1].id", "guard is there twice: give each question an id of its own"),
        (
            [{**GUARD, "choices": CABLE["choices"]}],
            "questions[0].choices",
            "only a choice has any: leave them out of a yes_no",
        ),
        ([{**CABLE, "choices": [], "fault_if": {}}], "questions[0].choices", "a choice needs at least two"),
        (
            [{**CABLE, "choices": [*CABLE["choices"], CABLE["choices"][0]]}],
            "questions[0].choices",
            "names an id twice",
        ),
        (
            [REMARK, {**GUARD, "fault_if": {"minor": ["no"]}}],
            "questions[1].fault_if.minor",
            "names what is no answer to it; right would be true or false",
        ),
        (
            [{**CABLE, "fault_if": {"critical": ["broken"]}}],
            "questions[0].fault_if.critical",
            "names what is no answer to it; right would be ids of its choices",
        ),
        (
            [{**REMARK, "fault_if": {"minor": ["ouch"]}}],
            "questions[0].fault_if.minor",
            "names what is no answer to it; right would be nothing: what is written means no fault by itself",
        ),
        (
            [{**CABLE, "fault_if": {"minor": ["worn"], "critical": ["worn"]}}],
            "questions[0].fault_if",
            "names an answer as minor and as critical: name it once",
        ),
        (
            [{**CABLE, "id": f"c{n}", "fault_if": {}, "text": {"pl": "ż" * 180, "en": "short"}} for n in range(10)],
            "questions",
            "are more than 3072 bytes in one language: shorten texts, or ask less",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(
    admin: Client, questions: list[dict[str, Any]], field: str, says: str
) -> None:
    reply = put(admin, *questions)
    assert reply.status == 400, reply.text
    assert {"field": field, "message": says} in reply.json["errors"]
    assert admin.get("/asset-types/drill").json["questions"] == []


@pytest.mark.parametrize(
    "question",
    [
        {**GUARD, "kind": "number"},
        {**GUARD, "text": {}},
        {**GUARD, "text": {"en": ""}},
        {**GUARD, "text": {"en": "x" * 201}},
        {**GUARD, "text": {"EN!": "x"}},
        {**GUARD, "when": "later"},
        {**GUARD, "id": "a b"},
        {**GUARD, "answer": True},
        {**GUARD, "required": "yes"},
        {**CABLE, "choices": [{"id": f"c{n}", "text": {"en": "x"}} for n in range(11)]},
    ],
)
def test_what_does_not_fit_is_refused(admin: Client, question: dict[str, Any]) -> None:
    reply = put(admin, question)
    assert reply.status == 400
    assert reply.json["errors"][0]["field"].startswith("questions")


def test_there_are_no_more_than_ten(admin: Client) -> None:
    assert put(admin, *({**REMARK, "id": f"q{n}"} for n in range(11))).status == 400
