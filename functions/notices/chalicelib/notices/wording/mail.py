"""Words as a mail: text for those who read text, HTML that holds on phones and in the dark."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.words import Words


def text(words: Words) -> str:
    """Return the plain half."""
    return _templates().get_template("mail.txt.j2").render(words=words)


def html(words: Words, facts: Facts) -> str:
    """Return the HTML half; everything in it is escaped."""
    return (
        _templates().get_template("mail.html.j2").render(words=words, tags=facts.tags, language=facts.speech.language)
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=select_autoescape(("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
