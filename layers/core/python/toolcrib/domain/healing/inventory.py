"""An inventory: every door with readers held against the record, thing by thing (docs/supervisors.md).

A bank cannot be asked to look: version 1 of the contract has no such message. It looks by itself when it boots,
reconnects, and every five minutes; an inventory compares what each said last, if that is no older than `FRESH`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import field

from toolcrib.domain.assets import Asset
from toolcrib.domain.calendars import local_date, to_instant
from toolcrib.domain.cases import Case, CaseState
from toolcrib.domain.doors import Bank, Content, Door
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.findings import Finding
from toolcrib.domain.healing.proposals import Sight, proposed
from toolcrib.domain.healing.views import View
from toolcrib.domain.policies import Site
from toolcrib.domain.record import Record, replace
from toolcrib.domain.states import Move, State

BEGINS: Final = time(2)  # local time of the site: nobody stands at a door
ENDS: Final = time(6)
MOST_LINES: Final = 200  # that do not agree, by name; of more there is a number
MOST_BANKS: Final = 100  # by name, that could not be compared
RECENT: Final = timedelta(hours=36)  # until then a digest tells of it
COUNTED: Final = frozenset(Finding) - {Finding.AGREES, Finding.UNCHECKED}


class Line(Record, frozen=True, kw_only=True):
    """One thing, or one tag that nobody knows: what was found, and where; `seen_in` is the other door it lies in."""

    finding: Finding
    bank: str | None = None
    door: int | None = None
    asset: str | None = None
    name: str = ""
    tag: str | None = None
    seen_in: int | None = None


class Inventory(Record, frozen=True, kw_only=True):
    """What an inventory of a site came to, or how far it is: `after` is the bank, or thing, looked at last.

    `counts` are of all things by finding, `lines` the first of those that do not agree. `unheard` are banks that
    have readers and no complete, fresh status; `blind` counts those without readers. `doubted`: the banks are done.
    """

    site: str
    began_at: datetime
    ended_at: datetime | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    banks: int = 0
    blind: int = 0
    unheard: tuple[str, ...] = ()
    doubted: bool = False
    after: str | None = None

    @property
    def agrees(self) -> int:
        """Things that are seen where they are on record."""
        return self.counts.get(Finding.AGREES, 0)

    @property
    def differs(self) -> int:
        """Things, and tags, that are not."""
        return sum(count for finding, count in self.counts.items() if finding in COUNTED)

    @property
    def unchecked(self) -> int:
        """Things that nothing could look at."""
        return self.counts.get(Finding.UNCHECKED, 0)


def due(site: Site, last: Inventory | None, now: datetime) -> date | None:
    """Return the night (its date) whose inventory of a site is due; None outside the night, and once it is begun."""
    zone = ZoneInfo(site.time_zone)
    day = local_date(now, zone)
    begins, ends = to_instant(day, BEGINS, zone), to_instant(day, ENDS, zone)
    if not begins <= now < ends or (last is not None and last.began_at >= begins):
        return None
    return day


def strangers(bank: Bank, view: View) -> set[str]:
    """Return the tags that a bank's readers see and none of its doors has on record."""
    held = {content.tag for door in bank.doors for content in door.contents}
    return set(view.places) - held


def compared(bank: Bank, view: View, known: Mapping[str, Asset | None], now: datetime) -> Iterator[Line]:
    """Yield a line for each thing that a bank has on record, and each tag too many; `known` leads from those."""
    fresh = view.fresh(now)
    for door in bank.doors:
        for content in door.contents:
            yield _line(door, content, view if fresh else View(bank=bank.id))
    for tag in sorted(strangers(bank, view)) if fresh else ():
        for number in view.places[tag][:1]:
            yield _stranger(bank, number, tag, known.get(tag), twice=len(view.places[tag]) > 1)


def _line(door: Door, content: Content, view: View) -> Line:
    seen, places = view.doors.get(door.number), view.places.get(content.tag or "", ())
    if content.tag is None or door.busy or seen is None or not seen.read:
        finding = Finding.UNCHECKED
    elif door.number in places:
        finding = Finding.AGREES if len(places) == 1 else Finding.DOUBLE_SEEN
    else:
        finding = Finding.WRONG_DOOR if places else Finding.GHOST
    other = next((each for each in places if each != door.number), None)
    return Line(
        finding=finding,
        bank=door.bank,
        door=door.number,
        asset=content.asset,
        name=content.name,
        tag=content.tag,
        seen_in=other,
    )


def _stranger(bank: Bank, number: int, tag: str, asset: Asset | None, *, twice: bool) -> Line:
    if asset is None:
        return Line(finding=Finding.UNKNOWN_TAG, bank=bank.id, door=number, tag=tag)
    finding = proposed(asset, bank.id, number, Sight.TWICE if twice else Sight.HERE).finding
    return Line(finding=finding, bank=bank.id, door=number, asset=asset.id, name=asset.name, tag=tag)


def with_bank(so_far: Inventory, bank: Bank, view: View, lines: Iterable[Line], now: datetime) -> Inventory:
    """Return the inventory with one more bank counted."""
    told = list(lines)
    blind = bank.evidence is not Evidence.TAGS
    unheard = () if blind or view.fresh(now) else (bank.id,)
    counted = _with_lines(so_far, told)
    return replace(
        counted,
        banks=so_far.banks + 1,
        blind=so_far.blind + blind,
        unheard=(*so_far.unheard, *unheard)[:MOST_BANKS],
        after=bank.id,
    )


def with_missing(so_far: Inventory, missing: Iterable[Asset], after: str | None) -> Inventory:
    """Return the inventory with things that are doubted and seen by nobody."""
    lines = [Line(finding=Finding.MISSING, asset=each.id, name=each.name, tag=each.tag) for each in missing]
    return replace(_with_lines(so_far, lines), after=after)


def _with_lines(so_far: Inventory, lines: list[Line]) -> Inventory:
    counts = Counter(so_far.counts)
    counts.update(str(each.finding) for each in lines)
    odd = tuple(each for each in lines if each.finding in COUNTED)
    return replace(so_far, counts=dict(counts), lines=(*so_far.lines, *odd)[:MOST_LINES])


def is_missing(asset: Asset, case: Case | None) -> bool:
    """Whether a thing that no reader sees is missing: tags doubt it, and nobody has said where it is since."""
    return (
        asset.state is State.UNCONFIRMED
        and case is not None
        and case.state is CaseState.OPEN
        and case.asset == asset.id
        and case.repair is not None
        and case.repair.move is Move.DECLARE_MISSING
    )


def as_missing(case: Case) -> Case | None:
    """Return the case as a full inventory has found its thing nowhere; None where it says so already."""
    if case.repair is None or case.repair.finding is Finding.MISSING:
        return None
    return replace(case, repair=replace(case.repair, finding=Finding.MISSING), version=case.version + 1)
