"""The screen beside a bank. What fails in it is logged, and the bank goes on: its reader needs no page."""

import logging
from collections.abc import Callable
from typing import Self, TypeVar

from edge.actions import Action
from edge.bank import Bank
from edge.clock import system_clock
from edge.config import BankConfig, Mode
from edge.controller import Controller
from edge.kiosk.kiosk import Kiosk
from edge.kiosk.settings import KioskSettings

log = logging.getLogger(__name__)
Seen = TypeVar("Seen")


class Screen:
    """The kiosk of a bank that has one, and nothing elsewhere (see `edge.controller.Kiosk`)."""

    def __init__(self, kiosk: Kiosk | None, port: int) -> None:
        self._kiosk, self._port = kiosk, port

    @classmethod
    def of(cls, config: BankConfig, settings: KioskSettings) -> Self:
        """Make the one that a bank's settings ask for. It is out of service until a bank is attached."""
        has_one = config.mode is Mode.KIOSK
        return cls(Kiosk(config.bank, settings, system_clock) if has_one else None, settings.port)

    async def serve(self) -> None:
        """Serve its page until cancelled."""
        if self._kiosk is not None:
            from edge.kiosk import server  # a bank without a screen has no room for a web server

            await server.serve(self._kiosk, self._port)

    def attach(self, bank: Bank, controller: Controller) -> None:
        """Show this bank from now on."""
        self._safely(lambda kiosk: kiosk.attach(bank, controller), None)

    def detach(self) -> None:
        """Say that the bank is out of service."""
        self._safely(Kiosk.detach, None)

    def observe(self, action: Action) -> None:
        """See an action of the bank."""
        self._safely(lambda kiosk: kiosk.observe(action), None)

    def changed(self) -> None:
        """Tell the page."""
        self._safely(Kiosk.changed, None)

    def wants_further_badge(self) -> bool:
        """Whether the next badge joins what is on the screen; one that cannot tell asks for none."""
        return self._safely(Kiosk.wants_further_badge, False)  # noqa: FBT003 - the answer, not a switch

    def _safely(self, do: Callable[[Kiosk], Seen], otherwise: Seen) -> Seen:
        if self._kiosk is None:
            return otherwise
        try:
            return do(self._kiosk)
        except Exception:
            log.exception("the screen failed; the reader goes on")
            return otherwise
