"""The one way a channel says that a message did not go out."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass
class NotSent(Exception):  # noqa: N818 - an answer of the channel, not a fault of ours
    """Not sent, as far as anybody knows. `code` names the reason and never an address or what the other side said.

    `retry_after` is how long the channel asks to be left alone. `unreachable` means that this channel cannot reach
    this recipient as things are set up, so another channel is tried at once.
    """

    code: str
    retry_after: timedelta = timedelta()
    unreachable: bool = False

    def __str__(self) -> str:
        """The code alone."""
        return self.code
