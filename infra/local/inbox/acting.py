"""What people do on the page: press a button, type a command, open the app's home; each as a member."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from infra.local.inbox import payloads
from infra.local.inbox.blocks import IN_HOME, Button, button, parsed
from infra.local.inbox.box import Box
from infra.local.inbox.calling import App
from infra.local.inbox.members import Member, Members, is_person
from infra.local.inbox.whispers import Whispers

GONE = "This has changed meanwhile."
NO_COMMAND = f"This inbox knows one command: {payloads.COMMAND}"
NOT_HERE = "Only its reader sees this conversation."
OTHER_SITE = "Only the inbox's own page may ask for this."


class Failed(Exception):  # noqa: N818 - told to whoever pressed
    """Why nothing was sent, in a sentence."""


class Press(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A button: in the message `ts`, or in the home where that is null; by its block, and its place in that."""

    user: str
    ts: str | None = None
    block: int
    element: int | None = None
    action: str


class Command(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A typed line, and the conversation it was typed in."""

    user: str
    conversation: str = ""
    text: str


class Opening(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Who opens the app's home."""

    user: str


Asked = TypeVar("Asked", Press, Command, Opening, Member)


async def read(request: Request, kind: type[Asked]) -> Asked:
    """Return what the page asks for; raises `Failed`. Another site's page cannot send JSON here without our leave."""
    if request.headers.get("content-type") != payloads.JSON:
        raise Failed(OTHER_SITE)
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Failed(str(error)) from None


@dataclass(frozen=True)
class Acting:
    """Turns what somebody does into what Slack would send."""

    box: Box
    app: App
    whispers: Whispers
    clock: Callable[[], float] = time.time

    async def press(self, asked: Press) -> str | None:
        """Press a button that is shown; returns what went wrong. What the page says of it is only where it is."""
        member = self._member(asked.user)
        if asked.ts is None:
            view = self._home(member)
            found, container = _button(view, asked, IN_HOME), payloads.in_home(member, view)
        else:
            message = self._message(asked.ts, member)
            channel = str(message["channel"])
            found = _button(message, asked)
            url = self._url("actions", member, channel, asked.ts)
            container = payloads.in_message(channel, message, url)
        body = payloads.pressed(member, found, asked.block, container, self.clock())
        return await self.app.call("actions", body, payloads.FORM)

    async def command(self, asked: Command) -> str | None:
        """Give a command; returns what went wrong."""
        member, (name, _, text) = self._member(asked.user), asked.text.strip().partition(" ")
        if name != payloads.COMMAND:
            raise Failed(NO_COMMAND)
        where = asked.conversation or member.id
        url = self._url("commands", member, where)
        return await self.app.call(
            "commands", payloads.command(member, where, text.strip(), self.clock(), url), payloads.FORM
        )

    async def open_home(self, asked: Opening) -> str | None:
        """Open the app's home; returns what went wrong."""
        body = payloads.home_opened(self._member(asked.user), self.clock())
        return await self.app.call("events", body, payloads.JSON)

    def _url(self, kind: str, member: Member, conversation: str, ts: str | None = None) -> str:
        return self.app.own + self.whispers.address(kind, member.id, conversation, ts)

    def _member(self, user: str) -> Member:
        found = Members(self.box).all().get(user)
        if found is None:
            raise Failed("Choose whom you act as.")
        return found

    def _message(self, ts: str, member: Member) -> Mapping[str, Any]:
        found = next((each.raw for each in self.box.all("slack") if each.raw["ts"] == ts), None)
        if found is None:
            raise Failed(GONE)
        if is_person(found["channel"]) and found["channel"] != member.id:
            raise Failed(NOT_HERE)
        return found

    def _home(self, member: Member) -> Mapping[str, Any]:
        found = next((each.raw for each in self.box.all("home") if each.to == member.id), None)
        if found is None:
            raise Failed(GONE)
        return found


def _button(shown: Mapping[str, Any], asked: Press, most: int = 50) -> Button:
    """Return the button that was pressed, unless another stands in its place by now."""
    blocks = parsed(shown.get("blocks"), most)
    found = button(blocks[asked.block], asked.element) if 0 <= asked.block < len(blocks) else None
    if found is None or found.action_id != asked.action:
        raise Failed(GONE)
    return found
