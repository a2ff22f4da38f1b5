"""What every record of the table's stream has: values as DynamoDB wraps them, and an item's key."""

from datetime import datetime
from typing import Annotated

import msgspec

Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class Text(msgspec.Struct):
    """A string."""

    S: str


class Number(msgspec.Struct):
    """A number."""

    N: str


class Flag(msgspec.Struct):
    """Yes or no."""

    BOOL: bool


class Keyed(msgspec.Struct):
    """An item, of which only its key is known."""

    pk: Text
    sk: Text

    @property
    def key(self) -> tuple[str, str]:
        """Its key."""
        return self.pk.S, self.sk.S

    @property
    def named(self) -> tuple[str, str, str]:
        """The org, kind and name that its key is made of; empty where it has no such part."""
        org, kind, name = (*self.pk.S.split("#", 2), "", "")[:3]
        return org, kind, name
