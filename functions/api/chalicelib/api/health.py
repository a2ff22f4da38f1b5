"""Is it there, which version, and does the alerting itself work."""

from datetime import UTC, datetime
from typing import Final

import msgspec

from chalicelib.web.answers import Answer
from chalicelib.web.roles import PUBLIC
from chalicelib.web.routes import Routes
from toolcrib import __version__
from toolcrib.domain.outbox_age import age, is_well
from toolcrib.settings import settings
from toolcrib.store.heartbeat import find_heartbeat

routes: Final = Routes("health", {"GET /health": PUBLIC})


class Alerting(msgspec.Struct, frozen=True):
    """When the last sweep finished (null before the first), and for how many seconds the oldest notice has been due.

    `is_well` is false where no sweep finished within two minutes, or a notice waits for more than fifteen.
    """

    is_well: bool
    swept_at: datetime | None
    oldest_notice_seconds: int


class Health(msgspec.Struct, frozen=True):
    """`versions` names the contract and the software; `status` is `ok` whenever the record can be read."""

    status: str
    versions: dict[str, str]
    alerting: Alerting


@routes.on("GET /health")
def health() -> Answer[Health]:
    """Say that the API is there, and how the alerting is. Needs no sign-in; one small read."""
    now, last = datetime.now(UTC), find_heartbeat(settings().toolcrib_org)
    alerting = Alerting(
        is_well=is_well(last, now),
        swept_at=last.at if last is not None else None,
        oldest_notice_seconds=int(age(last, now).total_seconds()),
    )
    return Answer(Health(status="ok", versions={"api": "1", "toolcrib": __version__}, alerting=alerting))
