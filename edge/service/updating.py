"""Software comes beside everything else: whatever fails in that is logged, and the bank goes on with what it has."""

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from tenacity import AsyncRetrying, before_sleep_log, retry_if_exception_type, wait_random_exponential

from edge.bank import Bank
from edge.clock import Clock
from edge.config import BankConfig
from edge.enrolment.provisioning import Ask
from edge.settings.schema import Updates
from edge.updates.jobs import Jobs, topics
from edge.updates.manifest import NotSignedError, ReleaseKeys, release_keys
from edge.updates.slots import FIRST_LEAST, Slots
from edge.updates.updater import Surroundings, Updater, reported_firmware, running_version

log = logging.getLogger(__name__)
FIRST_PAUSE_S: Final = 10
MAX_PAUSE_S: Final = 300
HERE: Final = Path(sys.prefix)  # the virtual environment that this process runs from


class Updating:
    """What follows one bank's update jobs; nothing where `topics` is empty.

    It is off where settings do not ask for it, where its keys cannot be read, and where the process does not run from
    the slot that `current` points to: what it installed would never be started.
    """

    def __init__(self, settings: Updates | None, thing: str, here: Path = HERE) -> None:
        self._thing, self._keys = thing, ReleaseKeys()
        self._updater: Updater | None = None
        self._slots = Slots(Path(settings.root if settings else here))
        self.topics: Sequence[str] = ()
        if settings is None:
            return
        try:
            self._keys = release_keys(map(Path, settings.keys))
        except NotSignedError as error:
            log.error("no updates: %s", error)  # noqa: TRY400 - it says everything
            return
        if not self._slots.runs(here):
            log.error("no updates: this runs from %s and not from %s", here, self._slots.root / "current")
            return
        self.topics = topics(thing)

    def named(self, config: BankConfig) -> BankConfig:
        """Return settings with the software's name as status reports it: the release that was signed, if one was."""
        if not self.topics:
            return config
        return replace(config, firmware=reported_firmware(self._slots, self._keys, config.firmware))

    def news(self) -> None:
        """Look soon: the bank is connected, or a job came."""
        if self._updater is not None:
            self._updater.news()

    def heard(self, topic: str, _: bytes) -> None:
        """Take a message that answers nothing."""
        if topic.endswith("/notify-next"):
            self.news()

    async def keep(
        self, bank: Bank, ask: Ask, clock: Clock, *, devices: Callable[[], frozenset[str]], restart: Callable[[], None]
    ) -> None:
        """Follow jobs until another slot has to be started (`restart`); returns at once where it is off."""
        if not self.topics:
            return
        here = Surroundings(
            idle=lambda: bank.connected and bank.idle(clock()),
            healthy=lambda: bank.connected and bank.journal.depth() >= 0,
            devices=devices,
            restart=restart,
            clock=lambda: clock().mono_ms / 1000,
        )
        running = running_version(self._slots, self._keys) or FIRST_LEAST  # what nobody signed is older than anything
        self._updater = updater = Updater(self._slots, Jobs(self._thing, ask), self._keys, running, here)
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(Exception),
            wait=wait_random_exponential(multiplier=FIRST_PAUSE_S, max=MAX_PAUSE_S),
            before_sleep=before_sleep_log(log, logging.ERROR),
        ):
            with attempt:
                await updater.run()
