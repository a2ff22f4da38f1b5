"""A digest tells what is so when it is sent, names what it can, and goes to nobody who has had enough of it."""

from datetime import time, timedelta
from typing import Any

import pytest

from chalicelib.notices import deliver_notice, email, slack
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.summaries import MOST_LOANS, summary_of
from chalicelib.notices.wording.message import Message
from chalicelib.schedules import digests
from tests.support.outcomes import beside, lend, stage
from tests.support.tables import ANSWERS
from tests.support.workplace import DRILL, FALLBACK, ORG, drill, person, put_asset, rules
from tests.support.world import World
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.policies import Period, To, Via
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move
from toolcrib.domain.upkeep import Charging
from toolcrib.send.unsubscribing import believed
from toolcrib.settings import Settings
from toolcrib.store import mapping
from toolcrib.store.notices import load_notice

Sent = list[tuple[str, str, Message]]


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """What went out: channel, address, message."""
    out: Sent = []
    monkeypatch.setattr(slack, "send", lambda where, message, **_: out.append(("slack", where, message)))
    monkeypatch.setattr(email, "send", lambda to, message: out.append(("email", to, message)))
    return out


@pytest.fixture
def due(here: World) -> Notice:
    """A digest to the one supervisor, who has no Slack."""
    here.site_has(digest_at=time(7), supervisors=("p-9",), channel=None)
    here.meet(person(9, email="omar@acme.example"))
    return digest(here)


def digest(here: World) -> Notice:
    digests.handle(ORG, now=here.now)
    (found,) = (notice for notice in here.notices() if notice.period is not None)
    return found


def deliver(here: World, notice: Notice) -> Any:
    return deliver_notice.deliver(notice.id, ORG, here.now)


def late(here: World) -> Loan:
    rules(replace(FALLBACK, period=Period(after=timedelta(hours=1))))
    _, loan = lend(here)
    here.later(hours=3)
    return here.loan(loan)


def put_case(here: World, kind: CaseKind, **more: Any) -> None:
    case = Case(id=f"c-{kind}", kind=kind, opened_at=here.now, site="hq", **more)
    mapping.case_item(ORG, case).save()


def test_where_there_is_nothing_to_say_nothing_is_sent(here: World, due: Notice, sent: Sent) -> None:
    assert deliver(here, due) is NoticeState.CANCELLED
    assert sent == []


def test_what_is_out_in_good_order_is_nothing_to_say(here: World, due: Notice, sent: Sent) -> None:
    rules(replace(FALLBACK, period=Period(after=timedelta(days=3))))
    lend(here)
    assert summary_of(ORG, due, here.now).out == 1
    assert deliver(here, due) is NoticeState.CANCELLED


def test_what_is_late_is_named_with_who_has_it(here: World, due: Notice, sent: Sent) -> None:
    late(here)
    assert deliver(here, due) is NoticeState.SENT
    ((way, to, message),) = sent
    assert (way, to) == ("email", "omar@acme.example")
    assert message.subject == "Headquarters today, to look at: 1"
    assert "* Overdue by 2 hours 5 minutes: Drill 1, with Person 1" in message.text


def test_what_came_back_before_it_was_sent_is_not_in_it(here: World, due: Notice, sent: Sent) -> None:
    loan = late(here)
    listed = mapping.loan_item(ORG, loan)
    found = summary_of(ORG, due, here.now)
    assert (found.late, [each.id for each in found.loans]) == (1, [loan.id])
    closed = replace(loan, state=LoanState.CLOSED, returned_at=here.now)
    item = mapping.loan_item(ORG, closed)
    item.listing_pk, item.listing_sk = listed.listing_pk, listed.listing_sk  # the index is a moment behind
    item.save()
    found = summary_of(ORG, due, here.now)
    assert (found.out, found.late, found.loans) == (0, 0, ())
    listed.save()


def test_more_than_can_be_named_is_a_number(here: World, due: Notice) -> None:
    loan = late(here)
    more = [mapping.loan_item(ORG, replace(loan, id=f"l-{number}")) for number in range(MOST_LOANS + 5)]
    for item in more:
        item.save()
    found = summary_of(ORG, due, here.now)
    for item in more:
        item.delete()
    assert (found.late, len(found.loans)) == (MOST_LOANS + 6, MOST_LOANS)
    assert found.told - found.named == 6


def test_what_is_due_later_today_is_told_and_what_is_due_tomorrow_is_not(here: World, due: Notice) -> None:
    rules(replace(FALLBACK, period=Period(after=timedelta(hours=10))))
    lend(here)
    assert summary_of(ORG, due, here.now).due_today == 1
    here.later(days=-1)
    assert summary_of(ORG, due, here.now).over


def test_cases_count_by_what_is_in_trouble(here: World, due: Notice, sent: Sent) -> None:
    put_case(here, CaseKind.FAULT, asset="drill-1")
    put_case(here, CaseKind.JAMMED, bank="hq-01", door=3)
    put_case(here, CaseKind.DISPUTED)
    put_case(here, CaseKind.SILENT_BANK, state=CaseState.RESOLVED)
    mapping.case_item(ORG, Case(id="far", kind=CaseKind.JAMMED, opened_at=here.now, site="dock")).save()
    found = summary_of(ORG, due, here.now)
    assert (found.broken, found.trouble, found.other) == (1, 1, 1)
    deliver(here, due)
    assert "Jammed: door 3 of hq-01" in sent[0][2].text


def test_what_is_missing_without_a_case_is_named(here: World, due: Notice, sent: Sent) -> None:
    put_asset(drill(7), then=(Move.DECLARE_MISSING,))
    put_asset(drill(8, site="dock"), then=(Move.DECLARE_MISSING,))
    assert deliver(here, due) is NoticeState.SENT
    assert "* Missing: Drill 7" in sent[0][2].text
    assert "Drill 8" not in sent[0][2].text


def test_low_charge_and_doors_out_of_use_are_named(here: World, due: Notice, sent: Sent) -> None:
    rules(replace(DRILL, charging=Charging(minimum=50)))
    stage(here)
    beside(here, drill(5, charge=20, charge_at=here.now), number=2)
    found = summary_of(ORG, due, here.now)
    assert found.low == 2  # nobody ever said how far the other one is charged
    mapping.door_item(ORG, replace(here.door(3), unlendable="quarantined")).save()
    assert summary_of(ORG, due, here.now).trouble == 1
    deliver(here, due)
    assert "* Charge low, 20 %: Drill 5 in door 2 of hq-01" in sent[0][2].text
    assert "* Out of use: door 3 of hq-01" in sent[0][2].text


def test_what_a_case_tells_of_charge_is_told_once(here: World, due: Notice, sent: Sent) -> None:
    rules(replace(DRILL, charging=Charging(minimum=50)))
    stage(here)
    beside(here, drill(5, charge=20, charge_at=here.now), number=2)
    put_case(here, CaseKind.LOW_CHARGE, asset="drill-5", bank="hq-01", door=2)
    mapping.door_item(ORG, replace(here.door(2), unlendable="quarantined")).save()
    found = summary_of(ORG, due, here.now)
    assert (found.low, found.other, found.trouble) == (2, 0, 1)  # the door is shut, and no case tells why
    deliver(here, due)
    text = sent[0][2].text
    assert "* Charge low: Drill 5 in door 2 of hq-01" in text
    assert "* Charge low, 0 %: Drill 1 in door 1 of hq-01" in text
    assert text.count("Drill 5") == 1
    assert "Charge low: 2" in text


def test_what_is_missing_is_told_although_its_charge_was_low(here: World, due: Notice) -> None:
    put_asset(drill(7), then=(Move.DECLARE_MISSING,))
    put_case(here, CaseKind.LOW_CHARGE, asset="drill-7", bank="hq-01", door=2)
    assert summary_of(ORG, due, here.now).missing == 1


def test_one_that_could_not_go_out_on_its_day_never_does(
    here: World, due: Notice, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    late(here)

    def refuse(*_: Any) -> None:
        raise NotSent("mail_throttled")

    with monkeypatch.context() as broken:
        broken.setattr(email, "send", refuse)
        assert deliver(here, due) is NoticeState.PENDING
    here.later(days=1)
    assert deliver(here, due) is NoticeState.CANCELLED
    assert sent == []


def test_whoever_unsubscribed_is_left_alone_and_told_the_rest(here: World, due: Notice, sent: Sent) -> None:
    loan = late(here)
    here.change_person(person(9, email="omar@acme.example", unsubscribed=("daily",)))
    assert deliver(here, due) is NoticeState.SUPERSEDED
    assert load_notice(ORG, due.id).last_error == "unsubscribed"
    duty = Notice(
        id="n-1",
        loan=loan.id,
        site="hq",
        due_version=1,
        step="PT2H",
        to=To.SUPERVISOR,
        recipient="p-9",
        via=Via.EMAIL,
        due_at=here.now,
    )
    mapping.notice_item(ORG, duty).save()
    assert deliver(here, duty) is NoticeState.SENT
    assert sent[0][2].unsubscribe == ""


def test_a_mail_ends_with_a_link_that_is_its_readers(
    here: World, due: Notice, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.notices import mail_links

    monkeypatch.setattr(mail_links, "settings", lambda: Settings(api_base="https://api.example/api/"))
    late(here)
    deliver(here, due)
    link = sent[0][2].unsubscribe
    base, _, token = link.rpartition("/")
    assert base == "https://api.example/api/v1/unsubscribe"
    leaving = believed(bytes.fromhex(ANSWERS), token, org=ORG)
    assert leaving is not None
    assert (leaving.person, leaving.kind) == ("p-9", "daily")
    assert link in sent[0][2].text


def test_owners_hear_of_their_own_things_wherever_they_are(here: World, sent: Sent) -> None:
    rules(replace(DRILL, owner="p-7"), replace(DRILL, id="saw", owner="p-6"))
    here.meet(person(7, slack_id="U7"))
    late(here)
    put_case(here, CaseKind.FAULT, asset="drill-1")
    put_case(here, CaseKind.JAMMED, bank="hq-01", door=3)
    notice = digest(here)
    found = summary_of(ORG, notice, here.now)
    assert (found.late, found.broken, found.trouble) == (1, 1, 0)
    assert deliver(here, notice) is NoticeState.SENT
    ((way, to, message),) = sent
    assert (way, to) == ("slack", "U7")
    assert message.subject == "Your things this week, to look at: 2"


def test_who_owns_nothing_any_more_hears_nothing(here: World, sent: Sent) -> None:
    rules(replace(DRILL, owner="p-7"))
    here.meet(person(7))
    notice = digest(here)
    rules(DRILL)
    assert deliver(here, notice) is NoticeState.CANCELLED
