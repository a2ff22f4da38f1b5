"""A USB badge reader in keyboard mode, through evdev: grabbed, so that no number ends up in another program."""

from typing import TYPE_CHECKING, Final

from edge.badges import UnreadableBadgeError
from edge.drivers.base import DriverError
from edge.drivers.parts import Hub
from edge.drivers.typed import Typing, uid_of
from edge.settings.devices import KeyboardReader

if TYPE_CHECKING:
    from evdev import InputDevice

KEY_EVENTS: Final = 1  # Linux, input-event-codes.h: EV_KEY
UNREADABLE: Final = ""  # no canonical UID: the person is asked to tap again


class KeyboardBadges:
    """One reader."""

    def __init__(self, settings: KeyboardReader) -> None:
        self._settings = settings

    async def serve(self, hub: Hub) -> None:
        """Take every number it types (see `edge.drivers.parts.Part.serve`). Nothing typed is ever logged."""
        device = _grabbed(self._settings.input)
        typing = Typing(self._settings.gap_ms)
        try:
            hub.up()
            async for event in device.async_read_loop():
                if event.type != KEY_EVENTS:
                    continue
                typed = typing.press(event.code, event.value, event.sec * 1000 + event.usec // 1000)
                if typed is not None:
                    hub.badge(self._uid(typed))
        except OSError as error:
            raise DriverError(f"{self._settings.input} is gone: {error.strerror}") from None
        finally:
            device.close()

    def _uid(self, typed: str) -> str:
        try:
            return uid_of(typed, self._settings)
        except UnreadableBadgeError:
            return UNREADABLE


def _grabbed(path: str) -> "InputDevice[str]":
    from evdev import InputDevice  # compiled, and Linux only: a bank with another reader needs none

    try:
        device = InputDevice(path)
    except OSError as error:
        raise DriverError(f"{path} cannot be opened: {error.strerror}") from error
    try:
        device.grab()
    except OSError as error:
        device.close()
        raise DriverError(f"{path} is in another program's hands: {error.strerror}") from error
    return device
