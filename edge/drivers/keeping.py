"""Keep a part serving: begin it again after every loss, with growing pauses and jitter, for ever."""

import asyncio
import logging
from typing import Final, Protocol

from tenacity import AsyncRetrying, retry_if_exception_type, wait_random_exponential

from edge.drivers.base import DriverError
from edge.drivers.parts import Hub, Part

log = logging.getLogger(__name__)
FIRST_PAUSE_S: Final = 0.5
MAX_PAUSE_S: Final = 30
STEADY_S: Final = 10  # a device lost sooner counts as one that never came


class Watcher(Hub, Protocol):
    """A hub that is told of losses, too."""

    def down(self, why: DriverError) -> None:
        """The device does not answer; called for every life of the part."""
        ...


async def keep(part: Part, watcher: Watcher) -> None:
    """Serve a part until cancelled. What is no DriverError is a fault of ours and ends it."""
    while True:
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(DriverError),
            wait=wait_random_exponential(multiplier=FIRST_PAUSE_S, max=MAX_PAUSE_S),
        ):
            with attempt:
                await _one_life(part, watcher)
        await asyncio.sleep(FIRST_PAUSE_S)


async def _one_life(part: Part, watcher: Watcher) -> None:
    clock = asyncio.get_running_loop().time
    began_s = clock()
    try:
        await part.serve(watcher)
    except DriverError as error:
        watcher.down(error)
        if clock() - began_s < STEADY_S:
            raise
