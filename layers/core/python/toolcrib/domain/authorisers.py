"""Others who agree to a take or a return: who may, how long it counts, and how often (rules.md, row 13).

By badge, in the taker's session, within 60 s of the taker's tap; or from afar, within 15 min of being asked, which then
counts for 15 min. Who agrees is never the taker, may take things themself at that moment, and belongs to the group that
the policy names, where it names one. Whoever agrees is counted once, and what was agreed to is one grant.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from toolcrib.domain.policies import Authorisers
from toolcrib.domain.record import Record

JOIN_WINDOW = timedelta(seconds=60)  # rules.md, row 13: by badge in the same session
APPROVAL_LIFE = timedelta(minutes=15)  # rules.md, row 13: to be answered, and then to be used
SESSION_LIFE = timedelta(seconds=120)  # design.md, `session`: a spent one is remembered for as long as it could be used
MOST_ASKED = 8  # requests of one person at a time


class Authoriser(Record, frozen=True, kw_only=True):
    """Somebody who agreed, with the groups that they belonged to then."""

    person: str
    groups: tuple[str, ...] = ()
    at: datetime


class Agreeing(Record, frozen=True, kw_only=True):
    """What a taker's profile knows of a request to agree from afar: for what, where, until when, and who has agreed.

    `until` is when it has to be answered by, and once somebody has agreed when it has to be used by.
    """

    type: str
    site: str
    until: datetime
    approved: tuple[Authoriser, ...] = ()


class Awaiting(Record, frozen=True, kw_only=True):
    """A return that others have to countersign: which case says so, whose it was, who brought it, who has signed.

    After `until` it takes a person who resolves the case.
    """

    case: str
    person: str
    brought: str | None = None
    loan: str
    thing: str
    until: datetime
    demands: tuple[Authorisers, ...] = ()
    signed: tuple[Authoriser, ...] = ()


class Spent(Record, frozen=True, kw_only=True):
    """What a take uses up of what others agreed to: the session in which they tapped, and requests.

    `approvers` have to be active still when the grant is committed. `demands` are what was asked for.
    """

    demands: tuple[Authorisers, ...] = ()

    session: str | None = None
    requests: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()


def lacking(demands: Iterable[Authorisers], have: Iterable[Authoriser]) -> tuple[Authorisers, ...]:
    """Return what is left of the demands: how many more each needs, from which group. One person may serve several."""
    there = list({each.person: each for each in have}.values())
    left = ((each, each.count - sum(serves(each, one) for one in there)) for each in demands)
    return tuple(Authorisers(count=count, group=each.group, on=each.on) for each, count in left if count > 0)


def serves(demand: Authorisers, who: Authoriser) -> bool:
    """Whether somebody is one of those whom a demand asks for."""
    return demand.group is None or demand.group in who.groups


def serving(demands: Iterable[Authorisers], have: Iterable[Authoriser]) -> tuple[Authoriser, ...]:
    """Return those who are asked for at all, each once, in the order in which they agreed."""
    wanted = tuple(demands)
    there = {each.person: each for each in sorted(have, key=lambda each: (each.at, each.person))}
    return tuple(each for each in there.values() if any(serves(demand, each) for demand in wanted))


def live(asked: Mapping[str, Agreeing], at: datetime) -> dict[str, Agreeing]:
    """Return the requests that are not over: the moment `until` still counts."""
    return {key: each for key, each in asked.items() if at <= each.until}


def remembered(spent: Mapping[str, datetime], session: str, at: datetime) -> dict[str, datetime]:
    """Return the sessions that are used up, with this one; those that are over anyway fall away."""
    return {key: when for key, when in spent.items() if at - when <= SESSION_LIFE} | {session: at}
