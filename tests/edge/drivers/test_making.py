"""From the example's settings to the parts of its cabinet."""

import pytest

from edge.drivers.keyboard import KeyboardBadges
from edge.drivers.lock_board import LockBoards
from edge.drivers.making import cabinet_of, part_of
from edge.drivers.modbus import ModbusBoards
from edge.drivers.parts import Inventories, Locks, Part, Relays, Terminal
from edge.drivers.uhf_module import UhfReader
from edge.drivers.wiring import wiring_of
from edge.settings.loading import EXAMPLE, load_bank
from edge.settings.wiring import ABLE

FILE = load_bank(EXAMPLE)
WIRING = wiring_of(FILE)


@pytest.mark.parametrize(
    ("name", "kind"), [("locks", LockBoards), ("io", ModbusBoards), ("reader", KeyboardBadges), ("uhf", UhfReader)]
)
def test_each_device_becomes_its_part(name: str, kind: type[Part]) -> None:
    assert type(part_of(name, FILE.devices[name], WIRING)) is kind


def test_the_cabinet_has_the_files_doors() -> None:
    assert cabinet_of(FILE).door_numbers == [1, 2, 3, 4]


def test_wires_are_those_of_the_file() -> None:
    assert WIRING.inputs("locks") == {Terminal(1, channel) for channel in (1, 2, 3, 4)}
    assert WIRING.outputs("io") == {Terminal(1, 8)}
    assert WIRING.inputs("io") == {Terminal(1, channel) for channel in (1, 2, 3, 4, 7, 8)}
    assert WIRING.doors[3].presence is not None
    assert not WIRING.doors[3].presence.reads(closed=True)


@pytest.mark.parametrize(("use", "protocol"), [("lock", Locks), ("buzzer", Relays), ("tags", Inventories)])
def test_what_settings_allow_at_a_terminal_its_part_can_do(use: str, protocol: type) -> None:
    for name, device in FILE.devices.items():
        if isinstance(device, ABLE[use]):
            assert isinstance(part_of(name, device, WIRING), protocol)
