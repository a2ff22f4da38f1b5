from pathlib import Path

import pytest

from edge.commands import Purpose
from edge.simulation.misbehaviour import Misbehaviour, Mischief
from edge.simulation.person import STRANGER, Pace, Person
from edge.simulation.world import Carried, World
from tests.edge.rig import CONFIG, UID


@pytest.fixture
def person(tmp_path: Path) -> Person:
    world = World(tmp_path / "world.json")
    return Person(
        uid=UID,
        world=world,
        cabinet=world.cabinet(CONFIG),
        mischief=Mischief(),
        pace=Pace(hand_s=0),
        cut_power=lambda: None,
    )


def carried(person: Person) -> list[str]:
    return [each.thing for each in person.world.pocket(UID)]


async def test_nothing_to_take_is_no_error(person: Person) -> None:
    await person.use(3, Purpose.TAKE)
    assert carried(person) == []


async def test_the_named_thing_is_taken_if_it_is_there(person: Person) -> None:
    person.world.stock("hq-01", {3: ["A", "B"]})
    person.item = "B"
    await person.use(3, Purpose.COLLECT)
    assert carried(person) == ["B"]


@pytest.mark.parametrize(
    ("pocket", "item", "given"),
    [
        ([Carried(thing="A"), Carried(thing="B", bank="hq-01", door=3)], None, "B"),
        ([Carried(thing="A"), Carried(thing="B", bank="hq-01", door=3)], "A", "A"),
        ([Carried(thing="A"), Carried(thing="B")], None, "A"),
        ([], "C", "C"),
        ([], None, "#unregistered"),
    ],
)
async def test_what_is_returned_is_what_was_named_or_came_from_here_or_is_oldest(
    person: Person, pocket: list[Carried], item: str | None, given: str
) -> None:
    person.world.pocket(UID).extend(pocket)
    person.item = item
    await person.use(3, Purpose.RETURN)
    assert person.cabinet.contents[3] == [given]
    assert given not in carried(person)


async def test_who_carries_one_thing_only_returns_a_strangers_for_the_wrong_one(person: Person) -> None:
    person.world.carry(UID, ["A"])
    with person.mischief.during(Misbehaviour.WRONG_THING):
        await person.use(3, Purpose.DEPOSIT)
    assert (person.cabinet.contents[3], carried(person)) == ([STRANGER], ["A"])


def test_a_misbehaviour_is_spent_once_and_ends_with_the_visit() -> None:
    mischief = Mischief()
    with mischief.during(Misbehaviour.JAM):
        assert not mischief.spend(Misbehaviour.LEFT_OPEN)
        assert mischief.spend(Misbehaviour.JAM)
        assert not mischief.spend(Misbehaviour.JAM)
    assert mischief.now is None
    assert not mischief.spend(None)
