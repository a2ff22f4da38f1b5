"""Cases: found, assigned, noted and resolved.

A resolution by itself moves nothing: what it does to custody is the move that is stated with it, and the case says so.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from chalicelib.flows.admin.editing import changed
from chalicelib.flows.admin.resolutions import Stating, custody, moved, proposed, with_case
from toolcrib.domain.cases import Case, CaseEntry, CaseKind, CaseState, answered, noted
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict, Invalid
from toolcrib.flows.attempts import until_committed
from toolcrib.store import listing
from toolcrib.store.cases import load_case, save_case
from toolcrib.store.commit import commit
from toolcrib.store.edits import done
from toolcrib.store.listing import Page, Position
from toolcrib.store.people import find_person

ALL: Final = (CaseState.OPEN, CaseState.RESOLVED)


def show(asked: Asked, case_id: str) -> Case:
    """Return a case; raises `NotFound`, also where the principal may not see it."""
    case = load_case(asked.org, case_id)
    asked.must_see("case", site=case.site, person=case.person)
    return case


def page(
    asked: Asked, states: Sequence[CaseState], about: Mapping[str, str], limit: int, start: Position | None
) -> Page:
    """Return a page of cases, latest first; `about` gives fields values they must have."""
    wanted = tuple((f"about.{name}", (value,)) for name, value in about.items())
    where = (*wanted, *asked.only(site="about.site", person="about.person"))
    sources = [listing.listing(asked.org, "cases", state, where=where, newest_first=True) for state in states]
    return listing.page(sources, limit=limit, start=start)


def assign(asked: Asked, case_id: str, choose: Callable[[Case], str | None]) -> Case:
    """Return the case with the owner that `choose` names, a person or nobody.

    Raises `Invalid` (no such person), `Conflict` (it is over), and what `choose` raises.
    """

    def once() -> None:
        case = show(asked, case_id)
        owner = choose(case)
        if owner is not None and find_person(asked.org, owner) is None:
            raise Invalid(detail=f"there is no person {owner}", fields={"owner": f"there is no person {owner}"})
        entry = CaseEntry(at=asked.at, by=asked.by.actor, what="assigned", note=owner)
        save_case(asked.org, asked.op, asked.at, replace(noted(case, entry), owner=owner))

    return changed(asked, once, lambda: show(asked, case_id))


def note(asked: Asked, case_id: str, text: str) -> Case:
    """Return the case with what somebody found out in its history; raises `Conflict` where it is over."""

    def once() -> Case:
        case = show(asked, case_id)
        if done(asked.org, asked.op):
            return case
        entry = CaseEntry(at=asked.at, by=asked.by.actor, what="noted", note=text)
        save_case(asked.org, asked.op, asked.at, now := noted(case, entry))
        return now

    return until_committed(once)


def resolve(
    asked: Asked,
    case_id: str,
    resolution: str,
    note: str | None,
    stating: Stating | None = None,
    *,
    repair: bool = False,
) -> Case:
    """Return the case, resolved by the principal, and with it what is `stating` moved, in one transaction.

    With `repair` what is stated is what the case proposes. Raises `Conflict` where somebody else has resolved it or it
    asks for somebody else's word, where a repair does not hold any more, and whatever the move raises: then nothing is
    resolved.
    """
    moves = repair or stating is not None

    def once() -> Case:
        case = show(asked, case_id)
        if case.state is CaseState.RESOLVED:
            if done(asked.org, asked.op) or (moves and moved(asked, case)):
                return case
            raise Conflict(code="already_resolved", detail=f"this case was resolved as {case.resolution}")
        if case.kind is CaseKind.COUNTERSIGNATURE and asked.by.person is not None and asked.by.person == case.person:
            raise Conflict(code="cannot_authorise", detail="nobody countersigns what they brought back themselves")
        what = proposed(asked, case, note or resolution) if repair else stating
        move = None if what is None else str(what.move)
        over = answered(case, resolution=resolution, by=asked.by.actor, at=asked.at, note=note, effect=move)
        over = replace(over, version=case.version + 1)
        if what is None:
            save_case(asked.org, asked.op, asked.at, over)
        else:
            commit(asked.org, with_case(custody(asked, case, what), over))
        return over

    return until_committed(once)
