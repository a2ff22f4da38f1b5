"""Every file of events/ that a bank can send goes through its handler."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.banks import rule_event
from tests.support.workplace import ORG, TOKEN, bank, drill, person
from tests.support.world import Context, World, app, world
from toolcrib.domain.doors import Mode
from toolcrib.domain.offline.issuing import Issued
from toolcrib.store.rosters import save_issued

EVENTS = Path("events")
ANSWERS = {
    "tap": "open",
    "tap_two_tokens": "open",
    "time": "time",
    "door_opened": "opened",
    "door_closed_tags": "used",
    "door_closed_presence": "used",
    "door_closed_door_only": "used",
    "door_closed_still_there": "used",
    "door_closed_unknown_tag": "used",
    "door_not_opened": "failed",
    "door_left_open": "opened",
    "door_jammed": "failed",
    "door_unresolved": "unresolved",
}
"""What conversation is answered by, and how far a door's grant is after a report."""
CASES = {
    "door_closed_unknown_tag": "unknown_tag",
    "door_left_open": "left_open",
    "door_jammed": "jammed",
    "door_forced": "forced",
    "door_unresolved": "unresolved",
    "fault": "fault",
    "alarm_tamper": "tamper",
    "alarm_power_lost": "power",
    "alarm_unknown_badge_burst": "unknown_badges",
}
UPLOADS = sorted(path.stem for path in EVENTS.glob("*.json") if "topic" in json.loads(path.read_text()))


@pytest.fixture
def here() -> Iterator[World]:
    with world() as it:
        it.place(bank(), stowed={1: drill()})
        it.meet(person(), TOKEN)
        yield it


def deliver(here: World, name: str, **more: Any) -> list[Any]:
    file = json.loads((EVENTS / f"{name}.json").read_text())
    _, _, thing, _, kind = file["topic"].split("/")
    return here.deliver(kind, rule_event(thing, json.dumps({**file["payload"], **more}).encode(), here.now))


@pytest.mark.parametrize("name", [name for name in UPLOADS if name.startswith("tap") or name == "time"])
def test_conversation_is_answered(here: World, name: str) -> None:
    assert [heard.kind for heard in deliver(here, name)] == [ANSWERS[name]]


def test_a_choice_is_answered() -> None:
    with world() as here:
        here.place(bank(mode=Mode.KIOSK), stowed={1: drill(), 2: drill(2, type="saw", name="Saw", tag="E2000099")})
        here.meet(person(), TOKEN)
        session = deliver(here, "tap")[0]
        assert session.kind in {"session", "open"}
        token = session.body.get("session", "none")
        answer = deliver(here, "choice", session=token)[0]
        assert answer.kind in {"open", "notice"}


@pytest.mark.parametrize("name", [name for name in UPLOADS if name in ANSWERS and name.startswith("door_")])
def test_a_door_report_moves_the_grant_it_names(here: World, name: str) -> None:
    grant = deliver(here, "tap")[0].grant
    heard = deliver(here, name, grant=grant)
    assert heard[0].kind == "ack"
    assert heard[0].body["ids"]
    assert here.grant().state == ANSWERS[name]
    assert [case.kind for case in here.cases()] == ([CASES[name]] if name in CASES else [])


@pytest.mark.parametrize(
    "name", [name for name in UPLOADS if name.startswith(("alarm", "fault", "status")) or "forced" in name]
)
def test_other_reports_are_acknowledged(here: World, name: str) -> None:
    heard = deliver(here, name)
    assert heard[0].body["ids"]
    assert [case.kind for case in here.cases()] == ([CASES[name]] if name in CASES else [])


def test_the_roster_that_a_bank_wants_is_told_if_it_is_its_own(here: World) -> None:
    body = json.loads((EVENTS / "fetch.json").read_text())["payload"]
    assert deliver(here, "fetch") == []
    made_at = here.now - timedelta(minutes=5)
    issued = Issued(version=body["version"], made_at=made_at, ends_at=made_at + timedelta(days=1), sha256="0" * 64)
    save_issued(ORG, "hq-01", issued)
    (answer,) = deliver(here, "fetch")
    assert (answer.kind, answer.body["re"]) == ("fetch", body["id"])
    assert body["version"] in answer.body["url"]


def test_what_a_bank_did_alone_is_applied_in_order(here: World) -> None:
    deliver(here, "door_alone_take")
    assert here.asset().state == "on_loan"
    deliver(here, "door_alone_return")
    assert (here.asset().state, here.asset().custodian.door) == ("stowed", 2)


def test_no_upload_is_left_out() -> None:
    kinds = {json.loads((EVENTS / f"{name}.json").read_text())["topic"].rsplit("/", 1)[1] for name in UPLOADS}
    assert kinds == {"tap", "choice", "fetch", "time", "door", "fault", "status", "alarm"}


@pytest.mark.parametrize("name", ["sweep", "watch_banks", "rosters", "digests"])
def test_what_the_clock_sends_is_taken_as_now(here: World, name: str) -> None:
    heard = here.wake("schedules", name, json.loads((EVENTS / f"{name}.json").read_text()))
    assert [each.kind for each in heard] == (["roster"] if name == "rosters" else [])


@pytest.mark.parametrize("path", sorted(EVENTS.glob("mail_*.json")), ids=lambda path: path.stem)
def test_what_is_said_of_a_mail_that_nobody_knows_changes_nothing(here: World, path: Path) -> None:
    assert here.dynamo is not None
    before = here.dynamo.snapshot()
    app("notices").feedback(json.loads(path.read_text()), Context())
    assert here.dynamo.snapshot() == before


def test_a_stream_batch_about_a_notice_that_is_gone_names_it_as_failed(here: World) -> None:
    batch = json.loads((EVENTS / "notice_stream.json").read_text())
    answer = app("notices").deliver(batch, Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "111"}]}
