"""A simulated bank: the real controller on a cabinet without steel, with somebody in front of it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from edge.actions import Action, Recorded, Unlock
from edge.bank import Bank
from edge.bell import Bell
from edge.clock import system_clock
from edge.commands import Purpose
from edge.config import BankConfig, Mode
from edge.controller import Controller
from edge.drivers.simulated import SimulatedDriver
from edge.journal import Journal, connect
from edge.kiosk.kiosk import Kiosk
from edge.kiosk.settings import KioskSettings
from edge.simulation.misbehaviour import CutJournal, Mischief, MischievousLink, PowerCutError
from edge.simulation.person import Pace, Person
from edge.simulation.transcript import TapRequest, Transcript
from edge.simulation.visit import Hands, Rebooted, Visit
from edge.simulation.world import World
from edge.uploads import AlarmKind, Choice, DoorReport, Outcome

log = logging.getLogger(__name__)
READY_S: Final = 30.0  # the first signed time may wait for a cold function
VISIT_S: Final = 180.0  # a door left open, and then some


@dataclass(frozen=True, kw_only=True)
class Powered:
    """What exists between power on and power cut."""

    bank: Bank
    journal: Journal
    driver: SimulatedDriver
    controller: Controller


class SimulatedBank:
    """Runs one bank with the simulated driver and plays visits. `observe` sees every action of every boot.

    `by_hand`: somebody at the panel tapped last, so a door that unlocks waits for them. Kiosk banks have a screen.
    """

    def __init__(
        self,
        config: BankConfig,
        world: World,
        *,
        observe: Callable[[Action], None] = lambda _: None,
        pace: Pace | None = None,
    ) -> None:
        self.config, self.cabinet = config, world.cabinet(config)
        self._world, self._observe, self._pace = world, observe, pace or Pace()
        self._mischief = Mischief()
        self._powered: Powered | None = None
        self._people = asyncio.TaskGroup()
        self._one_visitor = asyncio.Lock()
        self._stirred = asyncio.Event()
        self._person = self._somebody(uid=None)
        self._visit: Visit | None = None
        self._purposes: dict[int, Purpose] = {}
        self._hands = Hands(choose=self._choose, join=self._join)
        self.by_hand = False
        self.bell = Bell()
        self._mains = asyncio.Event()
        self._mains.set()
        has_screen = config.mode is Mode.KIOSK
        self.kiosk = Kiosk(config.bank, KioskSettings(), system_clock) if has_screen else None

    async def run(self) -> None:
        """Keep the bank powered, and boot it again after every power cut, until cancelled."""
        async with self._people:
            while True:
                await self._mains.wait()
                await self._serve()
                await asyncio.sleep(self._pace.reboot_s)

    async def tap(self, request: TapRequest) -> Transcript:
        """Tap a badge, pick an option, use the door; return when the cloud has acknowledged the end of it.

        One visitor at a time; others queue. A bank that is not ready within 30 s goes by its roster; without one the
        answer is `offline`.
        """
        async with self._one_visitor:
            powered = await self._ready() or self._powered
            if powered is None or not (self._is_ready() or powered.bank.roster):
                return Transcript(bank=self.config.bank, answer="offline")
            visit = self._visit = Visit(self.config.bank, request, self.config.badge_keys[0], self._hands)
            self._person, self.by_hand = self._somebody(uid=request.uid, item=request.item), False
            try:
                with self._mischief.during(request.misbehave):
                    powered.driver.show_badge(request.uid)
                    async with asyncio.timeout(VISIT_S):
                        await visit.follow()
            except TimeoutError:
                log.warning("%s: the visit took too long", self.config.bank)
            finally:
                self._visit, self._person = None, self._somebody(uid=None)
            return visit.transcript

    async def force(self, door: int) -> None:
        """Break a door open, and push it shut again."""
        await self._person.force(door)

    def raise_alarm(self, kind: AlarmKind) -> None:
        """Shake the cabinet; without power nobody notices."""
        if self._powered is not None:
            self._powered.driver.raise_alarm(kind)

    def show_badge(self, uid: str) -> None:
        """Hold a badge to the reader; from now on doors wait for somebody's hands."""
        self.by_hand = True
        if self._powered is not None:
            self._powered.driver.show_badge(uid)

    def plug(self, *, plugged: bool) -> None:
        """Pull the network cable, or put it back."""
        self._mischief.cable(plugged=plugged)
        self.bell.ring()

    def power(self, *, on: bool) -> None:
        """Cut the power for as long as somebody wants, or switch it on again."""
        (self._mains.set if on else self._mains.clear)()
        if not on:
            self._cut_power()
        self.bell.ring()

    def wants_further_badge(self) -> bool:
        """Whether the screen asks for another badge (see `edge.controller.Kiosk`)."""
        return self.kiosk is not None and self.kiosk.wants_further_badge()

    def changed(self) -> None:
        """Tell the screen and the panel."""
        if self.kiosk is not None:
            self.kiosk.changed()
        self.bell.ring()

    def state(self) -> dict[str, Any]:
        """Return what can be seen from outside, as JSON values."""
        powered = self._powered
        return {
            "bank": self.config.bank,
            "thing": self.config.thing,
            "mode": self.config.mode,
            "evidence": self.config.evidence,
            "connected": powered is not None and powered.bank.connected,
            "ready": self._is_ready(),
            "journal_depth": None if powered is None else powered.journal.depth(),
            "roster": powered.bank.roster.version if powered is not None and powered.bank.roster else None,
            "powered": powered is not None,
            "plugged": self._mischief.plugged.is_set(),
            "doors": {str(door): "open" if door in self.cabinet.opened else "closed" for door in self.cabinet.doors},
            "contents": {str(door): things for door, things in self.cabinet.contents.items() if things},
        }

    async def _serve(self) -> None:
        """Boot and serve until the power is cut."""
        journal = CutJournal(connect(self.config.journal), self._mischief)
        try:
            bank = Bank(self.config, journal, started=system_clock())
            driver = SimulatedDriver(self.cabinet, self._mischief, self._unlocked)
            link = MischievousLink(self.config, self._mischief)
            controller = Controller(bank, driver, link, system_clock, self._hears, kiosk=self)
            if self.kiosk is not None:
                self.kiosk.attach(bank, controller)
            self._powered = Powered(bank=bank, journal=journal, driver=driver, controller=controller)
            if self._visit is not None:
                self._people.create_task(self._tell_of_reboot(self._visit, journal))
            await controller.run()
        except* PowerCutError:
            log.info("%s: power cut", self.config.bank)
        finally:
            self._powered = self.cabinet.sensor = None
            self.cabinet.released.clear()
            if self.kiosk is not None:
                self.kiosk.detach()
            self.bell.ring()
            journal.close()

    async def _tell_of_reboot(self, visit: Visit, journal: Journal) -> None:
        found = [journal.find(report) for report in journal.pending()]
        await self._ready()
        visit.hears(Rebooted(pending=tuple(report for report in found if report is not None)))

    async def _ready(self) -> Powered | None:
        """Wait until the bank is connected and knows the time."""
        try:
            async with asyncio.timeout(READY_S):
                while not self._is_ready():
                    self._stirred.clear()
                    await self._stirred.wait()
        except TimeoutError:
            return None
        return self._powered

    def _is_ready(self) -> bool:
        return self._powered is not None and self._powered.bank.connected and self._powered.bank.base.trusted

    def _somebody(self, *, uid: str | None, item: str | None = None) -> Person:
        return Person(
            uid=uid,
            item=item,
            world=self._world,
            cabinet=self.cabinet,
            mischief=self._mischief,
            pace=self._pace,
            cut_power=self._cut_power,
        )

    def _choose(self, choice: Choice) -> None:
        if self._powered is not None:
            self._powered.controller.choose(choice)

    def _join(self, uid: str) -> None:
        if self._powered is not None:
            self._powered.controller.tap(uid, joins=True)

    def _cut_power(self) -> None:
        if self._powered is not None:
            self._powered.driver.cut_power()

    def _unlocked(self, door: int) -> None:
        if self.by_hand:
            self.bell.ring()
            return
        self._people.create_task(self._person.use(door, self._purposes.get(door, Purpose.SERVICE)))

    def _hears(self, action: Action) -> None:
        if self.kiosk is not None:
            self.kiosk.observe(action)
        match action:
            case Unlock(door=door, purpose=purpose):
                self._purposes[door] = purpose
            case Recorded(report=report) if report.kind == "door":
                self._notes(msgspec.json.decode(report.body, type=DoorReport).outcome)
        self._stirred.set()
        if self._visit is not None:
            self._visit.hears(action)
        self._observe(action)

    def _notes(self, outcome: Outcome) -> None:
        """Tell the person what the bank has reported, for those who wait for it."""
        if outcome is Outcome.OPENED:
            self._person.told_opened.set()
        elif outcome is Outcome.LEFT_OPEN:
            self._person.told_left_open.set()
