"""The screen beside a running bank: it shows what the bank does, and takes nobody down with it."""

import asyncio
import json
import socket
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from edge.kiosk import server
from edge.kiosk.kiosk import Kiosk
from edge.uploads import Choice, FaultReport, Severity
from tests.edge.network import Cloud, Network, until
from tests.edge.rig import UID
from tests.edge.service.test_running import Service, service


class Page:
    """What a browser hears from the kiosk of a served bank, and what it asks it to do."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.screens: list[str] = []

    async def listen(self) -> None:
        """Hear every view, from the moment the page is up until its bank ends."""
        async with httpx.AsyncClient(timeout=30) as client:
            while not self.screens:
                try:
                    async with client.stream("GET", f"{self.base}/events") as heard:
                        async for line in heard.aiter_lines():
                            if line.startswith("data: {"):
                                self.screens.append(json.loads(line.removeprefix("data: "))["view"]["screen"])
                except httpx.ConnectError:
                    await asyncio.sleep(0.01)

    async def does(self, act: str) -> int:
        async with httpx.AsyncClient() as client:
            return (await client.post(f"{self.base}/act", json={"act": act})).status_code


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@asynccontextmanager
async def with_a_screen(
    network: Network, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Service, Page, asyncio.Task[None]]]:
    monkeypatch.setattr(server, "FIRST_PAUSE_S", 0.01)
    page = Page(free_port())
    port = int(page.base.rpartition(":")[2])
    async with service(network, folder, monkeypatch, mode="kiosk", page=port) as made:
        hearing = asyncio.create_task(page.listen())
        serving = asyncio.create_task(made.serve())
        try:
            yield made, page, serving
        finally:
            if not serving.done():
                await made.ends(serving)
            hearing.cancel()
            await asyncio.wait([hearing])


def opening(cloud: Cloud, _: str, body: dict[str, Any]) -> list[Any]:
    return [cloud.open(body["id"], jti="g1", door=2)]


def test_the_page_shows_a_tap_from_the_badge_to_the_thank_you_and_the_end(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        cloud = Cloud(network.config(), opening)
        async with network.broker(), with_a_screen(network, tmp_path, monkeypatch) as (made, page, serving):
            async with cloud.online():
                await until(lambda: "idle" in page.screens and made.banks[0].base.trusted)
                made.controllers[0].tap(UID)
                await until(lambda: "open" in page.screens)
                made.steel.closed[2] = True
                await until(lambda: "thanks" in page.screens)
                await made.ends(serving)
                await serving
            await until(lambda: page.screens[-1] == "out_of_service")
            shown = [each for each in page.screens if each in {"idle", "open", "thanks"}]
            assert list(dict.fromkeys(shown)) == ["idle", "open", "thanks"]

    asyncio.run(story())


def test_a_page_that_is_up_before_its_bank_says_that_it_is_out_of_service(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with with_a_screen(network, tmp_path, monkeypatch) as (made, page, _):
            made.wire.pull()  # the cabinet does not answer: the bank waits for it before it boots
            await until(lambda: page.screens)
            assert page.screens == ["out_of_service"]

    asyncio.run(story())


def test_a_bank_without_a_screen_serves_no_page(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        port = free_port()
        async with service(network, tmp_path, monkeypatch, mode="express", page=port) as made:
            serving = asyncio.create_task(made.serve())
            await until(lambda: made.banks)
            with pytest.raises(httpx.ConnectError):
                await Page(port).does("touch")
            await made.ends(serving)

    asyncio.run(story())


def test_a_page_whose_port_is_taken_comes_when_it_is_free_and_the_reader_works_meanwhile(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        cloud = Cloud(network.config(), opening)
        monkeypatch.setattr(server, "FIRST_PAUSE_S", 0.01)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            page = Page(taken.getsockname()[1])
            async with (
                network.broker(),
                service(network, tmp_path, monkeypatch, mode="kiosk", page=taken.getsockname()[1]) as made,
                cloud.online(),
            ):
                serving = asyncio.create_task(made.serve())
                await until(lambda: made.banks and made.banks[0].base.trusted)
                made.controllers[0].tap(UID)
                await until(lambda: made.steel.pulses == [2])
                taken.close()
                hearing = asyncio.create_task(page.listen())
                await until(lambda: page.screens)
                await made.ends(serving)
                await serving
                await hearing

    asyncio.run(story())


def test_a_server_that_fails_is_begun_again(network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        whole, fails = server.app, iter([True, True])

        def failing(kiosk: Kiosk) -> Any:
            if next(fails, False):
                raise RuntimeError("no routes today")
            return whole(kiosk)

        monkeypatch.setattr(server, "app", failing)
        async with with_a_screen(network, tmp_path, monkeypatch) as (made, page, serving):
            await until(lambda: made.banks and page.screens)
            assert not serving.done()
            assert next(fails, None) is None

    asyncio.run(story())


@pytest.mark.parametrize("what", ["observe", "changed", "wants_further_badge", "attach"])
def test_a_screen_that_fails_leaves_the_reader_working(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    async def story() -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("the screen is broken")

        monkeypatch.setattr(Kiosk, what, broken)
        cloud = Cloud(network.config(), opening)
        screen = with_a_screen(network, tmp_path, monkeypatch)
        async with network.broker(), screen as (made, _, serving), cloud.online():
            await until(lambda: made.banks and made.banks[0].base.trusted)
            made.controllers[0].tap(UID)
            await until(lambda: made.steel.pulses == [2])
            assert not serving.done()

    asyncio.run(story())


@pytest.mark.parametrize(
    "asked",
    [
        lambda hands: hands.leave(),
        lambda hands: hands.report_fault(FaultReport(severity=Severity.MINOR)),
        lambda hands: hands.choose(Choice(session="s", option="take:x")),
    ],
    ids=["leave", "report_fault", "choose"],
)
def test_a_journal_that_fails_under_the_screens_hands_ends_the_process(
    network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: Any
) -> None:
    async def story() -> None:
        async with with_a_screen(network, tmp_path, monkeypatch) as (made, _, serving):
            await until(lambda: made.banks)

            def fails(*_: object) -> None:
                raise sqlite3.OperationalError("disk I/O error")

            for decision in ("on_left", "on_fault", "on_choice"):
                monkeypatch.setattr(made.banks[0], decision, fails)
            with pytest.raises(sqlite3.OperationalError):
                asked(made.controllers[0])
            with pytest.raises(ExceptionGroup) as ended:
                await serving
            assert ended.value.subgroup(sqlite3.Error)

    asyncio.run(story())
