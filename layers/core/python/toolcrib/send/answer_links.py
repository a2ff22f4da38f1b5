"""Links in mails: one reaction to one notice by the one reader it was sent to, signed here and believed here.

A link names no address and no thing. It is a JWT (RFC 7519) under a key of its own, so that whoever sends mail holds
none of the keys that open doors. That it counts once is the business of whoever is pressed (functions/api).
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from msgspec import Meta, ValidationError, convert

from toolcrib.domain.ids import derived
from toolcrib.domain.reactions import Reaction
from toolcrib.domain.record import Record
from toolcrib.send.signing import ALGORITHM, derive, seconds

LIFE: Final = timedelta(days=7)  # a mail that lay over a holiday week says so, instead of acting on what was then
AUDIENCE: Final = "toolcrib-answers"
LONGEST: Final = 1024  # characters of a token; ours have under 400


class AnswerLink(Record, frozen=True, kw_only=True):
    """What a link stands for; `person` is the reader the mail was sent to."""

    org: str
    notice: str
    reaction: Reaction
    person: str
    expires_at: datetime

    @property
    def id(self) -> str:
        """Return what it is done as: the same for every copy of the link, whenever the mail was sent."""
        return derived("answer", self.org, self.notice, str(self.reaction), self.person)


class _Claims(Record, frozen=True, forbid_unknown_fields=True):
    """The token's claims, none of which may be missing."""

    aud: str
    iss: str
    sub: str
    jti: str
    notice: str
    reaction: Reaction
    exp: Annotated[int, Meta(ge=0, le=32_503_680_000)]


def signed(secret: bytes, link: AnswerLink) -> str:
    """Return the token that goes into the address."""
    import jwt

    claims = {
        "aud": AUDIENCE,
        "iss": link.org,
        "sub": link.person,
        "jti": link.id,
        "notice": link.notice,
        "reaction": str(link.reaction),
        "exp": seconds(link.expires_at),
    }
    return jwt.encode(claims, derive(secret, "answers", link.org), algorithm=ALGORITHM)


def believed(secret: bytes, token: str, *, org: str) -> AnswerLink | None:
    """Return what a token of this org stands for, None for one that is not ours; whether it is over is not judged."""
    import jwt

    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        said = jwt.decode(
            token,
            derive(secret, "answers", org),
            [ALGORITHM],
            options={"verify_exp": False, "require": ["aud", "iss", "sub", "jti", "exp"]},
            audience=AUDIENCE,
            issuer=org,
        )
        claims = convert(said, _Claims)
    except (jwt.InvalidTokenError, ValidationError):
        return None
    link = AnswerLink(
        org=org,
        notice=claims.notice,
        reaction=claims.reaction,
        person=claims.sub,
        expires_at=datetime.fromtimestamp(claims.exp, UTC),
    )
    return link if link.id == claims.jti else None
