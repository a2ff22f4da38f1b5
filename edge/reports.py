"""The bank's reports: journalled first, numbered, sent until the cloud acknowledges them."""

import logging
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from edge import uploads
from edge.actions import Action, Forgotten, Recorded, Send
from edge.clock import Now, TimeBase
from edge.doors import earliest
from edge.journal import Draft, Journal, Report, UsedGrant
from edge.messages import Ack
from edge.offline.replay import Replay
from edge.outbox import Outbox

log = logging.getLogger(__name__)
STATUS_FRESH_MS: Final = 60_000  # a status this young is repeated on reconnect, not written again


class Reporter:
    """Writes reports and says when each is sent. Ages are monotonic; across a reboot they go by the cloud's time."""

    def __init__(
        self,
        journal: Journal,
        base: TimeBase,
        outbox: Outbox,
        replay: Replay,
        *,
        new_id: Callable[[], str],
        started: Now,
    ) -> None:
        self._journal, self._base, self._outbox, self._new_id = journal, base, outbox, new_id
        self._replay = replay
        self._started = started
        self._statuses: frozenset[str] = frozenset()
        self._status_ms = 0
        self._connected = False
        self._undated: dict[str, None] = {}  # an ordered set
        self._outbox.add(journal.pending(offline=False), started.mono_ms)
        self._replay.add(journal.pending(offline=True), started.mono_ms)

    @property
    def replaying(self) -> bool:
        """Whether the cloud has not yet acknowledged all that was decided without it."""
        return len(self._replay) > 0

    def tell(
        self,
        bodies: Sequence[msgspec.Struct],
        now: Now,
        *,
        settles: str | None = None,
        door: tuple[int, bool] | None = None,
        void: bool = False,
    ) -> list[Action]:
        """Journal reports (with what belongs into the same transaction), then send what is due."""
        drafts = [self._draft(body, now) for body in bodies]
        return self._queued(self._journal.append(drafts, settles=settles, door=door, void=void), now)

    def burn(self, used: UsedGrant, body: uploads.DoorReport, now: Now) -> list[Action]:
        """Journal `not_opened` together with the mark of a grant that will never open its door."""
        return self._queued([self._journal.burn(used, self._draft(body, now))], now)

    def status(self, bodies: Sequence[uploads.StatusReport], now: Now) -> list[Action]:
        """Journal a status in its parts."""
        actions = self.tell(bodies, now)
        self._statuses = frozenset(action.report.id for action in actions if isinstance(action, Recorded))
        self._status_ms = now.mono_ms
        return actions

    def status_is_fresh(self, now: Now) -> bool:
        """Whether a young status still waits for its acknowledgement, so that repeating it is enough."""
        return bool(self._statuses) and now.mono_ms - self._status_ms < STATUS_FRESH_MS

    def acknowledged(self, ack: Ack, now: Now) -> list[Action]:
        """Forget what the cloud has committed or rejected."""
        rejected = {each.id: each.code for each in ack.rejected}
        for id_, code in rejected.items():
            log.warning("report rejected: id=%s code=%s", id_, code)
        ids = (*ack.ids, *rejected)
        if not ids:
            return []
        self._journal.acknowledge(ids, self._base.cloud_ms(now))
        self._outbox.drop(ids)
        self._replay.drop(ids, now.mono_ms)
        self._statuses -= set(ids)
        return [Forgotten(ids=ids, rejected=rejected), *self.due(now)]

    def connected(self, now: Now) -> list[Action]:
        """Send everything that waits, from now on."""
        self._connected = True
        self._outbox.rush(now.mono_ms)
        self._replay.rush(now.mono_ms)
        return self.due(now)

    def disconnected(self) -> None:
        """Keep everything until the connection is back."""
        self._connected = False

    def time_is_known(self, now: Now) -> list[Action]:
        """Date this boot's reports by the cloud's time, and send those of earlier boots, which waited for it."""
        cloud_ms = self._base.cloud_ms(now)
        assert cloud_ms is not None
        self._journal.date(cloud_ms - now.mono_ms, cloud_ms)
        self._outbox.add(self._undated, now.mono_ms)
        self._undated.clear()
        self._replay.resume(now.mono_ms)
        return self.due(now)

    def due(self, now: Now) -> list[Action]:
        """Return the sendings that are due; each is repeated later until acknowledged."""
        if not self._connected:
            return []
        found = (self._journal.find(id_) for id_ in self._outbox.due(now.mono_ms))
        sends = [(report.id, self._send(report, now)) for report in found if report is not None]
        self._undated.update((id_, None) for id_, send in sends if send is None)
        return [*(send for _, send in sends if send is not None), *self._replayed(now)]

    def due_at_ms(self) -> int | None:
        """Return when something is due next."""
        return earliest((self._outbox.due_at_ms(), self._replay.due_at_ms())) if self._connected else None

    def _replayed(self, now: Now) -> list[Action]:
        """Send the oldest offline report, if its moment has come: those behind it wait for its acknowledgement."""
        id_ = self._replay.due(now.mono_ms)
        report = None if id_ is None else self._journal.find(id_)
        if report is None:
            return []
        send = self._send(report, now)
        if send is None:
            self._replay.holds_back()
        return [] if send is None else [send]

    def _queued(self, reports: Sequence[Report], now: Now) -> list[Action]:
        self._outbox.add([report.id for report in reports if not report.offline], now.mono_ms)
        self._replay.add([report.id for report in reports if report.offline], now.mono_ms)
        return [*(Recorded(report=report) for report in reports), *self.due(now)]

    def _draft(self, body: msgspec.Struct, now: Now) -> Draft:
        return Draft(
            id=self._new_id(),
            kind=uploads.kind_of(body),
            at=uploads.rfc3339(now.wall),
            mono_ms=now.mono_ms,
            cloud_ms=self._base.cloud_ms(now),
            body=msgspec.json.encode(body),
            door=body.door if isinstance(body, uploads.DoorReport) else None,
            offline=isinstance(body, uploads.DoorReport) and body.offline is not msgspec.UNSET,
        )

    def _send(self, report: Report, now: Now) -> Send | None:
        age_ms = self._age_ms(report, now)
        if age_ms is None:
            return None
        payload = uploads.report(
            report.body, upload=report.id, at=report.at, boot=report.boot, seq=report.seq, age_ms=age_ms
        )
        return Send(kind=report.kind, id=report.id, payload=payload)

    def _age_ms(self, report: Report, now: Now) -> int | None:
        """Return the age, or None while it cannot be known: an earlier boot's clock says nothing about this one.

        A report of a boot that never learned the time is at least as old as this boot.
        """
        if report.boot == self._journal.boot:
            return now.mono_ms - report.mono_ms
        cloud_ms = self._base.cloud_ms(now)
        if cloud_ms is None:
            return None
        return max(now.mono_ms - self._started.mono_ms, 0 if report.cloud_ms is None else cloud_ms - report.cloud_ms)
