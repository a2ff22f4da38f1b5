"""How fast each place is written to: one small item a place, gone when nobody has written there for a while."""

from datetime import datetime, timedelta
from typing import Final

from pynamodb.exceptions import PutError

from toolcrib.domain.pacing import Pace
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.store import keys
from toolcrib.store.errors import code_of
from toolcrib.store.items import PaceItem
from toolcrib.store.mapping import plain, record
from toolcrib.store.reads import find
from toolcrib.store.tables import connection

CLOCKS_DIFFER: Final = timedelta(minutes=1)
KEEP: Final = timedelta(days=2)  # nothing in it counts for that long


def find_pace(org: str, place: str, now: datetime) -> Pace:
    """Return the record of a place; an empty one before the first message.

    One from a time that is yet to come binds nobody: on the local stack somebody has moved the clock.
    """
    item = find(PaceItem, keys.pace(org, place))
    pace = Pace() if item is None else record(item, Pace)
    ahead = pace.at is not None and pace.at > now + CLOCKS_DIFFER
    return Pace(version=pace.version) if ahead else pace


def save_pace(org: str, place: str, pace: Pace, now: datetime) -> None:
    """Write a record over the one it was made from; raises `LostRace` if another sender was there first."""
    connection()
    about = plain(replace(pace, at=now))
    before = about.pop("version")
    item = PaceItem(*keys.pace(org, place), about=about, version=before + 1, expires_at=int((now + KEEP).timestamp()))
    try:
        item.save(condition=PaceItem.version == before if before else PaceItem.version.does_not_exist())
    except PutError as error:
        if code_of(error) == "ConditionalCheckFailedException":
            raise LostRace(detail="another sender took its turn") from error
        raise
