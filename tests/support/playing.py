"""The panel of one bank with a kiosk, in a real browser: cards, things behind doors, a cloud that gives a drill."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright, expect

from edge import panel
from edge.kiosk.server import Server
from edge.simulation.fleet import Fleet
from tests.edge.network import Cloud, Network, until
from tests.edge.rig import UID
from tests.edge.test_panel import DRILL, WRENCH, entry, write_stack
from tests.support.browser import PATIENCE_MS, QUIET
from tests.support.kiosks import a_session, an_option

BANK = "hq-01"
expect.set_options(timeout=PATIENCE_MS)


@asynccontextmanager
async def panel_page(network: Network, folder: Path) -> AsyncIterator[tuple[Page, Cloud]]:
    """Return the panel's page as it is opened, and the cloud that its bank talks to."""
    cloud, fleet = Cloud(network.config(), _answers), _stocked(network, folder)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        async with network.broker(), cloud.online(), _serving(fleet, listening), async_playwright() as playwright:
            path = shutil.which("chromium")
            browser = await playwright.chromium.launch(executable_path=path, chromium_sandbox=False, args=QUIET)
            page = await browser.new_page(viewport={"width": 1400, "height": 1000}, reduced_motion="reduce")
            page.set_default_timeout(PATIENCE_MS)
            await page.goto(f"http://127.0.0.1:{listening.getsockname()[1]}/play/{BANK}")
            yield page, cloud
            await browser.close()


def _answers(cloud: Cloud, kind: str, body: dict[str, Any]) -> list[Any]:
    if kind == "choice":
        return [cloud.open(body["id"], jti="g1")]
    options = an_option("take", "Take Cordless drill", door=3), an_option("renew", "Keep it longer")
    return [("session", {"re": body["id"], **a_session(*options)})]


def _stocked(network: Network, folder: Path) -> Fleet:
    stack = write_stack(network, hq_01=entry(network, BANK, kiosk=True, doors=12))
    known = f'"badges": {{"lena.hoffmann": "{UID}", "ada.novak": "04B1C2D3E4F581"}}, "org"'
    stack.write_text(stack.read_text().replace('"org"', known))
    fleet = Fleet(stack, folder / "edge")
    fleet.world.name({DRILL: "Cordless drill #4", WRENCH: "Torque wrench #2"})
    fleet.world.stock(BANK, {3: [DRILL], 5: [WRENCH]})
    return fleet


@asynccontextmanager
async def _serving(fleet: Fleet, listening: socket.socket) -> AsyncIterator[None]:
    await fleet.start_all()
    web = Server(panel.app(fleet), fleet.let_go)
    serving = asyncio.create_task(web._serve([listening]))
    try:
        await until(lambda: web.started and fleet.bank(BANK).state()["ready"])
        yield
    finally:
        web.should_exit = True
        await serving
        await fleet.stop_all()


async def takes_the_drill_out(page: Page) -> None:
    """Tap, choose, pull the door, take the drill: the door stands open."""
    kiosk = page.frame_locator("iframe")
    await expect(kiosk.get_by_role("heading", level=1)).to_have_text("Hold your badge to the reader")
    await page.get_by_role("button", name="Lena Hoffmann").click()
    await kiosk.get_by_role("button", name="Take Cordless drill").click()
    door = page.get_by_role("group", name="Door 3", exact=True)
    await expect(door).to_contain_text("unlocked")
    await door.get_by_role("button", name="pull").click()
    await expect(kiosk.get_by_role("heading", level=1)).to_have_text("Door 3 is open")
    await door.get_by_role("button", name="take").click()
    await expect(page.locator("#pocket")).to_contain_text("Cordless drill #4")
