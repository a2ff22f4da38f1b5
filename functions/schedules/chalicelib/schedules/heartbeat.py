"""After each sweep: how long somebody has been untold, for whoever watches the alerting itself."""

from datetime import datetime
from itertools import islice

from toolcrib.domain.outbox import LONGEST_PAUSE
from toolcrib.domain.outbox_age import Heartbeat, age, beat
from toolcrib.store import keys
from toolcrib.store.agenda import due
from toolcrib.store.heartbeat import notices_under, save_heartbeat
from toolcrib.telemetry import count

MOST = 300  # notices looked at; of more that wait at once the oldest of these will do


def handle(org: str, *, now: datetime) -> Heartbeat:
    """Note that a sweep came to its end, and the oldest notice that waits: due by now, or in a pause after a try."""
    waiting = islice((key for key in due(keys.moment(now + LONGEST_PAUSE)) if key[1] == "NOTICE"), MOST)
    heartbeat = beat(notices_under(list(waiting)), now)
    save_heartbeat(org, heartbeat)
    count("SweepsFinished", org=org)
    count("OldestNoticeSeconds", age(heartbeat, now).total_seconds(), org=org)
    return heartbeat
