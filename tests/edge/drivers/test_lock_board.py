"""RS-485 lock boards. Requests and answers are those of the makers' documents (docs/hardware.md, *Lock boards*)."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers import line, lock_board, lock_frames
from edge.drivers.base import DoorJammedError, DriverError
from edge.drivers.lock_board import LockBoards
from edge.drivers.parts import Terminal
from edge.settings.devices import LockBoard
from tests.edge.drivers.wires import Heard, Wire, bytes_of, plugged, replaying, serving
from tests.edge.network import until

ONE, TWO = Terminal(1, 1), Terminal(1, 2)
DOCUMENT = {  # request: answer, as printed
    "80 01 00 33 B2": "80 01 FF FF FF FF 33 B2",
    "8A 01 01 11 9B": "8A 01 01 00 8A",
    "8A 02 01 11 98": "8A 02 01 11 98",
}


def boards(
    port: str, *, inputs: frozenset[Terminal] = frozenset({ONE, TWO}), bolt_feedback: bool = False
) -> LockBoards:
    settings = LockBoard(port=port, poll_ms=50, bolt_feedback=bolt_feedback)
    return LockBoards(settings, inputs, frozenset({ONE}))


@pytest.mark.parametrize(
    ("board", "lock", "printed"), [(1, 1, "8A0101119B"), (1, 2, "8A01021198"), (2, 1, "8A02011198")]
)
def test_a_pulse_is_asked_for_as_the_document_prints_it(board: int, lock: int, printed: str) -> None:
    assert lock_frames.unlock(board, lock) == bytes_of(printed)


@pytest.mark.parametrize(("board", "printed"), [(1, "80010033B2"), (2, "80020033B1")])
def test_all_contacts_are_asked_for_as_the_document_prints_it(board: int, printed: str) -> None:
    assert lock_frames.read_all(board) == bytes_of(printed)


def test_a_whole_board_is_never_opened_at_once() -> None:
    with pytest.raises(ValueError, match="every door"):
        lock_frames.unlock(1, 0)


@pytest.mark.parametrize(
    ("answer", "closed"),
    [
        ("80 01 FF FF FF FF 33 B2", set(range(1, 33))),
        ("80 01 00 00 00 33 B2", set()),  # seen on a board of 8: three bytes all the same
        ("80 01 00 00 01 33 B3", {1}),
        ("80 01 80 00 00 33 32", {24}),
        ("80 01 00 00 00 00 00 00 03 33 B1", {1, 2}),
    ],
)
def test_states_come_highest_first(answer: str, closed: set[int]) -> None:
    contacts = lock_frames.find_contacts(1, bytes_of(answer))
    assert contacts is not None
    assert {lock for lock, is_closed in contacts.items() if is_closed} == closed


@given(
    noise=st.binary(max_size=8), states=st.sampled_from([3, 4, 7]).flatmap(lambda n: st.binary(min_size=n, max_size=n))
)
def test_an_answer_is_found_behind_noise(noise: bytes, states: bytes) -> None:
    body = bytes((0x80, 1)) + states + bytes((0x33,))
    frame = body + bytes((lock_frames._checksum(body),))
    found = lock_frames.find_contacts(1, frame)
    assert found is not None
    assert {lock for lock, closed in found.items() if closed} == {
        bit + 1 for bit in range(len(states) * 8) if int.from_bytes(states, "big") >> bit & 1
    }
    assert lock_frames.find_contacts(1, noise + frame) is not None


@given(states=st.binary(min_size=3, max_size=3), at=st.integers(0, 6), flip=st.integers(1, 255))
def test_a_frame_with_one_wrong_byte_is_never_an_answer(states: bytes, at: int, flip: int) -> None:
    body = bytes((0x80, 1)) + states + bytes((0x33,))
    frame = bytearray(body + bytes((lock_frames._checksum(body),)))
    frame[at] ^= flip
    assert lock_frames.find_contacts(1, bytes(frame)) is None


async def test_contacts_are_read_and_locks_pulsed_over_the_line(tmp_path: Path) -> None:
    hub = Heard()
    async with plugged(tmp_path, replaying(DOCUMENT)) as wire:
        part = boards(wire.port)
        async with serving(part, hub):
            await until(lambda: hub.ups)
            await part.unlock(ONE)
        assert hub.readings[0] == {ONE: True, TWO: True}
        assert wire.heard.count(bytes_of("8A0101119B")) == 1


async def test_an_answer_in_pieces_behind_noise_is_an_answer(tmp_path: Path) -> None:
    hub = Heard()
    pieces = [bytes_of("00 FF 80"), bytes_of("80 01 FF FF"), bytes_of("FF FF 33"), bytes_of("B2")]
    async with plugged(tmp_path, lambda _: pieces) as wire, serving(boards(wire.port), hub):
        await until(lambda: hub.ups)
    assert hub.readings[0] == {ONE: True, TWO: True}


@pytest.mark.parametrize(
    "answer",
    ["", "80 01 FF FF FF FF 33 B3", "80 01 FF FF", "80 02 FF FF FF FF 33 B1", "8A 01 01 00 8A"],
    ids=["silence", "wrong checksum", "half a frame", "another board", "another answer"],
)
async def test_a_board_that_does_not_answer_rightly_is_lost_after_three_tries(
    tmp_path: Path, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_board, "STATUS_S", 0.05)
    hub = Heard()
    async with plugged(tmp_path, lambda _: [bytes_of(answer)]) as wire:
        with pytest.raises(DriverError, match="no answer"):
            await boards(wire.port).serve(hub)
        assert len(wire.heard) == 3
    assert (hub.ups, hub.readings) == (0, [])


async def test_one_lost_answer_is_no_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_board, "STATUS_S", 0.4)
    hub, answers = Heard(), iter([[], []])
    whole = [bytes_of(DOCUMENT["80 01 00 33 B2"])]
    async with plugged(tmp_path, lambda _: next(answers, whole)) as wire, serving(boards(wire.port), hub):
        await until(lambda: hub.ups)


async def test_an_adapter_that_echoes_is_named(tmp_path: Path) -> None:
    async with plugged(tmp_path, lambda request: [request, bytes_of("80 01 FF FF FF FF 33 B2")]) as wire:
        with pytest.raises(DriverError, match="echo"):
            await boards(wire.port).serve(Heard())


async def test_a_pulse_without_an_answer_is_never_sent_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_board, "PULSE_S", 0.05)
    hub = Heard()
    only_status = {"80 01 00 33 B2": DOCUMENT["80 01 00 33 B2"]}
    async with plugged(tmp_path, replaying(only_status)) as wire:
        part = boards(wire.port)
        async with serving(part, hub):
            await until(lambda: hub.ups)
            with pytest.raises(DriverError):
                await part.unlock(ONE)
            seen = len(hub.readings)
            await until(lambda: len(hub.readings) > seen + 1)
        assert wire.heard.count(bytes_of("8A0101119B")) == 1


async def test_nothing_is_sent_to_a_board_that_is_away(tmp_path: Path) -> None:
    part = boards(str(tmp_path / "nothing"))
    with pytest.raises(DriverError, match="nothing was sent"):
        await part.unlock(ONE)
    with pytest.raises(DriverError, match="cannot be opened"):
        await part.serve(Heard())


async def test_a_pulse_that_would_come_late_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "TURN_S", 0.01)
    monkeypatch.setattr(lock_board, "PULSE_S", 0.3)
    hub = Heard()
    async with plugged(tmp_path, replaying({"80 01 00 33 B2": DOCUMENT["80 01 00 33 B2"]})) as wire:
        part = boards(wire.port)
        async with serving(part, hub):
            await until(lambda: hub.ups)
            first = asyncio.create_task(part.unlock(ONE))
            await until(lambda: bytes_of("8A0101119B") in wire.heard)
            with pytest.raises(DriverError, match="nothing was sent"):
                await part.unlock(TWO)
            with pytest.raises(DriverError):
                await first
        assert bytes_of("8A01021198") not in wire.heard


@pytest.mark.parametrize(("bolt_feedback", "jams"), [(True, True), (False, False)])
async def test_a_bolt_that_does_not_move_is_a_jam_only_where_the_feedback_is_the_bolts(
    tmp_path: Path, bolt_feedback: bool, jams: bool
) -> None:
    hub = Heard()
    still_closed = {**DOCUMENT, "8A 01 01 11 9B": "8A 01 01 11 9B"}
    async with plugged(tmp_path, replaying(still_closed)) as wire:
        part = boards(wire.port, bolt_feedback=bolt_feedback)
        async with serving(part, hub):
            await until(lambda: hub.ups)
            if jams:
                with pytest.raises(DoorJammedError):
                    await part.unlock(ONE)
            else:
                await part.unlock(ONE)


async def test_a_board_that_is_pulled_ends_its_service_and_serves_again_when_it_is_back(tmp_path: Path) -> None:
    hub = Heard()
    wire = Wire(tmp_path / "ttyS0", replaying(DOCUMENT))
    wire.plug()
    part = boards(wire.port)
    task = asyncio.create_task(part.serve(hub))
    await until(lambda: hub.ups)
    wire.pull()
    with pytest.raises(DriverError, match="is gone"):
        await task
    wire.plug()
    ups = hub.ups
    async with serving(part, hub):
        await until(lambda: hub.ups > ups)
    wire.pull()


async def test_a_channel_the_board_does_not_have_is_named(tmp_path: Path) -> None:
    async with plugged(tmp_path, replaying(DOCUMENT)) as wire:
        part = boards(wire.port, inputs=frozenset({Terminal(1, 40)}))
        with pytest.raises(DriverError, match=r"no channels \[40\]"):
            await part.serve(Heard())
