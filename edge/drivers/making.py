"""From settings to a cabinet: one part per device."""

from edge.drivers.cabinet import CabinetDriver
from edge.drivers.keyboard import KeyboardBadges
from edge.drivers.lock_board import LockBoards
from edge.drivers.modbus import ModbusBoards
from edge.drivers.parts import Part
from edge.drivers.uhf_module import UhfReader
from edge.drivers.wiring import Wiring, wiring_of
from edge.settings.devices import AnyDevice, KeyboardReader, LockBoard, ModbusRtu, ModbusTcp, UhfModule
from edge.settings.schema import BankFile


def cabinet_of(file: BankFile) -> CabinetDriver:
    """Return the cabinet that a settings file describes; nothing is opened yet."""
    wiring = wiring_of(file)
    return CabinetDriver(wiring, {name: part_of(name, device, wiring) for name, device in file.devices.items()})


def part_of(name: str, device: AnyDevice, wiring: Wiring) -> Part:
    """Return the part for a device."""
    match device:
        case LockBoard():
            return LockBoards(device, wiring.inputs(name), wiring.outputs(name))
        case ModbusRtu() | ModbusTcp():
            return ModbusBoards(device, wiring.inputs(name), wiring.outputs(name))
        case KeyboardReader():
            return KeyboardBadges(device)
        case UhfModule():
            return UhfReader(device)
