"""Frames of the serial UHF modules with an M100, QM100 or R200 chip: BB, type, command, length, data, sum, 7E.

Document: "Unit RFID-UHF Protocol" of M5Stack, quoted in docs/hardware.md with where to find it.
"""

from typing import Final, NamedTuple

HEADER: Final = 0xBB
END: Final = 0x7E
COMMAND: Final = 0x00
RESPONSE: Final = 0x01
NOTIFICATION: Final = 0x02
INFORMATION: Final = 0x03
POLL: Final = 0x22
ERROR: Final = 0xFF
NO_TAG: Final = bytes((0x15,))
MAX_LENGTH: Final = 512  # of a frame's data; a longer one is noise
RSSI_BYTES: Final = 1
CRC_BYTES: Final = 2


class Frame(NamedTuple):
    """One whole frame with a right checksum."""

    kind: int
    command: int
    data: bytes


class Heard(NamedTuple):
    """What is among some bytes: whole frames, whether anything else was, and whether a frame is still coming."""

    frames: list[Frame]
    noise: bool
    half: bool


def request(command: int, data: bytes = b"") -> bytes:
    """Return a command frame."""
    body = bytes((COMMAND, command)) + len(data).to_bytes(2, "big") + data
    return bytes((HEADER,)) + body + bytes((sum(body) & 0xFF, END))


def parse(heard: bytes) -> Heard:
    """Take bytes apart; noise before, between and after frames is passed over."""
    frames: list[Frame] = []
    noise, at = False, 0
    while at < len(heard):
        size = _size(heard[at:])
        if size is None:
            return Heard(frames, noise, half=True)
        frame = _frame(heard[at : at + size])
        noise = noise or frame is None
        at += 1 if frame is None else size
        if frame is not None:
            frames.append(frame)
    return Heard(frames, noise, half=False)


def epc(frame: Frame) -> str | None:
    """Return the EPC that a notification carries: signal, protocol control, EPC, CRC; None where it does not fit."""
    if (frame.kind, frame.command) != (NOTIFICATION, POLL) or len(frame.data) <= RSSI_BYTES + 2 + CRC_BYTES:
        return None
    words = frame.data[RSSI_BYTES] >> 3  # Gen2: the first five bits of protocol control count the EPC's words
    found = frame.data[RSSI_BYTES + 2 : -CRC_BYTES]
    return found.hex().upper() if len(found) == words * 2 else None


def is_empty(frame: Frame) -> bool:
    """Whether the frame says that no tag answered (error 15)."""
    return (frame.kind, frame.command, frame.data) == (RESPONSE, ERROR, NO_TAG)


def _size(heard: bytes) -> int | None:
    """Return how long the frame that begins here is, 1 for noise, None while that is not known yet."""
    if heard[0] != HEADER:
        return 1
    if len(heard) < 5:  # noqa: PLR2004 - header, type, command and two bytes of length
        return None
    length = int.from_bytes(heard[3:5], "big")
    if length > MAX_LENGTH:
        return 1
    size = length + 7
    return size if len(heard) >= size else None


def _frame(whole: bytes) -> Frame | None:
    if len(whole) < 7 or whole[-1] != END or sum(whole[1:-2]) & 0xFF != whole[-2]:  # noqa: PLR2004 - the smallest
        return None
    return Frame(whole[1], whole[2], whole[5:-2])
