"""Where the buttons of a mail lead: signed for one notice, one reaction, one reader (toolcrib/send/answer_links.py)."""

from datetime import datetime

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.notices.notsent import NotSent
from chalicelib.notices.wording.buttons import Link
from toolcrib import secrets
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.reactions import Reaction
from toolcrib.send import unsubscribing
from toolcrib.send.answer_links import LIFE, AnswerLink, signed
from toolcrib.send.unsubscribing import LIFE as FOR_GOOD
from toolcrib.send.unsubscribing import Leaving
from toolcrib.settings import settings


def leave_link(org: str, notice: Notice, reader: Person | None, now: datetime) -> str:
    """Return where the reader of a digest ends it; empty for all else, for a channel, and where no API is known.

    Raises `NotSent` as above.
    """
    base = settings().api_base.rstrip("/")
    if notice.period is None or reader is None or not base:
        return ""
    leaving = Leaving(org=org, person=reader.id, kind=notice.step, expires_at=now + FOR_GOOD)
    return f"{base}/v1/unsubscribe/{unsubscribing.signed(_secret(), leaving)}"


def linker(org: str, notice_id: str, reader: Person | None, now: datetime) -> Link | None:
    """Return what signs a mail's links to its reader; None for a channel, and where no API is known.

    Raises `NotSent` where the key cannot be read: a mail without its buttons would not be the mail that was asked for.
    """
    base = settings().api_base.rstrip("/")
    if reader is None or not base:
        return None
    secret = _secret()

    def link(reaction: Reaction) -> str:
        answer = AnswerLink(org=org, notice=notice_id, reaction=reaction, person=reader.id, expires_at=now + LIFE)
        return f"{base}/v1/answers/{signed(secret, answer)}"

    return link


def _secret() -> bytes:
    try:
        return secrets.answers()
    except (BotoCoreError, ClientError, ValueError) as error:
        raise NotSent("answer_secret_unreadable") from error
