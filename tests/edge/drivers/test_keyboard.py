"""A reader in keyboard mode: the kernel's bytes (`struct input_event`, docs.kernel.org/input) through a pipe."""

import asyncio
import errno
import logging
import os
import struct
from collections.abc import Iterator
from typing import ClassVar

import evdev
import pytest

from edge.badges import ReaderProfile
from edge.drivers.base import DriverError
from edge.drivers.keyboard import KeyboardBadges
from edge.settings.devices import KeyboardReader
from tests.edge.drivers.test_typed import CODES, RETURN
from tests.edge.drivers.wires import Heard, serving
from tests.edge.network import until

SYN, KEY, MSC = 0, 1, 4
SETTINGS = KeyboardReader(input="/dev/input/by-id/reader", profile=ReaderProfile.HEX_MSB)


class PipedDevice(evdev.InputDevice[str]):
    """The library's own reading of events, from a pipe instead of a device; grabbing is remembered."""

    grabs: ClassVar[list[str]] = []
    source = -1

    def __init__(self, path: str) -> None:
        if self.source < 0:
            raise OSError(errno.ENOENT, "No such file or directory")
        self.path, self.fd = path, os.dup(self.source)

    def grab(self) -> None:
        self.grabs.append(self.path)

    def close(self) -> None:
        if self.fd > -1:
            asyncio.get_running_loop().remove_reader(self.fd)
            os.close(self.fd)
            self.fd = -1

    def __del__(self) -> None:
        """Nothing is left open: the driver closes."""


def events(text: str) -> bytes:
    """What a reader sends: scan code, key, and a report after each (input-event-codes.h)."""
    codes = [*(CODES[character] for character in text), RETURN]
    frames = [
        event
        for at, code in enumerate(codes)
        for value in (1, 0)
        for event in ((at, MSC, 4, 0x70004), (at, KEY, code, value), (at, SYN, 0, 0))
    ]
    return b"".join(struct.pack("llHHi", 1_763_845_200, at * 2_000, *event) for at, *event in frames)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The writing end of what a reader types."""
    source, sink = os.pipe()
    os.set_blocking(source, False)
    monkeypatch.setattr(PipedDevice, "source", source)
    monkeypatch.setattr(PipedDevice, "grabs", [])
    monkeypatch.setattr(evdev, "InputDevice", PipedDevice)
    yield sink
    os.close(source)
    os.close(sink)


async def test_a_card_is_read_from_the_kernels_bytes_and_the_reader_is_grabbed(reader: int) -> None:
    hub = Heard()
    async with serving(KeyboardBadges(SETTINGS), hub):
        await until(lambda: hub.ups)
        os.write(reader, events("04A2246B1F9080"))
        await until(lambda: hub.badges)
    assert hub.badges == ["04A2246B1F9080"]
    assert PipedDevice.grabs == [SETTINGS.input]


async def test_what_is_no_card_is_told_as_unreadable(reader: int) -> None:
    hub = Heard()
    async with serving(KeyboardBadges(SETTINGS), hub):
        os.write(reader, events("04A2246B1F90"))
        await until(lambda: hub.badges)
    assert hub.badges == [""]


async def test_nothing_typed_is_ever_logged(reader: int, caplog: pytest.LogCaptureFixture) -> None:
    hub = Heard()
    with caplog.at_level(logging.DEBUG):
        async with serving(KeyboardBadges(SETTINGS), hub):
            os.write(reader, events("04A2246B1F9080") + events("04A2246B1F90"))
            await until(lambda: len(hub.badges) == 2)
    assert "04A2246B" not in caplog.text.upper()


async def test_a_reader_that_is_pulled_is_a_driver_error(reader: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(self: PipedDevice) -> object:
        raise OSError(errno.ENODEV, "No such device")

    hub = Heard()
    monkeypatch.setattr(PipedDevice, "read", gone)
    async with serving(KeyboardBadges(SETTINGS), hub) as task:
        await until(lambda: hub.ups)
        os.write(reader, b"x")
        with pytest.raises(DriverError, match="No such device"):
            await task


async def test_a_reader_that_is_not_there_is_named() -> None:
    with pytest.raises(DriverError, match="/dev/input/by-id/reader cannot be opened"):
        await KeyboardBadges(SETTINGS).serve(Heard())


async def test_a_reader_in_another_programs_hands_is_named(reader: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(self: PipedDevice) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(PipedDevice, "grab", busy)
    with pytest.raises(DriverError, match="another program"):
        await KeyboardBadges(SETTINGS).serve(Heard())
