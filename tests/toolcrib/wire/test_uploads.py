"""What banks may say, to the letter; anything else is refused before anything is read (MQTT contract; I15)."""

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.banks import rule_event, ulid
from tests.support.workplace import NOW, TOKEN
from toolcrib.wire import uploads
from toolcrib.wire.arrivals import MAX_BYTES, Arrival, BadUpload, arrival

ENVELOPE = {"id": ulid(7), "at": "2026-11-20T09:00:00Z", "age_ms": 0, "boot": 1}
SPOKEN = {**ENVELOPE, "journal_depth": 0}
REPORTED = {**ENVELOPE, "seq": 1}
BODIES: dict[type[uploads.Upload], dict[str, Any]] = {
    uploads.Tap: {**SPOKEN, "badges": [TOKEN]},
    uploads.Choice: {**SPOKEN, "session": "s", "option": "take:drill"},
    uploads.Fetch: {**SPOKEN, "what": "roster", "version": "20261120T090000.000Z-0123456789ab"},
    uploads.Time: {**SPOKEN, "nonce": "nonce-12345"},
    uploads.Door: {**REPORTED, "door": 1, "grant": "g", "outcome": "closed", "evidence": "tags", "tags": ["E2"]},
    uploads.Fault: {**REPORTED, "severity": "minor", "door": 1},
    uploads.Status: {**REPORTED, "firmware": "1", "uptime_s": 5, "journal_depth": 0, "doors": {"1": "closed"}},
    uploads.Alarm: {**REPORTED, "kind": "tamper"},
}
KINDS = list(BODIES)


def parse(kind: type[uploads.Upload], body: Any) -> Arrival[Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return arrival(rule_event("acme:hq-01", raw, NOW), kind)


def refused(kind: type[uploads.Upload], body: Any) -> BadUpload:
    with pytest.raises(BadUpload) as bad:
        parse(kind, body)
    return bad.value


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_contract_says_is_understood(kind: type[uploads.Upload]) -> None:
    arrived = parse(kind, BODIES[kind])
    assert (arrived.org, arrived.bank, arrived.at) == ("acme", "hq-01", NOW)


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_the_contract_does_not_know_is_refused(kind: type[uploads.Upload]) -> None:
    bad = refused(kind, BODIES[kind] | {"org": "globex"})
    assert (bad.code, bad.id) == ("bad_payload", ENVELOPE["id"])


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in KINDS for field in BODIES[kind]])
@pytest.mark.parametrize("wrong", [None, True, 1.5, -1, "", [], {}, "x" * 5000, 2**60], ids=repr)
def test_no_field_takes_what_it_should_not(kind: type[uploads.Upload], field: str, wrong: Any) -> None:
    body = BODIES[kind] | {field: wrong}
    if (field, repr(wrong)) in ALLOWED or (kind, field, repr(wrong)) in ALLOWED:
        parse(kind, body)
    else:
        refused(kind, body)


ALLOWED = {
    ("grant", "None"),
    ("tags", "None"),
    ("tags", "[]"),
    ("session", "''"),
    ("firmware", "''"),
    ("doors", "{}"),
    (uploads.Fault, "door", "None"),
}
"""Of those: what is optional may be null (a fault's door, a report's grant and tags); opaque words may be empty."""


@pytest.mark.parametrize(("kind", "field"), [(kind, field) for kind in KINDS for field in BODIES[kind]])
def test_what_has_to_be_there_has_to_be_there(kind: type[uploads.Upload], field: str) -> None:
    body = {name: value for name, value in BODIES[kind].items() if name != field}
    optional = {(uploads.Door, "grant"), (uploads.Door, "tags"), (uploads.Fault, "door")}
    if (kind, field) in optional:
        parse(kind, body)
    else:
        refused(kind, body)


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (uploads.Tap, {"badges": []}),
        (uploads.Tap, {"badges": [TOKEN] * 3}),
        (uploads.Tap, {"badges": ["04A2246B1F9080"]}),  # a raw number has no business here (safety.md, I14)
        (uploads.Tap, {"badges": [TOKEN + "\n"]}),
        (uploads.Choice, {"option": "x" * 129}),
        (uploads.Choice, {"pin": "4711"}),
        (uploads.Choice, {"terms_sha256": "ABC"}),
        (uploads.Choice, {"answers": {"a": {"b": 1}}}),
        (uploads.Door, {"door": 0}),
        (uploads.Door, {"door": 65}),
        (uploads.Door, {"outcome": "exploded"}),
        (uploads.Door, {"evidence": "declared"}),
        (uploads.Door, {"grant": "g" * 65}),
        (uploads.Door, {"grant": "a#b"}),
        (uploads.Door, {"tags": ["E2"] * 65}),
        (uploads.Door, {"tags": ["E2 00"]}),
        (uploads.Door, {"tags": ["E" * 65]}),
        (uploads.Door, {"present": 1}),
        (uploads.Door, {"opened_ms": -1}),
        (uploads.Door, {"closed_ms": 10**12}),
        (uploads.Door, {"offline": {"kind": "take", "badge": TOKEN, "roster": "1", "who": "me"}}),
        (uploads.Status, {"doors": {"0": "closed"}}),
        (uploads.Status, {"doors": {"65": "closed"}}),
        (uploads.Status, {"doors": {"one": "closed"}}),
        (uploads.Status, {"doors": {"\u00b2": "closed"}}),
        (uploads.Status, {"doors": {"1": "ajar"}}),
        (uploads.Status, {"tags": {"x": []}}),
        (uploads.Status, {"part": 0}),
        (uploads.Status, {"parts": 9}),
        (uploads.Time, {"nonce": "short"}),
        (uploads.Alarm, {"kind": "birthday"}),
        (uploads.Alarm, {"id": "not-a-ulid"}),
        (uploads.Alarm, {"id": f"{ENVELOPE['id']}\n"}),
        (uploads.Alarm, {"at": "2026-11-20T09:00:00"}),
        (uploads.Alarm, {"at": "yesterday"}),
        (uploads.Alarm, {"age_ms": 366 * 86_400_000 + 1}),
        (uploads.Alarm, {"seq": 2**53 + 1}),
    ],
)
def test_limits_hold_on_everything(kind: type[uploads.Upload], more: dict[str, Any]) -> None:
    refused(kind, BODIES[kind] | more)


def test_the_oldest_age_that_is_believed_is_a_year() -> None:
    arrived = parse(uploads.Alarm, BODIES[uploads.Alarm] | {"age_ms": 366 * 86_400_000})
    assert arrived.at == NOW - timedelta(days=366)
    assert arrived.ago(None) is None
    assert arrived.ago(1000) == NOW - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("says", "raw"),
    [
        ("nothing", b""),
        ("not JSON", b"<xml/>"),
        ("not UTF-8", b'{"id": "\xff"}'),
        ("half a surrogate", b'{"id": "\\ud800"}'),
        ("not a number", json.dumps(BODIES[uploads.Alarm]).replace("0,", "NaN,", 1).encode()),
        ("a list", b"[]"),
        ("deep", b"[" * 4000 + b"]" * 4000),
        ("deep in an unknown field", b'{"x":' * 1000 + b"1" + b"}" * 1000),
        ("two values", b"{} {}"),
        ("a BOM", b"\xef\xbb\xbf{}"),
    ],
)
def test_what_is_no_payload_is_refused_without_an_id(says: str, raw: bytes) -> None:
    assert (refused(uploads.Alarm, raw).code, refused(uploads.Alarm, raw).id) == ("bad_payload", None), says


def test_8_kb_is_the_most() -> None:
    body = BODIES[uploads.Fault] | {"text": "x"}
    filler = MAX_BYTES - len(json.dumps(body).encode())
    raw = json.dumps(body).encode() + b" " * filler
    assert len(raw) == MAX_BYTES
    parse(uploads.Fault, raw)
    assert refused(uploads.Fault, raw + b" ").code == "too_large"


def test_a_body_that_is_not_base64_is_refused() -> None:
    event = rule_event("acme:hq-01", b"{}", NOW) | {"body": "not base64!"}
    with pytest.raises(BadUpload) as bad:
        arrival(event, uploads.Alarm)
    assert bad.value.code == "bad_encoding"


@pytest.mark.parametrize("thing", ["", "acme", ":", "acme:", ":hq-01"])
def test_a_thing_that_names_no_org_or_bank_is_refused(thing: str) -> None:
    with pytest.raises(BadUpload) as bad:
        arrival(rule_event(thing, json.dumps(BODIES[uploads.Alarm]).encode(), NOW), uploads.Alarm)
    assert bad.value.code == "bad_thing"


@given(st.binary(max_size=300))
def test_no_bytes_whatever_do_more_than_be_refused(raw: bytes) -> None:
    refused(uploads.Door, raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
)


@settings(max_examples=60)
@given(JSON)
def test_no_json_whatever_does_more_than_be_refused(value: Any) -> None:
    refused(uploads.Status, json.dumps(value).encode("utf-8", "replace"))


def test_the_schema_that_the_docs_show_is_made_of_the_same_classes() -> None:
    schema = msgspec.json.schema(uploads.Tap)
    assert "badges" in str(schema)
