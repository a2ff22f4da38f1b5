"""What became of a mail is on record, in whatever order it is told, and who was not reached is told another way."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from chalicelib.notices import deliver_notice, email, slack
from chalicelib.notices.feedback import Feedback, What
from chalicelib.notices.hear_feedback import hear
from chalicelib.notices.mail_events import UnreadableError, heard
from chalicelib.notices.wording.message import Message
from tests.support.stories import DUE, HOUR, a_loan, a_notice
from tests.support.tables import tables_in_memory
from tests.support.workplace import FALLBACK, ORG, person, put_person, rules, site
from toolcrib.domain.gathering import DIGEST
from toolcrib.domain.notices import Notice, NoticeState, Posted
from toolcrib.domain.people import MailStop, Person
from toolcrib.domain.policies import Via
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.store import mapping
from toolcrib.store.notices import load_notice
from toolcrib.store.people import load_person
from toolcrib.store.tables import connection

NOW = DUE + 2 * HOUR
MAYA = Person(id="p-1", name="Maya Lind", email="Maya@acme.example")
ADDRESS = frozenset({"maya@acme.example"})
BOUNCED = Feedback(notice="notice-1", what=What.BOUNCED, at=NOW, addresses=ADDRESS)
COMPLAINED = replace(BOUNCED, what=What.COMPLAINED)
DELIVERED = Feedback(notice="notice-1", what=What.DELIVERED, at=NOW)
OPENED = replace(DELIVERED, what=What.OPENED)
Sent = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def workplace() -> Iterator[None]:
    with tables_in_memory():
        rules(site(), FALLBACK)
        put_person(MAYA)
        connection()
        mapping.loan_item(ORG, a_loan()).save()
        put(sent_at=NOW, state=NoticeState.SENT, via=Via.EMAIL)
        yield


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> Sent:
    found: Sent = []
    monkeypatch.setattr(slack, "send", lambda where, _message, **_: found.append(("slack", where)))
    monkeypatch.setattr(email, "send", lambda to, _message: found.append(("email", to)))
    return found


def put(**more: Any) -> Notice:
    notice = a_notice(**more)
    mapping.notice_item(ORG, notice).save()
    return notice


def now() -> Notice:
    return load_notice(ORG, "notice-1")


def test_delivered_and_read_are_noted_once_at_their_first_moment() -> None:
    for minutes in (3, 1, 2):
        later = NOW + timedelta(minutes=minutes)
        assert hear(replace(DELIVERED, at=later), ORG, NOW) == "delivered"
        assert hear(replace(OPENED, at=later), ORG, NOW) == "opened"
    assert now().delivered_at == now().read_at == NOW + timedelta(minutes=1)
    assert (now().state, now().bounced) == (NoticeState.SENT, None)


@pytest.mark.parametrize("order", list(permutations((DELIVERED, OPENED, BOUNCED, COMPLAINED))))
def test_in_any_order_and_twice_it_comes_to_the_same(order: tuple[Feedback, ...]) -> None:
    for said in (*order, *order):
        hear(said, ORG, NOW)
    notice = now()
    assert (notice.delivered_at, notice.read_at, notice.bounced) == (NOW, NOW, "complained")
    stopped = load_person(ORG, "p-1").mail_stopped
    assert stopped is not None
    assert stopped.why == "complained"


def test_a_mail_that_came_back_goes_to_slack_at_once(out: Sent) -> None:
    put_person(replace(MAYA, slack_id="U0MAYA"))
    assert hear(BOUNCED, ORG, NOW) == "sent_anew"
    assert (now().state, now().bounced, now().last_error) == (NoticeState.PENDING, "bounced", "mail_bounced")
    assert deliver_notice.deliver("notice-1", ORG, NOW) is NoticeState.SENT
    assert out == [("slack", "U0MAYA")]
    assert hear(BOUNCED, ORG, NOW) == "bounced"  # the same word again: it was told another way meanwhile
    assert now().state is NoticeState.SENT


def test_where_nobody_can_be_reached_it_is_given_up_and_that_is_an_alarm(out: Sent) -> None:
    hear(BOUNCED, ORG, NOW)
    assert deliver_notice.deliver("notice-1", ORG, NOW) is NoticeState.GIVEN_UP
    assert (out, now().last_error) == ([], "no_address")


def test_a_mail_that_came_back_after_the_return_is_not_sent_anew(out: Sent) -> None:
    hear(BOUNCED, ORG, NOW)
    mapping.loan_item(ORG, a_loan(state="closed")).save()
    assert deliver_notice.deliver("notice-1", ORG, NOW) is NoticeState.CANCELLED
    assert out == []


def test_a_complaint_stops_mails_and_repeats_nothing() -> None:
    assert hear(COMPLAINED, ORG, NOW) == "complained"
    assert now().state is NoticeState.SENT
    assert load_person(ORG, "p-1").mail_stopped == MailStop(why="complained", at=NOW)


def test_an_address_that_is_not_theirs_any_more_stops_nothing() -> None:
    put_person(replace(MAYA, email="new@acme.example"))
    hear(BOUNCED, ORG, NOW)
    assert load_person(ORG, "p-1").mail_stopped is None


def test_who_was_told_in_anothers_place_is_whom_it_stops() -> None:
    put_person(person(2, email="stand.in@acme.example"))
    put(state=NoticeState.SENT, via=Via.EMAIL, reached="p-2")
    hear(replace(BOUNCED, addresses=frozenset({"stand.in@acme.example"})), ORG, NOW)
    assert load_person(ORG, "p-1").mail_stopped is None
    assert load_person(ORG, "p-2").mail_stopped is not None


def test_what_comes_before_the_senders_own_word_is_brought_again() -> None:
    put(state=NoticeState.SENDING, via=Via.EMAIL)
    with pytest.raises(LostRace):
        hear(BOUNCED, ORG, NOW)
    assert (now().bounced, load_person(ORG, "p-1").mail_stopped) == (None, None)


def test_what_went_to_slack_meanwhile_is_not_said_again() -> None:
    put(state=NoticeState.SENT, posted=Posted(channel="C", ts="1"))
    assert hear(BOUNCED, ORG, NOW) == "bounced"
    assert now().state is NoticeState.SENT


def test_the_parts_of_a_digest_that_came_back_are_told_by_themselves() -> None:
    put(id="part-1", state=NoticeState.SENT, digest="notice-1", sent_at=NOW)
    put(id="part-2", state=NoticeState.CANCELLED, digest="notice-1")
    put(loan=None, step=DIGEST, state=NoticeState.SENT, via=Via.EMAIL, parts=("part-1", "part-2", "part-3"))
    for _ in range(2):
        hear(BOUNCED, ORG, NOW)
    first, second = load_notice(ORG, "part-1"), load_notice(ORG, "part-2")
    assert (first.state, first.digest, first.wake_at) == (NoticeState.PENDING, None, NOW)
    assert second.state is NoticeState.CANCELLED
    assert now().state is NoticeState.SENT


def test_a_notice_that_nobody_knows_is_nobodys() -> None:
    assert hear(replace(DELIVERED, notice="gone"), ORG, NOW) == "unknown"


def test_no_address_is_logged(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    hear(BOUNCED, ORG, NOW)
    assert "acme.example" not in capsys.readouterr().out.casefold() + caplog.text.casefold()


def an_event(name: str = "mail_bounced", **detail: Any) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(Path(f"events/{name}.json").read_text())
    event["detail"] |= detail
    return event


@pytest.mark.parametrize(
    ("name", "what", "at"),
    [
        ("mail_delivered", What.DELIVERED, datetime(2026, 11, 20, 18, 31, 1, 500_000, tzinfo=UTC)),
        ("mail_opened", What.OPENED, datetime(2026, 11, 20, 19, 2, 41, tzinfo=UTC)),
        ("mail_bounced", What.BOUNCED, datetime(2026, 11, 20, 18, 31, 1, 900_000, tzinfo=UTC)),
        ("mail_complained", What.COMPLAINED, datetime(2026, 11, 20, 20, 11, 12, tzinfo=UTC)),
    ],
)
def test_what_ses_says_is_understood(name: str, what: What, at: datetime) -> None:
    said = heard(an_event(name), org=ORG)
    assert said is not None
    assert (said.notice, said.what, said.at) == ("notice-1", what, at)
    assert said.addresses == (ADDRESS if what in {What.BOUNCED, What.COMPLAINED} else frozenset())


def test_a_bounce_that_may_pass_is_left_to_ses() -> None:
    event = an_event()
    event["detail"]["bounce"]["bounceType"] = "Transient"
    assert heard(event, org=ORG) is None


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"source": "aws.ses"},
        an_event() | {"source": "aws.s3"},
        an_event(eventType="Send"),
        an_event(bounce=None),
        an_event(bounce={"timestamp": "yesterday", "bounceType": "Permanent"}),
        an_event(bounce={"timestamp": "2026-11-20T18:31:01", "bounceType": "Permanent"}),
        an_event(mail={"tags": {}}),
        an_event(mail={"tags": {"notice": ["a", "b"], "org": ["acme"]}}),
        an_event(mail={"tags": {"notice": ["a#b"], "org": ["acme"]}}),
        an_event(mail={"tags": {"notice": ["maya@acme.example"], "org": ["acme"]}}),
        an_event(mail={"tags": {"notice": ["notice-1"], "org": ["globex"]}}),
        an_event(mail={"tags": {"notice": ["\ud800"], "org": ["acme"]}}),
        an_event() | {"source": "\ud800"},
    ],
)
def test_what_is_not_whole_or_not_ours_is_refused_and_not_repeated_in_words(event: dict[str, Any]) -> None:
    with pytest.raises(UnreadableError) as refused:
        heard(event, org=ORG)
    assert "acme.example" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_mail_names_its_notice_to_the_provider_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    from toolcrib.clients import client
    from toolcrib.settings import Settings

    asked: dict[str, Any] = {}
    known = Settings(mail_from="toolcrib@example.com", mail_set="toolcrib-acme", toolcrib_org="acme")
    monkeypatch.setattr(email, "settings", lambda: known)
    monkeypatch.setattr(client("sesv2", attempts=1), "send_email", asked.update)
    message = Message(subject="s", text="t", html="h", summary="s", blocks=[], tags={"notice": "n-1", "step": "PT2H"})
    email.send("maya@acme.example", message)
    assert asked["ConfigurationSetName"] == "toolcrib-acme"
    assert asked["EmailTags"] == [{"Name": "notice", "Value": "n-1"}, {"Name": "org", "Value": "acme"}]
