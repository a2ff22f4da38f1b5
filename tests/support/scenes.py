"""Scenes of one door's report, made without a store: what the tests of what reports come to share.

Ana (`ana`) takes and returns a drill at door 1 of `hq-01`. What became of a record is told as the fields that changed.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from toolcrib.domain.assets import Asset, AssetType, Custodian
from toolcrib.domain.change import Change
from toolcrib.domain.doors import Content, Door, Grant, GrantState, Purpose
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.policies import Period, Policy, Site, Terms
from toolcrib.domain.record import Record
from toolcrib.domain.reports.scene import Outcome, Report, Scene, Settlement
from toolcrib.domain.rulebook import RuleBook
from toolcrib.domain.states import State

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
BEFORE = NOW - timedelta(minutes=1)
PERIOD = Period(after=timedelta(hours=8))
HERE = Custodian.at_door("hq-01", 1)
NEXT = Custodian.at_door("hq-01", 2)
ANA, BEN = Custodian.person("ana"), Custodian.person("ben")
BOOK = RuleBook(
    fallback=Policy(id="fallback", period=PERIOD),
    sites={"hq": Site(id="hq", name="HQ", time_zone="UTC")},
    types={"drill": AssetType(id="drill", name="Drill", category="tools")},
)


def drill(number: int = 1, **more: Any) -> Asset:
    """Return a drill that lies in door 1."""
    given = {"id": f"drill-{number}", "type": "drill", "name": f"Drill {number}", "tag": f"E{number}", "version": 5}
    return Asset(**{**given, "state": State.STOWED, "custodian": HERE, "head": "h", **more})


def loan(**more: Any) -> Loan:
    """Return Ana's pending loan of the first drill, which the grant of the same name began."""
    given = {"id": "take", "asset": "drill-1", "type": "drill", "person": "ana", "site": "hq", "bank": "hq-01"}
    times = {"authorised_at": BEFORE, "due_at": BEFORE + timedelta(hours=8)}
    return Loan(
        **{
            **given,
            **times,
            "door": 1,
            "state": LoanState.PENDING,
            "terms": Terms(policy="fallback", period=PERIOD),
            "grants": {"take": GrantState.ISSUED},
            "proofs": {"pin": "1"},
            "evidence": None,
            "version": 3,
            **more,
        }
    )


def lent(number: int = 1, **more: Any) -> Asset:
    """Return a drill that is out on Ana's loan of the take."""
    return drill(number, **{"state": State.ON_LOAN, "custodian": ANA, "loan": "take", **more})


def running(**more: Any) -> Loan:
    """Return Ana's open loan of the first drill, which she has had for an hour."""
    began = NOW - timedelta(hours=1)
    known = {"state": LoanState.OPEN, "taken_at": began, "authorised_at": began - timedelta(minutes=1)}
    return loan(**{**known, "grants": {"take": GrantState.USED}, "evidence": Evidence.TAGS, **more})


def grant(purpose: Purpose = Purpose.TAKE, state: GrantState = GrantState.ISSUED, **more: Any) -> Grant:
    """Return Ana's grant of door 1 for the first drill."""
    known = {"id": "take", "person": "ana", "asset": "drill-1", "loan": "take", "authorised_at": BEFORE}
    until = BEFORE + timedelta(seconds=30)
    return Grant(**{**known, "purpose": purpose, "state": state, "expires_at": until, **more})


def report(outcome: Outcome, **more: Any) -> Report:
    """Return a report of door 1 under the take."""
    known = {"op": "up-1", "at": NOW, "grant": "take", "evidence": Evidence.DOOR_ONLY, "boot": 2, "seq": 7}
    return Report(**{**known, "outcome": outcome, **more})


def door(*inside: Asset, since: datetime = BEFORE - timedelta(days=1), number: int = 1, **more: Any) -> Door:
    """Return a door with these things inside."""
    contents = tuple(Content.of(each, since) for each in inside)
    return Door(**{"bank": "hq-01", "number": number, "contents": contents, "capacity": 4, "version": 9, **more})


def scene(of: Report, at: Door, *known: Asset | Loan, **more: Any) -> Scene:
    """Return a report and the record around it."""
    assets = {each.id: each for each in known if isinstance(each, Asset)}
    loans = {each.id: each for each in known if isinstance(each, Loan)}
    return Scene(**{"report": of, "door": at, "site": "hq", "book": BOOK, "assets": assets, "loans": loans, **more})


def change_of(settlement: Settlement) -> Change:
    """Return the change that a settlement makes."""
    assert settlement.change is not None
    return settlement.change


def became(before: Record, after: Record) -> dict[str, Any]:
    """Return what changed of a record."""
    names = before.__struct_fields__
    return {name: getattr(after, name) for name in names if getattr(before, name) != getattr(after, name)}


def said(record: Record) -> dict[str, Any]:
    """Return what a record says beyond its defaults; of an event without its place in the chain of hashes."""
    fields = {each.name: each for each in msgspec.structs.fields(record)}
    chain = {"seq", "prev_hash", "hash", "from_"}
    return {
        name: getattr(record, name)
        for name, field in fields.items()
        if name not in chain and getattr(record, name) != _default(field)
    }


def _default(field: msgspec.structs.FieldInfo) -> Any:
    made = field.default_factory
    return field.default if made is msgspec.NODEFAULT else made()
