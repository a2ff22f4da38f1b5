"""Judge an `open` command before anything moves (safety.md I6, I7, threats 5, 6, 9).

* Obey: pulse the lock, once.
* Burn: genuine, but nobody waits any more; its grant is used up and `not_opened` is reported.
* Ignore: everything else; `re` is set when the cloud did sign it, so that the person can be told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

import msgspec

from edge.signatures import NotAuthenticError, verified

MAX_LIFE_S: Final = 30  # design.md, `open`: exp <= 30 s after iat
EARLY_TOLERANCE_MS: Final = 5_000  # the cloud's machines disagree by less; a bank's base is never behind them


class Purpose(StrEnum):
    """What the door is opened for."""

    TAKE = "take"
    RETURN = "return"
    COLLECT = "collect"
    DEPOSIT = "deposit"
    SERVICE = "service"


class OpenCommand(msgspec.Struct, frozen=True, kw_only=True):
    """The claims of an `open` (design.md); `iat` and `exp` are Unix seconds of the cloud."""

    jti: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    aud: str
    door: Annotated[int, msgspec.Meta(ge=1)]
    purpose: Purpose
    re: str | None = None
    iat: float
    exp: float


class Reason(StrEnum):
    """Why a command is not obeyed."""

    NOT_AUTHENTIC = "not_authentic"
    FOREIGN_BANK = "foreign_bank"
    NO_SUCH_DOOR = "no_such_door"
    LIFE_TOO_LONG = "life_too_long"
    CLOCK_UNSET = "clock_unset"
    FROM_THE_FUTURE = "from_the_future"
    EXPIRED = "expired"
    USED = "used"


@dataclass(frozen=True, kw_only=True)
class Obey:
    """Open `command.door` now."""

    command: OpenCommand


@dataclass(frozen=True, kw_only=True)
class Burn:
    """Never open for this grant, and say so."""

    command: OpenCommand


@dataclass(frozen=True, kw_only=True)
class Ignore:
    """Do nothing. `re` is the upload it answers, when the signature was good."""

    reason: Reason
    re: str | None = None


Verdict = Obey | Burn | Ignore


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the bank knows at the moment of judging; `cloud_ms` is None while its time base is untrusted."""

    thing: str
    keys: Mapping[str, bytes]
    doors: range
    cloud_ms: int | None
    waits: Callable[[str], bool]
    used: Callable[[str], bool]


def judge(token: str, at: Standing) -> Verdict:
    """Return the verdict on a signed command; pure, cheap checks first, the journal last.

    Without a trusted time base nothing opens: expiry could not be judged. A second tap signs the same grant again.
    """
    try:
        command = verified(token, at.keys, OpenCommand)
    except NotAuthenticError:
        return Ignore(reason=Reason.NOT_AUTHENTIC)
    reason = _refusal(command, at)
    if reason is not None:
        return Ignore(reason=reason, re=command.re)
    if command.purpose is Purpose.SERVICE or (command.re is not None and at.waits(command.re)):
        return Obey(command=command)
    return Burn(command=command)


def _refusal(command: OpenCommand, at: Standing) -> Reason | None:
    if command.aud != at.thing:
        return Reason.FOREIGN_BANK
    if command.door not in at.doors:
        return Reason.NO_SUCH_DOOR
    if not 0 < command.exp - command.iat <= MAX_LIFE_S:
        return Reason.LIFE_TOO_LONG
    return _untimely(command, at.cloud_ms) or (Reason.USED if at.used(command.jti) else None)


def _untimely(command: OpenCommand, cloud_ms: int | None) -> Reason | None:
    if cloud_ms is None:
        return Reason.CLOCK_UNSET
    if not command.iat * 1000 <= cloud_ms + EARLY_TOLERANCE_MS:
        return Reason.FROM_THE_FUTURE
    if not cloud_ms < command.exp * 1000:
        return Reason.EXPIRED
    return None
