"""Row 1: who asks may take things at all."""

import pytest

from tests.support.judging import NOW, SECOND, book, subject
from toolcrib.domain.judges.person import person_active

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


def test_row_1_tells_the_times_it_compared() -> None:
    early = person_active(subject(valid_from=NOW + SECOND), book())
    assert early.detail == "valid from 2026-11-20T09:00:01Z, now 2026-11-20T09:00:00Z"
    late = person_active(subject(valid_until=NOW), book())
    assert late.detail == "valid until 2026-11-20T09:00:00Z, now 2026-11-20T09:00:00Z"
