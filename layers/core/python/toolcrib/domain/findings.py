"""What a comparison of tags with the record may find, and the repair that a case proposes."""

from enum import StrEnum

from toolcrib.domain.record import Record
from toolcrib.domain.states import Move


class Finding(StrEnum):
    """How what readers see of a thing fits the record.

    `ghost`: on record in a door that does not hold it. `stray`: seen in a door, on record somewhere else than in its
    bank. `wrong_door`: the right bank, another door. `missing`: doubted, and no reader of any bank sees it.
    `double_seen`: one tag in two places at once. `unknown_tag`: nobody's. `unchecked`: nothing could look.
    """

    AGREES = "agrees"
    GHOST = "ghost"
    STRAY = "stray"
    WRONG_DOOR = "wrong_door"
    MISSING = "missing"
    DOUBLE_SEEN = "double_seen"
    UNKNOWN_TAG = "unknown_tag"
    UNCHECKED = "unchecked"


class Repair(Record, frozen=True, kw_only=True):
    """What would make the record agree with what is seen: the move that is proposed, and for `stow` the door.

    Without a `move` nothing can be proposed, and a person has to say; `bank` and `door` are then the other place in
    which the tag is seen, if there is one. `alone`: the doubt rests on nothing but tags that were not seen at rest, so
    that seeing them again in this bank answers it without anybody.
    """

    finding: Finding
    move: Move | None = None
    bank: str | None = None
    door: int | None = None
    alone: bool = False
