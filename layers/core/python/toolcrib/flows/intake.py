"""Where uploads come in: what does not parse, or comes too late to matter, goes no further."""

from datetime import datetime
from typing import Any, TypeVar

from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.change import Change
from toolcrib.domain.ids import derived
from toolcrib.flows.deciding import commit_once
from toolcrib.send.banks import reject
from toolcrib.store.banks import find_bank_only
from toolcrib.telemetry import count, record
from toolcrib.wire.arrivals import CONVERSATION_LIFE, Arrival, BadUpload, arrival, origin, received
from toolcrib.wire.uploads import Conversation, Report

Spoken = TypeVar("Spoken", bound=Conversation)
Reported = TypeVar("Reported", bound=Report)


def conversation(event: dict[str, Any], kind: type[Spoken], *, now: datetime) -> Arrival[Spoken] | None:
    """Return what somebody is waiting for; None for what does not parse or nobody waits for any more."""
    try:
        arrived = arrival(event, kind)
    except BadUpload as bad:
        _note(event, kind.__name__, bad)
        return None
    if now - arrived.at > CONVERSATION_LIFE:
        record("too_late", org=arrived.org, bank=arrived.bank, op=arrived.body.id, outcome="dropped")
        count("DroppedConversation", kind=kind.__name__)
        return None
    return arrived


def report(event: dict[str, Any], kind: type[Reported]) -> Arrival[Reported] | None:
    """Return a report. One that does not fit the contract is kept as a case and rejected, so that the bank forgets it.

    Raises `BadUpload` for one without a readable id: nothing could be acknowledged, so it becomes a dead report.
    """
    try:
        return arrival(event, kind)
    except BadUpload as bad:
        _note(event, kind.__name__, bad)
        if bad.id is None:
            raise
        _keep(event, bad.id, bad.code)
        return None


def _keep(event: dict[str, Any], upload: str, code: str) -> None:
    org, bank = origin(event)
    known = find_bank_only(org, bank)
    case = Case(
        id=derived("case", "rejected", bank, upload),
        kind=CaseKind.REJECTED_REPORT,
        opened_at=received(event),
        site=known.site if known else None,
        bank=bank,
        detail=code,
    )
    commit_once(org, Change(op=case.id, at=case.opened_at, cases=(case,)))
    reject(org, bank, upload, code)


def _note(event: dict[str, Any], kind: str, bad: BadUpload) -> None:
    org, _, bank = str(event.get("thing", "")).partition(":")
    record("bad_upload", org=org, bank=bank, outcome=f"{kind.lower()}:{bad.code}")
    count("BadUploads", code=bad.code)
