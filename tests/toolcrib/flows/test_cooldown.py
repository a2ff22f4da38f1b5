"""Across runs: who was told something gets the rest of the next quarter of an hour in one message."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.notices import email, slack
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.wording.message import Message
from tests.support.stories import a_loan
from tests.support.workplace import DRILL, FALLBACK, ORG, person, put_person, rules, site
from tests.support.world import World, world
from toolcrib.domain.ladder import begin
from toolcrib.domain.notices import UNDELIVERED, Notice, NoticeState, Posted
from toolcrib.domain.policies import COOLDOWN, Period, Step, Terms, To, Via
from toolcrib.domain.record import replace
from toolcrib.store import mapping
from toolcrib.store.notices import load_notice
from toolcrib.store.tables import connection

MINUTE = timedelta(minutes=1)
TO_SUPERVISOR = Step(offset=timedelta(), to=To.SUPERVISOR, via=Via.EMAIL)
Sent = list[tuple[datetime, str, str]]


@pytest.fixture
def here() -> Iterator[World]:
    with world(check=False) as here:
        rules(site(supervisors=("p-9",)), DRILL, FALLBACK)
        for number, name in ((1, "maya"), (9, "sue")):
            put_person(person(number, name=name.title(), email=f"{name}@acme.example", slack_id=f"U{name.upper()}"))
        yield here


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch, here: World) -> Sent:
    """When who was told what."""
    out: Sent = []

    def post(where: str, message: Message, **_: Any) -> Posted:
        out.append((here.now, where, message.subject))
        return Posted(channel=where, ts="1.0")

    monkeypatch.setattr(email, "send", lambda to, message: out.append((here.now, to, message.subject)))
    monkeypatch.setattr(slack, "send", post)
    return out


def due(here: World, name: str, minutes: int, *steps: Step) -> None:
    """Put a loan that is due in so many minutes."""
    connection()
    terms = Terms(policy="fallback", period=Period(after=MINUTE), ladder=steps or (TO_SUPERVISOR,))
    loan = a_loan(id=name, due_at=here.now + minutes * MINUTE, taken_at=here.now - 60 * MINUTE, terms=terms)
    mapping.loan_item(ORG, begin(loan, here.now - 60 * MINUTE)).save()


def run(here: World, minutes: int) -> None:
    """Let the clock sweep each minute, and the stream bring whatever was written or woken."""
    for _ in range(minutes):
        before = {notice.id: notice.version for notice in here.notices()}
        here.sweep()
        for notice in here.notices():
            if notice.state in UNDELIVERED and before.get(notice.id) != notice.version:
                bring(here, notice)
        here.now += MINUTE


def bring(here: World, notice: Notice) -> None:
    image = {"pk": {"S": f"{ORG}#NOTICE#{notice.id}"}, "sk": {"S": "NOTICE"}}
    record = {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "NewImage": image}}
    here.wake("notices", "deliver", {"Records": [record]})


def states(here: World) -> set[NoticeState]:
    return {notice.state for notice in here.notices()}


def test_what_comes_within_the_cooldown_is_one_message_when_it_is_over(here: World, sent: Sent) -> None:
    began = here.now
    for number, minute in enumerate((0, 2, 5, 9)):
        due(here, f"l-{number}", minute)
    run(here, 30)
    assert [at - began for at, *_ in sent] == [timedelta(), COOLDOWN]
    assert sent[1][2] == "To look after: 3"
    assert states(here) == {NoticeState.SENT}


def test_what_is_urgent_breaks_through(here: World, sent: Sent) -> None:
    began = here.now
    due(here, "l-1", 0)
    due(here, "l-2", 3, Step(offset=timedelta(), to=To.SUPERVISOR, via=Via.EMAIL, urgent=True))
    run(here, 10)
    assert [at - began for at, *_ in sent] == [timedelta(), 3 * MINUTE]


def test_a_reminder_is_not_held_back_until_it_is_useless(here: World, sent: Sent) -> None:
    began = here.now
    holder = (
        Step(offset=-10 * MINUTE, to=To.HOLDER, via=Via.SLACK),
        Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK),
    )
    due(here, "l-1", 0, Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK, repeat=None))
    due(here, "l-2", 13, *holder)
    run(here, 30)
    assert [(at - began) // MINUTE for at, *_ in sent] == [0, 5, 13]


def test_a_site_may_have_no_cooldown(here: World, sent: Sent) -> None:
    rules(site(supervisors=("p-9",), cooldown=timedelta()), DRILL, FALLBACK)
    for number in range(3):
        due(here, f"l-{number}", number)
    run(here, 5)
    assert len(sent) == 3


def test_while_a_channel_is_down_one_message_waits_and_takes_the_rest_along(
    here: World, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[datetime] = []

    def down(*_: Any, **__: Any) -> Posted:
        tries.append(here.now)
        raise NotSent("slack_http_503")

    with monkeypatch.context() as context:
        context.setattr(slack, "send", down)
        context.setattr(email, "send", down)
        for number in range(40):
            due(here, f"l-{number}", 6 * number)
        run(here, 240)
    assert sent == []
    assert len(tries) < 80  # of Slack and of mail in its place; 40 of them alone would have been 1,000
    recovered = here.now
    run(here, 40)
    assert len(sent) == 1
    assert sent[0][0] - recovered <= 10 * MINUTE
    assert sent[0][2] == "To look after: 40"
    assert states(here) == {NoticeState.SENT}


def test_what_the_stream_brings_within_the_cooldown_is_put_off_untried(here: World, sent: Sent) -> None:
    due(here, "l-1", 0)
    due(here, "l-2", 1)
    run(here, 1)
    first = here.notices()[0]
    anew = {"state": NoticeState.PENDING, "attempts": 0, "first_tried_at": None, "version": 1}
    mapping.notice_item(ORG, replace(first, id="n-2", **anew)).save()
    bring(here, load_notice(ORG, "n-2"))
    waiting = load_notice(ORG, "n-2")
    assert (waiting.state, waiting.attempts, waiting.first_tried_at) == (NoticeState.PENDING, 0, None)
    assert waiting.wake_at == sent[0][0] + COOLDOWN
    assert len(sent) == 1
