"""Modbus boards. Frames are those of Waveshare's manual (RTU) and of the Modbus standard's examples (TCP)."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from edge.drivers import modbus
from edge.drivers.base import DriverError
from edge.drivers.modbus import ModbusBoards
from edge.drivers.parts import Terminal
from edge.settings.devices import ModbusRtu, ModbusTcp, TimedBy
from tests.edge.drivers.wires import Heard, Wire, bytes_of, plugged, replaying, serving
from tests.edge.network import until

LOCK = Terminal(1, 1)
INPUTS = frozenset(Terminal(1, channel) for channel in range(1, 9))
ON, OFF, FLASH = "01 05 00 00 FF 00 8C 3A", "01 05 00 00 00 00 CD CA", "01 05 02 00 00 07 8D B0"
READ_INPUTS, INPUTS_ANSWER = "01 02 00 00 00 08 79 CC", "01 02 01 00 A1 88"
WAVESHARE = {ON: ON, OFF: OFF, FLASH: FLASH, READ_INPUTS: INPUTS_ANSWER}


def rtu(port: str, *, timed_by: TimedBy = TimedBy.CONTROLLER, pulse_ms: int = 100) -> ModbusBoards:
    settings = ModbusRtu(port=port, poll_ms=50, pulse_ms=pulse_ms, timed_by=timed_by)
    return ModbusBoards(settings, INPUTS, frozenset({LOCK}))


async def test_relays_go_off_first_and_inputs_are_read_as_the_manual_prints_it(tmp_path: Path) -> None:
    hub = Heard()
    async with plugged(tmp_path, replaying(WAVESHARE)) as wire, serving(rtu(wire.port), hub):
        await until(lambda: hub.ups)
        assert wire.heard[:2] == [bytes_of(OFF), bytes_of(READ_INPUTS)]
    assert hub.readings[0] == dict.fromkeys(INPUTS, False)


async def test_inputs_are_bits_lowest_first(tmp_path: Path) -> None:
    hub = Heard()
    answer = bytes_of("01 02 01 05 61 8B")
    async with (
        plugged(tmp_path, lambda request: [answer if request[1] == 2 else request]) as wire,
        serving(rtu(wire.port), hub),
    ):
        await until(lambda: hub.readings)
    assert {terminal.channel for terminal, closed in hub.readings[0].items() if closed} == {1, 3}


async def test_a_pulse_timed_here_is_on_once_and_off_again(tmp_path: Path) -> None:
    hub = Heard()
    async with plugged(tmp_path, replaying(WAVESHARE)) as wire:
        part = rtu(wire.port)
        async with serving(part, hub):
            await until(lambda: hub.ups)
            wire.heard.clear()
            await part.unlock(LOCK)
            switched = [request for request in wire.heard if request[1] == 5]
    assert switched == [bytes_of(ON), bytes_of(OFF)]


async def test_a_pulse_timed_by_the_board_is_the_manuals_flash(tmp_path: Path) -> None:
    hub = Heard()
    async with plugged(tmp_path, replaying(WAVESHARE)) as wire:
        part = rtu(wire.port, timed_by=TimedBy.BOARD, pulse_ms=700)
        async with serving(part, hub):
            await until(lambda: hub.ups)
            wire.heard.clear()
            await part.unlock(LOCK)
            assert [request for request in wire.heard if request[1] == 5] == [bytes_of(FLASH)]


async def test_a_pulse_without_an_answer_is_not_given_again_but_surely_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modbus, "ANSWER_S", 0.4)
    hub = Heard()
    deaf = {request: answer for request, answer in WAVESHARE.items() if request != ON}
    async with plugged(tmp_path, replaying(deaf)) as wire:
        part = rtu(wire.port)
        async with serving(part, hub):
            await until(lambda: hub.ups)
            with pytest.raises(DriverError):
                await part.unlock(LOCK)
        assert wire.heard.count(bytes_of(ON)) == 1
        assert wire.heard.index(bytes_of(ON)) < len(wire.heard) - 1 - wire.heard[::-1].index(bytes_of(OFF))


async def test_stopping_in_the_middle_of_a_pulse_leaves_no_relay_on(tmp_path: Path) -> None:
    hub = Heard()
    async with plugged(tmp_path, replaying(WAVESHARE)) as wire:
        part = rtu(wire.port, pulse_ms=3_000)
        async with serving(part, hub):
            await until(lambda: hub.ups)
            pulse = asyncio.create_task(part.unlock(LOCK))
            await until(lambda: bytes_of(ON) in wire.heard)
        after_on = wire.heard[wire.heard.index(bytes_of(ON)) :]
        assert bytes_of(OFF) in after_on
        pulse.cancel()
        await asyncio.wait([pulse])


@pytest.mark.parametrize(
    "answer",
    ["", "01 02 01 00 A1 89", "01 02 01", "02 02 01 00 A1 CC"],
    ids=["silence", "wrong checksum", "half a frame", "another board"],
)
async def test_a_board_that_does_not_answer_rightly_is_lost(
    tmp_path: Path, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modbus, "ANSWER_S", 0.05)
    hub = Heard()
    async with plugged(tmp_path, lambda request: [bytes_of(answer)] if request[1] == 2 else [request]) as wire:
        with pytest.raises(DriverError):
            await rtu(wire.port).serve(hub)
    assert (hub.ups, hub.readings) == (0, [])


async def test_a_board_that_refuses_says_so(tmp_path: Path) -> None:
    refused = bytes_of("01 85 02 C3 51")  # illegal data address
    async with plugged(tmp_path, lambda _: [refused]) as wire:
        with pytest.raises(DriverError, match="refuses"):
            await rtu(wire.port).serve(Heard())


async def test_a_line_that_is_pulled_is_lost_and_served_again_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modbus, "ANSWER_S", 0.4)
    hub = Heard()
    wire = Wire(tmp_path / "ttyS0", replaying(WAVESHARE))
    wire.plug()
    part = rtu(wire.port)
    task = asyncio.create_task(part.serve(hub))
    await until(lambda: hub.ups)
    wire.pull()
    with pytest.raises(DriverError):
        await task
    with pytest.raises(DriverError):
        await part.unlock(LOCK)
    wire.plug()
    ups = hub.ups
    async with serving(part, hub):
        await until(lambda: hub.ups > ups)
    wire.pull()


async def test_a_port_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DriverError, match="ttyNone"):
        await rtu(str(tmp_path / "ttyNone")).serve(Heard())


@asynccontextmanager
async def listening(answer: Callable[[bytes], bytes]) -> AsyncIterator[int]:
    """A Modbus TCP plug that answers each request's PDU with a PDU."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while header := await reader.readexactly(7):
                transaction, _, length, unit = struct.unpack(">HHHB", header)
                reply = answer(await reader.readexactly(length - 1))
                writer.write(struct.pack(">HHHB", transaction, 0, len(reply) + 1, unit) + reply)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def test_the_standards_own_examples_over_tcp() -> None:
    heard: list[bytes] = []
    standard = {  # Modbus Application Protocol 1.1b3, 6.5: coil 173 on; 6.2 has inputs 197 to 218
        bytes_of("05 00 AC FF 00"): bytes_of("05 00 AC FF 00"),
        bytes_of("05 00 AC 00 00"): bytes_of("05 00 AC 00 00"),
        bytes_of("02 00 00 00 DA"): bytes_of("02 1C") + bytes(24) + bytes_of("C0 DA 36 03"),
    }

    def answer(pdu: bytes) -> bytes:
        heard.append(pdu)
        return standard[pdu]

    relay, hub = Terminal(1, 173), Heard()
    inputs = frozenset(Terminal(1, channel) for channel in range(197, 219))
    async with listening(answer) as port:
        part = ModbusBoards(ModbusTcp(host="127.0.0.1", tcp_port=port, pulse_ms=100), inputs, frozenset({relay}))
        async with serving(part, hub):
            await until(lambda: hub.ups)
            await part.unlock(relay)
    switched = [pdu.hex() for pdu in heard if pdu[0] == 5]
    assert switched == ["0500ac0000", "0500acff00", "0500ac0000"]
    assert len(hub.readings[0]) == 22


async def test_nobody_at_the_plug_is_a_driver_error(unused_tcp_port: int) -> None:
    part = ModbusBoards(ModbusTcp(host="127.0.0.1", tcp_port=unused_tcp_port), INPUTS, frozenset())
    with pytest.raises(DriverError):
        await part.serve(Heard())
