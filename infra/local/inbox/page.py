"""The page for people: messages as Slack would render them, mail as a mail client would. No script of ours in mail."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from infra.local.inbox.blocks import Block, parsed, plain
from infra.local.inbox.box import Box, Entry

SHOWN = 200  # newest messages per channel; the JSON lists have them all
OURS = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; img-src 'self'"
A_MAILS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
SIGNS = {"🔔": "reminder", "⏰": "late", "🔎": "check", "🚨": "alarm"}
"""Signs at the head of a message, drawn by the page itself: not every machine has a font with pictures."""


@dataclass(frozen=True, kw_only=True)
class Post:
    """A Slack message, ready to be drawn."""

    entry: Entry
    blocks: list[Block]

    @property
    def direct(self) -> bool:
        """Whether it went to one person."""
        return self.entry.to[:1] in {"U", "D", "W", "@"}


@dataclass(frozen=True, kw_only=True)
class View:
    """What the page shows: all conversations or one, and one mail opened. `seen` differs when anything arrived."""

    seen: str
    mode: str
    posts: list[Post]
    conversations: list[tuple[str, int]]
    conversation: str
    letters: list[tuple[int, Entry]]
    opened: tuple[int, Entry] | None

    @classmethod
    def of(cls, box: Box, asked: Mapping[str, str], mode: str) -> "View":
        """Return what `asked` (the query) wants to see."""
        posts, letters = box.all("slack"), list(enumerate(box.all("email")))
        conversation = asked.get("to", "")
        number = asked.get("mail", "")
        opened = [each for each in letters if str(each[0]) == number] or letters[-1:]
        return cls(
            seen=f"{len(posts)}-{len(letters)}-{mode}",
            mode=mode,
            posts=[_post(entry) for entry in posts if conversation in {"", entry.to}][-SHOWN:],
            conversations=sorted(Counter(entry.to for entry in posts).items()),
            conversation=conversation,
            letters=letters[: -SHOWN - 1 : -1],
            opened=opened[0] if opened else None,
        )


def whole(view: View) -> Response:
    """Return the page."""
    return _drawn("page.html.j2", view)


def panes(view: View) -> Response:
    """Return the part of the page that changes."""
    return _drawn("panes.html.j2", view)


def letter(entry: Entry) -> Response:
    """Return a mail's HTML as it was sent, unable to run or load anything."""
    return HTMLResponse(entry.raw.get("BodyHtml") or "", headers={"Content-Security-Policy": A_MAILS})


def _post(entry: Entry) -> Post:
    return Post(entry=entry, blocks=parsed(entry.raw.get("blocks")))


def _drawn(template: str, view: View) -> Response:
    html = _templates().get_template(template).render(view=view, kind_of=_kind_of)
    return HTMLResponse(
        html, headers={"Content-Security-Policy": OURS, "Cache-Control": "no-store", "X-Seen": view.seen}
    )


def _kind_of(block: Any) -> str:
    return type(block).__name__.lower()


def _sign(title: str) -> str:
    """Return the name of the sign a headline begins with, empty for none."""
    return SIGNS.get(title[:1], "")


def _unsigned(title: str) -> str:
    return title[1:].lstrip() if _sign(title) else title


@cache
def _templates() -> Environment:
    folder = FileSystemLoader(Path(__file__).with_name("templates"))
    made = Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"plain": plain, "sign": _sign, "unsigned": _unsigned}
    return made
