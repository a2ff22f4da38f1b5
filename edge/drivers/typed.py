"""From keys to a canonical UID: what readers in keyboard mode type, and how each profile means it."""

from collections.abc import Mapping
from typing import Final

from edge.badges import WIEGAND_BITS, UnreadableBadgeError, canonical_uid
from edge.settings.devices import KeyboardReader

MAX_KEYS: Final = 64  # no card's number is longer; a reader that types more is none
HEX: Final = 16
KEYS: Final[Mapping[int, str]] = {  # Linux, input-event-codes.h: the top row, the keypad, and the letters of hex
    **{2 + at: digit for at, digit in enumerate("1234567890")},
    **dict(zip((79, 80, 81, 75, 76, 77, 71, 72, 73, 82), "1234567890", strict=True)),
    **dict(zip((30, 48, 46, 32, 18, 33), "ABCDEF", strict=True)),
}
ENTER: Final = frozenset({28, 96})  # Enter, and Enter on the keypad
SHIFTS: Final = frozenset({42, 54, 58})  # readers that type capitals press them; a digit's meaning does not change
DOWN: Final = 1


class Typing:
    """Collects one number. Keys are those of Linux; times are the kernel's, in milliseconds."""

    def __init__(self, gap_ms: int) -> None:
        self._gap_ms = gap_ms
        self._typed = ""
        self._foreign = False
        self._last_ms = 0

    def press(self, code: int, value: int, at_ms: int) -> str | None:
        """Take a key's event; return what was typed when the number ends, empty where it is none."""
        if value != DOWN or code in SHIFTS:
            return None
        if at_ms - self._last_ms > self._gap_ms:
            self._typed, self._foreign = "", False
        self._last_ms = at_ms
        if code in ENTER:
            typed, self._typed = self._typed, ""
            foreign, self._foreign = self._foreign, False
            return "" if foreign else typed
        key = KEYS.get(code)
        self._foreign = self._foreign or key is None or len(self._typed) >= MAX_KEYS
        self._typed += "" if self._foreign or key is None else key
        return None


def uid_of(typed: str, reader: KeyboardReader) -> str:
    """Return the canonical UID of what a reader typed. Raises UnreadableBadgeError, which never repeats it."""
    bits = WIEGAND_BITS.get(reader.profile)
    if bits is None and reader.base == HEX:
        return canonical_uid(typed, reader.profile)
    try:
        number = int(typed, reader.base)
    except ValueError:
        raise UnreadableBadgeError("not a number: check the reader's base and tap again") from None
    if bits is not None:
        return canonical_uid(with_parity(number, bits), reader.profile)
    if number >= 1 << 8 * reader.digits_bytes:
        raise UnreadableBadgeError("a larger number than digits_bytes allows: check the reader's settings")
    return canonical_uid(f"{number:0{reader.digits_bytes * 2}X}", reader.profile)


def with_parity(number: int, bits: int) -> str:
    """Return a Wiegand frame of a card's data, which readers in keyboard mode type without its two parities."""
    width = bits - 2
    if number >= 1 << width:
        raise UnreadableBadgeError(f"more than {width} bits: check the reader's profile and tap again")
    data = f"{number:0{width}b}"
    half = (width + 1) // 2
    return f"{data[:half].count('1') % 2}{data}{1 - data[-half:].count('1') % 2}"
