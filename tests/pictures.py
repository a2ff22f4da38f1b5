"""The pictures of the docs: the real inbox before the real API, and the kiosk, always the same: `make pictures`."""

import asyncio
import socket
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests import pictures_of_kiosks
from tests.edge.network import Authority, Network
from tests.support.browser import a_page, chromium
from tests.support.playing import panel_page, takes_the_drill_out
from tests.support.talking import CHANNEL, NOW, Talk, talking
from toolcrib.domain.policies import To, Via

PICTURES: Final = Path("docs/pictures")
WIDE, TALL = (1280, 760), (1700, 1300)
TO_OMAR: Final = {"to": To.SUPERVISOR, "recipient": "p-9"}


def take(folder: Path = PICTURES) -> None:
    """Take them all."""
    with tempfile.TemporaryDirectory() as data, talking(Path(data)) as here, chromium() as browser:
        here.tell("PT2H", **TO_OMAR, via=Via.SLACK)
        here.tell("PT2H", to=To.CHANNEL, recipient=CHANNEL, via=Via.SLACK)
        here.tell("PT2H", to=To.HOLDER, recipient="p-1", via=Via.EMAIL)
        here.tell("PT2H", **TO_OMAR, via=Via.EMAIL)
        _answering(here, browser, folder)
        _asking(here, browser, folder)
        _whole(here, browser, folder)
        pictures_of_kiosks.take(browser, folder / "kiosk")
    asyncio.run(_playing(folder))


async def _playing(folder: Path) -> None:
    """The panel of a simulated bank, with somebody at its door."""
    with tempfile.TemporaryDirectory() as made, socket.create_server(("127.0.0.1", 0)) as probe:
        network = Network(Authority(Path(made)), probe.getsockname()[1])
        probe.close()
        async with panel_page(network, Path(made)) as (page, _):
            await takes_the_drill_out(page)
            await page.mouse.move(0, 0)
            picture = Image.open(BytesIO(await page.screenshot()))
            pictures_of_kiosks.keep(picture, folder / "panel.png")


def _answering(here: Talk, browser: Browser, folder: Path) -> None:
    """A message to a supervisor, the question before a grave button, and the message after a press."""
    with a_page(browser, at=NOW, size=TALL) as page:
        page.goto(f"{here.inbox}/?as=U0OMAR&to=U0OMAR")
        message = page.get_by_role("article")
        message.screenshot(path=folder / "slack-late.png")
        message.get_by_role("button", name="Declare it lost").click()
        page.get_by_role("dialog").screenshot(path=folder / "slack-sure.png")
        page.keyboard.press("Escape")
        message.get_by_role("button", name="I see to it").click()
        expect(message).to_contain_text("Omar Haddad: I see to it")
        page.mouse.move(0, 0)
        _settled(page)
        message.screenshot(path=folder / "slack-seen-to.png")


def _asking(here: Talk, browser: Browser, folder: Path) -> None:
    """A command with its private answer, and the home of somebody who looks after things."""
    with a_page(browser, at=NOW, size=TALL) as page:
        page.goto(f"{here.inbox}/?as=U0OMAR&to=U0OMAR")
        page.get_by_label("Command as").fill("/toolcrib who camera")
        page.keyboard.press("Enter")
        answer = page.get_by_role("article").filter(has_text="only visible to you")
        expect(answer).to_contain_text("Thermal camera 2")
        answer.screenshot(path=folder / "slack-answer.png")
        page.goto(f"{here.inbox}/?as=U0MAYA&to=~home")
        home = page.get_by_role("article")
        expect(home).to_contain_text("Thermal camera 2")
        _settled(page)
        box = home.bounding_box()
        assert box is not None
        around = {"x": box["x"] - 24, "y": box["y"] - 16, "width": box["width"] + 48, "height": box["height"] + 32}
        page.screenshot(path=folder / "slack-home.png", clip=around)


def _whole(here: Talk, browser: Browser, folder: Path) -> None:
    """The inbox as a whole."""
    with a_page(browser, at=NOW, size=WIDE) as page:
        page.goto(f"{here.inbox}/?as=U0OMAR&to=U0OMAR")
        page.frame_locator("iframe").get_by_role("heading").first.wait_for()
        page.get_by_role("article").first.scroll_into_view_if_needed()
        _settled(page)
        page.screenshot(path=folder / "inbox.png")


def _settled(page: Page) -> None:
    """Wait until nothing is under way."""
    expect(page.locator("[aria-busy]")).to_have_count(0)


if __name__ == "__main__":
    take()
