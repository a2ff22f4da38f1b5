"""A door that opened under its grant: in flight, also where it had been given up."""

from datetime import datetime

from toolcrib.domain.doors import Grant, GrantState, Purpose
from toolcrib.domain.draft import Draft
from toolcrib.domain.record import replace
from toolcrib.domain.reports import take
from toolcrib.domain.reports.scene import REPEATED, Scene, Settlement

GIVEN_UP = frozenset({GrantState.FAILED, GrantState.LAPSED})


def opened(scene: Scene, grant: Grant) -> Settlement:
    """It opened: in flight from now on; of one that is unresolved already only the moment is kept."""
    draft = scene.draft(grant.person or grant.by)
    if grant.state in {GrantState.ISSUED, *GIVEN_UP}:
        in_flight(scene, draft, grant)
    elif grant.state is GrantState.UNRESOLVED and grant.opened_at is None:
        draft.door(scene.door, grant=replace(grant, opened_at=_opened_at(scene)))
    else:
        return REPEATED
    return Settlement(name="opened", change=draft.change())


def in_flight(scene: Scene, draft: Draft, grant: Grant, physical: str = "open") -> None:
    """Note that a grant's door is open; if it was given up as failed or lapsed, it is in flight again."""
    now_open = replace(grant, state=GrantState.OPENED, opened_at=_opened_at(scene), over_at=None)
    draft.door(scene.door, grant=now_open, physical=physical)
    if grant.state in GIVEN_UP and grant.purpose is Purpose.TAKE:
        take.reopened(scene, draft, grant)


def _opened_at(scene: Scene) -> datetime:
    return scene.report.opened_at or scene.report.at
