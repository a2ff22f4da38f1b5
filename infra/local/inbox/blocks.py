"""The part of Slack's Block Kit that is understood here, with Slack's limits; anything else is `invalid_blocks`."""

from typing import Annotated, Any, Literal

import msgspec

TextLine = Annotated[str, msgspec.Meta(min_length=1, max_length=3000)]


class Text(msgspec.Struct):
    """A text object."""

    type: Literal["plain_text", "mrkdwn"]
    text: TextLine
    emoji: bool | None = None


class Title(msgspec.Struct):
    """A header's text: plain only."""

    type: Literal["plain_text"]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=150)]
    emoji: bool | None = None


class Field(msgspec.Struct):
    """One of a section's fields."""

    type: Literal["plain_text", "mrkdwn"]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    emoji: bool | None = None


class Header(msgspec.Struct, tag_field="type", tag="header"):
    """A headline."""

    text: Title


class Section(msgspec.Struct, tag_field="type", tag="section"):
    """A text, fields in two columns, or both."""

    text: Text | None = None
    fields: Annotated[list[Field], msgspec.Meta(min_length=1, max_length=10)] | None = None

    def __post_init__(self) -> None:
        """Refuse an empty one, as Slack does."""
        if self.text is None and self.fields is None:
            raise ValueError("a section needs text or fields")


class Context(msgspec.Struct, tag_field="type", tag="context"):
    """Small print."""

    elements: Annotated[list[Text], msgspec.Meta(min_length=1, max_length=10)]


class Divider(msgspec.Struct, tag_field="type", tag="divider"):
    """A line."""


class Label(msgspec.Struct):
    """What a button says: plain only."""

    type: Literal["plain_text"]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=75)]
    emoji: bool | None = None


class Yes(msgspec.Struct):
    """What a question is answered with: plain only."""

    type: Literal["plain_text"]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=30)]
    emoji: bool | None = None


class Ask(msgspec.Struct):
    """What is asked before a grave button counts."""

    title: Label
    text: Text
    confirm: Yes
    deny: Yes


class Button(msgspec.Struct, tag_field="type", tag="button"):
    """Something to press."""

    text: Label
    action_id: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    value: Annotated[str, msgspec.Meta(max_length=2000)] = ""
    style: Literal["primary", "danger"] | None = None
    confirm: Ask | None = None


class Actions(msgspec.Struct, tag_field="type", tag="actions"):
    """Buttons in a row."""

    elements: Annotated[list[Button], msgspec.Meta(min_length=1, max_length=25)]


Block = Header | Section | Context | Divider | Actions
Blocks = Annotated[list[Block], msgspec.Meta(max_length=50)]


def parsed(blocks: Any) -> list[Block]:
    """Return the blocks of a message; raises `msgspec.ValidationError` where Slack would refuse them."""
    return msgspec.convert(blocks or [], Blocks)


def lines(blocks: list[Block]) -> list[str]:
    """Return what a reader sees, from the top."""
    return [plain(line) for block in blocks for line in _texts(block)]


def plain(text: str) -> str:
    """Decode what Slack decodes for display: three entities and nothing else."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _texts(block: Block) -> list[str]:
    match block:
        case Header(text=title):
            return [title.text]
        case Section(text=text, fields=fields):
            return [each.text for each in ([text] if text else []) + list(fields or [])]
        case Context(elements=elements):
            return [each.text for each in elements]
        case Actions(elements=buttons):
            return [f"[{button.text.text}]" for button in buttons]
        case _:
            return []
