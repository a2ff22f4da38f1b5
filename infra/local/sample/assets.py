"""Sixty-one things of eight types; what is in a door at the start stands in STOWED, the rest in the store rooms."""

import re
from collections.abc import Iterator
from typing import Any

# name, category, size, what a new one costs, whose budget that is
KINDS = """
laptop           Laptop           computers      M  1450  anna.brandt
tablet           Tablet           computers      S   620  anna.brandt
torque-wrench    Torque wrench    tools          M   340  petra.vogel
cordless-drill   Cordless drill   tools          L   280  petra.vogel
multimeter       Multimeter       measuring      M   190  petra.vogel
thermal-camera   Thermal camera   measuring      M  3900  petra.vogel
barcode-scanner  Barcode scanner  logistics      M   420  denise.walker
radio            Two-way radio    communication  S   260  petra.vogel
"""


def _types() -> Iterator[dict[str, Any]]:
    for line in KINDS.strip().splitlines():
        id_, name, category, size, value, owner = re.split(r"  +", line)
        yield {
            "id": id_,
            "name": name,
            "category": category,
            "size": size,
            "replacement_value": int(value),
            "owner": owner,
        }


TYPES: tuple[dict[str, Any], ...] = tuple(_types())

# type, what it says on it, serial number before the count, how many at hq, at the dock
FLEET = (
    ("laptop", "ThinkPad T14", "PF4", 10, 0),
    ("tablet", "Galaxy Tab Active", "R52", 6, 0),
    ("torque-wrench", "Torque wrench 20-100 Nm", "TW", 6, 2),
    ("cordless-drill", "Cordless drill 18 V", "CD", 0, 8),
    ("multimeter", "Multimeter 87V", "MM", 5, 1),
    ("thermal-camera", "Thermal camera E8", "TC", 1, 0),
    ("barcode-scanner", "Barcode scanner DS3678", "DS", 0, 14),
    ("radio", "Radio R7", "R7", 8, 0),
)

COMPANY = "3034257BF461D7"  # how the tags of one company begin (SGTIN-96, 24 hex digits)


def _assets() -> Iterator[dict[str, Any]]:
    for kind, (type_, name, serial, at_hq, at_dock) in enumerate(FLEET, 1):
        for number in range(1, at_hq + at_dock + 1):
            yield {
                "id": f"{type_}-{number:02d}",
                "type": type_,
                "name": f"{name} #{number}",
                "serial": f"{serial}{kind:02d}{number * 37:05d}",
                "tag": f"{COMPANY}{kind:04X}{number:06X}",
                "site": "hq" if number <= at_hq else "dock",
            }


ASSETS: tuple[dict[str, Any], ...] = tuple(_assets())

# bank → what stands behind its doors from door 1 on; the doors after these are free for returns
CONTENTS: dict[str, tuple[tuple[str, int], ...]] = {
    "hq-01": (("laptop", 4), ("torque-wrench", 3), ("multimeter", 2), ("thermal-camera", 1)),
    "hq-02": (("tablet", 3), ("radio", 3)),
    "dock-01": (("barcode-scanner", 12), ("cordless-drill", 6)),
}


def _stowed() -> Iterator[tuple[str, str, int]]:
    for bank, contents in CONTENTS.items():
        things = (f"{type_}-{number:02d}" for type_, count in contents for number in range(1, count + 1))
        for door, asset in enumerate(things, 1):
            yield asset, bank, door


STOWED: tuple[tuple[str, str, int], ...] = tuple(_stowed())
