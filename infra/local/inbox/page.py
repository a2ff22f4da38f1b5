"""The page for people: messages as Slack would render them, mail as a mail client would. No script of ours in mail."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from infra.local.inbox.blocks import plain
from infra.local.inbox.box import Entry
from infra.local.inbox.mrkdwn import linked, marked, signed
from infra.local.inbox.view import HOME, View

OURS: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
SANDBOX: Final = (
    "allow-popups allow-popups-to-escape-sandbox"  # a link opens a window of its own, which is as any other
)
A_MAILS: Final = f"default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; sandbox {SANDBOX}"
HEAD: Final = re.compile(r"<head(\s[^>]*)?>", re.IGNORECASE)
NEW_WINDOW: Final = '<base target="_blank">'


def whole(view: View) -> Response:
    """Return the page."""
    return _drawn("page.html.j2", view)


def panes(view: View) -> Response:
    """Return the part of the page that changes; `X-Seen` differs when it does."""
    return _drawn("panes.html.j2", view)


def letter(entry: Entry) -> Response:
    """Return a mail's HTML as it was sent, unable to run or load anything; its links open windows of their own."""
    html = entry.raw.get("BodyHtml") or ""
    html = HEAD.sub(lambda head: head.group() + NEW_WINDOW, html, count=1) if HEAD.search(html) else NEW_WINDOW + html
    return HTMLResponse(html, headers={"Content-Security-Policy": A_MAILS, "Referrer-Policy": "no-referrer"})


def _drawn(template: str, view: View) -> Response:
    shown = {"view": view, "kind_of": _kind_of, "HOME": HOME, "SANDBOX": SANDBOX}
    html = _templates().get_template(template).render(shown)
    seen = sha256(html.encode()).hexdigest()[:16]
    headers = {"Content-Security-Policy": OURS, "Cache-Control": "no-store", "X-Seen": seen}
    return HTMLResponse(html, headers=headers)


def _kind_of(block: Any) -> str:
    return type(block).__name__.lower()


@cache
def _templates() -> Environment:
    folder = FileSystemLoader(Path(__file__).with_name("templates"))
    made = Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"plain": plain, "signed": signed, "linked": linked, "marked": marked}
    return made
