import json
import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.messages import MAX_PAYLOAD_BYTES, Ack, FetchDown, Notice, Open, RosterDown, Session, Time, parse

EXAMPLES: dict[str, dict[str, Any]] = {
    "session": {
        "re": "u",
        "session": "s",
        "expires_at": "2026-11-21T09:02:00Z",
        "person": {"display": "A", "language": "de"},
        "options": [
            {"option": "1", "kind": "take", "title": "Drill", "door": 3, "due_at": None, "needs": ["pin"], "note": None}
        ],
        "refusals": [{"title": "Saw", "code": "no_access", "text": "Ask."}],
        "terms": {"text": "t", "sha256": "0"},
        "questions": [{"id": "q"}],
    },
    "open": {"re": "u", "command": "a.b.c"},
    "notice": {"re": None, "level": "info", "code": "renewed", "text": "Renewed.", "upload": {"url": "u"}},
    "ack": {"re": "u", "ids": ["u"], "rejected": [{"id": "v", "code": "bad_payload"}]},
    "time": {"re": "u", "time": "a.b.c"},
    "roster": {"re": None, "manifest": "a.b.c"},
    "fetch": {"re": "u", "url": "https://bucket.example/x"},
}
TYPES = {
    "session": Session,
    "open": Open,
    "notice": Notice,
    "ack": Ack,
    "time": Time,
    "roster": RosterDown,
    "fetch": FetchDown,
}


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_kind_is_understood_and_unknown_fields_are_ignored(kind: str) -> None:
    message = parse(kind, json.dumps(EXAMPLES[kind] | {"new_in_version_2": {"deep": [1]}}).encode())
    assert isinstance(message, TYPES[kind])


def test_a_session_may_be_as_short_as_its_token() -> None:
    assert parse("session", b'{"session": "s"}') == Session(session="s")


@pytest.mark.parametrize(
    "payload", [b"", b"null", b"[]", b"{}", b'"x"', b"\xff\xfe", b"{", b'{"command": 7}', b"[" * 100_000, b"NaN"]
)
@pytest.mark.parametrize("kind", ["open", "session", "notice", "time", "roster", "fetch"])
def test_garbage_is_noise(kind: str, payload: bytes) -> None:
    assert parse(kind, payload) is None


@given(st.sampled_from(sorted(EXAMPLES)), st.binary())
def test_no_bytes_make_it_raise(kind: str, payload: bytes) -> None:
    parse(kind, payload)


def test_other_kinds_and_oversized_payloads_are_noise() -> None:
    assert parse("update", b"{}") is None
    assert parse("ack", b'{"ids": []}' + b" " * MAX_PAYLOAD_BYTES) is None


def test_what_was_garbled_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        parse("open", b'{"command": ["SECRET"]}')
    assert "SECRET" not in caplog.text
    assert "noise" in caplog.text
