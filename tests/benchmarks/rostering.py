"""What a bank's roster costs, by how many people there are: to read them, to judge them, and how large it is."""

import contextlib
import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.schedules import renew_rosters
from tests.benchmarks.metering import Meter, metered
from tests.support.workplace import NOW, ORG, bank, rules
from tests.support.world import world
from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Content, Door
from toolcrib.domain.people import Badge, Group, GroupGrant, Holding, Person
from toolcrib.domain.policies import Allowance, Match, Period, Policy
from toolcrib.store import mapping

GROUPS, TYPES, CATEGORIES, DOORS, STOWED = 20, 20, 5, 64, 49
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Rostering:
    """What making a bank's first roster took, and how many bytes it has."""

    meter: Meter
    size: int


def roster_costs(people: int) -> Rostering:
    """Return what a roster of so many people costs: a badge each, one or two groups; a third of them have something."""
    with world(check=False) as here, contextlib.redirect_stdout(io.StringIO()):
        assert here.dynamo is not None
        rules(*_types(), *_groups(), *_policies())
        mapping.bank_item(ORG, bank(door_count=DOORS)).save()
        for number in range(1, DOORS + 1):
            mapping.door_item(ORG, Door(bank="hq-01", number=number, contents=_contents(number))).save()
        for number in range(people):
            mapping.person_item(ORG, _person(number)).save()
            mapping.badge_item(ORG, Badge(id=f"1.{number:043d}", person=f"p-{number}")).save()
        with metered(here.dynamo) as meter:
            renew_rosters.handle(ORG, now=NOW)
        (body,) = here.bodies.values()
        return Rostering(meter, len(body))


def _types() -> list[AssetType]:
    return [
        AssetType(
            id=f"t-{number}", name=f"Type {number}", category=f"c-{number % CATEGORIES}", replacement_value=100 * number
        )
        for number in range(TYPES)
    ]


def _groups() -> list[Group]:
    grants = [(GroupGrant(categories=(f"c-{number % CATEGORIES}",)),) for number in range(GROUPS)]
    return [Group(id=f"g-{number}", name=f"Group {number}", grants=each) for number, each in enumerate(grants)]


def _policies() -> list[Policy]:
    limits = Allowance(category=2, total=5)
    return [
        Policy(id=f"of-{number}", match=Match(group=f"g-{number}"), period=Period(after=8 * HOUR), allowance=limits)
        for number in range(GROUPS)
    ]


def _contents(number: int) -> tuple[Content, ...]:
    thing = Content(
        asset=f"a-{number}", type=f"t-{number % TYPES}", name=f"Thing {number}", tag=f"E2{number:06d}", since=NOW
    )
    return (thing,) if number <= STOWED else ()


def _person(number: int) -> Person:
    groups = (f"g-{number % GROUPS}", *((f"g-{number * 7 % GROUPS}",) if number % 2 else ()))
    held = {f"l-{number}": _holding(number)} if number % 3 == 0 else {}
    return Person(id=f"p-{number}", name=f"Firstname{number} Lastname", groups=groups, site="hq", holdings=held)


def _holding(number: int) -> Holding:
    return Holding(
        asset=f"x-{number}",
        type=f"t-{number % TYPES}",
        name=f"Thing {number}",
        state="open",
        bank="hq-02",
        door=1,
        site="hq",
        since=NOW,
        until=NOW + number % 40 * HOUR,
    )
