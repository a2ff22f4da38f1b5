"""The functions with their real clients: botocore to DynamoDB, Secrets Manager and IoT Core, all of them moto's."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iotdata.models import iotdata_backends

from tests.support import invariants
from tests.support.banks import rule_event, ulid
from tests.support.tables import tables_in_memory
from tests.support.workplace import (
    CREW,
    DRILL,
    FALLBACK,
    NOW,
    ORG,
    TOKEN,
    bank,
    drill,
    person,
    put_bank,
    put_person,
    rules,
    site,
)
from tests.support.world import Context, Heard, app
from toolcrib.store.assets import load_asset
from toolcrib.store.loans import load_loan

TAG = "E2000001"


@pytest.fixture(autouse=True)
def workplace() -> Iterator[None]:
    with tables_in_memory():
        rules(site(), DRILL, CREW, FALLBACK)
        put_bank(bank(), stowed={1: drill()})
        put_person(person(), TOKEN)
        yield
        invariants.check()


def send(kind: str, minutes: int, /, **body: Any) -> list[Heard]:
    """Hand an upload to its function, so many minutes into the story; returns what it published."""
    now = NOW + timedelta(minutes=minutes)
    whole = {"id": ulid(), "at": now.isoformat().replace("+00:00", "Z"), "age_ms": 0, "boot": 1, **body}
    published = iotdata_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].published_payloads
    before = len(published)
    with time_machine.travel(now, tick=False):
        getattr(app("devices"), f"on_{kind}")(rule_event("acme:hq-01", json.dumps(whole).encode(), now), Context())
    return [_heard(topic, payload) for topic, payload in published[before:]]


def _heard(topic: str, payload: Any) -> Heard:
    _, _, thing, _, kind = topic.split("/")
    return Heard(thing.split(":")[1], kind, json.loads(payload))


def tap(minutes: int) -> Heard:
    return send("tap", minutes, journal_depth=0, badges=[TOKEN])[0]


def door(minutes: int, seq: int, grant: str | None, outcome: str, number: int, tags: list[str] | None) -> list[Heard]:
    seen = {"evidence": "tags", "present": None, "tags": tags, "opened_ms": 900, "closed_ms": 0}
    return send("door", minutes, seq=seq, door=number, grant=grant, outcome=outcome, **seen)


def test_a_thing_is_taken_and_brought_back() -> None:
    taking = tap(0)
    assert (taking.kind, taking.claims["purpose"]) == ("open", "take")
    assert [each.kind for each in door(1, 1, taking.grant, "opened", taking.door, None)] == ["ack"]
    assert [each.kind for each in door(1, 2, taking.grant, "closed", taking.door, [])] == ["ack", "notice"]
    assert load_asset(ORG, "drill-1").state == "on_loan"
    back = tap(60)
    door(61, 3, back.grant, "closed", back.door, [TAG])
    assert load_loan(ORG, taking.grant).state == "closed"


def test_everything_else_that_a_bank_says_is_acknowledged_or_answered() -> None:
    status = {"firmware": "1", "uptime_s": 60, "journal_depth": 0, "doors": {"1": "closed"}, "tags": {"1": [TAG]}}
    assert [each.kind for each in send("status", 0, seq=1, **status)] == ["ack"]
    assert [each.kind for each in send("alarm", 1, seq=2, kind="tamper")] == ["ack"]
    assert [each.kind for each in send("fault", 1, seq=3, severity="minor", door=2)] == ["ack"]
    assert [each.kind for each in send("time", 1, journal_depth=0, nonce="nonce-12345")] == ["time"]
    assert [each.kind for each in door(2, 4, None, "forced", 1, None)] == ["ack"]


def test_another_thing_a_doubtful_end_and_a_late_word() -> None:
    taking = tap(0)
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        event = {"time": (NOW + timedelta(minutes=11)).isoformat()}
        assert app("schedules").sweep(event, Context()) == {"grant_unresolved": 1}
    assert load_asset(ORG, "drill-1").state == "unconfirmed"
    door(12, 1, taking.grant, "closed", 1, [])
    assert load_asset(ORG, "drill-1").state == "on_loan"
