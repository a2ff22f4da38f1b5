"""Carries out an update so that the bank lends before, after, and whenever the power goes in between (docs/fleet.md).

job → signed? newer? → INSTALLING: fetch, compare, install beside the running slot → READY
READY → connected, nobody stands there → TRIAL, the link is switched, the process ends, systemd starts the new one
TRIAL → connected, the journal open, and every device answers that did before → WORKS → the job SUCCEEDED
      → not within five minutes, or not after three starts (guard.py) → BACK → the job FAILED, with why
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec.structs import replace

from edge import durable
from edge.enrolment.questions import RefusedError, SilentError
from edge.updates import bundle
from edge.updates.apart import apart
from edge.updates.bundle import BundleError
from edge.updates.jobs import Job, Jobs, Status
from edge.updates.manifest import Manifest, NotSignedError, refusal, verified
from edge.updates.slots import RELEASE, Phase, Slots, Update

log = logging.getLogger(__name__)
HEALTHY_WITHIN_S: Final = 300.0  # a board with a slow disk connects in one; a network that is away this long is away
MOST_TRIES: Final = 3  # to install one: whatever breaks off a bank's process so often is left alone
LOOK_EVERY_S: Final = 600.0
LOOK_SOON_S: Final = 5.0  # while somebody stands at the bank, or a new slot has to show that it works
BUNDLE, FILES = "bundle.tar", "files"


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What an update needs to know of the bank, and do to it.

    `idle`: connected, no door in use and no conversation running. `healthy`: connected, and the journal open.
    `devices`: those that answer. `restart` ends this process; systemd starts the slot that `current` points to.
    `clock` is monotonic, in seconds.
    """

    idle: Callable[[], bool]
    healthy: Callable[[], bool]
    devices: Callable[[], frozenset[str]]
    restart: Callable[[], None]
    clock: Callable[[], float]


@dataclass(frozen=True, kw_only=True)
class Installing:
    """How a bundle comes into a slot; each raises BundleError."""

    fetch: Callable[[str, Path, Manifest], Path] = bundle.fetch
    unpack: Callable[[Path, Path], Path] = bundle.unpack
    install: Callable[[Path, Path], None] = bundle.install


class Updater:
    """One bank's updates. `running` is the version of the slot that this process was started from."""

    def __init__(
        self,
        slots: Slots,
        jobs: Jobs,
        keys: Mapping[str, Ed25519PublicKey],
        running: str,
        here: Surroundings,
        how: Installing | None = None,
    ) -> None:
        self._slots, self._jobs, self._keys, self._running = slots, jobs, keys, running
        self._here, self._how = here, how or Installing()
        self._started, self._news, self._over = here.clock(), asyncio.Event(), False

    def news(self) -> None:
        """Look soon: a job came, or the bank is connected."""
        self._news.set()

    async def run(self) -> None:
        """Look after updates until another slot has to be started; what the network or the disk denies waits."""
        while not self._over:
            self._news.clear()
            try:
                await self.look()
            except (RefusedError, SilentError, OSError) as error:
                log.info("updates wait: %s", error)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SOON_S if self._urgent else LOOK_EVERY_S):
                    await self._news.wait()

    @property
    def _urgent(self) -> bool:
        update = self._slots.update
        return update is not None and update.phase in {Phase.READY, Phase.TRIAL}

    async def look(self) -> None:
        """Do the next thing there is to do; raises RefusedError or SilentError where the cloud was to be asked."""
        update = self._slots.update
        if self._over:  # what runs is no longer what `current` points to: it may not judge it
            return
        if update is None or update.phase is Phase.INSTALLING:  # what broke off is begun again: its job is still next
            await self._take_next()
        elif update.phase is Phase.READY:
            self._begin_trial(update)
        elif update.phase is Phase.TRIAL:
            self._try(update)
        elif update.phase is Phase.WORKS:
            await self._succeed(update)
        else:
            await self._fail(update)

    async def _take_next(self) -> None:
        job = await self._jobs.next()
        if job is None:
            if self._slots.update is not None:  # it was taken back while the slot was being made
                self._slots.forget()
            return
        order = job.order
        if order is None:
            await self._jobs.tell(job.job_id, Status.REJECTED, why="it is no update for this software")
            return
        try:
            manifest = verified(order.manifest, self._keys)
        except NotSignedError as error:
            log.warning("an update that nobody signed: %s", error)
            await self._jobs.tell(job.job_id, Status.REJECTED, why=f"its manifest is not signed: {error}")
            return
        why = refusal(manifest, running=self._running, least=self._slots.least)
        if why is not None:
            runs = manifest.version == self._running
            await self._jobs.tell(job.job_id, Status.SUCCEEDED if runs else Status.REJECTED, why=why)
            return
        await self._install(job, order.manifest, order.url, manifest)

    async def _install(self, job: Job, signed: str, url: str, manifest: Manifest) -> None:
        await self._jobs.tell(job.job_id, Status.IN_PROGRESS, version=manifest.version)
        log.info("%s comes: it is fetched and installed beside what runs", manifest.version)
        slots, before = self._slots, self._slots.update
        update = slots.note(
            Update(
                job=job.job_id,
                phase=Phase.INSTALLING,
                version=manifest.version,
                source=slots.current,
                target=slots.other,
                tries=before.tries + 1 if before is not None and before.job == job.job_id else 1,
            )
        )
        if update.tries > MOST_TRIES:
            await self._give_up(update, f"the bank's process ended {MOST_TRIES} times while it was installed")
            return
        try:
            await apart(partial(self._make, update.target, signed, url, manifest))
        except BundleError as error:
            await self._give_up(update, str(error))
            return
        slots.note(replace(update, phase=Phase.READY))
        log.info("%s is installed, and begins when nobody stands here", manifest.version)
        self.news()

    async def _give_up(self, update: Update, why: str) -> None:
        log.warning("%s is not installed: %s", update.version, why)
        self._slots.note(replace(update, phase=Phase.BACK, why=why))
        await self.look()

    def _make(self, target: str, signed: str, url: str, manifest: Manifest) -> None:
        """Make a slot whole; its signed manifest comes last."""
        slots, how = self._slots, self._how
        place, files = slots.root / BUNDLE, slots.root / FILES
        slot = slots.cleared(target)
        try:
            how.install(how.unpack(how.fetch(url, place, manifest), files), slot)
            durable.put(slot / RELEASE, signed.encode())
        finally:
            durable.remove(place)
            durable.remove(files)

    def _begin_trial(self, update: Update) -> None:
        if self._here.idle():
            devices = tuple(sorted(self._here.devices()))
            self._slots.note(replace(update, phase=Phase.TRIAL, devices=devices))  # first: the guard has to know
            self._start(update.target)

    def _start(self, slot: str) -> None:
        self._slots.switch(slot)
        self._over = True
        self._here.restart()

    def _try(self, update: Update) -> None:
        slots = self._slots
        if slots.current != update.target:  # cut off between the note and the switch
            self._begin_trial(update)
        elif self._here.healthy() and not self._silent(update):
            slots.note(replace(update, phase=Phase.WORKS))
            log.info("%s works", update.version)
            self.news()
        elif self._here.clock() - self._started > HEALTHY_WITHIN_S:
            without = f" and {', '.join(self._silent(update))} answering" if self._silent(update) else ""
            self._back(update, f"it was not connected with its journal open{without} within {HEALTHY_WITHIN_S:.0f} s")

    def _silent(self, update: Update) -> list[str]:
        """Return the devices that answered the earlier software, and do not answer this."""
        return sorted({*update.devices} - self._here.devices())

    def _back(self, update: Update, why: str) -> None:
        log.warning("%s is turned back: %s", update.version, why)
        self._slots.note(replace(update, phase=Phase.BACK, why=why))
        self._start(update.source)

    async def _succeed(self, update: Update) -> None:
        signed = self._slots.release(update.target)
        if signed is not None:
            with suppress(NotSignedError):
                self._slots.raise_least(verified(signed, self._keys).least)
        await self._jobs.tell(update.job, Status.SUCCEEDED, version=update.version)
        self._slots.forget()

    async def _fail(self, update: Update) -> None:
        if self._slots.current != update.source:  # cut off between the note and the switch
            self._start(update.source)
            return
        await self._jobs.tell(update.job, Status.FAILED, version=update.version, why=update.why)
        self._slots.forget()


def running_version(slots: Slots, keys: Mapping[str, Ed25519PublicKey]) -> str | None:
    """Return the version of the signed release in the current slot; None where nobody we know signed what runs."""
    signed = slots.release(slots.current)
    if signed is None:
        return None
    try:
        return verified(signed, keys).version
    except NotSignedError:
        return None


def reported_firmware(slots: Slots, keys: Mapping[str, Ed25519PublicKey], otherwise: str) -> str:
    """Return what `status` reports as `firmware` (at most 64 characters): the signed version, or that there is none."""
    version = running_version(slots, keys)
    return f"toolcrib-edge {version}" if version else f"{otherwise} (unsigned)"[:64]
