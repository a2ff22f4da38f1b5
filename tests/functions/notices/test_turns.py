"""Messages take turns: nobody is written to too fast, and a channel that wants to rest is left alone."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.notices import email, slack, turns
from chalicelib.notices.deliver_notice import deliver
from chalicelib.notices.letters import Letter
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.recipients import Address
from chalicelib.notices.turns import NotNow
from chalicelib.notices.wording.message import Message
from tests.support.stories import DUE, HOUR, a_loan, a_notice
from tests.support.tables import tables_in_memory
from tests.support.workplace import ORG, put_person, rules
from toolcrib.domain.loans import LoanState
from toolcrib.domain.notices import NoticeState
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Match, Period, Policy, Site, To, Via
from toolcrib.domain.refusals import LostRace
from toolcrib.settings import settings
from toolcrib.store import keys, mapping
from toolcrib.store.items import PaceItem
from toolcrib.store.notices import load_notice
from toolcrib.store.paces import find_pace
from toolcrib.store.tables import connection

NOW = DUE + 2 * HOUR
SECOND = timedelta(seconds=1)

Sent = list[str]


@pytest.fixture(autouse=True)
def workplace(naps: list[float]) -> Iterator[None]:
    with tables_in_memory():
        rules(
            Site(id="hq", name="HQ Berlin", time_zone="Europe/Berlin", supervisors=("p-9",), channel="#tool-room"),
            Policy(id="fallback", match=Match(), period=Period(after=8 * HOUR)),
        )
        put_person(Person(id="p-1", name="Maya Lind", slack_id="U0MAYA", email="maya@acme.example"))
        put_person(Person(id="p-2", name="Noor Haddad", slack_id="U0NOOR", email="noor@acme.example"))
        connection()
        mapping.loan_item(ORG, a_loan()).save()
        yield


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """To whom messages went."""
    out: Sent = []
    monkeypatch.setattr(slack, "send", lambda where, *_, **__: out.append(where))
    monkeypatch.setattr(email, "send", lambda to, _: out.append(to))
    return out


def noted(number: int, **more: Any) -> str:
    notice = a_notice(id=f"n-{number}", due_at=NOW, **{"urgent": True, **more})
    mapping.notice_item(ORG, notice).save()
    return notice.id


def letter() -> Letter:
    notice = a_notice(urgent=True)
    message = Message(subject="", text="", html="", summary="", blocks=[], tags={})
    return Letter(ORG, notice, (notice,), message, lambda _: True, lambda _: timedelta())


def mails_a_second(monkeypatch: pytest.MonkeyPatch, rate: str) -> None:
    monkeypatch.setenv("MAIL_RATE", rate)
    settings.cache_clear()


def test_a_conversation_takes_a_message_a_second_and_a_short_burst(sent: Sent, naps: list[float]) -> None:
    states = [deliver(noted(number), ORG, NOW) for number in range(9)]
    assert states == [NoticeState.SENT] * 7 + [NoticeState.PENDING] * 2
    assert naps == [1.0, 2.0, 3.0]
    assert sent == ["U0MAYA"] * 7


def test_who_has_to_wait_is_put_off_and_has_tried_nothing() -> None:
    for number in range(9):
        deliver(noted(number), ORG, NOW)
    waiting = load_notice(ORG, "n-8")
    assert (waiting.attempts, waiting.first_tried_at, waiting.last_error) == (0, None, None)
    assert waiting.wake_at is not None
    assert waiting.wake_at > NOW
    assert deliver("n-8", ORG, waiting.wake_at) is NoticeState.SENT


def test_another_conversation_does_not_wait(sent: Sent) -> None:
    for number in range(9):
        deliver(noted(number), ORG, NOW)
    assert deliver(noted(10, recipient="p-2"), ORG, NOW) is NoticeState.SENT
    assert deliver(noted(11, to=To.CHANNEL, recipient="#tool-room"), ORG, NOW) is NoticeState.SENT
    assert sent[-2:] == ["U0NOOR", "#tool-room"]


def test_all_mail_shares_the_rate_that_ses_allows(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    mails_a_second(monkeypatch, "1")
    people = [("p-1", "p-2")[number % 2] for number in range(6)]
    states = [deliver(noted(n, via=Via.EMAIL, recipient=who), ORG, NOW) for n, who in enumerate(people)]
    assert states == [NoticeState.SENT] * 4 + [NoticeState.PENDING] * 2
    assert sorted(set(sent)) == ["maya@acme.example", "noor@acme.example"]


def test_the_urgent_pass_those_who_were_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    mails_a_second(monkeypatch, "1")
    ordinary = [deliver(noted(n, via=Via.EMAIL, urgent=False, recipient=f"p-{1 + n % 2}"), ORG, NOW) for n in range(5)]
    assert ordinary[-1] is NoticeState.PENDING
    assert deliver(noted(9, via=Via.EMAIL), ORG, NOW) is NoticeState.SENT


def test_one_answer_lets_everybody_leave_the_channel_alone(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    tries: list[str] = []

    def limited(where: str, *_: Any, **__: Any) -> None:
        tries.append(where)
        raise NotSent("slack_rate_limited", retry_after=40 * SECOND)

    with monkeypatch.context() as context:
        context.setattr(slack, "send", limited)
        assert deliver(noted(1), ORG, NOW) is NoticeState.PENDING
        assert deliver(noted(2), ORG, NOW + SECOND) is NoticeState.PENDING
        assert deliver(noted(3, recipient="p-2"), ORG, NOW + SECOND) is NoticeState.PENDING
    assert tries == ["U0MAYA", "U0NOOR"]
    assert load_notice(ORG, "n-1").attempts == 1
    second = load_notice(ORG, "n-2")
    assert (second.attempts, second.wake_at) == (0, NOW + 40 * SECOND)
    assert deliver("n-2", ORG, NOW + 40 * SECOND) is NoticeState.SENT
    assert sent == ["U0MAYA"]


def test_throttled_mail_lets_all_mail_wait_and_slack_go_on(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    def throttled(*_: Any) -> None:
        raise NotSent("mail_throttled", retry_after=5 * SECOND)

    with monkeypatch.context() as context:
        context.setattr(email, "send", throttled)
        deliver(noted(1, via=Via.EMAIL), ORG, NOW)
    assert deliver(noted(2, via=Via.EMAIL, recipient="p-2"), ORG, NOW) is NoticeState.PENDING
    assert load_notice(ORG, "n-2").attempts == 0
    assert deliver(noted(3), ORG, NOW) is NoticeState.SENT
    assert deliver("n-2", ORG, NOW + 5 * SECOND) is NoticeState.SENT
    assert sent == ["U0MAYA", "noor@acme.example"]


def test_what_came_back_while_it_waited_its_turn_is_not_told(monkeypatch: pytest.MonkeyPatch, sent: Sent) -> None:
    for number in range(4):
        deliver(noted(number), ORG, NOW)

    def returned(_: float) -> None:
        mapping.loan_item(ORG, a_loan(state=LoanState.CLOSED)).save()

    monkeypatch.setattr(time, "sleep", returned)
    assert deliver(noted(9), ORG, NOW) is NoticeState.PENDING
    assert deliver("n-9", ORG, NOW + 5 * SECOND) is NoticeState.CANCELLED
    assert len(sent) == 4


def test_a_record_that_everybody_wants_lets_one_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(*_: Any) -> None:
        raise LostRace(detail="another one")

    monkeypatch.setattr(turns, "save_pace", taken)
    with pytest.raises(NotNow) as later:
        turns.take(letter(), Address(Via.SLACK, "U0MAYA"), NOW)
    assert later.value.until > NOW
    turns.leave_alone(letter(), Address(Via.SLACK, "U0MAYA"), NotSent("x", retry_after=SECOND), NOW)


def test_two_who_take_the_same_turn_get_one_each(monkeypatch: pytest.MonkeyPatch) -> None:
    place, first = Address(Via.EMAIL, "maya@acme.example"), turns.find_pace
    mails_a_second(monkeypatch, "1")

    def overtaken(org: str, name: str, now: datetime) -> Any:
        """Another sender takes its turn between our read and our write."""
        monkeypatch.setattr(turns, "find_pace", first)
        found = first(org, name, now)
        turns.take(letter(), place, NOW)
        return found

    monkeypatch.setattr(turns, "find_pace", overtaken)
    assert turns.take(letter(), place, NOW) == SECOND
    assert find_pace(ORG, "mail", NOW).version == 2


def test_the_record_of_a_place_goes_by_itself_and_names_no_address() -> None:
    deliver(noted(1), ORG, NOW)
    item = PaceItem.get(*keys.pace(ORG, "slack#p-1"))
    assert datetime.fromtimestamp(float(item.expires_at), NOW.tzinfo) > NOW
    assert "U0MAYA" not in str(item.attribute_values)
