"""The part of Slack's Block Kit that is understood here, with Slack's limits; anything else is `invalid_blocks`."""

from typing import Annotated, Any, Literal

import msgspec

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=3000)]
HEADER, FIELD, LABEL, TITLE, ASKED, ANSWER, ALT = 150, 2000, 75, 100, 300, 30, 2000  # characters, by Slack's reference
IN_MESSAGE, IN_HOME = 50, 100  # blocks


class Plain(msgspec.Struct, tag_field="type", tag="plain_text"):
    """A text that is shown as it is."""

    text: Line
    emoji: bool | None = None


class Mrkdwn(msgspec.Struct, tag_field="type", tag="mrkdwn"):
    """A text with Slack's marks for bold, code, links and the like."""

    text: Line
    verbatim: bool | None = None


Text = Plain | Mrkdwn


class Image(msgspec.Struct, tag_field="type", tag="image"):
    """A picture, as a block or as an element; nothing is loaded here, its `alt_text` is shown."""

    image_url: Line
    alt_text: Annotated[str, msgspec.Meta(max_length=ALT)]
    title: Plain | None = None


class Ask(msgspec.Struct):
    """What is asked before a grave button counts."""

    title: Plain
    text: Text
    confirm: Plain
    deny: Plain
    style: Literal["primary", "danger"] | None = None

    def __post_init__(self) -> None:
        """Refuse what is too long for a dialog."""
        _fit(self.title, TITLE)
        _fit(self.text, ASKED)
        _fit(self.confirm, ANSWER)
        _fit(self.deny, ANSWER)


class Button(msgspec.Struct, tag_field="type", tag="button"):
    """Something to press."""

    text: Plain
    action_id: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    value: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    style: Literal["primary", "danger"] | None = None
    confirm: Ask | None = None

    def __post_init__(self) -> None:
        """Refuse a label that is too long."""
        _fit(self.text, LABEL)


class Header(msgspec.Struct, tag_field="type", tag="header"):
    """A headline: plain only."""

    text: Plain

    def __post_init__(self) -> None:
        """Refuse one that is too long."""
        _fit(self.text, HEADER)


class Section(msgspec.Struct, tag_field="type", tag="section"):
    """A text, fields in two columns, or both, and one thing beside them."""

    text: Text | None = None
    fields: Annotated[list[Text], msgspec.Meta(min_length=1, max_length=10)] | None = None
    accessory: Button | Image | None = None

    def __post_init__(self) -> None:
        """Refuse an empty one, as Slack does."""
        if self.text is None and self.fields is None:
            raise ValueError("a section needs text or fields")
        for each in self.fields or []:
            _fit(each, FIELD)


class Context(msgspec.Struct, tag_field="type", tag="context"):
    """Small print."""

    elements: Annotated[list[Plain | Mrkdwn | Image], msgspec.Meta(min_length=1, max_length=10)]


class Divider(msgspec.Struct, tag_field="type", tag="divider"):
    """A line."""


class Actions(msgspec.Struct, tag_field="type", tag="actions"):
    """Buttons in a row."""

    elements: Annotated[list[Button], msgspec.Meta(min_length=1, max_length=25)]


Block = Header | Section | Context | Divider | Actions | Image


def parsed(blocks: Any, most: int = IN_MESSAGE) -> list[Block]:
    """Return the blocks of a message or a home; raises `msgspec.ValidationError` where Slack would refuse them."""
    found: list[Block] = msgspec.convert(blocks or [], list[Block])
    if len(found) > most:
        raise msgspec.ValidationError(f"no more than {most} blocks")
    return found


def button(block: Block, element: int | None) -> Button | None:
    """Return a block's button by its place among its elements, or the one beside its text; None where there is none."""
    if isinstance(block, Actions) and element is not None:
        return block.elements[element] if 0 <= element < len(block.elements) else None
    beside = block.accessory if isinstance(block, Section) and element is None else None
    return beside if isinstance(beside, Button) else None


def lines(blocks: list[Block]) -> list[str]:
    """Return what a reader sees, from the top."""
    return [plain(line) for block in blocks for line in _texts(block)]


def plain(text: str) -> str:
    """Decode what Slack decodes for display: three entities and nothing else."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _fit(text: Text, most: int) -> None:
    if len(text.text) > most:
        raise ValueError(f"no more than {most} characters")


def _texts(block: Block) -> list[str]:
    match block:
        case Header(text=title):
            return [title.text]
        case Section(text=text, fields=fields, accessory=accessory):
            beside = [_name(accessory)] if accessory else []
            return [each.text for each in ([text] if text else []) + list(fields or [])] + beside
        case Context(elements=elements):
            return [_name(each) for each in elements]
        case Actions(elements=buttons):
            return [_name(each) for each in buttons]
        case Image():
            return [_name(block)]
        case _:
            return []


def _name(element: Text | Button | Image) -> str:
    match element:
        case Button(text=label):
            return f"[{label.text}]"
        case Image(alt_text=alt):
            return alt
        case _:
            return element.text
