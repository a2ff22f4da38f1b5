"""The agenda: whatever has something due, by when. The sweeper drains it; what it reads follows what is due."""

from collections.abc import Iterator
from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.operand import Path

from toolcrib.domain.notices import UNDELIVERED
from toolcrib.settings import settings
from toolcrib.store import keys
from toolcrib.store.errors import code_of
from toolcrib.store.items import NoticeItem
from toolcrib.store.reads import Key
from toolcrib.store.tables import AgendaIndex, StateItem, connection

AGENDA = "agenda"  # the index's name in infra/foundation.yaml
MOST_A_SHARD = 500  # of one run; the next run, a minute later, takes the rest


def due(until: str) -> Iterator[Key]:
    """Yield the keys of what is due up to and including the moment `until`, oldest first within a shard.

    Asked of the connection and not of a model: a model's query filters by `kind`, which an index of keys does not show.
    """
    state_table, soon = settings().state_table, AgendaIndex.agenda_at <= until
    for shard in keys.agenda_shards():
        page = connection().query(state_table, shard, soon, index_name=AGENDA, limit=MOST_A_SHARD)
        for row in page["Items"]:
            yield row["pk"]["S"], row["sk"]["S"]


def wake_notice(key: Key, at: str) -> bool:
    """Touch a notice so that the stream tells its sender of it again; False if it is delivered and says what is so."""
    connection()
    states = [str(state) for state in UNDELIVERED]
    version = NoticeItem.version
    try:
        NoticeItem(*key).update(
            actions=[NoticeItem.wake.set(at), Path("about.hold_until").remove(), version.set(version + 1)],
            condition=NoticeItem.state.is_in(*states) | Path("about.outdated_at").exists(),
        )
    except UpdateError as error:
        if code_of(error) == "ConditionalCheckFailedException":
            return False
        raise
    return True


def on_agenda(item: StateItem) -> list[Any]:
    """Return the actions that put an item on the agenda, or take it off, as `item` has it."""
    where, when = StateItem.agenda_pk, StateItem.agenda_at
    if not item.agenda_pk or not item.agenda_at:
        return [where.remove(), when.remove()]
    return [where.set(item.agenda_pk), when.set(item.agenda_at)]
