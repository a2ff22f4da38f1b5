"""Links by which a reader ends what they are told once a day or a week, signed here and believed here (RFC 8058).

A mail program follows one by itself, with a POST and without anybody signed in. It names a person and a kind of digest;
nothing else can be ended by it. It is good for longer than anybody keeps a mail that they want to be rid of.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Literal

from msgspec import Meta, ValidationError, convert

from toolcrib.domain.record import Record
from toolcrib.send.answer_links import LONGEST
from toolcrib.send.signing import ALGORITHM, derive, seconds

LIFE: Final = timedelta(days=400)
AUDIENCE: Final = "toolcrib-unsubscribe"


class Leaving(Record, frozen=True, kw_only=True):
    """Who wants no more of what; `kind` is one of `digests.KINDS`."""

    org: str
    person: str
    kind: str
    expires_at: datetime


class _Claims(Record, frozen=True, forbid_unknown_fields=True):
    """The token's claims, none of which may be missing."""

    aud: str
    iss: str
    sub: str
    kind: Literal["daily", "weekly"]
    exp: Annotated[int, Meta(ge=0, le=32_503_680_000)]


def signed(secret: bytes, leaving: Leaving) -> str:
    """Return the token that goes into the address."""
    import jwt

    claims = {
        "aud": AUDIENCE,
        "iss": leaving.org,
        "sub": leaving.person,
        "kind": leaving.kind,
        "exp": seconds(leaving.expires_at),
    }
    return jwt.encode(claims, derive(secret, "unsubscribe", leaving.org), algorithm=ALGORITHM)


def believed(secret: bytes, token: str, *, org: str) -> Leaving | None:
    """Return what a token of this org stands for, None for one that is not ours; whether it is over is not judged."""
    import jwt

    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        said = jwt.decode(
            token,
            derive(secret, "unsubscribe", org),
            [ALGORITHM],
            options={"verify_exp": False, "require": ["aud", "iss", "sub", "exp"]},
            audience=AUDIENCE,
            issuer=org,
        )
        claims = convert(said, _Claims)
    except (jwt.InvalidTokenError, ValidationError):
        return None
    expires_at = datetime.fromtimestamp(claims.exp, UTC)
    return Leaving(org=org, person=claims.sub, kind=claims.kind, expires_at=expires_at)
