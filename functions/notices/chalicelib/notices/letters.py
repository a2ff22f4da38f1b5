"""A message on its way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib.notices.wording.message import Message
from toolcrib.domain.cooling import Cooldown
from toolcrib.domain.notices import Notice


@dataclass(frozen=True)
class Letter:
    """Which notice it is, what it says, and how to look whether it is so while it waits.

    `told` are the notices that it tells of: itself, or the parts of a digest. `cooldown` is its reader's.
    """

    org: str
    notice: Notice
    told: tuple[Notice, ...]
    message: Message
    still_so: Callable[[datetime], bool]
    cooldown: Cooldown
