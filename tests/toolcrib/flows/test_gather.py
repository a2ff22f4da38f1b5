"""What falls due at once is one message a person; what breaks off in between loses nothing and tells nothing twice."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from pynamodb.exceptions import PutError

from chalicelib.notices import email, slack
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.wording.message import Message
from tests.support.stories import a_loan
from tests.support.workplace import DRILL, FALLBACK, ORG, person, put_person, rules, site
from tests.support.world import World, world
from toolcrib.domain.ladder import begin
from toolcrib.domain.loans import LoanState
from toolcrib.domain.notices import UNDELIVERED, Notice, NoticeState, Posted
from toolcrib.domain.outbox import LEASE
from toolcrib.domain.policies import Period, Step, Terms, To, Via
from toolcrib.domain.record import replace
from toolcrib.store import mapping
from toolcrib.store.tables import connection

HOUR = timedelta(hours=1)
LADDER = (Step(offset=HOUR, to=To.SUPERVISOR, via=Via.EMAIL),)
Sent = list[tuple[str, Message]]


@pytest.fixture
def here() -> Iterator[World]:
    with world(check=False) as here:
        rules(site(supervisors=("p-8", "p-9")), DRILL, FALLBACK)
        for number, name in ((1, "maya"), (8, "omar"), (9, "sue")):
            put_person(person(number, name=name.title(), email=f"{name}@acme.example", slack_id=f"U{name.upper()}"))
        yield here


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    out: Sent = []

    def post(where: str, message: Message, **_: Any) -> Posted:
        out.append((where, message))
        return Posted(channel=where, ts="1.0")

    monkeypatch.setattr(email, "send", lambda to, message: out.append((to, message)))
    monkeypatch.setattr(slack, "send", post)
    return out


def late(here: World, name: str, *, ladder: tuple[Step, ...] = LADDER, **more: Any) -> None:
    """Put a loan that is due now."""
    connection()
    terms = Terms(policy="fallback", period=Period(after=HOUR), ladder=ladder)
    loan = a_loan(id=name, due_at=here.now, taken_at=here.now - HOUR, terms=terms, **more)
    mapping.loan_item(ORG, begin(loan, here.now - HOUR)).save()


def stream(here: World) -> None:
    """Let the stream bring every notice that waits."""
    for number, notice in enumerate(here.notices()):
        if notice.state in UNDELIVERED:
            image = {"pk": {"S": f"{ORG}#NOTICE#{notice.id}"}, "sk": {"S": "NOTICE"}}
            changed = {"SequenceNumber": str(number), "NewImage": image}
            here.wake("notices", "deliver", {"Records": [{"eventName": "INSERT", "dynamodb": changed}]})


def parts(here: World) -> list[Notice]:
    return [notice for notice in here.notices() if notice.loan is not None]


def digests(here: World) -> list[Notice]:
    return [notice for notice in here.notices() if notice.parts]


def test_a_night_with_500_late_loans_is_one_message_a_supervisor(here: World, sent: Sent) -> None:
    for number in range(500):
        late(here, f"l-{number:03d}")
    here.later(hours=1)
    here.sweep()
    stream(here)
    assert sorted(to for to, _ in sent) == ["omar@acme.example", "sue@acme.example"]
    assert {message.subject for _, message in sent} == {"To look after: 500"}
    assert "and 440 more" in sent[0][1].text
    assert len(parts(here)) == 1000
    assert {notice.state for notice in here.notices()} == {NoticeState.SENT}
    assert {notice.digest for notice in parts(here)} == {notice.id for notice in digests(here)}
    assert all(mapping.notice_item(ORG, notice).agenda_at is None for notice in here.notices())


def test_one_alone_is_a_message_of_its_own_and_at_once(here: World, sent: Sent) -> None:
    late(here, "l-1")
    here.later(hours=1)
    here.sweep()
    stream(here)
    assert [message.tags["loan"] for _, message in sent] == ["l-1", "l-1"]
    assert digests(here) == []


def test_what_is_urgent_goes_alone(here: World, sent: Sent) -> None:
    urgent = (Step(offset=HOUR, to=To.HOLDER, via=Via.SLACK, urgent=True),)
    late(here, "l-1", ladder=urgent)
    late(here, "l-2", ladder=urgent)
    here.later(hours=1)
    here.sweep()
    stream(here)
    assert sorted(message.tags["loan"] for _, message in sent) == ["l-1", "l-2"]


def two_late(here: World) -> None:
    late(here, "l-1")
    late(here, "l-2")
    here.later(hours=1)
    here.sweep()


def test_what_came_back_meanwhile_is_not_in_it(here: World, sent: Sent) -> None:
    two_late(here)
    mapping.loan_item(ORG, a_loan(id="l-1", state=LoanState.CLOSED)).save()
    stream(here)
    assert {message.tags["loan"] for _, message in sent} == {"l-2"}
    here.later(minutes=10)
    here.sweep()
    stream(here)
    assert len(sent) == 2
    assert {(notice.loan, notice.state) for notice in parts(here)} == {
        ("l-1", NoticeState.CANCELLED),
        ("l-2", NoticeState.SENT),
    }


def test_where_all_came_back_nobody_is_told(here: World, sent: Sent) -> None:
    two_late(here)
    for name in ("l-1", "l-2"):
        mapping.loan_item(ORG, a_loan(id=name, state=LoanState.CLOSED)).save()
    for _ in range(3):
        stream(here)
        here.later(minutes=10)
        here.sweep()
    assert sent == []
    assert {notice.state for notice in here.notices()} == {NoticeState.CANCELLED}


def test_a_sweep_that_broke_off_loses_nothing(here: World, sent: Sent) -> None:
    """Notices were written and held, and nobody let them go."""
    with patch("toolcrib.flows.gather.Gathering.acts", return_value=()):
        two_late(here)
    stream(here)
    assert sent == []
    here.later(minutes=3)
    here.sweep()
    stream(here)
    assert [message.subject for _, message in sent] == ["To look after: 2"] * 2


def test_a_sweep_that_broke_off_before_the_digest_was_written_loses_nothing(here: World, sent: Sent) -> None:
    with patch("toolcrib.flows.gather.commit"):
        two_late(here)
    assert digests(here) == []
    for _ in range(2):
        here.later(minutes=6)
        here.sweep()
        stream(here)
    assert [message.subject for _, message in sent] == ["To look after: 2"] * 2
    assert {notice.state for notice in here.notices()} == {NoticeState.SENT}


def test_a_part_that_is_alone_when_its_digest_is_missing_goes_by_itself(here: World, sent: Sent) -> None:
    with patch("toolcrib.flows.gather.commit"):
        two_late(here)
    for part in parts(here):
        if part.loan == "l-1":
            mapping.notice_item(ORG, replace(part, state=NoticeState.CANCELLED, wake_at=None)).save()
    for _ in range(3):
        here.later(minutes=6)
        here.sweep()
        stream(here)
    assert sorted(message.tags["loan"] for _, message in sent) == ["l-2", "l-2"]
    assert {notice.state for notice in here.notices()} == {NoticeState.SENT, NoticeState.CANCELLED}


def test_a_channel_that_is_down_delays_the_digest_and_not_its_parts_twice(
    here: World, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_late(here)
    send = email.send

    def down(*_: Any) -> None:
        raise NotSent("mail_throttled")

    monkeypatch.setattr(email, "send", down)
    monkeypatch.setattr(slack, "send", down)
    for _ in range(10):
        stream(here)
        here.later(minutes=10)
        here.sweep()
    assert sent == []
    monkeypatch.setattr(email, "send", send)
    for _ in range(2):
        here.later(minutes=6)
        here.sweep()
        stream(here)
    assert len(sent) == 2
    assert {notice.state for notice in here.notices()} == {NoticeState.SENT}


def test_a_sender_that_dies_after_sending_leaves_its_parts_to_the_sweeper(
    here: World, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_late(here)
    with patch("chalicelib.notices.deliver_digest._end", side_effect=PutError("gone")):
        stream(here)
    assert {notice.state for notice in digests(here)} == {NoticeState.SENT}
    assert {notice.state for notice in parts(here)} == {NoticeState.PENDING}
    here.now += LEASE + timedelta(minutes=4)
    here.sweep()
    assert len(sent) == 2
    assert {notice.state for notice in parts(here)} == {NoticeState.SENT}
