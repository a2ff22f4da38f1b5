"""What Slack calls: believed only when Slack has just signed it, once; done as who pressed, or not at all."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from tests.support.filled import filled_orgs
from tests.support.http import Client
from tests.support.slack import HOOK, SIGNING, Slack, slack_at_hand
from tests.support.workplace import NOW, ORG
from toolcrib import secrets
from toolcrib.domain.record import replace
from toolcrib.store.items import HeardItem
from toolcrib.store.loans import load_loan
from toolcrib.store.notices import load_notice
from toolcrib.store.people import describe_person, load_person
from toolcrib.store.tables import StateItem

MANY = settings(
    deadline=None,
    derandomize=True,
    max_examples=500,  # thousands are in test_forgeries.py; here it is whatever anybody thinks of
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ACTION = {"type": "button", "action_id": "acknowledge", "value": "acme/hq", "action_ts": "1.0", "block_id": "b"}
PAYLOAD = {"type": "block_actions", "user": {"id": "UHQ"}, "response_url": HOOK, "actions": [ACTION]}
PRESS = urlencode({"payload": json.dumps(PAYLOAD)})


@pytest.fixture
def slack() -> Iterator[Slack]:
    with filled_orgs(), slack_at_hand() as here:
        for person, user in (("hq", "UHQ"), ("dock", "UDOCK"), ("boss", "UBOSS")):
            before = load_person(ORG, person)
            after = replace(before, slack_id=user, version=before.version + 1)
            describe_person(ORG, f"op-{person}", NOW, after, before)
        yield here


def signed(body: str, at: int) -> dict[str, str]:
    signature = SignatureVerifier(SIGNING).generate_signature(timestamp=str(at), body=body)
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": str(signature)}


def acted(notice: str = "hq") -> tuple[str, str] | None:
    done = load_notice(ORG, notice).acted
    return None if done is None else (done.reaction, done.by)


def test_a_button_acts_as_who_pressed_it(slack: Slack) -> None:
    assert slack.press("UHQ", "acknowledge", "acme/hq").status == 200
    assert acted() == ("acknowledge", "hq")
    assert slack.press("UBOSS", "case", "acme/hq").status == 200
    assert acted() == ("case", "boss")
    assert slack.whispers == []


def test_nothing_is_done_before_slack_has_its_answer(slack: Slack) -> None:
    assert slack.send("/slack/actions", PRESS, signed(PRESS, int(NOW.timestamp()))).status == 200
    assert (acted(), len(slack.invoked)) == (None, 1)
    slack.second_half()
    assert acted() == ("acknowledge", "hq")


@pytest.mark.parametrize(
    ("user", "action", "value", "says"),
    [
        ("UDOCK", "acknowledge", "acme/hq", "not known here, or not to you"),
        ("UHQ", "lost", "acme/hq", "not for you to do"),
        ("UHQ", "extend", "acme/hq", "over, or does not allow that"),
        ("UHQ", "acknowledge", "acme/missing", "not known here, or not to you"),
        ("UHQ", "acknowledge", "globex/hq-globex", "not from here"),
        ("UHQ", "acknowledge", "nonsense", "not from here"),
        ("UNOBODY", "acknowledge", "acme/hq", "does not know who you are"),
    ],
)
def test_whoever_may_not_is_told_why_and_changes_nothing(
    slack: Slack, user: str, action: str, value: str, says: str
) -> None:
    assert slack.press(user, action, value).status == 200
    assert says in " ".join(slack.whispers)
    assert acted() is None


def test_somebody_who_was_disabled_is_nobody(slack: Slack) -> None:
    before = load_person(ORG, "hq")
    describe_person(ORG, "op-off", NOW, replace(before, active=False, version=before.version + 1), before)
    slack.press("UHQ", "acknowledge", "acme/hq")
    assert acted() is None


def test_a_verified_mail_links_an_account_and_an_unverified_one_does_not(slack: Slack) -> None:
    before = load_person(ORG, "hq")
    named = replace(before, slack_id=None, email="ann@acme.example", version=before.version + 1)
    describe_person(ORG, "op-mail", NOW, named, before)
    profile = {"profile": {"email": "Ann@acme.example"}}
    for false in ({}, {"is_email_confirmed": False}, {"is_email_confirmed": True, "is_bot": True}):
        slack.users["UANN"] = {**profile, **false}
        slack.press("UANN", "acknowledge", "acme/hq")
        assert acted() is None
    slack.users["UANN"] = {**profile, "is_email_confirmed": True}
    slack.press("UANN", "acknowledge", "acme/hq")
    assert acted() == ("acknowledge", "hq")
    assert load_person(ORG, "hq").slack_id == "UANN"
    slack.users["UEVE"] = slack.users["UANN"]
    slack.press("UEVE", "snooze_hour", "acme/hq")
    assert load_person(ORG, "hq").slack_id == "UANN"


def test_a_request_is_heard_once(slack: Slack) -> None:
    headers = signed(PRESS, int(NOW.timestamp()))
    first = slack.send("/slack/actions", PRESS, headers).status
    assert first != 401
    again = [slack.send("/slack/actions", PRESS, {**headers, **more}).status for more in ({}, LAZY)]
    assert again == [401, 401]


LAZY = {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "press"}


def test_no_header_makes_a_first_half_a_second_one(slack: Slack) -> None:
    assert slack.send("/slack/actions", PRESS, {**signed(PRESS, int(NOW.timestamp())), **LAZY}).status == 200
    assert acted() is None
    assert len(slack.invoked) == 1
    assert slack.send("/slack/actions", PRESS, LAZY).status == 401


@pytest.mark.parametrize("off_s", [-301, 301, -3600, 10**6])
def test_what_was_signed_at_another_time_is_refused(slack: Slack, off_s: int) -> None:
    assert slack.send("/slack/actions", PRESS, signed(PRESS, int(NOW.timestamp()) + off_s)).status == 401


hexes = st.text("0123456789abcdef", min_size=64, max_size=64).map(lambda text: f"v0={text}")
anything = st.text(max_size=80)
stamps = st.one_of(st.just(str(int(NOW.timestamp()))), st.integers(-(10**13), 10**13).map(str), anything)


@MANY
@given(signature=st.one_of(hexes, anything), stamp=stamps, body=st.one_of(st.just(PRESS), anything))
def test_nothing_forged_is_accepted(slack: Slack, signature: str, stamp: str, body: str) -> None:
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    assert slack.send("/slack/actions", body, headers).status == 401
    assert slack.invoked == []


@MANY
@given(where=st.integers(0, len(PRESS.encode()) * 8 - 1), part=st.sampled_from(("body", "stamp", "signature")))
def test_no_bit_of_what_was_signed_may_be_another(slack: Slack, where: int, part: str) -> None:
    at = int(NOW.timestamp())
    headers, body = signed(PRESS, at), PRESS
    if part == "body":
        body = _flipped(body, where)
    elif part == "stamp":
        headers["X-Slack-Request-Timestamp"] = str(at + 1 + where % 299)
    else:
        headers["X-Slack-Signature"] = "v0=" + _flipped(headers["X-Slack-Signature"][3:], where % 512)
    assert slack.send("/slack/actions", body, headers).status == 401
    assert slack.invoked == []


def _flipped(text: str, bit: int) -> str:
    raw = bytearray(text.encode())
    raw[bit // 8 % len(raw)] ^= 1 << bit % 7
    return raw.decode("latin-1")


def test_without_a_signing_secret_nobody_is_heard(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    for known in ({}, {"bot_token": "xoxb-1"}, {"signing_secret": ""}):
        monkeypatch.setattr(secrets, "slack", lambda known=known: known)
        assert slack.send("/slack/actions", PRESS, signed(PRESS, int(NOW.timestamp()))).status == 409


def test_slacks_own_question_whether_we_are_there_is_answered(slack: Slack) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"})
    reply = slack.ask("/slack/events", body, "application/json")
    assert (reply.status, reply.json["challenge"]) == (200, "3eZbrw1a")


def test_what_fails_is_told_to_who_pressed(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise TimeoutError

    monkeypatch.setattr("chalicelib.slack.pressing.react", broken)
    slack.press("UHQ", "acknowledge", "acme/hq")
    assert "failed here" in slack.whispers[0]


def test_commands_show_what_the_api_would_and_no_more(slack: Slack) -> None:
    assert "nothing" in slack.command("UHQ", "mine")[0]
    assert "Only who looks after things" in slack.command("UHQ", "who drill")[0]
    assert slack.command("UBOSS", "who hq") == ["Drill (hq): nobody has it (in store)"]
    assert slack.command("UBOSS", "where dock") == ["Nothing of that name is here."]
    assert slack.command("UBOSS", "late") == ["Nothing is late."]
    assert slack.command("UBOSS", "what?")[0].startswith("/toolcrib mine")
    assert "does not know" in slack.command("UNOBODY", "mine")[0]


def test_a_home_shows_what_is_theirs_and_what_they_look_after(slack: Slack) -> None:
    def headlines(blocks: list[dict[str, Any]]) -> list[str]:
        return [block["text"]["text"] for block in blocks if block["type"] == "header"]

    assert headlines(slack.open_home("UHQ")) == ["What you have"]
    assert headlines(slack.open_home("UBOSS")) == ["What you have", "Late", "Missing", "Open cases"]
    assert "does not know" in json.dumps(slack.open_home("UNOBODY"))


def test_what_was_heard_names_nobody(slack: Slack) -> None:
    slack.press("UHQ", "acknowledge", "acme/hq")
    heard = [item for item in StateItem.scan() if isinstance(item, HeardItem)]
    assert len(heard) == 1
    assert "UHQ" not in str(heard[0].attribute_values)


def test_a_signed_in_supervisor_sees_who_pressed(slack: Slack) -> None:
    slack.press("UHQ", "acknowledge", "acme/hq")
    assert Client("admin").get("/notices/hq").json["acted"]["by"] == "hq"
    assert load_loan(ORG, "hq").holder_quiet is not None
