"""Words as a mail: text for those who read text, HTML that holds on phones and in the dark."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from chalicelib.notices.wording.facts import Facts
from chalicelib.notices.wording.words import Button, Words

Buttons = tuple[Button, ...]


def text(words: Words, facts: Facts, buttons: Buttons = (), unsubscribe: str = "") -> str:
    """Return the plain half."""
    return _render("mail.txt.j2", words, facts, buttons, unsubscribe)


def html(words: Words, facts: Facts, buttons: Buttons = (), unsubscribe: str = "") -> str:
    """Return the HTML half; everything in it is escaped."""
    return _render("mail.html.j2", words, facts, buttons, unsubscribe)


def _render(template: str, words: Words, facts: Facts, buttons: Buttons, unsubscribe: str) -> str:
    linked = [button for button in buttons if button.link]
    say = facts.speech.say
    return (
        _templates()
        .get_template(template)
        .render(
            words=words,
            tags=facts.tags,
            language=facts.speech.language,
            buttons=linked,
            unsubscribe=unsubscribe,
            no_more=say("Send me no more of these"),
            asks_again=say("Each button first shows what will happen and asks you to confirm it."),
        )
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
