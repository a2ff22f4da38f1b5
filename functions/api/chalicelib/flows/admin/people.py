"""People: who may borrow. Groups, site and manager may be set up later than the person who names them."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.flows.admin.editing import changed, created
from toolcrib.domain.people import MOST_RETURNED_FOR, Person
from toolcrib.domain.principals import Asked, Role, Sight
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Invalid, NotAllowed
from toolcrib.store import listing, people
from toolcrib.store.listing import Page, Position


def show(asked: Asked, person_id: str) -> Person:
    """Return a person; raises `NotFound`, also where the principal may not see them."""
    person = people.load_person(asked.org, person_id)
    asked.must_see("person", site=person.site, person=person.id)
    return person


def page(asked: Asked, limit: int, start: Position | None) -> Page:
    """Return a page of the people the principal may see, by id."""
    seen = asked.only(site="about.site", person="about.id")
    return listing.page([listing.listing(asked.org, "people", where=seen)], limit=limit, start=start)


def create(asked: Asked, person: Person) -> Person:
    """Add a person; raises `AlreadyThere`."""
    _judge_permissions(asked, (), person.permissions)
    _new_borrowers((), person)
    created(
        asked,
        f"a person {person.id}",
        exists=lambda: people.find_person(asked.org, person.id) is not None,
        save=lambda: people.add_person(asked.org, asked.op, asked.at, person),
    )
    return show(asked, person.id)


def change(asked: Asked, person_id: str, edit: Callable[[Person], Person]) -> Person:
    """Return the person after `edit`, which is asked again when somebody else was faster."""

    def once() -> None:
        before = show(asked, person_id)
        after = _frozen(replace(edit(before), id=before.id, version=before.version + 1), before, asked.at)
        _judge_permissions(asked, before.permissions, after.permissions)
        _judge(asked, after)
        _judge_borrowers(asked, before, after)
        whole = replace(after, returns_for=_returns_for(asked, before, after))
        people.describe_person(asked.org, asked.op, asked.at, whole, before)

    return changed(asked, once, lambda: show(asked, person_id))


def _frozen(after: Person, before: Person, at: datetime) -> Person:
    """Return a person with the moment since which they are not active, if so: what they have is asked for from then."""
    if after.active:
        return replace(after, frozen_at=None)
    return after if before.frozen_at is not None else replace(after, frozen_at=at)


def _returns_for(asked: Asked, before: Person, after: Person) -> tuple[str, ...]:
    """Return the accounts no longer borrowed for that still have something: its return stays on offer (law 1)."""
    former = [each for each in (*before.returns_for, *before.borrows_for) if each not in after.borrows_for]
    theirs = people.find_accounts(asked.org, former)
    return tuple(each for each in former if each in theirs and theirs[each].holdings)[-MOST_RETURNED_FOR:]


def _judge_permissions(asked: Asked, before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Only an administrator says who may let others pass."""
    if set(before) != set(after) and asked.by.role is not Role.ADMIN:
        raise NotAllowed(detail="permissions are given by an administrator", advice="Ask an administrator.")


def _judge(asked: Asked, after: Person) -> None:
    """A supervisor keeps to their sites and out of their own record: nobody widens their own rights."""
    if asked.sight is Sight.ORG:
        return
    if after.id == asked.by.person:
        raise NotAllowed(detail="nobody changes their own record", advice="Ask an administrator.")
    if not asked.sees(site=after.site):
        raise NotAllowed(detail="the person would belong to a site that is not yours", advice="Ask an administrator.")


def _judge_borrowers(asked: Asked, before: Person, after: Person) -> None:
    """Who keeps to their sites lets nobody borrow for accounts of other sites."""
    new = _new_borrowers(before.borrows_for, after)
    if asked.sight is Sight.ORG or not new:
        return
    theirs = people.find_accounts(asked.org, new)
    if any(each not in theirs or not asked.sees(site=theirs[each].site) for each in new):
        raise NotAllowed(detail="an account is not of your sites", advice="Ask an administrator.")


def _new_borrowers(known: tuple[str, ...], after: Person) -> list[str]:
    """Return the accounts that a person comes to borrow for; raises `Invalid` for themself."""
    new = [each for each in after.borrows_for if each not in known]
    if after.id in new:
        raise Invalid(detail="nobody borrows for themself", fields={"borrows_for": "names the person"})
    return new
