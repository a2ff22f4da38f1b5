"""Whether the doors fit the devices: names, kinds, numbers, and no terminal used for two things."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from edge.config import MAX_DOORS, Evidence
from edge.settings.devices import Device, KeyboardReader, LockBoard, ModbusRtu, ModbusTcp, UhfModule
from edge.settings.problems import Problem
from edge.settings.schema import BankFile, Point

MODBUS: Final = (ModbusRtu, ModbusTcp)
ABLE: Final[dict[str, tuple[type[Device], ...]]] = {
    "lock": (LockBoard, *MODBUS),
    "sensor": (LockBoard, *MODBUS),
    "presence": MODBUS,
    "tags": (UhfModule,),
    "buzzer": MODBUS,
    "tamper": MODBUS,
    "power": MODBUS,
}
DRIVES: Final = {"lock": "out", "buzzer": "out", "tags": "tags"}  # every other use reads an input
MAX_BOARD: Final = 31  # both documents of the lock board: five address switches
MAX_CHANNEL: Final = 50


def problems(file: BankFile) -> list[Problem]:
    """Return everything that does not fit together."""
    wired = [*_numbers(file), *_uses(file), *_evidence(file)]
    return [*wired, *_windows(file), *_shared_ports(file), *_columns(file), *_keys(file)]


def points(file: BankFile) -> Iterator[tuple[str, str, Point]]:
    """Yield each terminal in use: its key in the file, what it is used for, and the terminal."""
    for number, door in file.doors.items():
        for use in ("lock", "sensor", "presence", "tags", "buzzer"):
            point = getattr(door, use)
            if point is not None:
                yield f"doors.{number}.{use}", use, point
    for use in ("tamper", "power"):
        point = getattr(file.cabinet, use)
        if point is not None:
            yield f"cabinet.{use}", use, point


def _numbers(file: BankFile) -> Iterator[Problem]:
    wanted = {str(number) for number in range(1, len(file.doors) + 1)}
    if len(file.doors) > MAX_DOORS:
        yield Problem(key="doors", found=f"there are {len(file.doors)}", instead=f"A bank has 1 to {MAX_DOORS} doors.")
    elif set(file.doors) != wanted:
        found = f"they are numbered {', '.join(file.doors)}"
        yield Problem(key="doors", found=found, instead="Number them 1, 2, 3 and so on, without a gap.")


def _uses(file: BankFile) -> Iterator[Problem]:
    taken: dict[tuple[str, int, int, str], str] = {}
    for key, use, point in points(file):
        device = file.devices.get(point.device)
        if device is None:
            known = ", ".join(sorted(file.devices))
            yield Problem(
                key=f"{key}.device", found=f"there is no device {point.device!r}", instead=f"Name one of {known}."
            )
            continue
        if not isinstance(device, ABLE[use]):
            able = ", ".join(str(kind.__struct_config__.tag) for kind in ABLE[use])
            found = f"{point.device} is a {device.__struct_config__.tag}"
            yield Problem(key=f"{key}.device", found=found, instead=f"For {use} name a device of kind {able}.")
            continue
        if isinstance(device, LockBoard) and (point.board > MAX_BOARD or point.channel > MAX_CHANNEL):
            found = f"board {point.board}, channel {point.channel}"
            instead = f"Lock boards have addresses 1 to {MAX_BOARD} and channels 1 to {MAX_CHANNEL}."
            yield Problem(key=key, found=found, instead=instead)
        terminal = (point.device, point.board, point.channel, DRIVES.get(use, "in"))
        if terminal in taken:
            found = f"{taken[terminal]} is wired to the same terminal"
            yield Problem(key=key, found=found, instead="Give each its own board and channel.")
        taken.setdefault(terminal, key)


def _evidence(file: BankFile) -> Iterator[Problem]:
    wanted = {Evidence.TAGS: "tags", Evidence.PRESENCE: "presence"}.get(file.bank.evidence)
    without = [number for number, door in file.doors.items() if wanted and getattr(door, wanted) is None]
    if without:
        found = f"{file.bank.evidence}, but doors {', '.join(without)} have no {wanted}"
        yield Problem(
            key="bank.evidence", found=found, instead=f"Wire their {wanted}, or write what all doors can prove."
        )


def _windows(file: BankFile) -> Iterator[Problem]:
    if not file.windows.open_s < file.windows.close_s < file.windows.alarm_s:
        found = f"open_s {file.windows.open_s}, close_s {file.windows.close_s}, alarm_s {file.windows.alarm_s}"
        yield Problem(key="windows", found=found, instead="Each must be longer than the one before.")


def _columns(file: BankFile) -> Iterator[Problem]:
    columns, doors = file.kiosk.columns, len(file.doors)
    if columns and sum(columns) != doors:
        found = f"{list(columns)}: {sum(columns)} doors, but the bank has {doors}"
        yield Problem(key="kiosk.columns", found=found, instead="Count the doors of each column, from the left.")


def _keys(file: BankFile) -> Iterator[Problem]:
    names = [Path(each).stem for each in file.updates.keys] if file.updates else []
    if len(set(names)) < len(names):
        found = f"two files are named {names[0]}"
        yield Problem(key="updates.keys", found=found, instead="A release names its key by it: name each file anew.")


def _shared_ports(file: BankFile) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for name, device in file.devices.items():
        port = device.input if isinstance(device, KeyboardReader) else getattr(device, "port", None)
        if port is None:
            continue
        if port in taken:
            found = f"{taken[port]} is on {port}, too"
            yield Problem(
                key=f"devices.{name}", found=found, instead="One line, one device; boards on it have addresses."
            )
        taken.setdefault(port, name)
