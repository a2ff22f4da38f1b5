"""One canonical form for every card: upper-case hex, most significant byte first, no separators, no parity.

Two readers that see the same card in different byte orders or Wiegand formats must name the same person, so the
canonical form is made here, per reader profile, before anything is hashed (safety.md, threat 2).
"""

import re
from enum import StrEnum
from typing import Final

HEX_BYTES: Final = frozenset({4, 7, 10})  # ISO 14443-3: single, double and triple size UIDs
WIEGAND_BYTES: Final = frozenset({3, 4, 5})  # 24, 32 and 35 data bits in whole bytes
CANONICAL: Final = re.compile(r"(?:[0-9A-F]{2}){3,5}|(?:[0-9A-F]{2}){7}|(?:[0-9A-F]{2}){10}", re.ASCII)


class ReaderProfile(StrEnum):
    """How a reader presents a card."""

    HEX_MSB = "hex_msb"
    HEX_LSB = "hex_lsb"
    WIEGAND26 = "wiegand26"
    WIEGAND34 = "wiegand34"
    WIEGAND37 = "wiegand37"


WIEGAND_BITS: Final = {ReaderProfile.WIEGAND26: 26, ReaderProfile.WIEGAND34: 34, ReaderProfile.WIEGAND37: 37}


class UnreadableBadgeError(ValueError):
    """The reading is no card of this profile: the person taps again. Never carries the reading itself."""


def canonical_uid(reading: str, profile: ReaderProfile) -> str:
    """Return the canonical UID of what the reader saw.

    `reading` is hex digits (any case; spaces, colons and dashes allowed) or, for Wiegand, the bits as received with
    their parity. Raises UnreadableBadgeError for wrong lengths, foreign characters and bad parity.
    """
    bits = WIEGAND_BITS.get(profile)
    if bits is not None:
        return _from_wiegand(reading, bits)
    digits = re.sub(r"[\s:-]", "", reading)
    if not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", digits, re.ASCII) or len(digits) // 2 not in HEX_BYTES:
        raise UnreadableBadgeError("not a UID of 4, 7 or 10 bytes in hex: check the reader's profile and tap again")
    card = bytes.fromhex(digits)
    return (card[::-1] if profile is ReaderProfile.HEX_LSB else card).hex().upper()


def is_canonical(uid: str) -> bool:
    """Whether `uid` already has the canonical form."""
    return CANONICAL.fullmatch(uid) is not None


def _from_wiegand(reading: str, bits: int) -> str:
    if len(reading) != bits or set(reading) - {"0", "1"}:
        raise UnreadableBadgeError(f"not {bits} Wiegand bits: check the reader's profile and tap again")
    data = reading[1:-1]
    half = (len(data) + 1) // 2  # of 35 data bits the middle one is covered by both parities
    even, odd = reading[0] + data[:half], data[-half:] + reading[-1]
    if even.count("1") % 2 != 0 or odd.count("1") % 2 != 1:
        raise UnreadableBadgeError("wrong Wiegand parity: the card was moved too fast, or a wire is loose")
    return f"{int(data, 2):0{-(-len(data) // 8) * 2}X}"
