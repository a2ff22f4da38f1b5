"""The planted bugs of safety.md, each a small patch of the product."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import msgspec

from edge import commands
from edge.journal import Journal, UsedGrant
from edge.offline.roster import Right, Roster
from tests.simulation.teeth.rules import RULE_BUGS
from tests.support.workplace import ORG
from toolcrib.domain.record import replace
from toolcrib.domain.reports import settle
from toolcrib.flows import badge_tap, choice, door_report, intake, serving
from toolcrib.flows.gather import Gathering
from toolcrib.send import banks, signing
from toolcrib.store import commit, idempotency, ledger, reads
from toolcrib.store.items import AnswerItem
from toolcrib.store.tables import StateItem
from toolcrib.wire.arrivals import Arrival, arrival

Bug = Callable[[], Any]
LONG_S = 3_600


@contextmanager
def put_without_condition() -> Iterator[None]:
    """(1) Doors, loans, cases and notices are written over whatever is there."""
    with patch.object(commit, "_put", lambda write, item, _version: write.save(item)):
        yield


@contextmanager
def event_after_custody() -> Iterator[None]:
    """(2) The ledger is written after the transaction that changed custody, not with it."""

    class Apart(commit._Write):
        def _commit(self) -> Any:
            answer = super()._commit()
            for item in self.__dict__.pop("later", ()):
                item.save()
            return answer

    def event(write: Any, org: str, event: Any, *, guard: bool) -> None:
        later = write.__dict__.setdefault("later", [])
        later += [ledger.to_item(org, event), *([ledger.to_guard(org, event)] if guard else [])]

    with patch.object(commit, "_Write", Apart), patch.object(commit, "_event", event):
        yield


@contextmanager
def no_guard() -> Iterator[None]:
    """(3) No permanent guard on the operation: what no grant covers can happen again later."""
    with patch.object(commit, "_event", lambda write, org, event, **_: write.save(ledger.to_item(org, event))):
        yield


@contextmanager
def stale_reads() -> Iterator[None]:
    """(4) Decisions come from eventually consistent reads."""

    def find(kind: type[StateItem], key: tuple[str, str]) -> Any:
        return next(iter(StateItem.query(key[0], StateItem.sk == key[1])), None)

    def find_many(wanted: Any) -> Mapping[tuple[str, str], Any]:
        found = StateItem.batch_get(list(wanted), consistent_read=False)
        return {(item.pk, item.sk): item for item in found}

    with ExitStack() as stack:
        for module in _importers("find", reads.find):
            stack.enter_context(patch.object(module, "find", find))
        for module in _importers("find_many", reads.find_many):
            stack.enter_context(patch.object(module, "find_many", find_many))
        yield


def _importers(name: str, what: object) -> list[Any]:
    import sys

    known = [module for key, module in sys.modules.items() if key.startswith("toolcrib.")]
    return [module for module in known if getattr(module, name, None) is what]


@contextmanager
def busy_after_unknown() -> Iterator[None]:
    """(5) Whose answer was lost is told that somebody else is served, without a look at who it was."""
    with ExitStack() as stack:
        for module in (badge_tap, choice):
            stack.enter_context(patch.object(module, "until_committed", lambda once: once()))
        yield


@contextmanager
def command_without_expiry() -> Iterator[None]:
    """(6) Commands are good for an hour."""
    sign = banks.sign

    def forever(key: bytes, *, kid: int, claims: dict[str, Any]) -> str:
        return sign(key, kid=kid, claims={**claims, "exp": claims["iat"] + LONG_S})

    endless = patch.object(commands, "MAX_LIFE_S", LONG_S * 2)
    with patch.object(banks, "sign", forever), endless, patch.object(commands, "_untimely", lambda *_: None):
        yield


@contextmanager
def marks_in_memory() -> Iterator[None]:
    """(7) Which grants were used is forgotten with the power."""

    def use(journal: Any, used: UsedGrant, dealing: bytes | None = None) -> None:
        journal.__dict__.setdefault("marks", set()).add(used.grant)
        with journal._write("use"):
            if dealing is not None:
                journal._db.execute("INSERT INTO dealings (grant_id, body) VALUES (?, ?)", (used.grant, dealing))

    def is_used(journal: Any, grant: str) -> bool:
        return grant in journal.__dict__.get("marks", ())

    with patch.object(Journal, "use", use), patch.object(Journal, "is_used", is_used):
        yield


@contextmanager
def packet_ids() -> Iterator[None]:
    """(8) A message is known by its packet, not by its upload: a copy is another one."""

    def by_packet(event: dict[str, Any], kind: Any) -> Arrival[Any]:
        arrived = arrival(event, kind)
        suffix = f"{event['received_ms'] % 10**8:08d}"
        return replace(arrived, body=msgspec.structs.replace(arrived.body, id=arrived.body.id[:18] + suffix))

    with patch.object(intake, "arrival", by_packet):
        yield


@contextmanager
def device_clock() -> Iterator[None]:
    """(9) When something happened is what the bank's own clock says."""
    to_report = door_report.to_report

    def by_wall(arrived: Arrival[Any]) -> Any:
        at = arrived.body.at
        wall = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
        return replace(to_report(arrived), at=wall.astimezone(UTC), opened_at=None)

    with patch.object(door_report, "to_report", by_wall):
        yield


@contextmanager
def send_then_record() -> Iterator[None]:
    """(10) The door command goes out before its grant is committed."""

    def carry_out(ask: Any, option: Any) -> Any:
        change = serving._change(ask, option)
        serving.order(ask, change)
        serving.commit_and_alert(ask.org, change)
        return change

    with patch.object(badge_tap, "carry_out", carry_out):
        yield


@contextmanager
def record_never_retry() -> Iterator[None]:
    """(11) A notice is written down, and tried once."""
    with patch.object(Gathering, "look", lambda *_: "notice_delivered_already"):
        yield


@contextmanager
def bank_not_checked() -> Iterator[None]:
    """(12) One key for the whole site, and nobody looks whose command it is."""
    one = signing.derive(b"\0" * 32, "site", ORG)

    def audience_of_anybody(command: Any, at: Any) -> Any:
        return _REFUSAL(msgspec.structs.replace(command, aud=at.thing), at)

    from tests.simulation import workplace

    with ExitStack() as stack:
        for module in (banks, workplace):
            stack.enter_context(patch.object(module, "command_key", lambda *_, **__: one))
        stack.enter_context(patch.object(commands, "_refusal", audience_of_anybody))
        yield


_REFUSAL = commands._refusal


@contextmanager
def roster_without_expiry() -> Iterator[None]:
    """(13) What a bank may lend alone never ends, and neither does its roster."""
    with patch.object(Right, "holds", lambda *_: True), patch.object(Roster, "is_over", lambda *_: False):
        yield


@contextmanager
def last_write_wins() -> Iterator[None]:
    """(14) A report that comes late is applied over whatever has happened since."""

    def moved_on(scene: Any, grant: str) -> Any:
        parts = scene.named_by(grant) if grant in scene.loans else []
        return settle.take.late(scene, parts) if parts else settle.ungranted.late(scene)

    with ExitStack() as stack:
        stack.enter_context(patch.object(settle, "_moved_on", moved_on))
        stack.enter_context(patch.object(settle, "_still_about", lambda *_: True))
        stack.enter_context(patch.object(settle.take, "waits", lambda *_: True))
        yield


@contextmanager
def past_its_ttl() -> Iterator[None]:
    """(15) What lingers past its time is taken for alive."""
    claim = idempotency.claim

    def never_over(key: Any, now: datetime) -> Any:
        lingers = reads.find(AnswerItem, key.at)
        over = lingers is not None and lingers.expires_at < now.timestamp()
        return idempotency._standing(key) if over else claim(key, now)

    with patch.object(idempotency, "claim", never_over):
        yield


BUGS: Mapping[str, Bug] = {
    "put without condition": put_without_condition,
    "event written after custody, not with it": event_after_custody,
    "no permanent guard on the op": no_guard,
    "decision from an eventually consistent read": stale_reads,
    "busy after an unknown outcome": busy_after_unknown,
    "command without expiry": command_without_expiry,
    "used-marks only in memory": marks_in_memory,
    "de-duplication by packet id": packet_ids,
    "device clock used": device_clock,
    "send, then record": send_then_record,
    "record, never retry": record_never_retry,
    "bank not checked": bank_not_checked,
    "roster without expiry": roster_without_expiry,
    "last-write-wins on reconnect": last_write_wins,
    "an item past its TTL treated as live": past_its_ttl,
    **RULE_BUGS,
}
"""By number 1 to 15 of safety.md, then those of the circulation rules."""
