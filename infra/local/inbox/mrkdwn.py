"""Slack's own markup as HTML: what docs.slack.dev calls mrkdwn. Everything that is not a mark is escaped."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from markupsafe import Markup, escape

from infra.local.inbox.blocks import plain

MARKS: Final = re.compile(
    r"```(?P<pre>.+?)```"
    r"|`(?P<code>[^`\n]+)`"
    r"|<(?P<angle>[^<>\n]+)>"
    r"|(?<![\w*])\*(?P<b>[^*\n]+)\*(?![\w*])"
    r"|(?<!\w)_(?P<i>[^_\n]+)_(?!\w)"
    r"|(?<!\w)~(?P<s>[^~\n]+)~(?!\w)",
    re.DOTALL,
)
ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
SIGNS: Final[Mapping[str, str]] = {
    "🔔": "reminder",
    "⏰": "late",
    "🔎": "check",
    "🚨": "alarm",
    "✅": "done",
    "⚠": "warning",
    "❓": "missing",
}
"""Signs that are drawn by the page itself: not every machine has a font with pictures."""
SIGN: Final = re.compile(f"({'|'.join(SIGNS)})\ufe0f?")


def marked(text: str, name_of: Callable[[str], str]) -> Markup:
    """Return a mrkdwn text as HTML; `name_of` tells what a member or a channel is called."""
    pieces, at = [], 0
    for found in MARKS.finditer(text):
        pieces += [signed(plain(text[at : found.start()])), _mark(found, name_of)]
        at = found.end()
    return Markup("").join([*pieces, signed(plain(text[at:]))])


def signed(text: str) -> Markup:
    """Return plain text as HTML, its signs as pictures that are read out as what they are."""
    return Markup("").join(
        Markup('<img class="sign" src="/static/{}.svg" alt="{}" width="18" height="18">').format(SIGNS[piece], piece)
        if piece in SIGNS
        else escape(piece)
        for piece in SIGN.split(text)
    )


def linked(text: str) -> Markup:
    """Return plain text as HTML, its web addresses as links."""
    pieces, at = [], 0
    for found in ADDRESS.finditer(text):
        pieces += [escape(text[at : found.start()]), _link(found.group(), found.group())]
        at = found.end()
    return Markup("").join([*pieces, escape(text[at:])])


def _mark(found: re.Match[str], name_of: Callable[[str], str]) -> Markup:
    kind, inside = str(found.lastgroup), found.group(str(found.lastgroup))
    if kind == "angle":
        return _angle(inside, name_of)
    if kind in {"pre", "code"}:
        return Markup(f"<{kind}>{{}}</{kind}>").format(plain(inside))  # noqa: S704 - one of our own two words
    return Markup(f"<{kind}>{{}}</{kind}>").format(marked(inside, name_of))  # noqa: S704 - one of our own three


def _angle(inside: str, name_of: Callable[[str], str]) -> Markup:
    """Return a mention, or a link; whatever else stands in angle brackets is shown as Slack shows it, as text."""
    target, _, label = inside.partition("|")
    if target[:1] in {"@", "#"}:
        return Markup('<span class="mention">{}{}</span>').format(target[0], plain(label) or name_of(target[1:]))
    if target[:1] == "!":
        return Markup('<span class="mention">@{}</span>').format(plain(label) or target[1:])
    if target.startswith(("http://", "https://", "mailto:")):
        return _link(plain(target), plain(label) or plain(target))
    return escape(plain(label) or plain(target))


def _link(target: str, label: str) -> Markup:
    return Markup('<a href="{}" target="_blank" rel="noreferrer">{}</a>').format(target, label)
