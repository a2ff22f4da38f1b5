"""One example of every message: what it is about, who reads it, when. Nobody in them exists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from infra.messages.app import Facts
from toolcrib.domain import handover_notices, record
from toolcrib.domain.authorisation_notices import Told
from toolcrib.domain.authorisations import Authorisation, AuthorisationState
from toolcrib.domain.authorisers import Authoriser
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.digests import DAILY, WEEKLY, Summary, Thing
from toolcrib.domain.findings import Finding, Repair
from toolcrib.domain.healing.inventory import Inventory
from toolcrib.domain.loans import Handover, Loan, LoanState, Recalled
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Authorisers, Period, Terms, To, Via
from toolcrib.domain.reactions import offered
from toolcrib.domain.recalling import STEP
from toolcrib.domain.record import replace as replaced
from toolcrib.domain.states import Move

if TYPE_CHECKING:
    from collections.abc import Iterator

TAKEN = datetime(2026, 11, 20, 7, 12, tzinfo=UTC)
DUE = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
HOLDER, SUPERVISOR = Person(id="p-1", name="Maya Lind"), Person(id="p-9", name="Ben Ode")


@dataclass(frozen=True)
class Sample:
    """`kind` is what the preview command calls it; `title` is what the pages call it."""

    kind: str
    title: str
    facts: Facts

    def in_language(self, language: str) -> Facts:
        """Return it for a reader of another language."""
        return replace(self.facts, language=language)


def samples() -> Iterator[Sample]:
    """Yield every message, in the order of the pages."""
    yield from _loans()
    yield from _handovers()
    yield from _requests()
    yield from _people()
    yield from (_case(kind) for kind in CaseKind)
    yield from _summaries()


def _loans() -> Iterator[Sample]:
    to_all = {"to": To.SUPERVISOR, "recipient": "p-9"}
    yield _loan("reminder", "Due soon, to the holder", DUE - HOUR / 2)
    yield _loan("due", "Due now, to the holder", DUE)
    yield _loan("late", "Late, to the holder", DUE + 2 * HOUR)
    yield _loan("excused", "Late, in part by the locker's fault, to the holder", DUE + 3 * HOUR, excused=HOUR * 2 / 3)
    yield _loan("not-late", "Past due by the locker's fault alone, to the holder", DUE + HOUR, excused=2 * HOUR)
    yield _loan("late-supervisor", "Late, to a supervisor", DUE + 14 * HOUR, to_all)
    yield _loan("still-late", "Still late, to a supervisor", DUE + 26 * HOUR, {**to_all, "occurrence": 1})
    manager = {"to": To.MANAGER, "recipient": "p-8"}
    yield _loan("late-manager", "Late for days, to the manager", DUE + 75 * HOUR, manager)
    yield _loan("late-owner", "Late for weeks, to the owner", DUE + 290 * HOUR, {"to": To.OWNER, "recipient": "p-7"})
    yield _loan("late-channel", "Late, to a channel", DUE + 5 * HOUR, {"to": To.CHANNEL, "recipient": "#tools"})
    yield _loan("told-late", "Late, and the message itself is late", DUE + 5 * HOUR, {"late": True})
    needed = Recalled(at=TAKEN, by="p-9", due_before=DUE + 72 * HOUR, reason="needed at dock 4")
    yield _loan("recall", "Called back, to the holder", TAKEN + HOUR, {"step": STEP, "due_at": TAKEN}, recalled=needed)


def _handovers() -> Iterator[Sample]:
    asked = Handover(id="op", to="p-2", by="p-1", at=TAKEN, expires_at=TAKEN + 24 * HOUR, condition="ok")
    handover = handover_notices.Told
    for step, title in ((handover.ASKED, "Asked to take over"), (handover.ACCEPTED, "Taken over, to the giver")):
        sample = _loan(str(step), title, TAKEN + HOUR, {"step": str(step), "due_at": TAKEN}, handover=asked)
        yield replace(sample, facts=replace(sample.facts, reader="Ines Roy"))


def _requests() -> Iterator[Sample]:
    by = (Authoriser(person="p-9", at=TAKEN + HOUR / 20),)
    demands = (Authorisers(count=1, group="safety"), Authorisers(count=1))
    new = Authorisation(
        id="request-1",
        person="p-1",
        type="thermal-camera",
        bank="hq-01",
        site="hq",
        asked_at=TAKEN,
        until=TAKEN + HOUR / 4,
        demands=demands,
    )
    approved = record.replace(new, state=AuthorisationState.APPROVED, approved=by)
    refused = record.replace(new, state=AuthorisationState.REFUSED, refused_by="p-9")
    for step, title, to, about in (
        (Told.ASKED, "Asked to agree to a take, to a supervisor", To.SUPERVISOR, new),
        (Told.APPROVED, "Others agreed, to whoever asked", To.HOLDER, approved),
        (Told.REFUSED, "Others did not agree, to whoever asked", To.HOLDER, refused),
    ):
        told = _notice(loan=None, authorisation="request-1", step=str(step), to=to, due_at=TAKEN)
        facts = replace(_facts(told, TAKEN + HOUR / 10), request=about, thing="Thermal camera", bank="hq-01")
        named = replace(facts, groups={"safety": "Safety"}, answered_by="" if about is new else "Ben Ode")
        yield Sample(str(step), title, replace(named, actions=offered(told, about, SUPERVISOR)))


def _people() -> Iterator[Sample]:
    ends, day = datetime(2026, 12, 5, 7, 0, tzinfo=UTC), 24 * HOUR
    supervisor = {"to": To.SUPERVISOR, "recipient": "p-9"}
    for kind, title, more, now in (
        ("certification", "A certification ends, to its holder", {}, ends - 7 * day),
        ("certification-supervisor", "A certification ends, to a supervisor", supervisor, ends - 7 * day),
        ("certification-over", "A certification has ended, to its holder", {}, ends + day),
    ):
        facts = _facts(_notice(loan=None, person="p-1", step="-P7D", due_at=now, **more), now)
        yield Sample(kind, title, replace(facts, certification="forklift", ends_at=ends))
    for kind, title, more, now in (
        ("leaving", "Somebody leaves and has things, to them", {}, ends - day),
        ("left", "Somebody has left and has things, to a supervisor", supervisor, ends + HOUR),
    ):
        facts = _facts(_notice(loan=None, person="p-1", step="P0D", due_at=now, **more), now)
        yield Sample(kind, title, replace(facts, things=("Thermal camera 2", "Drill 7"), ends_at=ends))


def _loan(kind: str, title: str, now: datetime, notice: dict[str, Any] | None = None, **more: Any) -> Sample:
    told = _notice(loan="loan-1", due_version=1, **{"step": "PT2H", **(notice or {})})
    about = Loan(
        **{
            "id": "loan-1",
            "asset": "cam-2",
            "type": "thermal-camera",
            "person": "p-1",
            "site": "hq",
            "bank": "hq-01",
            "door": 3,
            "state": LoanState.OPEN,
            "authorised_at": TAKEN,
            "taken_at": TAKEN,
            "due_at": DUE,
            "terms": Terms(policy="fallback", period=Period(after=9 * HOUR)),
            **more,
        }
    )
    reader = {To.HOLDER: HOLDER, To.CHANNEL: None}.get(told.to, SUPERVISOR)
    facts = replace(_facts(told, now), loan=about, thing="Thermal camera 2", bank="hq-01", door=3)
    return Sample(kind, title, replace(facts, actions=offered(told, about, reader)))


PROPOSED = {
    CaseKind.UNEXPECTED_ITEM: Repair(finding=Finding.STRAY, move=Move.STOW, bank="hq-01", door=3),
    CaseKind.MISPLACED: Repair(finding=Finding.GHOST, move=Move.DECLARE_MISSING),
}
"""What tags propose in the cases that have a proposal."""


def _case(kind: CaseKind) -> Sample:
    about = Case(id="case-1", kind=kind, opened_at=TAKEN, site="hq", asset="cam-2", person="p-1", bank="hq-01", door=3)
    about = replaced(about, repair=PROPOSED.get(kind))
    told = _notice(loan=None, case="case-1", step=str(kind), to=To.SUPERVISOR, recipient="p-9", due_at=TAKEN)
    facts = replace(_facts(told, TAKEN + HOUR / 12), case=about, thing="Thermal camera 2", bank="hq-01", door=3)
    title = f"Case {str(kind).replace('_', ' ')}, to a supervisor"
    return Sample(str(kind), title, replace(facts, actions=offered(told, about, SUPERVISOR)))


def _summaries() -> Iterator[Sample]:
    at = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    late, case = _loan("", "", at, {"to": To.SUPERVISOR, "recipient": "p-9"}), _case(CaseKind.JAMMED)
    things = (
        Thing(state="missing", name="Drill 7"),
        Thing(state="unconfirmed", name="Torque wrench 2"),
        Thing(state="low", name="Radio 4", bank="hq-01", door=5, percent=20),
        Thing(state="shut", bank="hq-01", door=2),
    )
    night = Inventory(site="hq", began_at=at, ended_at=at, counts={"agrees": 231, "ghost": 1, "unchecked": 12})
    for step, title, to, period in (
        (DAILY, "A site's day, to a supervisor", To.SUPERVISOR, "2026-11-23"),
        (WEEKLY, "A week, to who owns the things", To.OWNER, "2026-W48"),
    ):
        told = _notice(step=step, to=to, recipient="p-9", period=period, due_at=at)
        every = Summary(
            out=14,
            late=3,
            due_today=4,
            missing=2,
            broken=1,
            trouble=2,
            low=1,
            other=1,
            loans=tuple(filter(None, (late.facts.loan,))),
            cases=tuple(filter(None, (case.facts.case,))),
            things=things,
            inventory=night if step == DAILY else None,
        )
        facts = replace(_facts(told, at), summary=every, lines=(late.facts, case.facts))
        yield Sample(step, title, facts)


def _notice(**more: Any) -> Notice:
    return Notice(
        **{"id": "notice-1", "site": "hq", "to": To.HOLDER, "recipient": "p-1", "via": Via.EMAIL, "due_at": DUE, **more}
    )


def _facts(notice: Notice, now: datetime) -> Facts:
    return Facts(
        notice=notice,
        thing_type="Thermal camera",
        holder="Maya Lind",
        reader="Maya Lind" if notice.to is To.HOLDER else "Ben Ode",
        language="en",
        site="HQ Berlin",
        zone=ZoneInfo("Europe/Berlin"),
        now=now,
    )
