"""Badges: registered by number, known by keyed hash only, revoked at once (feature A1; safety.md, threat 2)."""

from collections.abc import Callable

from chalicelib.deciding import badges
from chalicelib.deciding.badges import BadgeFormat
from chalicelib.flows.admin import people
from chalicelib.flows.admin.editing import changed
from toolcrib import secrets
from toolcrib.domain.ids import derived
from toolcrib.domain.people import Badge, BadgeState
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import AlreadyThere, Conflict, NotFound
from toolcrib.flows.attempts import until_committed
from toolcrib.store import listing
from toolcrib.store.edits import done
from toolcrib.store.listing import MOST_ITEMS, Page, Position
from toolcrib.store.people import find_badge, save_badge

MOST_BADGES = MOST_ITEMS  # of one person, revoked ones included: one page


def public_id(org: str, badge: str) -> str:
    """Return the id by which a badge is spoken of. Its token is none: a bank takes that for the badge itself."""
    return derived("badge", org, badge)


def page(asked: Asked, person_id: str, limit: int, start: Position | None) -> Page:
    """Return a page of a person's badges, revoked ones included; raises `NotFound` without such a person."""
    people.show(asked, person_id)
    return _page(asked, person_id, limit, start)


def register(asked: Asked, person_id: str, number: str, kind: BadgeFormat) -> Badge:
    """Make a card a person's badge. A revoked one is nobody's and may be given out again.

    Raises `Invalid` for a number that cannot be read, `AlreadyThere` for a badge in use, whoever has it.
    """
    person = people.show(asked, person_id)
    version, key = secrets.badge_key()
    token = badges.token(badges.canonical(number, kind), version, key)
    if len(_page(asked, person.id, MOST_BADGES, None).items) >= MOST_BADGES:
        raise Conflict(code="too_many_badges", detail=f"a person has at most {MOST_BADGES} badges")

    def once() -> Badge:
        known = find_badge(asked.org, token)
        if known is not None and known.state is BadgeState.ACTIVE:
            if done(asked.org, asked.op):
                return known
            raise AlreadyThere(code="badge_in_use", detail="this badge is registered", advice="Revoke it first.")
        revision = 1 if known is None else known.revision + 1
        badge = Badge(id=token, person=person.id, format=kind, created_at=asked.at, revision=revision)
        save_badge(asked.org, asked.op, asked.at, badge)
        return badge

    return until_committed(once)


def show(asked: Asked, person_id: str, badge_id: str) -> Badge:
    """Return a person's badge by its public id; raises `NotFound`."""
    of_person = page(asked, person_id, MOST_BADGES, None).items
    token = next((badge["id"] for badge in of_person if public_id(asked.org, badge["id"]) == badge_id), None)
    badge = None if token is None else find_badge(asked.org, token)
    if badge is None or badge.person != person_id:
        raise NotFound(detail="no such badge")
    return badge


def revoke(asked: Asked, person_id: str, badge_id: str, judge: Callable[[Badge], None] = lambda _: None) -> Badge:
    """Return the badge, revoked; whoever taps it from now on is nobody. `judge` may refuse what it finds."""

    def once() -> None:
        badge = show(asked, person_id, badge_id)
        judge(badge)
        if badge.state is BadgeState.ACTIVE:
            after = replace(badge, state=BadgeState.REVOKED, revoked_at=asked.at, revision=badge.revision + 1)
            save_badge(asked.org, asked.op, asked.at, after)

    return changed(asked, once, lambda: show(asked, person_id, badge_id))


def _page(asked: Asked, person_id: str, limit: int, start: Position | None) -> Page:
    return listing.page([listing.listing(asked.org, "badges", prefix=f"{person_id}#")], limit=limit, start=start)
