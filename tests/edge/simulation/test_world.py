from dataclasses import replace
from pathlib import Path

import pytest

from edge.config import Evidence
from edge.drivers.base import Observation
from edge.simulation.world import Carried, World
from tests.edge.rig import CONFIG, UID


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "new" / "world.json")


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        (Evidence.TAGS, Observation(is_open=False, present=True, tags=("AB",))),
        (Evidence.PRESENCE, Observation(is_open=False, present=True)),
        (Evidence.DOOR_ONLY, Observation(is_open=False)),
    ],
)
def test_sensors_say_as_much_as_they_can(world: World, evidence: Evidence, expected: Observation) -> None:
    cabinet = world.cabinet(replace(CONFIG, evidence=evidence))
    world.stock("hq-01", {3: ["AB", "#ladder"]})
    assert cabinet.observe(3) == expected


def test_tags_are_not_read_through_an_open_door(world: World) -> None:
    cabinet = world.cabinet(CONFIG)
    cabinet.swing(3, is_open=True)
    assert cabinet.observe(3) == Observation(is_open=True, present=False, tags=None)
    cabinet.swing(3, is_open=False)
    assert cabinet.observe(3) == Observation(is_open=False, present=False, tags=())


def test_edges_reach_the_controller_that_has_power_and_nobody_else(world: World) -> None:
    cabinet, edges = world.cabinet(CONFIG), list[tuple[int, bool]]()
    cabinet.swing(3, is_open=True)
    cabinet.sensor = lambda door, is_open: edges.append((door, is_open))
    cabinet.swing(3, is_open=False)
    assert edges == [(3, False)]


def test_things_and_pockets_outlive_the_process(world: World, tmp_path: Path) -> None:
    cabinet = world.cabinet(CONFIG)
    cabinet.put(3, "AB")
    cabinet.put(3, "CD")
    cabinet.take(3, "AB")
    world.carry(UID, ["AB"])
    again = World(tmp_path / "new" / "world.json")
    assert again.cabinet(CONFIG).contents == {3: ["CD"]}
    assert again.pocket(UID) == [Carried(thing="AB")]
    assert (tmp_path / "new" / "world.json").stat().st_mode & 0o077 == 0


def test_the_free_door_is_the_lowest_that_is_closed_and_empty(world: World) -> None:
    cabinet = world.cabinet(CONFIG)
    world.stock("hq-01", {1: ["AB"]})
    cabinet.swing(2, is_open=True)
    assert cabinet.free_door(but=3) == 4
    world.stock("hq-01", {4: ["CD"]})
    assert cabinet.free_door(but=3) == 4
    assert world.cabinet(replace(CONFIG, doors=1)).free_door(but=1) == 1
