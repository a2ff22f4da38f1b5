"""The pictures of docs/kiosk.md: every state of the kiosk, on the small screen, some of them on the tall one."""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser

from tests.support.browser import a_page
from tests.support.kiosk_scenes import SCENES, plays
from tests.support.kiosks import on_stage

PICTURES: Final = Path("docs/pictures/kiosk")
SMALL, TALL = (800, 480), (1080, 1920)
ALSO_TALL: Final = ("idle", "choice", "open")
COLOURS: Final = 96  # flat areas and few colours: a palette makes a third of the file, and nobody sees it
SETTLED_MS: Final = 400


def take(browser: Browser, folder: Path = PICTURES) -> None:
    """Take them all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCENES:
        _take(browser, name, SMALL, folder / f"{name}.png")
    for name in ALSO_TALL:
        _take(browser, name, TALL, folder / f"{name}-tall.png")


def _take(browser: Browser, name: str, size: tuple[int, int], path: Path) -> None:
    with on_stage() as stage, a_page(browser, size=size) as page:
        plays(name, stage, page)
        page.wait_for_timeout(SETTLED_MS)
        picture = Image.open(BytesIO(page.screenshot()))
    if size == TALL:
        picture = picture.resize((size[0] // 2, size[1] // 2), Image.Resampling.LANCZOS)
    keep(picture, path)


def keep(picture: Image.Image, path: Path) -> None:
    """Write a picture small."""
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
