"""The two tables: one shared connection, names bound on first use, and the base of every item.

PynamoDB keeps a connection, and with it a botocore client, per model class. Ours share one, which spares
each cold start a client per kind of item; and they share the process's botocore session, which spares it
the endpoints of every AWS region, read from disk a second time.
"""

from functools import cache
from typing import Any

from pynamodb.attributes import DiscriminatorAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from toolcrib.clients import session
from toolcrib.settings import settings

LISTED = ("about", "state", "custodian", "kind", "revision")
"""Attributes the listing index carries; whatever moves often stays out, so that moving it costs no index write."""


class AgendaIndex(GlobalSecondaryIndex[Any]):
    """Anything with something due, by when; sparse."""

    class Meta:
        """Index `agenda` of infra/foundation.yaml."""

        index_name = "agenda"
        projection = KeysOnlyProjection()

    agenda_pk = UnicodeAttribute(hash_key=True)
    agenda_at = UnicodeAttribute(range_key=True)


class ListingIndex(GlobalSecondaryIndex[Any]):
    """The API's lists; never read for a decision."""

    class Meta:
        """Index `listing` of infra/foundation.yaml."""

        index_name = "listing"
        projection = IncludeProjection(list(LISTED))

    listing_pk = UnicodeAttribute(hash_key=True)
    listing_sk = UnicodeAttribute(range_key=True)


class StateItem(Model):
    """Base of every item of the state table; `kind` tells which, also to the stream's filter."""

    class Meta:
        """Bound by `open_tables`."""

        table_name: str | None = None
        region: str | None = None

    kind = DiscriminatorAttribute()
    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    agenda_pk = UnicodeAttribute(null=True)
    agenda_at = UnicodeAttribute(null=True)
    listing_pk = UnicodeAttribute(null=True)
    listing_sk = UnicodeAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    stumbles = NumberAttribute(null=True)
    agenda = AgendaIndex()
    listing = ListingIndex()


class LedgerItem(Model):
    """Base of the ledger's items: put once, never updated, never deleted."""

    class Meta:
        """Bound by `open_tables`."""

        table_name: str | None = None
        region: str | None = None

    kind = DiscriminatorAttribute()
    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class SharedConnection(Connection):
    """A connection on the process's one botocore session."""

    @property
    def session(self) -> Any:
        """Return the session that every other client is made from, too."""
        return session()


@cache
def connection() -> SharedConnection:
    """Return the process's one connection, with both tables known to it."""
    shared = SharedConnection(
        region=settings().aws_region, connect_timeout_seconds=2, read_timeout_seconds=5, max_retry_attempts=2
    )
    for base, name in ((StateItem, settings().state_table), (LedgerItem, settings().ledger_table)):
        base.Meta.table_name = name
        base.Meta.region = settings().aws_region
        table: TableConnection = base._get_connection()  # noqa: SLF001 - see module docstring
        shared.add_meta_table(table.get_meta_table())
        table.connection = shared
    return shared
