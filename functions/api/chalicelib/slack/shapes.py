"""What Slack sends, as far as anything here looks at it: whatever has another shape is refused before bolt reads it."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl

import msgspec
from chalice.app import Request

from chalicelib.web import bodies
from toolcrib.domain.refusals import Invalid

Short = Annotated[str, msgspec.Meta(max_length=255)]
Words = Annotated[str, msgspec.Meta(max_length=3000)]
MOST_ACTIONS, MOST_FIELDS = 25, 50


class Named(msgspec.Struct):
    """Something with an id."""

    id: Short
    team_id: Short | None = None


class Action(msgspec.Struct):
    """A button that was pressed."""

    type: Short
    action_id: Short
    action_ts: Short = ""
    block_id: Short = ""
    value: Words = ""


class Place(msgspec.Struct, kw_only=True):
    """Where it comes from, as far as bolt looks."""

    type: Short
    team: Named | None = None
    enterprise: Named | None = None
    channel: Named | None = None
    team_id: Short | None = None
    enterprise_id: Short | None = None
    is_enterprise_install: bool | None = None
    authorizations: list[dict[str, Any]] | None = None


class Pressed(Place, kw_only=True):
    """Somebody pressed a button."""

    user: Named
    actions: Annotated[list[Action], msgspec.Meta(min_length=1, max_length=MOST_ACTIONS)]
    response_url: Words | None = None
    message: dict[str, Any] | None = None
    view: dict[str, Any] | None = None


class Event(msgspec.Struct):
    """Something that happened in Slack."""

    type: Short
    user: Short | Named | None = None
    channel: Short | Named | None = None
    tab: Short = "home"
    subtype: Short | None = None
    team: Short | None = None
    bot_id: Short | None = None
    message: dict[str, Any] | None = None


class Called(Place, kw_only=True):
    """Slack tells of an event, or asks whether we are there."""

    challenge: Words | None = None
    event: Event | None = None

    def __post_init__(self) -> None:
        """Refuse what is neither."""
        if self.event is None and self.challenge is None:
            raise ValueError("neither an event nor a challenge")


class Command(msgspec.Struct):
    """A slash command's form, where every field is text."""

    command: Short
    user_id: Short
    text: Words = ""
    response_url: Words = ""


def check_shape(request: Request) -> None:
    """Let pass what has a shape that Slack sends to this address; raises `Invalid`, `TooLarge`."""
    body, what = bodies.raw(request), str(request.context["resourcePath"]).rsplit("/", 1)[1]
    if what == "events":
        _fit(bodies.parse(body), Called)
        return
    form = _form(body)
    if what == "commands":
        _fit(form, Command)
    else:
        _fit(bodies.parse(form.get("payload", "").encode()), Pressed)


def _form(body: bytes) -> Mapping[str, str]:
    """Return a form's fields; raises `Invalid` for anything that bolt would not take as one."""
    try:
        text = body.decode()
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"))
    except ValueError:
        raise Invalid(detail="the body is not a form in UTF-8") from None
    if text.startswith("{"):
        raise Invalid(detail="the body is not a form")
    return fields


def _fit(values: Mapping[str, Any], kind: type[msgspec.Struct]) -> None:
    try:
        msgspec.convert(values, kind)
    except msgspec.ValidationError:
        raise Invalid(detail="this is not what Slack sends here") from None
