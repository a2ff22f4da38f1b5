"""Which settlement a report gets: is its grant the door's, then (purpose, outcome), and how far the grant is.

    grant is          opened      closed    not_opened     jammed         unresolved    left_open
    issued            opened      TABLE     TABLE          TABLE          TABLE         case, opened
    opened            -           TABLE     - (1)          counted        TABLE         case
    failed, lapsed    reopened    TABLE     -              counted        TABLE         case, reopened
    unresolved        noted       TABLE     never opened   never opened   -             case
    used              -           -         -              counted        -             case, answered at once

(1) An honest bank reports one of the two; that it was open is the safer belief.
"""

from collections.abc import Callable, Mapping

from toolcrib.domain.doors import Grant, GrantState, Purpose
from toolcrib.domain.ids import loan_of
from toolcrib.domain.reports import give_back, left_open, service, take, ungranted
from toolcrib.domain.reports.aftermath import ENDS, answered, counted
from toolcrib.domain.reports.opening import opened
from toolcrib.domain.reports.scene import REPEATED, Outcome, Scene, Settlement

Settle = Callable[[Scene, Grant], Settlement]

TABLE: Mapping[tuple[Purpose, Outcome], Settle] = {
    (Purpose.TAKE, Outcome.CLOSED): take.closed,
    (Purpose.TAKE, Outcome.NOT_OPENED): take.failed,
    (Purpose.TAKE, Outcome.JAMMED): take.failed,
    (Purpose.TAKE, Outcome.UNRESOLVED): take.unresolved,
    (Purpose.RETURN, Outcome.CLOSED): give_back.closed,
    (Purpose.RETURN, Outcome.NOT_OPENED): give_back.failed,
    (Purpose.RETURN, Outcome.JAMMED): give_back.failed,
    (Purpose.RETURN, Outcome.UNRESOLVED): give_back.unresolved,
    (Purpose.SERVICE, Outcome.CLOSED): service.closed,
    (Purpose.SERVICE, Outcome.NOT_OPENED): service.failed,
    (Purpose.SERVICE, Outcome.JAMMED): service.failed,
    (Purpose.SERVICE, Outcome.UNRESOLVED): service.unresolved,
}
NEVER_OPENED: Mapping[Purpose, Settle] = {Purpose.TAKE: take.never_opened, Purpose.RETURN: give_back.never_opened}
DECIDES: Mapping[GrantState, frozenset[Outcome]] = {
    GrantState.ISSUED: ENDS,
    GrantState.OPENED: frozenset({Outcome.CLOSED, Outcome.UNRESOLVED}),
    GrantState.FAILED: frozenset({Outcome.CLOSED, Outcome.UNRESOLVED}),
    GrantState.LAPSED: frozenset({Outcome.CLOSED, Outcome.UNRESOLVED}),
    GrantState.UNRESOLVED: frozenset({Outcome.CLOSED}),
    GrantState.USED: frozenset(),
}
"""Outcomes that end a grant's story in `TABLE`, by how far it is."""


def settle(scene: Scene) -> Settlement:
    """Return what a report comes to. Total: every report of every grant in every state has an answer."""
    report, grant = scene.report, scene.door.grant
    current = grant if grant is not None and grant.id == report.grant else None
    heard = (report.boot, report.seq) in scene.door.seqs
    if heard and not (current is not None and current.live and report.outcome in DECIDES[current.state]):
        return REPEATED
    if report.grant is None:
        return counted(scene, ungranted.settle(scene))
    settlement = _current(scene, current) if current is not None else _moved_on(scene, report.grant)
    return answered(scene, counted(scene, settlement))


def _current(scene: Scene, grant: Grant) -> Settlement:
    outcome = scene.report.outcome
    if outcome is Outcome.LEFT_OPEN:
        return left_open.current(scene, grant)
    if outcome is Outcome.OPENED:
        return opened(scene, grant)
    if outcome in DECIDES[grant.state]:
        applies = outcome not in {Outcome.CLOSED, Outcome.UNRESOLVED} or _still_about(scene, grant)
        return TABLE[grant.purpose, outcome](scene, grant) if applies else ungranted.late(scene)
    if grant.state is GrantState.UNRESOLVED and outcome in {Outcome.NOT_OPENED, Outcome.JAMMED}:
        never_opened = NEVER_OPENED.get(grant.purpose)
        return never_opened(scene, grant) if never_opened else REPEATED
    return REPEATED


def _still_about(scene: Scene, grant: Grant) -> bool:
    """Whether anything that a take is about is still as its grant found it, unconfirmed because of it, or back already.

    A return's asset may have gone anywhere since; what came back is judged by the state table.
    """
    if grant.purpose is not Purpose.TAKE:
        return True
    return any(take.still_about(scene, loan, asset) for loan, asset in scene.lent_by(grant))


def _moved_on(scene: Scene, grant: str) -> Settlement:
    """A report of a grant that is no longer the door's: repeated, still an answer to something, or late."""
    outcome, loan = scene.report.outcome, scene.loans.get(loan_of(grant) or "")
    memory = loan.grants.get(grant) if loan is not None else None
    if outcome is Outcome.LEFT_OPEN:
        return left_open.before(scene, grant, loan, over=memory is GrantState.USED)
    if memory is GrantState.USED or (memory is GrantState.UNRESOLVED and outcome is Outcome.UNRESOLVED):
        return REPEATED
    parts = scene.named_by(grant) if loan is not None and loan.id == grant else []
    if not any(take.unsettled(asset, each) for each, asset in parts):
        return ungranted.late(scene)
    return REPEATED if outcome is Outcome.OPENED else take.late(scene, parts)
