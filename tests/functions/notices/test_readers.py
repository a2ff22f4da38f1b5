"""Whom a notice reaches: by roster, through a delegate, in the morning."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.notices import email, slack
from chalicelib.notices.deliver_notice import deliver
from tests.support.stories import DUE, HOUR, a_loan, a_notice
from tests.support.tables import tables_in_memory
from tests.support.workplace import FALLBACK, ORG, put_person, rules, site
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.people import Person, QuietHours, Shift
from toolcrib.domain.policies import To, Via
from toolcrib.store import mapping, rulebook
from toolcrib.store.notices import load_notice
from toolcrib.store.tables import connection

NOW = DUE + 2 * HOUR  # half past seven in the evening in Berlin
AWAY = NOW + timedelta(days=3)
Sent = list[str]


@pytest.fixture(autouse=True)
def workplace() -> Iterator[None]:
    with tables_in_memory():
        rules(site(supervisors=("p-8", "p-9")), FALLBACK)
        connection()
        mapping.loan_item(ORG, a_loan()).save()
        meet("p-1", "maya")
        meet("p-7", "dana")
        meet("p-8", "omar")
        meet("p-9", "sue")
        yield


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Who got a mail."""
    out: Sent = []
    monkeypatch.setattr(email, "send", lambda to, _: out.append(to.partition("@")[0]))
    monkeypatch.setattr(slack, "send", lambda *_, **__: pytest.fail("nobody here is in Slack"))
    return out


def meet(person: str, name: str, **more: Any) -> None:
    put_person(Person(id=person, name=name, email=f"{name}@acme.example", site="hq", **more))


def told(**more: Any) -> Notice:
    """Deliver a notice and return its record."""
    connection()
    mapping.notice_item(ORG, a_notice(**{"via": Via.EMAIL, "site": "hq", **more})).save()
    deliver("notice-1", ORG, NOW)
    return load_notice(ORG, "notice-1")


def test_a_delegate_is_told_in_place_of_who_is_away(sent: Sent) -> None:
    meet("p-1", "maya", absent_until=AWAY, delegate="p-7")
    notice = told()
    assert sent == ["dana"]
    assert (notice.state, notice.recipient, notice.reached) == (NoticeState.SENT, "p-1", "p-7")


def test_a_delegate_who_is_away_as_well_has_one_of_their_own(sent: Sent) -> None:
    meet("p-1", "maya", absent_until=AWAY, delegate="p-7")
    meet("p-7", "dana", absent_until=AWAY, delegate="p-9")
    told()
    assert sent == ["sue"]


@pytest.mark.parametrize("delegate", [None, "p-unknown", "p-1"])
def test_who_is_away_and_has_nobody_is_told_all_the_same(sent: Sent, delegate: str | None) -> None:
    meet("p-1", "maya", absent_until=AWAY, delegate=delegate)
    assert told().reached is None
    assert sent == ["maya"]


def test_two_who_stand_in_for_each_other_end_with_one_of_them(sent: Sent) -> None:
    meet("p-1", "maya", absent_until=AWAY, delegate="p-7")
    meet("p-7", "dana", absent_until=AWAY, delegate="p-1")
    told()
    assert len(sent) == 1


def test_a_supervisor_off_duty_is_left_alone_while_another_is_on_duty(sent: Sent) -> None:
    meet("p-8", "omar", shifts=(Shift(starts=NOW + HOUR, ends=NOW + 9 * HOUR),))
    meet("p-9", "sue", shifts=(Shift(starts=NOW - HOUR, ends=NOW + HOUR),))
    notice = told(to=To.SUPERVISOR, recipient="p-8")
    assert (notice.state, notice.last_error) == (NoticeState.SUPERSEDED, "off_duty")
    assert told(to=To.SUPERVISOR, recipient="p-9").state is NoticeState.SENT
    assert sent == ["sue"]


def test_at_night_it_waits_for_the_morning_and_stays_on_the_agenda(sent: Sent) -> None:
    meet("p-1", "maya", quiet_hours=QuietHours(begins="19:00", ends="07:00"))
    waiting = told()
    morning = NOW.replace(hour=6, minute=0) + timedelta(days=1)  # seven in Berlin
    assert (waiting.state, waiting.wake_at, waiting.attempts) == (NoticeState.PENDING, morning, 0)
    assert mapping.notice_item(ORG, waiting).agenda_at is not None
    assert deliver("notice-1", ORG, morning - HOUR) is None
    assert sent == []
    assert deliver("notice-1", ORG, morning) is NoticeState.SENT
    assert sent == ["maya"]


def test_what_is_urgent_is_sent_at_night(sent: Sent) -> None:
    meet("p-1", "maya", quiet_hours=QuietHours(begins="19:00", ends="07:00"))
    assert told(urgent=True).state is NoticeState.SENT
    assert sent == ["maya"]


def test_a_site_that_was_made_a_moment_ago_has_its_own_rules(sent: Sent) -> None:
    kept = {ORG: (time.monotonic(), rulebook.rule_book(ORG))}
    rules(site(id="yard", cooldown=timedelta()))
    rulebook._kept.update(kept)
    for name in ("notice-1", "notice-2"):
        mapping.notice_item(ORG, a_notice(id=name, via=Via.EMAIL, site="yard")).save()
        assert deliver(name, ORG, NOW) is NoticeState.SENT
    assert sent == ["maya", "maya"]
