"""What the holder of a loan that is called back reads."""

from datetime import timedelta

from chalicelib.notices.wording import word
from tests.support.stories import DUE, TAKEN, about_a_loan
from toolcrib.domain.loans import Recalled

NEEDED = Recalled(at=TAKEN, by="boss", due_before=DUE + timedelta(days=3), reason="needed at\nthe dock")


def test_it_says_what_is_new_and_why() -> None:
    facts = about_a_loan(TAKEN, notice={"step": "recall", "due_at": TAKEN}, loan={"recalled": NEEDED})
    message = word(facts)
    assert message.subject == "Called back: Thermal camera 2, due today at 17:30"
    assert "Hi Maya Lind, Thermal camera 2 is needed." in message.text
    assert "Please bring it back today at 17:30, sooner than you were told." in message.text
    assert "needed at the dock" in message.text
    assert "Mon 23 November 2026, 17:30 CET" in message.text
    assert "It cannot be renewed any more." in message.text


def test_where_it_was_due_by_then_anyway_nothing_is_said_to_have_changed() -> None:
    as_agreed = Recalled(at=TAKEN, by="boss", due_before=DUE)
    text = word(about_a_loan(TAKEN, notice={"step": "recall", "due_at": TAKEN}, loan={"recalled": as_agreed})).text
    assert "as agreed" in text
    assert "Was due" not in text
