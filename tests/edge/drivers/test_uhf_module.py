"""Serial UHF modules. Requests and answers are those of M5Stack's document (docs/hardware.md, *Tag readers*)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.drivers import uhf_frames, uhf_module
from edge.drivers.base import DriverError
from edge.drivers.uhf_module import UhfReader
from edge.settings.devices import UhfModule
from tests.edge.drivers.wires import Heard, Wire, bytes_of, plugged, serving
from tests.edge.network import until

ASK_MODEL, MODEL = "BB 00 03 00 01 00 04 7E", "BB 01 03 00 0B 00 4D 31 30 30 20 56 31 2E 30 30 22 7E"
POLL = "BB 00 22 00 00 22 7E"
TAG = "BB 02 22 00 11 C9 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 3A 76 EF 7E"
NO_TAG = "BB 01 FF 00 01 15 16 7E"
EPC = "30751FEB705C5904E3D50D70"


def module(polls: Callable[[], list[str]]) -> Callable[[bytes], list[bytes]]:
    """Answer as the document's module; `polls` says in which pieces it answers a poll."""

    def answer(request: bytes) -> list[bytes]:
        if request == bytes_of(ASK_MODEL):
            return [bytes_of(MODEL)]
        assert request == bytes_of(POLL)
        return [bytes_of(piece) for piece in polls()]

    return answer


async def inventory(folder: Path, polls: Callable[[], list[str]], rounds: int = 1) -> tuple[str, ...]:
    hub = Heard()
    async with plugged(folder, module(polls)) as wire:
        part = UhfReader(UhfModule(port=wire.port, rounds=rounds))
        async with serving(part, hub):
            await until(lambda: hub.ups)
            return await part.inventory()


def test_requests_are_those_the_document_prints() -> None:
    assert uhf_frames.request(uhf_frames.POLL) == bytes_of(POLL)
    assert uhf_frames.request(uhf_frames.INFORMATION, b"\0") == bytes_of(ASK_MODEL)


async def test_the_documents_tag_is_read(tmp_path: Path) -> None:
    assert await inventory(tmp_path, lambda: [TAG]) == (EPC,)


async def test_no_tag_is_an_empty_inventory(tmp_path: Path) -> None:
    assert await inventory(tmp_path, lambda: [NO_TAG]) == ()


async def test_several_tags_of_one_poll_come_in_any_pieces(tmp_path: Path) -> None:
    other = "BB 02 22 00 11 C9 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 71 3A 76 F0 7E"
    assert await inventory(tmp_path, lambda: [TAG[:20], TAG[20:] + other]) == (EPC, EPC[:-1] + "1")


async def test_tags_of_several_polls_add_up(tmp_path: Path) -> None:
    answers = iter([[NO_TAG], [TAG], [NO_TAG]])
    assert await inventory(tmp_path, lambda: next(answers), rounds=3) == (EPC,)


@pytest.mark.parametrize(
    "garbled", [TAG[:-6] + "EE 7E", "00 " + TAG, TAG[:30], "BB 01 FF 00 01 16 17 7E", TAG.replace("34 00", "2C 00")]
)
async def test_a_garbled_poll_is_made_again(tmp_path: Path, garbled: str) -> None:
    answers = iter([[garbled], [TAG]])
    assert await inventory(tmp_path, lambda: next(answers)) == (EPC,)


async def test_an_inventory_that_stays_garbled_says_so_instead_of_empty(tmp_path: Path) -> None:
    with pytest.raises(DriverError, match="garbled"):
        await inventory(tmp_path, lambda: [TAG[:-6] + "EE 7E"])


async def test_a_module_that_falls_silent_says_nothing_about_tags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uhf_module, "ANSWER_S", 0.4)
    with pytest.raises(DriverError, match="no answer"):
        await inventory(tmp_path, list)


async def test_a_module_that_is_pulled_is_away(tmp_path: Path) -> None:
    hub = Heard()
    wire = Wire(tmp_path / "ttyS0", module(lambda: [TAG]))
    wire.plug()
    part = UhfReader(UhfModule(port=wire.port))
    async with serving(part, hub):
        await until(lambda: hub.ups)
        wire.pull()
        with pytest.raises(DriverError, match="is gone"):
            await part.inventory()
    with pytest.raises(DriverError, match="is away"):
        await part.inventory()


@given(st.binary(max_size=64))
def test_any_bytes_are_taken_apart(heard: bytes) -> None:
    found = uhf_frames.parse(heard)
    assert all(uhf_frames.request(frame.command, frame.data)[5:-2] == frame.data for frame in found.frames)


@given(before=st.binary(max_size=6).filter(lambda noise: 0xBB not in noise), data=st.binary(max_size=20))
def test_a_frame_is_found_behind_noise(before: bytes, data: bytes) -> None:
    frame = uhf_frames.request(0x22, data)
    found = uhf_frames.parse(before + frame)
    assert [each.data for each in found.frames] == [data]
    assert found.noise == bool(before)
