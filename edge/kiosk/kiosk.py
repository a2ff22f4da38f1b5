"""The kiosk of one bank: holds what the screen remembers, tells pages of every change at once, forgets after 20 s."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from edge.actions import Action, PhotoWanted, Recorded, Show
from edge.bank import Bank
from edge.bell import Bell
from edge.clock import Clock
from edge.kiosk import acts
from edge.kiosk.acting import Left, Wanted, acted, stage_now
from edge.kiosk.facts import Facts, facts_of
from edge.kiosk.photos import Photos, Post, posted
from edge.kiosk.screens import forget_ms, view_of
from edge.kiosk.settings import KioskSettings, laid_out
from edge.kiosk.showing import shown
from edge.kiosk.state import Stage, State
from edge.uploads import Choice, FaultReport

log = logging.getLogger(__name__)
REPORTS_REMEMBERED: Final = 32


class Hands(Protocol):
    """What the screen asks of the bank's controller."""

    def choose(self, choice: Choice) -> None:
        """Send what was picked."""
        ...

    def report_fault(self, fault: FaultReport) -> None:
        """Tell what is broken."""
        ...

    def leave(self) -> None:
        """Forget whoever stood there."""
        ...


class Kiosk:
    """One screen. It works as long as a controller is attached to it; without one it says that it is out of service.

    `post` sends a photo to where the cloud wants it. Nothing here is written down anywhere.
    """

    def __init__(self, name: str, settings: KioskSettings, clock: Clock, post: Post = posted) -> None:
        self.bell = Bell()
        self._name, self._settings, self._clock = name, settings, clock
        self._photos = Photos(post)
        self._state = State()
        self._bank: Bank | None = None
        self._hands: Hands | None = None
        self._columns: tuple[tuple[int, ...], ...] = ()
        self._choices: list[Choice] = []
        self._timer: asyncio.TimerHandle | None = None
        self.view = view_of(self._state, self._facts())

    def attach(self, bank: Bank, hands: Hands) -> None:
        """Serve this bank from now on."""
        self._bank, self._hands = bank, hands
        self._columns = laid_out(bank.config.doors, self._settings.columns)
        self._state = State()
        self.changed()

    def detach(self) -> None:
        """The bank is gone: say so."""
        self._bank = self._hands = None
        self._state = State()
        self.changed()

    @property
    def now_ms(self) -> int:
        """The clock by which the view's moments are told."""
        return self._clock().mono_ms

    def wants_further_badge(self) -> bool:
        """Whether the screen asks for another badge (see `edge.controller.Kiosk`)."""
        return stage_now(self._state) is Stage.AUTHORISER

    def observe(self, action: Action) -> None:
        """See an action of the bank before it is done."""
        match action:
            case Show(screen=screen, language=language):
                state, choice = shown(self._state, screen, language)
                self._touched(state)
                if choice is not None:
                    self._choices.append(choice)
            case Recorded(report=report):
                reports = (*self._state.reports, report.id)[-REPORTS_REMEMBERED:]
                self._state = replace(self._state, reports=reports)
                if report.kind == "fault":
                    self._photos.reported(report.id)
            case PhotoWanted(report=report_id, form=form):
                self._photos.wanted(report_id, form)
            case _:
                """Doors show in the facts."""

    def changed(self) -> None:
        """Tell the pages (see `edge.controller.Kiosk`)."""
        while self._choices and self._hands is not None:
            self._hands.choose(self._choices.pop(0))
        view = view_of(self._state, self._facts())
        self._watch()
        if view != self.view:
            self.view = view
            self.bell.ring()

    def act(self, act: acts.Done) -> None:
        """Do what the person did at the screen."""
        if self._bank is None:
            return
        if isinstance(act, acts.Describe):
            act = acts.Describe(severity=act.severity, text=act.text, photo=act.photo and self._photos.held)
        state, wanted = acted(self._state, act, self._bank.config.badge_keys[0])
        self._touched(state)
        self._ask(wanted)
        self.changed()

    def photo(self, jpeg: bytes) -> None:
        """Hold a photo until the report that it goes with is sent; raises ValueError for what is no JPEG."""
        self._photos.hold(jpeg)
        self.act(acts.Touch())

    def _ask(self, wanted: Wanted | None) -> None:
        if self._hands is None:
            return
        match wanted:
            case Choice():
                self._hands.choose(wanted)
            case FaultReport():
                self._hands.report_fault(wanted)
            case Left():
                self._forget(self._hands.leave)
            case None:
                """Nothing: only the screen changes."""

    def _forget(self, leave: Callable[[], None]) -> None:
        self._photos.forget()
        leave()

    def _touched(self, state: State) -> None:
        self._state = replace(state, touched_ms=self.now_ms)

    def _watch(self) -> None:
        """Wake when everything is to be forgotten."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        lasts_ms = forget_ms(self._state, self._facts())
        if lasts_ms is None or self._bank is None:
            return
        left_s = (self._state.touched_ms + lasts_ms - self.now_ms) / 1000
        self._timer = asyncio.get_running_loop().call_later(max(left_s, 0), self._nobody_is_there)

    def _nobody_is_there(self) -> None:
        self._timer = None
        self.act(acts.Leave())

    def _facts(self) -> Facts:
        settings = self._settings
        if self._bank is None:
            return Facts(bank=self._name, columns=(), language=settings.language, works=False)
        return facts_of(self._bank, self._columns, language=settings.language, photos=settings.photos)
