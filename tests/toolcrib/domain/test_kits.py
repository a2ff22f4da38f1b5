"""Kits, and what belongs to one."""

from toolcrib.domain.kits import Kit, kit_of

DRONE = Kit(id="drone", name="Drone", parts=("body", "case"))
RETIRED = Kit(id="old", name="Old", parts=("lamp", "case"), active=False)


def test_a_part_belongs_to_the_kit_that_is_in_use() -> None:
    assert kit_of([RETIRED, DRONE], "case") == DRONE
    assert kit_of([RETIRED, DRONE], "lamp") is None
