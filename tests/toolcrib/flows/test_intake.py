"""What does not parse goes no further; what comes too late for anybody to wait for is dropped (MQTT contract)."""

import json
from typing import Any

import pytest

from tests.support.banks import rule_event, ulid
from tests.support.outcomes import stage
from tests.support.workplace import TOKEN
from tests.support.world import World
from toolcrib.wire.arrivals import BadUpload

GOOD_TAP = {"id": ulid(1), "at": "2026-11-20T09:00:00Z", "age_ms": 0, "boot": 1, "journal_depth": 0, "badges": [TOKEN]}
GOOD_ALARM = {"id": ulid(2), "at": "2026-11-20T09:00:00Z", "age_ms": 0, "boot": 1, "seq": 1, "kind": "tamper"}


def event(here: World, body: Any, **more: Any) -> dict[str, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return {**rule_event("acme:hq-01", raw, here.now), **more}


@pytest.mark.parametrize(("age_ms", "answers"), [(0, 1), (10_000, 1), (10_001, 0), (3_600_000, 0)])
def test_conversation_older_than_ten_seconds_is_dropped(here: World, age_ms: int, answers: int) -> None:
    stage(here)
    heard = here.deliver("tap", event(here, GOOD_TAP | {"age_ms": age_ms}))
    assert len(heard) == answers
    assert (here.grant_or_none() is not None) == bool(answers)


def test_conversation_that_waited_in_a_queue_of_ours_is_dropped_as_well(here: World) -> None:
    stage(here)
    queued = event(here, GOOD_TAP)
    here.later(seconds=11)
    assert here.deliver("tap", queued) == []
    assert here.grant_or_none() is None


@pytest.mark.parametrize("body", [b"", b"nonsense", GOOD_TAP | {"more": 1}, GOOD_TAP | {"badges": "x"}])
def test_conversation_that_does_not_parse_is_dropped_without_an_answer(here: World, body: Any) -> None:
    stage(here)
    assert here.deliver("tap", event(here, body)) == []
    assert here.cases() == []


@pytest.mark.parametrize("kind", ["door", "alarm", "fault", "status"])
def test_a_report_that_does_not_parse_but_has_an_id_is_rejected_and_kept_as_a_case_once(here: World, kind: str) -> None:
    stage(here)
    for _ in range(2):
        heard = here.deliver(kind, event(here, GOOD_ALARM | {"more": 1}))
        assert [each.body["rejected"] for each in heard] == [[{"id": GOOD_ALARM["id"], "code": "bad_payload"}]]
    assert [(case.kind, case.bank, case.site) for case in here.cases()] == [("rejected_report", "hq-01", "hq")]


@pytest.mark.parametrize("body", [b"", b"nonsense", {"id": "x"}, {}, GOOD_ALARM | {"id": "not one"}])
def test_a_report_without_a_readable_id_is_a_dead_report(here: World, body: Any) -> None:
    stage(here)
    with pytest.raises(BadUpload):
        here.deliver("alarm", event(here, body))
    assert here.cases() == []
    assert here.published == []


def test_a_report_that_is_too_large_is_a_dead_report(here: World) -> None:
    stage(here)
    with pytest.raises(BadUpload, match="too_large"):
        here.deliver("alarm", event(here, json.dumps(GOOD_ALARM).encode() + b" " * 9000))


@pytest.mark.parametrize("kind", ["alarm", "door", "status", "fault"])
def test_a_report_from_a_topic_that_names_no_bank_is_a_dead_report(here: World, kind: str) -> None:
    with pytest.raises(BadUpload, match="bad_thing"):
        here.deliver(kind, event(here, GOOD_ALARM, thing="nobody"))


def test_what_a_log_line_tells_of_a_bad_upload_is_not_what_was_in_it(
    here: World, capsys: pytest.CaptureFixture[str]
) -> None:
    stage(here)
    here.deliver("tap", event(here, GOOD_TAP | {"badges": ["canary-04A2246B1F9080"]}))
    assert "canary" not in capsys.readouterr().out
