"""After a return the message in Slack says so, whatever was under way; and nothing is sent any more."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.notices import amend_notice, deliver_notice, email, slack
from chalicelib.notices.amend_notice import amend
from chalicelib.notices.deliver_notice import deliver
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.stream import Moved, Woken, heard
from chalicelib.notices.wording import over
from chalicelib.notices.wording.message import Message
from tests.support.stories import DUE, HOUR, a_loan, a_notice, about_a_loan
from tests.support.streamed import outdate
from tests.support.tables import tables_in_memory
from tests.support.workplace import FALLBACK, ORG, put_asset, put_person, rules, site
from toolcrib.domain import outbox
from toolcrib.domain.amending import Ending
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.languages import SPOKEN
from toolcrib.domain.loans import LoanState
from toolcrib.domain.notices import Notice, NoticeState, Posted
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Via
from toolcrib.store import mapping
from toolcrib.store.notices import load_notice
from toolcrib.store.tables import connection

NOW = DUE + 2 * HOUR
PLACE = Posted(channel="C1", ts="1.000000")
Shown = list[tuple[str, Message]]


@pytest.fixture(autouse=True)
def workplace() -> Iterator[None]:
    with tables_in_memory():
        rules(site(), FALLBACK)
        put_person(Person(id="p-1", name="Maya Lind", slack_id="U0MAYA", email="maya@acme.example"))
        put_asset(Asset(id="cam-2", type="thermal-camera", name="Thermal camera 2", custodian=Custodian.site("hq")))
        lent()
        connection()
        mapping.notice_item(ORG, a_notice()).save()
        yield


@pytest.fixture(autouse=True)
def shown(monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What stands in Slack, oldest first: posted or changed."""
    seen: Shown = []

    def post(_where: str, message: Message, **_: Any) -> Posted:
        seen.append(("posted", message))
        return PLACE

    monkeypatch.setattr(slack, "send", post)
    monkeypatch.setattr(slack, "amend", lambda place, message: seen.append((place.ts, message)))
    monkeypatch.setattr(email, "send", lambda _to, message: seen.append(("mail", message)))
    return seen


def lent(**more: Any) -> None:
    connection()
    mapping.loan_item(ORG, a_loan(**more)).save()


def returned() -> None:
    lent(state=LoanState.CLOSED, returned_at=NOW, return_bank="hq-01", version=2)


def record() -> Notice:
    return load_notice(ORG, "notice-1")


def test_after_a_return_the_message_says_so(shown: Shown) -> None:
    deliver("notice-1", ORG, NOW)
    assert record().posted == PLACE
    returned()
    outdate("loan-1", ORG, NOW)
    (_, first), (where, last) = shown
    assert (first.subject, where) == ("Overdue by 2 hours: Thermal camera 2", PLACE.ts)
    assert last.summary == "Thermal camera 2: returned at 19:30"
    assert "actions" not in {block["type"] for block in last.blocks}
    assert (record().state, record().outdated_at, record().wake_at) == (NoticeState.SENT, None, None)


def test_told_twice_it_is_changed_to_the_same(shown: Shown) -> None:
    deliver("notice-1", ORG, NOW)
    returned()
    outdate("loan-1", ORG, NOW)
    outdate("loan-1", ORG, NOW)
    amend("notice-1", ORG, NOW)
    assert [message.summary for _, message in shown[1:]] == ["Thermal camera 2: returned at 19:30"] * 2


def test_returned_while_the_message_is_in_flight_it_is_changed_after_all(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = slack.send

    def post_slowly(*asked: Any, **more: Any) -> Any:
        returned()
        amend_notice.outdate("loan-1", ORG, NOW)
        return post(*asked, **more)

    monkeypatch.setattr(slack, "send", post_slowly)
    deliver("notice-1", ORG, NOW)
    assert record().outdated_at == NOW
    image = mapping.notice_item(ORG, record()).to_dynamodb_dict()
    call = heard({"dynamodb": {"NewImage": image}})
    assert call == Woken(org=ORG, notice="notice-1", moment=None, outdated=True)
    amend("notice-1", ORG, NOW)
    assert [message.summary for _, message in shown][1:] == ["Thermal camera 2: returned at 19:30"]


def test_returned_between_reading_and_claiming_it_is_not_sent(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = outbox.judged

    def judge_slowly(notice: Notice, *asked: Any, **more: Any) -> Notice | None:
        judged = judge(notice, *asked, **more)
        returned()
        amend_notice.outdate("loan-1", ORG, NOW)
        return judged

    monkeypatch.setattr(deliver_notice.outbox, "judged", judge_slowly)
    assert deliver("notice-1", ORG, NOW) is None
    monkeypatch.undo()
    assert shown == []
    assert deliver("notice-1", ORG, NOW) is NoticeState.CANCELLED
    assert record().outdated_at is None


def test_a_mail_cannot_be_changed_and_no_further_one_is_sent(shown: Shown) -> None:
    mapping.notice_item(ORG, a_notice(id="notice-2", via=Via.EMAIL)).save()
    deliver("notice-2", ORG, NOW)
    returned()
    outdate("loan-1", ORG, NOW)
    assert deliver("notice-1", ORG, NOW) is NoticeState.CANCELLED
    assert [what for what, _ in shown] == ["mail"]


def refuse(failure: NotSent) -> Callable[..., None]:
    def fail(*_: Any) -> None:
        raise failure

    return fail


def test_a_change_that_failed_is_tried_again_and_blocks_nothing(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver("notice-1", ORG, NOW)
    returned()
    change = slack.amend
    monkeypatch.setattr(slack, "amend", refuse(NotSent("slack_http_503")))
    outdate("loan-1", ORG, NOW)
    waiting = record()
    assert (waiting.state, waiting.last_error) == (NoticeState.SENT, "slack_http_503")
    assert waiting.wake_at is not None
    assert mapping.notice_item(ORG, waiting).agenda_at is not None
    monkeypatch.setattr(slack, "amend", change)
    amend("notice-1", ORG, NOW)
    assert len(shown) == 1
    amend("notice-1", ORG, waiting.wake_at)
    assert len(shown) == 2
    assert mapping.notice_item(ORG, record()).agenda_at is None


def test_a_message_that_is_gone_is_let_be(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver("notice-1", ORG, NOW)
    returned()
    monkeypatch.setattr(slack, "amend", refuse(NotSent("slack_message_not_found", unreachable=True)))
    outdate("loan-1", ORG, NOW)
    assert record().outdated_at is None
    assert len(shown) == 1


def test_a_new_due_time_stands_in_the_old_message(shown: Shown) -> None:
    deliver("notice-1", ORG, NOW)
    lent(due_version=2, due_at=DUE + 24 * HOUR)
    outdate("loan-1", ORG, NOW)
    assert shown[-1][1].summary == "Thermal camera 2: the due time has changed to 2026-11-21 17:30"


@pytest.mark.parametrize("language", sorted(SPOKEN))
@pytest.mark.parametrize("ending", sorted(Ending))
def test_every_ending_has_its_words_in_every_language(language: str, ending: Ending) -> None:
    message = over.word(about_a_loan(NOW, language=language), ending)
    assert "Thermal camera 2" in message.summary or ending is Ending.RESOLVED
    assert "{" not in message.summary


def moved(old: Any, new: Any) -> Any:
    images = {"OldImage": mapping.loan_item(ORG, old), "NewImage": mapping.loan_item(ORG, new)}
    return heard({"dynamodb": {name: item.to_dynamodb_dict() for name, item in images.items()}})


@pytest.mark.parametrize(
    ("more", "called"),
    [
        ({"state": LoanState.CLOSED}, True),
        ({"state": LoanState.VOID}, True),
        ({"due_version": 2}, True),
        ({"renewals": 1, "excused": HOUR}, False),
        ({"grants": {"g": "issued"}}, False),
    ],
)
def test_only_an_end_or_another_due_time_calls_the_messages(more: dict[str, Any], called: bool) -> None:
    assert moved(a_loan(), a_loan(**more)) == (Moved(org=ORG, about="loan-1") if called else None)


def test_what_was_over_before_calls_nothing() -> None:
    assert moved(a_loan(state=LoanState.VOID), a_loan()) is None


def two_in_one(shown: Shown, **more: Any) -> None:
    """Two loans of Maya's are told of in one message."""
    mapping.loan_item(ORG, a_loan(id="loan-2", asset="cam-2", due_at=DUE + HOUR)).save()
    for number in (1, 2):
        part = a_notice(id=f"part-{number}", loan=f"loan-{number}", digest="whole", due_at=DUE + (number - 1) * HOUR)
        mapping.notice_item(ORG, part).save()
    whole = a_notice(id="whole", loan=None, due_version=None, step="digest", parts=("part-1", "part-2"), **more)
    mapping.notice_item(ORG, whole).save()
    deliver("whole", ORG, NOW)


def lines(message: Message) -> list[str]:
    text = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    return [line.removeprefix("•  ") for part in text for line in part.split("\n") if line.startswith("•")]


def test_a_line_of_a_digest_says_what_came_back_and_the_others_stay(shown: Shown) -> None:
    two_in_one(shown)
    returned()
    outdate("loan-1", ORG, NOW)
    (_, first), (where, last) = shown
    assert len(lines(first)) == len(lines(last)) == 2
    assert lines(last)[0] == "✅ Thermal camera 2: returned at 19:30"
    assert lines(last)[1] == lines(first)[1] == "Overdue by 1 hour: Thermal camera 2"
    assert where == PLACE.ts
    whole = load_notice(ORG, "whole")
    assert (whole.state, whole.outdated_at) == (NoticeState.SENT, None)


def test_a_digest_by_mail_stays_as_it_was_sent(shown: Shown) -> None:
    two_in_one(shown, via=Via.EMAIL)
    returned()
    outdate("loan-1", ORG, NOW)
    assert [where for where, _ in shown] == ["mail"]
