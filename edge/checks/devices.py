"""The devices: does each answer, and what do the doors say?"""

import asyncio

from edge.checks.finding import Finding, well, wrong
from edge.drivers.base import DriverError
from edge.drivers.cabinet import CabinetDriver


async def check(cabinet: CabinetDriver, within_s: float) -> list[Finding]:
    """Open every device, read every door once, and let go."""
    running = asyncio.create_task(cabinet.run())
    try:
        await cabinet.ready(within_s)
        findings = [_device(name, why) for name, why in cabinet.health().items()]
        return [*findings, *[await _door(cabinet, number) for number in cabinet.door_numbers]]
    finally:
        running.cancel()
        await asyncio.wait([running])


def _device(name: str, why: str | None) -> Finding:
    about = f"device {name}"
    return well(about, "answers") if why is None else wrong(about, why)


async def _door(cabinet: CabinetDriver, number: int) -> Finding:
    about = f"door {number}"
    try:
        seen = await cabinet.read(number)
    except DriverError as error:
        return wrong(about, str(error))
    present = {True: ", something lies in it", False: ", empty", None: ""}[seen.present]
    tags = "" if seen.tags is None else f", {len(seen.tags)} tags"
    return well(about, f"is {'open' if seen.is_open else 'closed'}{present}{tags}")
