"""A page's examples, section by section, as its code blocks say them.

```http          a request: the first line, headers, an empty line, the body
```json          (part of) the reply to the request before it
```sh            toolcrib tap BANK UID [--option N] [--pin PIN] [--new-pin PIN] [--with UID] [--answers ID=ANSWER,...]
```text          what the bank shows then, line by line
<!-- later: hours=2 -->
"""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt


@dataclass(frozen=True)
class Request:
    """Something asked over HTTP."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    """What has to be among the fields of the answer."""

    fields: Any


@dataclass(frozen=True)
class Tap:
    """Somebody at a bank."""

    bank: str
    uid: str
    flags: dict[str, str]


@dataclass(frozen=True)
class Shown:
    """What the bank shows them, line by line."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Later:
    """Time passes."""

    passed: dict[str, float]


Step = Request | Reply | Tap | Shown | Later


@dataclass(frozen=True)
class Section:
    """One heading's examples: they begin in a fresh workplace."""

    title: str
    steps: tuple[Step, ...]


def sections(page: Path) -> tuple[Section, ...]:
    """Return the sections of a page that have examples."""
    found: dict[str, list[Step]] = {}
    title = ""
    tokens = MarkdownIt().parse(page.read_text())
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            title = tokens[number + 1].content
        elif token.type == "fence":
            found.setdefault(title, []).extend(_steps(token.info, token.content))
        elif token.type == "html_block" and (later := re.fullmatch(r"<!-- later: (.+) -->\s*", token.content)):
            passed = dict(each.split("=") for each in later[1].split())
            found.setdefault(title, []).append(Later({unit: float(amount) for unit, amount in passed.items()}))
    return tuple(Section(title, tuple(steps)) for title, steps in found.items())


def _steps(kind: str, content: str) -> Iterator[Step]:
    match kind:
        case "http":
            yield _request(content)
        case "json":
            yield Reply(json.loads(content))
        case "text":
            yield Shown(tuple(content.splitlines()))
        case "sh":
            yield from map(_tap, content.splitlines())


def _request(content: str) -> Request:
    head, _, body = content.partition("\n\n")
    first, *headers = head.splitlines()
    method, path = first.split()
    named = dict(header.split(": ", 1) for header in headers)
    return Request(method, path.removeprefix("/v1"), named, json.loads(body) if body.strip() else None)


def _tap(line: str) -> Tap:
    toolcrib, verb, bank, uid, *flags = shlex.split(line)
    assert (toolcrib, verb) == ("toolcrib", "tap"), line
    return Tap(bank, uid, dict(zip(flags[::2], flags[1::2], strict=True)))
