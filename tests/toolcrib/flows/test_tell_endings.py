"""What ends of a person, from the record over the sweeper to the words that arrive."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.flows.admin import people
from chalicelib.notices import email
from chalicelib.notices.deliver_notice import deliver
from chalicelib.notices.wording.message import Message
from tests.support.admins import asked
from tests.support.banks import FakeBank
from tests.support.outcomes import stage
from tests.support.workplace import ORG, person, put_person
from tests.support.world import World
from toolcrib.domain.notices import Notice, NoticeState
from toolcrib.domain.people import Certification, Person
from toolcrib.domain.record import replace

DAY = timedelta(days=1)
Mails = list[tuple[str, Message]]


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> Mails:
    out: Mails = []
    monkeypatch.setattr(email, "send", lambda to, message: out.append((to, message)))
    return out


def known(here: World) -> None:
    """Let the site have a supervisor and p-1 a manager, all with addresses."""
    here.site_has(supervisors=("boss",), cooldown=timedelta())
    for who in ("boss", "chief"):
        put_person(person(id=who, name=who.title(), email=f"{who}@acme.example"))


def described(here: World, **more: Any) -> Person:
    """Let an admin describe p-1 with an address and a manager."""
    here.change_person(person(email="ana@acme.example", name="Ana Lima", manager="chief", **more))
    return here.person()


def lent(here: World) -> FakeBank:
    known(here)
    hq = stage(here)
    hq.does(hq.tap(), "closed", tags=[])
    return hq


def told(here: World, mails: Mails) -> list[str]:
    """Sweep, deliver what is undelivered; return whom was written to with which subject."""
    here.sweep()
    before = len(mails)
    for notice in sorted(here.notices(), key=lambda each: each.id):
        if notice.person is not None and notice.state is NoticeState.PENDING:
            deliver(notice.id, ORG, here.now)
    return sorted(f"{to}: {message.subject}" for to, message in mails[before:])


def about_people(here: World) -> list[Notice]:
    return [notice for notice in here.notices() if notice.person is not None]


def test_whoever_leaves_is_asked_for_what_they_have_then_others_are(here: World, mails: Mails) -> None:
    hq = lent(here)
    end = here.now + 10 * DAY
    described(here, valid_until=end)
    here.now = end - 7 * DAY - timedelta(seconds=1)
    assert told(here, mails) == []
    here.now = end - 7 * DAY
    assert told(here, mails) == [
        "ana@acme.example: Your time here ends on 30 November at 10:00, in 7 days, and something is still out"
    ]
    assert told(here, mails) == []
    here.now = end - DAY
    (mail,) = told(here, mails)
    assert mail.startswith("ana@acme.example: Your time here ends tomorrow at 10:00")
    here.now = end
    assert told(here, mails) == [
        "boss@acme.example: Ana Lima: time here ended today at 10:00, and something is still out",
        "chief@acme.example: Ana Lima: time here ended today at 10:00, and something is still out",
    ]
    here.now = end + DAY
    assert len(told(here, mails)) == 3
    hq.does(hq.tap(), "closed", tags=["E2000001"])
    here.now = end + 30 * DAY
    assert told(here, mails) == []


def test_whoever_is_frozen_with_something_is_asked_for_it_and_so_are_others_until_it_is_back(
    here: World, mails: Mails
) -> None:
    hq = lent(here)
    described(here)
    people.change(asked("f", at=here.now), "p-1", lambda who: replace(who, active=False))
    assert [each.partition(":")[0] for each in told(here, mails)] == [
        "ana@acme.example",
        "boss@acme.example",
        "chief@acme.example",
    ]
    here.now += DAY
    assert len(told(here, mails)) == 3
    here.now += DAY
    assert told(here, mails) == []
    hq.does(hq.tap(), "closed", tags=["E2000001"])
    here.now += DAY
    assert told(here, mails) == []


def test_whoever_is_active_again_is_not_asked_any_more_and_frozen_anew_is_asked_anew(here: World, mails: Mails) -> None:
    lent(here)
    described(here)
    for number, active in enumerate((False, True)):
        people.change(asked(f"f-{number}", at=here.now), "p-1", lambda who, to=active: replace(who, active=to))
    assert (here.person().frozen_at, told(here, mails)) == (None, [])
    people.change(asked("f-2", at=here.now), "p-1", lambda who: replace(who, active=False))
    assert here.person().frozen_at == here.now
    here.later(minutes=1)
    people.change(asked("f-3", at=here.now), "p-1", lambda who: replace(who, name="Ana L."))
    assert here.person().frozen_at == here.now - timedelta(minutes=1)
    assert len(told(here, mails)) == 3


def test_setting_an_end_moves_no_loan(here: World) -> None:
    lent(here)
    (loan,) = here.person().holdings
    before = here.loan(loan)
    described(here, valid_until=here.now + timedelta(hours=1))
    assert here.loan(loan) == before


def test_what_is_back_before_it_is_sent_is_not_asked_for(here: World, mails: Mails) -> None:
    hq = lent(here)
    described(here, valid_until=here.now + 7 * DAY)
    here.sweep()
    hq.does(hq.tap(), "closed", tags=["E2000001"])
    assert told(here, mails) == []
    assert [notice.state for notice in about_people(here)] == [NoticeState.CANCELLED]
    here.now += 7 * DAY
    assert told(here, mails) == []


def certified(until: Any) -> dict[str, Certification]:
    return {"forklift": Certification(valid_until=until)}


def test_a_certification_is_warned_of_and_renewing_it_stops_that(here: World, mails: Mails) -> None:
    known(here)
    here.meet(person())
    end = here.now + 40 * DAY
    described(here, certifications=certified(end))
    here.now = end - 30 * DAY
    assert told(here, mails) == [
        "ana@acme.example: Your certification forklift expires on 30 December at 10:00, in 30 days",
        "boss@acme.example: Ana Lima: certification forklift expires on 30 December at 10:00, in 30 days",
    ]
    here.now = end - 7 * DAY
    here.sweep()
    described(here, certifications=certified(end + 365 * DAY))
    assert told(here, mails) == []
    assert sorted(notice.state for notice in about_people(here)) == ["cancelled", "cancelled", "sent", "sent"]


def test_an_end_that_is_moved_away_and_back_is_told_of_once(here: World, mails: Mails) -> None:
    known(here)
    here.meet(person())
    end = here.now + 30 * DAY
    described(here, certifications=certified(end))
    assert len(told(here, mails)) == 2
    described(here, certifications=certified(end + DAY))
    here.now += DAY
    assert len(told(here, mails)) == 2
    described(here, certifications=certified(end))
    assert told(here, mails) == []
    assert len(about_people(here)) == 4


def test_the_mail_says_what_to_do(here: World, mails: Mails) -> None:
    lent(here)
    described(here, valid_until=here.now + 7 * DAY, certifications=certified(here.now + 7 * DAY))
    told(here, mails)
    texts = {to: message.text for to, message in mails}
    assert "Still on loan: Drill 1. Please see that it is back before then." in " ".join(
        message.text for to, message in mails if to == "ana@acme.example"
    )
    assert "You get this because you supervise Headquarters." in texts["boss@acme.example"]
    assert "It comes late" in texts["boss@acme.example"]  # the 30 days were over when the date was entered
    assert all("p-1" in message.text for _, message in mails)


def test_who_needs_nothing_is_not_on_the_agenda(here: World) -> None:
    known(here)
    here.meet(person())
    described(here, valid_until=here.now + 30 * DAY)
    assert here.person().told == {}
    here.now += 40 * DAY
    here.sweep()
    after = here.person()
    assert after.told.keys() == {"valid_until"}
    here.sweep()
    assert here.person() == after
    described(here, valid_until=None)
    assert replace(here.person(), version=after.version).told == after.told
