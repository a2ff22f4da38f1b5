"""Notices: who was told what, and who could not be."""

from collections.abc import Mapping

from toolcrib.domain.notices import Notice
from toolcrib.domain.outbox import redriven
from toolcrib.domain.principals import Asked
from toolcrib.flows.attempts import until_committed
from toolcrib.store import listing
from toolcrib.store.listing import Page, Position
from toolcrib.store.notices import load_notice, save_notice


def show(asked: Asked, notice_id: str) -> Notice:
    """Return a notice; raises `NotFound`, also where the principal may not see it."""
    notice = load_notice(asked.org, notice_id)
    asked.must_see("notice", site=notice.site)
    return notice


def redrive(asked: Asked, notice_id: str) -> Notice:
    """Let a notice that was given up, or waits after a try, be tried anew with the next sweep; again is the same.

    Raises `NotFound`, `Conflict` and `LostRace`.
    """

    def attempt() -> Notice:
        notice = show(asked, notice_id)
        anew = redriven(notice, asked.at)
        if anew is not None:
            save_notice(asked.org, anew)
        return anew or notice

    return until_committed(attempt)


def page(asked: Asked, where: Mapping[str, str], limit: int, start: Position | None) -> Page:
    """Return a page of notices, latest first; `where` gives paths in the item values they must have."""
    wanted = tuple((path, (value,)) for path, value in where.items())
    seen = (*wanted, *asked.only(site="about.site", person="about.recipient"))
    source = listing.listing(asked.org, "notices", where=seen, newest_first=True)
    return listing.page([source], limit=limit, start=start)
