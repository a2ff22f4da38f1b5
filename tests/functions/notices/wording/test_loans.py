"""What people read about a loan, word for word where it matters."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.notices.wording import word
from tests.support.stories import DUE, HOUR, about_a_loan
from toolcrib.domain.policies import To

MINUTE = timedelta(minutes=1)
TO_SUPERVISOR: dict[str, Any] = {"to": To.SUPERVISOR, "recipient": "p-9"}


def test_a_reminder_says_when_and_what_to_do() -> None:
    message = word(about_a_loan(DUE - 30 * MINUTE, notice={"step": "-PT30M", "due_at": DUE - 30 * MINUTE}))
    assert message.subject == "Due in 30 minutes: Thermal camera 2"
    assert "Hi Maya Lind, Thermal camera 2 is due back today at 17:30." in message.text
    assert "Bring it to hq-01 and tap your badge: a free door opens." in message.text
    assert "late" not in message.text.lower()


def test_at_the_due_time_it_is_due_now() -> None:
    message = word(about_a_loan(DUE))
    assert message.subject == "Due now: Thermal camera 2"
    assert "Thermal camera 2 is due back now." in message.text


def test_the_holder_is_told_how_late_it_is_and_that_returning_is_always_possible() -> None:
    message = word(about_a_loan(DUE + 2 * HOUR))
    assert message.subject == "Overdue by 2 hours: Thermal camera 2"
    assert "was due back today at 17:30. It is now 2 hours late." in message.text
    assert "Returning is always possible, however late it is." in message.text
    assert "Fri 20 November 2026, 17:30 CET" in message.text


def test_a_supervisor_is_told_who_has_it_since_when() -> None:
    message = word(about_a_loan(DUE + 14 * HOUR, notice=TO_SUPERVISOR))
    assert message.subject == "Overdue by 14 hours: Thermal camera 2, with Maya Lind"
    assert "Maya Lind has it, taken yesterday at 08:12." in message.text
    assert "Thermal camera 2 was due back yesterday at 17:30. It is now 14 hours late." in message.text
    assert "Ask Maya Lind to bring it to hq-01 or any other locker with a free door." in message.text
    assert "You get this because you supervise HQ Berlin." in message.text


@pytest.mark.parametrize(
    ("to", "why"),
    [
        (To.HOLDER, "because it is on loan to you"),
        (To.SUPERVISOR, "because you supervise HQ Berlin"),
        (To.MANAGER, "because you are the manager of Maya Lind"),
        (To.OWNER, "because things of this type are yours to look after"),
        (To.CHANNEL, "This channel is told about HQ Berlin"),
    ],
)
def test_everybody_is_told_why_they_get_it(to: To, why: str) -> None:
    assert why in word(about_a_loan(DUE + HOUR, notice={"to": to})).text


def test_a_repeated_notice_says_that_it_is_still_out() -> None:
    assert word(about_a_loan(DUE + 26 * HOUR, notice={"occurrence": 1})).subject.startswith(
        "Still overdue by 1 day 2 h"
    )


def test_a_notice_that_comes_late_itself_says_so() -> None:
    message = word(about_a_loan(DUE + 5 * HOUR, notice={"late": True}))
    assert "It comes late: it should have reached you today at 17:30." in message.text


def test_times_are_on_the_sites_clock() -> None:
    message = word(about_a_loan(DUE + HOUR, zone=ZoneInfo("America/Sao_Paulo")))
    assert "today at 13:30" in message.text
    assert "Fri 20 November 2026, 13:30 UTC-0300" in message.text


def test_an_unknown_holder_and_thing_still_make_sentences() -> None:
    message = word(about_a_loan(DUE + HOUR, notice=TO_SUPERVISOR, holder="", thing="", thing_type=""))
    assert message.subject == "Overdue by 1 hour: something"
    assert "Something was due back today at 17:30. It is now 1 hour late. Somebody has it, taken" in message.text


def test_the_type_is_named_only_where_the_name_does_not_say_it() -> None:
    assert "What: Thermal camera 2\n" in word(about_a_loan(DUE)).text
    assert "What: FLIR E8 (Thermal camera)\n" in word(about_a_loan(DUE, thing="FLIR E8")).text


def test_the_tags_lead_to_the_record_and_name_nobody() -> None:
    assert word(about_a_loan(DUE)).tags == {"notice": "notice-1", "loan": "loan-1", "step": "PT2H"}


def test_a_language_nobody_speaks_here_falls_back_to_english() -> None:
    assert word(about_a_loan(DUE, language="tlh")).subject == "Due now: Thermal camera 2"


def test_a_reminder_to_others_says_when_it_is_due() -> None:
    message = word(about_a_loan(DUE - HOUR, notice={**TO_SUPERVISOR, "due_at": DUE - HOUR}))
    assert message.subject == "Due in 1 hour: Thermal camera 2, with Maya Lind"
    assert "Thermal camera 2 is due back today at 17:30. Maya Lind has it, taken today at 08:12." in message.text


def test_of_lateness_that_is_the_lockers_fault_it_says_so() -> None:
    text = word(about_a_loan(DUE + 3 * HOUR, loan={"excused": 40 * MINUTE})).text
    assert "It is now 3 hours late, of which 40 minutes are the locker's fault: 2 hours 20 minutes count." in text
    assert "Late by: 2 hours 20 minutes" in text
    assert "Not counted: 40 minutes in which the locker could take nothing back" in text


def test_what_is_late_by_the_lockers_fault_alone_is_not_called_late() -> None:
    message = word(about_a_loan(DUE + HOUR, notice=TO_SUPERVISOR, loan={"excused": 2 * HOUR}))
    assert message.subject == "Due in 1 hour: Thermal camera 2, with Maya Lind"
    assert "For 2 hours the locker could take nothing back, so it is not late yet." in message.text
