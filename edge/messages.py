"""What the cloud sends down. Unknown fields are ignored, garbage is noise: logged by kind, never raised."""

import logging
from typing import Annotated, Any, Final

import msgspec

from edge.signatures import MAX_TOKEN_CHARS

log = logging.getLogger(__name__)
MAX_PAYLOAD_BYTES: Final = (
    131_072  # IoT Core's own limit; the contract's 8 KB is the cloud's promise, not ours to police
)

SignedToken = Annotated[str, msgspec.Meta(max_length=MAX_TOKEN_CHARS)]


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the person may do now; `option` goes back as it came."""

    option: str | int
    kind: str
    title: str = ""
    door: int | None = None
    due_at: str | None = None
    needs: tuple[str, ...] = ()
    note: str | None = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """One thing the person may not do now, and why."""

    code: str
    title: str = ""
    text: str = ""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Whom the screen greets."""

    display: str = ""
    language: str = "en"


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is accepted before the door opens."""

    text: str
    sha256: str


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A choice to be made on the screen."""

    session: str
    re: str | None = None
    expires_at: str = ""
    person: Person = Person()
    options: tuple[Option, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    terms: Terms | None = None
    questions: tuple[Any, ...] | dict[str, Any] | None = None


class Open(msgspec.Struct, frozen=True, kw_only=True):
    """A signed command; everything that matters is inside the signature."""

    command: SignedToken


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence for the person."""

    level: str
    code: str
    text: str
    re: str | None = None
    upload: dict[str, Any] | None = None


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """A report that can never be applied; the cloud made a case of it."""

    id: str
    code: str = ""


class Ack(msgspec.Struct, frozen=True, kw_only=True):
    """Reports the bank may forget."""

    ids: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()


class Time(msgspec.Struct, frozen=True, kw_only=True):
    """The signed answer to a request for the time."""

    time: SignedToken


class TimeClaims(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed in it: `now` in Unix milliseconds of the cloud."""

    nonce: str
    now: Annotated[int, msgspec.Meta(gt=0, le=2**53)]


class RosterDown(msgspec.Struct, frozen=True, kw_only=True):
    """The signed manifest of a roster; retained, so it comes with every subscription."""

    manifest: SignedToken


class FetchDown(msgspec.Struct, frozen=True, kw_only=True):
    """Where what was asked for can be fetched, for a minute."""

    url: Annotated[str, msgspec.Meta(max_length=4096)]
    re: str | None = None


Down = Session | Open | Notice | Ack | Time | RosterDown | FetchDown
_DECODERS: Final[dict[str, msgspec.json.Decoder[Down]]] = {
    kind: msgspec.json.Decoder(type_)
    for kind, type_ in {
        "session": Session,
        "open": Open,
        "notice": Notice,
        "ack": Ack,
        "time": Time,
        "roster": RosterDown,
        "fetch": FetchDown,
    }.items()
}


def parse(kind: str, payload: bytes) -> Down | None:
    """Return the message, or None for noise: an unknown kind, too many bytes, no JSON, another shape."""
    decoder = _DECODERS.get(kind)
    if decoder is None or len(payload) > MAX_PAYLOAD_BYTES:
        log.info("down message ignored: kind=%.32r bytes=%d", kind, len(payload))
        return None
    try:
        return decoder.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        log.warning("down message is noise: kind=%s error=%s", kind, type(error).__name__)
        return None
