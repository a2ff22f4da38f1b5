"""Where the buttons of a mail lead: signed for one notice, one reaction, one reader (toolcrib/send/answer_links.py)."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Links:
    """Where a mail's buttons lead, None for a mail without; and where a digest is ended, empty for all else."""

    answers: Link | None = None
    leave: str = ""


def links_of(org: str, notice: Notice, reader: Person | None, now: datetime) -> Links:
    """Return the links of a mail to its reader; none for a channel, and where no API is known.

    Raises `NotSent` where the key cannot be read: a mail without its buttons would not be the mail that was asked for.
    """
    base = settings().api_base.rstrip("/")
    if reader is None or not base:
        return Links()
    try:
        secret = secrets.answers()
    except (BotoCoreError, ClientError, ValueError) as error:
        raise NotSent("answer_secret_unreadable") from error

    def link(reaction: Reaction) -> str:
        answer = AnswerLink(org=org, notice=notice.id, reaction=reaction, person=reader.id, expires_at=now + LIFE)
        return f"{base}/v1/answers/{signed(secret, answer)}"

    if notice.period is None:
        return Links(link)
    leaving = Leaving(org=org, person=reader.id, kind=notice.step, expires_at=now + FOR_GOOD)
    return Links(link, f"{base}/v1/unsubscribe/{unsubscribing.signed(secret, leaving)}")
