"""Links by which one reader of a mail reacts to what it tells: one reaction, to one notice.

That a link counts once is the business of whoever is pressed (functions/api).
"""

from datetime import timedelta
from typing import Final

from toolcrib.domain.ids import derived
from toolcrib.domain.reactions import Reaction
from toolcrib.send import links

LIFE: Final = timedelta(days=7)  # a mail that lay over a holiday week says so, instead of acting on what was then
PURPOSE: Final = "answers"


class AnswerLink(links.Link, frozen=True, kw_only=True):
    """What a link stands for; `person` is the reader the mail was sent to."""

    notice: str
    reaction: Reaction

    @property
    def id(self) -> str:
        """Return what it is done as: the same for every copy of the link, whenever the mail was sent."""
        return derived("answer", self.org, self.notice, str(self.reaction), self.person)


class _Claims(links.Claims, frozen=True, kw_only=True):
    jti: str
    notice: str
    reaction: Reaction


def signed(secret: bytes, link: AnswerLink) -> str:
    """Return the token that goes into the address."""
    return links.signed(secret, _Claims, PURPOSE, link, jti=link.id, notice=link.notice, reaction=link.reaction)


def believed(secret: bytes, token: str, *, org: str) -> AnswerLink | None:
    """Return what a token of this org stands for, None for one that is not ours; whether it is over is not judged."""
    said = links.believed(secret, token, _Claims, PURPOSE, org=org)
    if said is None:
        return None
    link = AnswerLink(org=org, notice=said.notice, reaction=said.reaction, person=said.sub, expires_at=said.expires_at)
    return link if link.id == said.jti else None
