"""What is read about a handover by phone."""

from chalicelib.notices.wording import word
from tests.support.stories import HOUR, TAKEN, about_a_loan
from toolcrib.domain.loans import Handover

ASKED = Handover(id="op", to="p-2", by="p-1", at=TAKEN, expires_at=TAKEN + 24 * HOUR, condition="minor")


def test_who_is_asked_reads_from_whom_what_and_until_when() -> None:
    facts = about_a_loan(TAKEN, notice={"step": "handover"}, loan={"handover": ASKED}, reader="Ben Ode")
    message = word(facts)
    assert message.subject == "Maya Lind wants to hand over Thermal camera 2 to you"
    assert "Hi Ben Ode, Maya Lind says that you take over Thermal camera 2." in message.text
    assert "Sat 21 November 2026, 08:12 CET" in message.text
    assert "a minor fault" in message.text


def test_the_giver_reads_that_it_is_no_longer_theirs() -> None:
    facts = about_a_loan(TAKEN, notice={"step": "handed_over"}, holder="Ben Ode", reader="Maya Lind")
    message = word(facts)
    assert message.subject == "Ben Ode has taken over Thermal camera 2"
    assert "Hi Maya Lind, Thermal camera 2 is with Ben Ode now. Your loan is closed" in message.text
