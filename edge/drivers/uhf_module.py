"""A serial UHF module whose antenna looks behind one door. It polls on demand only: no field where nobody reads."""

import asyncio
from typing import Final

from edge.drivers import uhf_frames
from edge.drivers.base import DriverError
from edge.drivers.line import Line
from edge.drivers.parts import Hub
from edge.settings.devices import UhfModule

ANSWER_S: Final = 0.5
QUIET_S: Final = 0.08  # between the tags of one poll
ALIVE_EVERY_S: Final = 30.0
MODEL: Final = bytes((0x00,))  # "hardware version"


class UhfReader:
    """One module."""

    def __init__(self, settings: UhfModule) -> None:
        self._settings = settings
        self._line: Line | None = None

    async def serve(self, hub: Hub) -> None:
        """Ask what it is, now and then, to know that it is there (see `edge.drivers.parts.Part.serve`)."""
        async with Line.opened(self._settings.port, self._settings.baud) as line:
            try:
                while True:
                    await line.ask(uhf_frames.request(uhf_frames.INFORMATION, MODEL), _model, within_s=ANSWER_S)
                    self._line = line
                    hub.up()
                    await asyncio.sleep(ALIVE_EVERY_S)
            finally:
                self._line = None

    async def inventory(self) -> tuple[str, ...]:
        """Return the EPCs that any of several polls found (see `edge.drivers.parts.Inventories.inventory`).

        A poll whose answer is garbled is made again, because a tag that was not heard would look like one that is gone.
        """
        found: set[str] = set()
        heard = 0
        for _ in range(2 * self._settings.rounds):
            tags = await self._poll()
            if tags is not None:
                found |= tags
                heard += 1
            if heard == self._settings.rounds:
                return tuple(sorted(found))
        raise DriverError(f"{self._settings.port}: its answers are garbled: check the cable, its supply and the ground")

    async def _poll(self) -> frozenset[str] | None:
        if self._line is None:
            raise DriverError("the tag reader is away")
        heard = await self._line.ask(
            uhf_frames.request(uhf_frames.POLL), uhf_frames.parse, within_s=ANSWER_S, quiet_s=QUIET_S
        )
        return _tags(heard)


def _model(heard: bytes) -> bool | None:
    frames = uhf_frames.parse(heard).frames
    return True if any(frame.command == uhf_frames.INFORMATION for frame in frames) else None


def _tags(heard: uhf_frames.Heard) -> frozenset[str] | None:
    """Return the EPCs of one poll, nothing at all when any of it was garbled."""
    if heard.noise or heard.half:
        return None
    tags = [uhf_frames.epc(frame) for frame in heard.frames if not uhf_frames.is_empty(frame)]
    return None if None in tags else frozenset(tag for tag in tags if tag is not None)
