"""Judge a badge by the roster: what its holder may bring back and take, here and now (safety.md I12, I17, I19).

Pure. Nothing that needs a PIN, a colleague, terms or answers is in a roster, so nothing has to be asked.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from edge import display
from edge.display import Message
from edge.offline.dealings import Dealings, Mine, as_held
from edge.offline.roster import Borrower, Content, Held, Right, Roster
from edge.offline.shelves import Shelves

MAX_REPORTS: Final = 12_000  # above this many unacknowledged ones nothing is lent: the journal has a size
NEVER: Final = "9999"  # what has no due time comes after all that has one


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One thing that the person may do now; `alone` says that nothing else lies in its door."""

    kind: Literal["take", "return"]
    door: int
    asset: str
    title: str
    type: str | None = None
    tag: str | None = None
    due_at: str | None = None
    alone: bool = True

    @property
    def option(self) -> str:
        """Name it in a session."""
        return f"{self.kind}:{self.asset}"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What a tap is judged by; `cloud_ms` is None while the time is not known, `reports` wait for the cloud."""

    roster: Roster
    shelves: Shelves
    dealings: Dealings
    cloud_ms: int | None
    reports: int


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """Returns by their due time, takes by type; `homeless` has no free door; `no_take` says why nothing is lent."""

    returns: tuple[Offer, ...]
    takes: tuple[Offer, ...]
    homeless: tuple[Held, ...]
    no_take: Message | None


def judge(at: Moment, who: Borrower, token: str) -> Judgement:
    """Return what somebody may do here, by the roster and by what they have done since."""
    mine = at.dealings.of(at.roster.badges_of(token))
    returns, homeless = _returns(at, who, mine)
    refused = _no_rights(at, who, mine)
    takes = () if isinstance(refused, Message) else tuple(_takes(at, refused))
    no_take = refused if isinstance(refused, Message) else None
    return Judgement(
        returns=returns,
        takes=takes,
        homeless=homeless,
        no_take=no_take if takes or no_take is not None else display.OFFLINE_NOTHING,
    )


def _returns(at: Moment, who: Borrower, mine: Mine) -> tuple[tuple[Offer, ...], tuple[Held, ...]]:
    lent = {each.asset: each for each in who.loans if each.asset not in mine.returned}
    here = {asset: as_held(dealing) for asset, dealing in mine.held.items()}
    offers: list[Offer] = []
    homeless: list[Held] = []
    for held in sorted((lent | here).values(), key=lambda each: each.due_at or NEVER):
        door = at.shelves.free(held, at.roster, from_door=_origin(at, mine, held.asset))
        if door is None:
            homeless.append(held)
        else:
            offers.append(
                Offer(kind="return", door=door, asset=held.asset, title=held.title, tag=held.tag, due_at=held.due_at)
            )
    return tuple(offers), tuple(homeless)


def _origin(at: Moment, mine: Mine, asset: str) -> int | None:
    """Return the door that a thing was taken from, if it has not moved since: whoever has the thing left it empty."""
    dealing = mine.held.get(asset)
    if dealing is None or not dealing.alone or dealing.door not in at.shelves.doors:
        return None
    last_mover = at.shelves.doors[dealing.door].untouched_by
    return dealing.door if at.dealings.left_untouched(dealing, last_mover) else None


def _no_rights(at: Moment, who: Borrower, mine: Mine) -> Message | dict[str, Right]:
    """Return the rights in force that are not used up, by type; or why there is none."""
    rights = at.roster.rights_of(who)
    if not rights:
        return display.OFFLINE_NO_ACCESS
    if at.cloud_ms is None:
        return display.OFFLINE_NO_TIME
    if at.roster.is_over(at.cloud_ms):
        return display.OFFLINE_ROSTER_OVER
    if at.reports >= MAX_REPORTS:
        return display.OFFLINE_FULL
    now_ms = at.cloud_ms
    in_force = [right for right in rights if right.holds(now_ms)]
    if not in_force:
        ended = all(end <= now_ms for right in rights for _, end in right.windows)
        return display.OFFLINE_ROSTER_OVER if ended else display.OFFLINE_NOT_NOW
    taken = Counter(each.type for each in mine.taken)
    left = {right.type: right for right in in_force if taken[right.type] < right.most}
    return left if left and len(mine.taken) < who.most else display.OFFLINE_ENOUGH


def _takes(at: Moment, rights: dict[str, Right]) -> Iterator[Offer]:
    """Yield one thing a type, from the lowest door. A door opens only for who may take all that lies in it."""
    offered: set[str] = set()
    for door, contents in at.shelves.lendable(at.roster):
        if all(content.type in rights for content in contents):
            for content in contents:
                if content.type not in offered:
                    offered.add(content.type)
                    yield _take(door, content, alone=len(contents) == 1)


def _take(door: int, content: Content, *, alone: bool) -> Offer:
    return Offer(
        kind="take",
        door=door,
        asset=content.asset,
        title=content.title,
        type=content.type,
        tag=content.tag,
        alone=alone,
    )
