"""Cases: found and resolved. Resolving closes the case and moves nothing: custody is moved by moving the asset."""

from collections.abc import Mapping, Sequence
from typing import Final

from toolcrib.domain.cases import Case, CaseState
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict
from toolcrib.flows.attempts import until_committed
from toolcrib.store import listing
from toolcrib.store.cases import load_case, save_case
from toolcrib.store.edits import done
from toolcrib.store.listing import Page, Position

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


def resolve(asked: Asked, case_id: str, resolution: str, note: str | None) -> Case:
    """Return the case, resolved by the principal; raises `Conflict` where somebody else has resolved it."""

    def once() -> Case:
        case = show(asked, case_id)
        if case.state is CaseState.RESOLVED:
            if done(asked.org, asked.op):
                return case
            raise Conflict(code="already_resolved", detail=f"this case was resolved as {case.resolution}")
        resolved = replace(
            case,
            state=CaseState.RESOLVED,
            resolution=resolution,
            note=note,
            resolved_at=asked.at,
            resolved_by=asked.by.person or asked.by.subject,
            version=case.version + 1,
        )
        save_case(asked.org, asked.op, asked.at, resolved)
        return resolved

    return until_committed(once)
