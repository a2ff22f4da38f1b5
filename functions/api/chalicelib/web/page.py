"""The documentation page, rendered from the OpenAPI document: no scripts, nothing from elsewhere."""

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from toolcrib.domain.principals import Role

LIMITS: Final = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "default": "default {}",
}
_CODE: Final = re.compile(r"`([^`]+)`")


def render(document: dict[str, Any]) -> str:
    """Return the page."""
    return _template().render(document=document, groups=_groups(document), roles=[str(role) for role in Role])


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"prose": prose, "limits": limits, "last": lambda ref: ref.rsplit("/", 1)[1]}
    return made.get_template("docs.html.j2")


def _groups(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the operations by noun, each with its method and path."""
    groups: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            answers = {status: _resolved(answer, document) for status, answer in operation["responses"].items()}
            groups[operation["tags"][0]].append({**operation, "responses": answers, "method": method, "path": path})
    return groups


def _resolved(answer: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    name = answer.get("$ref", "").rsplit("/", 1)[-1]
    found: dict[str, Any] = document["components"]["responses"].get(name, answer)
    return found


def prose(text: str) -> Markup:
    """Return a description as paragraphs, with what stands between backticks as code."""
    paragraphs = (part.strip() for part in text.split("\n\n"))
    return Markup().join(
        Markup("<p>{}</p>").format(Markup(_CODE.sub(r"<code>\1</code>", str(escape(part)))))  # noqa: S704 - escaped
        for part in paragraphs
        if part
    )


def limits(schema: dict[str, Any]) -> str:
    """Return the limits of a field in words; patterns are left to the document itself."""
    options = [schema, *(option for option in schema.get("anyOf", ()) if option != {"type": "null"})]
    said = [
        words.format(option[name])
        for name, words in LIMITS.items()
        for option in options
        if isinstance(option.get(name), int | str) and option[name] not in {"", False}
    ]
    return ", ".join(dict.fromkeys(said))
