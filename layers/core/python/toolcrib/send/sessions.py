"""Session tokens: what was known at the tap, sealed under a key only the cloud has; nothing is stored in between.

Fernet encrypts, authenticates and dates the token; it dies after 120 s (design.md, `session`).
"""

import base64
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from toolcrib.secrets import master
from toolcrib.send.signing import derive

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

LIFE = timedelta(seconds=120)


class Joined(msgspec.Struct, frozen=True, array_like=True):
    """Somebody who tapped in another's session: who, with which badge, and when."""

    person: str
    badge: str
    at: datetime


class Handing(msgspec.Struct, frozen=True, array_like=True):
    """What a session hands over: which loan, whose, with which badge, and in what condition they say it is."""

    loan: str
    giver: str
    badge: str
    condition: str


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Who tapped where. `upload` is the tap; `authorisers` are those who joined so far.

    `begun_at` is the moment of the tap: whatever is added later, a session ends 120 s after it. `terms` is the hash of
    the text that is on the screen, `asked` whether its questions are. `handing` is set once the session is for handing
    something over.
    """

    org: str
    bank: str
    generation: int
    person: str
    badge: str
    upload: str
    begun_at: datetime
    authorisers: tuple[Joined, ...] = ()
    terms: str | None = None
    asked: bool = True
    handing: Handing | None = None


def seal(session: Session) -> str:
    """Return the token of a session, dated with its beginning."""
    begun = int(session.begun_at.timestamp())
    return _box(master()).encrypt_at_time(msgspec.json.encode(session), begun).decode()


def unseal(token: str, *, now: datetime) -> Session | None:
    """Return the session of a token; None if it is not ours, altered, or over."""
    from cryptography.fernet import InvalidToken

    try:
        plain = _box(master()).decrypt_at_time(token.encode(), int(LIFE.total_seconds()), int(now.timestamp()))
        return msgspec.json.decode(plain, type=Session)
    except (InvalidToken, msgspec.DecodeError):
        return None


@lru_cache(maxsize=4)
def _box(secret: bytes) -> "Fernet":
    from cryptography.fernet import Fernet

    return Fernet(base64.urlsafe_b64encode(derive(secret, "session")))
