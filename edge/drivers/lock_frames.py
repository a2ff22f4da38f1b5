"""Frames of the common RS-485 lock boards: 8A unlocks, 80 reads, the last byte is the XOR of all others.

Documents: the makers' "Communication Agreement", quoted in docs/hardware.md with where to find it.
"""

from collections.abc import Mapping
from functools import reduce
from operator import xor
from typing import Final

UNLOCK: Final = 0x8A
READ: Final = 0x80
PULSE: Final = 0x11
ALL: Final = 0x00
STATUS: Final = 0x33
CLOSED: Final = 0x11  # the feedback contact is closed
STATE_BYTES: Final = (7, 4, 3)  # boards of 50, 32 and up to 24 locks; longest first


def unlock(board: int, lock: int) -> bytes:
    """Return the request for one pulse on one lock (8A, board, lock, 11, XOR). Lock 0 would be all: never asked for."""
    if lock < 1:
        raise ValueError("lock 0 would open every door of the board")
    return _sealed(UNLOCK, board, lock, PULSE)


def read_all(board: int) -> bytes:
    """Return the request for all contacts of a board (80, board, 00, 33, XOR)."""
    return _sealed(READ, board, ALL, STATUS)


def find_unlocked(board: int, lock: int, heard: bytes) -> bool | None:
    """Return the feedback contact after a pulse (True is closed), or None while no whole answer is among the bytes."""
    for level in (CLOSED, 0x00):
        if _sealed(UNLOCK, board, lock, level) in heard:
            return level == CLOSED
    return None


def find_contacts(board: int, heard: bytes) -> Mapping[int, bool] | None:
    """Return each lock's feedback contact (True is closed), or None while no whole answer is among the bytes.

    The state bytes come highest first; the last one before 33 is locks 1 to 8, lowest bit first.
    """
    for start in range(len(heard)):
        for count in STATE_BYTES:
            frame = heard[start : start + count + 4]
            if len(frame) == count + 4 and _is_contacts(board, frame):
                states = int.from_bytes(frame[2:-2], "big")
                return {number + 1: bool(states >> number & 1) for number in range(count * 8)}
    return None


def is_echo(board: int, heard: bytes) -> bool:
    """Whether the adapter plays back what is sent: an unlocking could then seem answered by a board that is dead."""
    return heard.startswith(read_all(board))


def _is_contacts(board: int, frame: bytes) -> bool:
    return frame[:2] == bytes((READ, board)) and frame[-2] == STATUS and frame[-1] == _checksum(frame[:-1])


def _sealed(*body: int) -> bytes:
    return bytes((*body, _checksum(bytes(body))))


def _checksum(body: bytes) -> int:
    return reduce(xor, body, 0)
