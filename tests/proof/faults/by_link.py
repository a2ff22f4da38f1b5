"""Scenes of links in mails: opened by whoever opens mail, pressed by its reader until a page says what was done."""

from dataclasses import dataclass
from http import HTTPStatus

from tests.proof.faults.kept import overdue
from tests.proof.faults.stage import BROKE_OFF, Stage, cold
from tests.support.http import Client, enter
from tests.support.tables import ANSWERS
from tests.support.workplace import ORG
from toolcrib.domain.reactions import Reaction
from toolcrib.send import unsubscribing
from toolcrib.send.answer_links import LIFE, AnswerLink, signed
from toolcrib.send.unsubscribing import Leaving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DONE = frozenset({HTTPStatus.OK, HTTPStatus.GONE})
"""Done now, or done already by a press whose answer was lost."""


@dataclass
class Press:
    """A reader who asks again after half a minute where no page came, or one that says to look again."""

    method: str
    token: str
    noun: str = "answers"

    def deliver(self, stage: Stage, nth: int) -> bool:
        client = Client(None, at=stage.later(seconds=31 * nth))
        cold()
        try:
            reply = client.ask(self.method, f"/{self.noun}/{self.token}", raw="", headers=FORM)
        except BROKE_OFF:
            return False
        finally:
            stage.settle()
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR or reply.status == HTTPStatus.CONFLICT:
            return False
        stage.told.append("done" if reply.status in DONE else str(reply.status))
        return True


def a_link_is_pressed(at: Stage) -> Press:
    return Press("POST", _link(at, Reaction.ACKNOWLEDGE))


def a_link_is_opened(at: Stage) -> Press:
    enter("ann", "self", person="p-1")
    return Press("GET", _link(at, Reaction.CASE))


def a_link_is_pressed_for_nothing(at: Stage) -> Press:
    """What is not its reader's to do."""
    enter("ann", "self", person="p-1")
    return Press("POST", _link(at, Reaction.REMIND))


def a_loan_is_told_to_be_wrong_by_link(at: Stage) -> Press:
    return Press("POST", _link(at, Reaction.CASE))


def a_digest_is_ended_by_link(at: Stage) -> Press:
    return Press("POST", _leaving(at), "unsubscribe")


def a_link_that_ends_a_digest_is_opened(at: Stage) -> Press:
    return Press("GET", _leaving(at), "unsubscribe")


def _leaving(at: Stage) -> str:
    overdue(at)
    leaving = Leaving(org=ORG, person="p-9", kind="daily", expires_at=at.here.now + LIFE)
    return unsubscribing.signed(bytes.fromhex(ANSWERS), leaving)


def _link(at: Stage, reaction: Reaction) -> str:
    overdue(at)
    at.here.sweep()
    (notice,) = at.here.notices()
    found = AnswerLink(
        org=ORG, notice=notice.id, reaction=reaction, person=notice.recipient, expires_at=at.here.now + LIFE
    )
    return signed(bytes.fromhex(ANSWERS), found)


KEPT = (
    a_link_is_pressed,
    a_link_is_opened,
    a_link_is_pressed_for_nothing,
    a_loan_is_told_to_be_wrong_by_link,
    a_digest_is_ended_by_link,
    a_link_that_ends_a_digest_is_opened,
)
