"""Badge numbers: one canonical form whatever reader or export they come from, and the keyed token they are known by.

Canonical is upper-case hex of the card's bytes, most significant first, no separators; Wiegand without parity and
left-padded to whole bytes (design.md, *Tokens*). The same rules run in the bank (`edge/badges.py`).
"""

import hmac
import re
from base64 import urlsafe_b64encode
from enum import StrEnum
from typing import Final

from toolcrib.domain.refusals import Invalid


class BadgeFormat(StrEnum):
    """How a badge's number is written."""

    HEX = "hex"
    WIEGAND26 = "wiegand26"
    WIEGAND34 = "wiegand34"
    WIEGAND37 = "wiegand37"


WIEGAND_BITS: Final = {BadgeFormat.WIEGAND26: 26, BadgeFormat.WIEGAND34: 34, BadgeFormat.WIEGAND37: 37}
HEX_BYTES: Final = frozenset({3, 4, 5, 7, 10})  # Wiegand data of 24, 32 and 35 bits; UIDs of ISO 14443-3

_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+")  # before it is set in upper case: some ligatures become letters then
_SEPARATORS: Final = re.compile(r"[ :-]")


def canonical(number: str, kind: BadgeFormat) -> str:
    """Return the canonical form of a badge's number.

    `hex` takes hex digits, any case, with or without spaces, colons and dashes. A Wiegand format takes the bits as the
    reader sends them, parity included, as 0s and 1s; or the data without parity as hex digits of whole bytes.
    Raises `Invalid`, which never repeats the number.
    """
    bits = WIEGAND_BITS.get(kind)
    if bits is not None and len(number) == bits and not set(number) - {"0", "1"}:
        return _without_parity(number)
    written = _SEPARATORS.sub("", number)
    if _HEX.fullmatch(written) is None:
        raise _unreadable("is neither hex digits of whole bytes nor, for a Wiegand format, its bits")
    digits = written.upper()
    size, value = len(digits) // 2, int(digits, 16)
    if bits is None and size not in HEX_BYTES:
        raise _unreadable(f"has {size} bytes, a card has {', '.join(map(str, sorted(HEX_BYTES)))}")
    if bits is not None and (size != _bytes(bits - 2) or value >= 1 << (bits - 2)):
        raise _unreadable(f"does not hold the {bits - 2} data bits of {kind}")
    return digits


def token(text: str, version: str, key: bytes) -> str:
    """Return `{key version}.{base64url(HMAC-SHA256(key, ASCII text))}` without padding."""
    digest = hmac.digest(key, text.encode("ascii"), "sha256")
    return f"{version}.{urlsafe_b64encode(digest).rstrip(b'=').decode('ascii')}"


def _without_parity(frame: str) -> str:
    """Return the data of a Wiegand frame: its first half has even parity, its second half odd."""
    data = frame[1:-1]
    half = (len(data) + 1) // 2  # of 35 data bits the middle one is covered by both parities
    even, odd = frame[0] + data[:half], data[-half:] + frame[-1]
    if even.count("1") % 2 != 0 or odd.count("1") % 2 != 1:
        raise _unreadable("has wrong parity")
    return f"{int(data, 2):0{_bytes(len(data)) * 2}X}"


def _bytes(bits: int) -> int:
    return -(-bits // 8)


def _unreadable(why: str) -> Invalid:
    return Invalid(
        code="unreadable_badge",
        detail="the badge's number cannot be read",
        fields={"number": why},
        advice="Check the number and its format.",
    )
