import json
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge import uploads
from edge.config import Evidence
from edge.uploads import MAX_TAGS, TAGS_BUDGET, DoorReport, Outcome, StatusReport, Tap, bounded

AT = datetime(2026, 11, 21, 9, 0, 0, 123_456, UTC)
MAX_PAYLOAD_BYTES = 8 * 1024  # design.md, *MQTT contract*


def status(doors: dict[int, str], tags: dict[int, tuple[str, ...] | None]) -> list[StatusReport]:
    return uploads.status(doors, tags, firmware="f", uptime_s=1, journal_depth=0)


def size(part: StatusReport) -> int:
    body = msgspec.json.encode(part)
    return len(uploads.report(body, upload="0" * 26, at=uploads.rfc3339(AT), boot=10**9, seq=10**9, age_ms=10**12))


def test_times_are_rfc_3339_in_utc_with_milliseconds() -> None:
    assert uploads.rfc3339(AT) == "2026-11-21T09:00:00.123Z"
    assert uploads.rfc3339(AT.astimezone(timezone(timedelta(hours=1)))) == "2026-11-21T09:00:00.123Z"


def test_a_tap_carries_its_envelope_and_no_more_than_it_knows() -> None:
    payload = uploads.conversation(Tap(badges=("1.x",)), upload="U", at=AT, boot=2, journal_depth=3)
    assert json.loads(payload) == {
        "id": "U",
        "at": "2026-11-21T09:00:00.123Z",
        "age_ms": 0,
        "boot": 2,
        "journal_depth": 3,
        "badges": ["1.x"],
    }


def test_the_ages_of_a_door_report_grow_until_it_is_sent() -> None:
    body = DoorReport(door=3, grant="g", outcome=Outcome.CLOSED, opened_ms=4_000, closed_ms=0, evidence=Evidence.TAGS)
    payload = uploads.report(msgspec.json.encode(body), upload="U", at="T", boot=1, seq=9, age_ms=500)
    sent = json.loads(payload)
    assert (sent["age_ms"], sent["opened_ms"], sent["closed_ms"], sent["seq"]) == (500, 4_500, 500, 9)
    assert (sent["present"], sent["tags"]) == (None, None)


def test_an_age_that_is_not_known_stays_null() -> None:
    body = DoorReport(door=3, grant="g", outcome=Outcome.NOT_OPENED)
    sent = json.loads(uploads.report(msgspec.json.encode(body), upload="U", at="T", boot=1, seq=1, age_ms=500))
    assert (sent["opened_ms"], sent["closed_ms"]) == (None, None)


def test_a_status_has_at_most_16_doors_a_part() -> None:
    parts = status(dict.fromkeys(range(1, 41), "closed"), {})
    assert [(len(part.doors), part.part, part.parts) for part in parts] == [(16, 1, 3), (16, 2, 3), (8, 3, 3)]
    assert parts[0].tags["1"] is None


TAGS = st.lists(st.text("0123456789ABCDEF", min_size=1, max_size=64), max_size=80).map(tuple)


@given(st.dictionaries(st.integers(1, 64), TAGS, min_size=1))
def test_every_part_fits_its_payload_and_no_door_is_lost(tags: dict[int, tuple[str, ...]]) -> None:
    kept = {door: bounded(each) for door, each in tags.items()}
    parts = status(dict.fromkeys(tags, "closed"), kept)
    assert all(size(part) <= MAX_PAYLOAD_BYTES for part in parts)
    assert len(parts) <= 8
    assert sorted(int(door) for part in parts for door in part.doors) == sorted(tags)


def test_a_bank_too_full_of_tags_sends_its_doors_without_them() -> None:
    tags = {door: tuple(f"{door:02d}{n:062d}" for n in range(64)) for door in range(1, 65)}
    parts = status(dict.fromkeys(tags, "closed"), tags)
    assert len(parts) == 4
    assert all(seen is None for part in parts for seen in part.tags.values())


@pytest.mark.parametrize("junk", ["", "A B", "<!channel>", "x" * 65, "Ä"])
def test_junk_from_a_reader_is_no_tag(junk: str) -> None:
    assert bounded(("AB", junk, "CD")) == ("AB", "CD")


def test_tags_are_bounded_and_none_stays_none() -> None:
    assert bounded(None) is None
    many = bounded(tuple(f"{number:064d}" for number in range(1_000)))
    assert many is not None
    assert len(many) <= MAX_TAGS
    assert sum(map(len, many)) <= TAGS_BUDGET
