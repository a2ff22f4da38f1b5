"""Row 1: who asks may take things at all."""

import pytest

from tests.support.judging import NOW, SECOND, book, subject
from toolcrib.domain.judges.finding import Finding
from toolcrib.domain.judges.person import person_active
from toolcrib.domain.people import Person

PEOPLE = [
    ("active", {}, None),
    ("frozen", {"active": False}, "person_frozen"),
    ("frozen and expired", {"active": False, "valid_until": NOW - SECOND}, "person_frozen"),
    ("begins now", {"valid_from": NOW}, None),
    ("begins in a second", {"valid_from": NOW + SECOND}, "person_not_yet_valid"),
    ("ends in a second", {"valid_until": NOW + SECOND}, None),
    ("ends now", {"valid_until": NOW}, "person_expired"),
    ("ended a second ago", {"valid_until": NOW - SECOND}, "person_expired"),
]


@pytest.mark.parametrize(("person", "code"), [case[1:] for case in PEOPLE], ids=[case[0] for case in PEOPLE])
def test_row_1_the_person_is_active_and_within_their_time(person: dict[str, object], code: str | None) -> None:
    assert person_active(subject(**person), book()).code == code


EARLY = Finding(
    code="person_not_yet_valid",
    detail="valid from 2026-11-20T09:00:01Z, now 2026-11-20T09:00:00Z",
    facts={"from": NOW + SECOND},
)
LATE = Finding(
    code="person_expired", detail="valid until 2026-11-20T09:00:00Z, now 2026-11-20T09:00:00Z", facts={"until": NOW}
)


@pytest.mark.parametrize(
    ("person", "found"),
    [
        ({}, Finding(detail="the person is active")),
        ({"active": False}, Finding(code="person_frozen", detail="the person is not active")),
        ({"valid_from": NOW + SECOND}, EARLY),
        ({"valid_until": NOW}, LATE),
    ],
    ids=["active", "frozen", "early", "late"],
)
def test_row_1_tells_what_it_compared(person: dict[str, object], found: Finding) -> None:
    assert person_active(subject(**person), book()) == found


BOTH = [
    ("both are active", {}, {}, Finding(detail="the person is active")),
    (
        "whoever stands there is not",
        {"active": False},
        {},
        Finding(code="person_frozen", detail="the person is not active"),
    ),
    (
        "the other is not, which a sentence about another says",
        {},
        {"active": False},
        Finding(code="person_frozen", detail="the person is not active", says="borrower_not_active"),
    ),
    (
        "the other is not any more",
        {},
        {"valid_until": NOW},
        Finding(code="person_expired", detail=LATE.detail, facts=LATE.facts, says="borrower_not_active"),
    ),
    ("neither is: the one who stands there is told of themself", {"valid_until": NOW}, {"active": False}, LATE),
]


@pytest.mark.parametrize(("present", "other", "found"), [case[1:] for case in BOTH], ids=[case[0] for case in BOTH])
def test_row_1_who_borrows_for_another_and_the_other_are_both_active(
    present: dict[str, object], other: dict[str, object], found: Finding
) -> None:
    actor = Person(**{"id": "boss", "name": "Bo", **present})  # type: ignore[arg-type]
    assert person_active(subject(about={"actor": actor}, **other), book()) == found
