"""Links in mails: tokens signed here and believed here, the tokens of each purpose under a key of their own.

They are JWTs (RFC 7519) that name no address and no thing. Their keys come from a secret of their own, so that whoever
sends mail holds none of the keys that open doors.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeVar

from msgspec import Meta, ValidationError, convert, to_builtins

from toolcrib.domain.record import Record
from toolcrib.send.signing import ALGORITHM, derive, seconds

LONGEST: Final = 1024  # characters of a token; ours have under 400
SHAPE: Final = re.compile(r"[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]", re.ASCII)
"""A token as we write it: PyJWT also takes padding, and other bits where the last character of 32 bytes has none."""
REQUIRED: Final = ("aud", "iss", "sub", "exp")


class Link(Record, frozen=True, kw_only=True):
    """What a token stands for: of which org, to which person, good until when; each purpose adds its own."""

    org: str
    person: str
    expires_at: datetime


class Claims(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every token says: for which purpose, of which org, to which person (`sub`), good until when."""

    aud: str
    iss: str
    sub: str
    exp: Annotated[int, Meta(ge=0, le=32_503_680_000)]

    @property
    def expires_at(self) -> datetime:
        """Return `exp` as an instant."""
        return datetime.fromtimestamp(self.exp, UTC)


Own = TypeVar("Own", bound=Claims)


def audience(purpose: str) -> str:
    """Return the `aud` of a purpose's tokens."""
    return f"toolcrib-{purpose}"


def signed(secret: bytes, claims: type[Claims], purpose: str, link: Link, /, **more: Any) -> str:
    """Return a link's token; `more` are the claims of its own purpose."""
    import jwt

    said = claims(aud=audience(purpose), iss=link.org, sub=link.person, exp=seconds(link.expires_at), **more)
    return jwt.encode(to_builtins(said), derive(secret, purpose, link.org), algorithm=ALGORITHM)


def believed(secret: bytes, token: str, claims: type[Own], purpose: str, /, *, org: str) -> Own | None:
    """Return the claims of a token of this org, None for one that is not ours; whether it is over is not judged."""
    import jwt

    if len(token) > LONGEST or not SHAPE.fullmatch(token):
        return None
    options: Any = {"verify_exp": False, "require": list(REQUIRED)}
    key = derive(secret, purpose, org)
    try:
        said = jwt.decode(token, key, [ALGORITHM], options=options, audience=audience(purpose), issuer=org)
        return convert(said, claims)
    except (jwt.InvalidTokenError, ValidationError):
        return None
