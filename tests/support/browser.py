"""Chromium, driven by Playwright; the browser is the system's (`make system`), and it is an error if it is missing."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from playwright.sync_api import Browser, Page, expect, sync_playwright

QUIET = (  # it is to call nobody but the pages that are tested
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
PATIENCE_MS = 30_000  # a small machine with both cores busy; nothing waits longer than it must
ZONE = "Europe/Berlin"

expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser."""
    path = shutil.which("chromium")
    if path is None:
        raise FileNotFoundError("Browser tests need Chromium: make system")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=False, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def a_page(
    browser: Browser, *, at: datetime | None = None, dark: bool = False, size: tuple[int, int] = (1480, 940)
) -> Iterator[Page]:
    """Open an empty page; its clock stands at `at`. Nothing may go wrong in a script of ours."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id=ZONE,
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    if at is not None:
        page.clock.set_fixed_time(at)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert wrong == []
