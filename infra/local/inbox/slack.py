"""Slack, played: `chat.postMessage`, `chat.update` and incoming webhooks, with the answers of the real ones."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from infra.local.inbox.blocks import lines, parsed, plain
from infra.local.inbox.box import Box, Entry, moment

TEXT_LENGTH = 40_000
PAUSE_S = 30  # what a 429 asks for
CHANNEL = re.compile(r"[#@]?[\w.-]{1,80}")
MOMENT = re.compile(r"[0-9]{1,12}\.[0-9]{6}")
SERVICE = re.compile(r"T\w+/B\w+/\w+")
WEBHOOK_CHANNEL = "#webhook"  # a webhook is bound to one channel, which its caller need not know


class Refused(Exception):  # noqa: N818 - Slack's answer
    """What Slack says to a message it does not take."""


@dataclass(frozen=True)
class Slack:
    """The two ways in; messages go to `box`."""

    box: Box

    async def method(self, request: Request) -> Response:
        """Answer a Web API method; errors are `ok: false` with status 200, as Slack has it."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            keep = self._admitted(request.path_params["method"], token)
            entry = keep(await _body(request, "invalid_json"))
        except Refused as refused:
            return JSONResponse({"ok": False, "error": str(refused)})
        return JSONResponse({"ok": True, "channel": entry.to, "ts": entry.raw["ts"], "message": entry.raw})

    async def webhook(self, request: Request) -> Response:
        """Answer an incoming webhook: `ok`, or 4xx with the reason as text."""
        if not SERVICE.fullmatch(request.path_params["service"]):
            return PlainTextResponse("no_service", HTTPStatus.NOT_FOUND)
        try:
            self._keep({**await _body(request, "invalid_payload"), "channel": WEBHOOK_CHANNEL})
        except Refused as refused:
            return PlainTextResponse(str(refused), HTTPStatus.BAD_REQUEST)
        return PlainTextResponse("ok")

    def _admitted(self, method: str, token: str) -> Callable[[Mapping[str, Any]], Entry]:
        known = {"chat.postMessage": self._keep, "chat.update": self._change}
        if method not in known:
            raise Refused("unknown_method")
        if not token.startswith("xoxb-"):
            raise Refused("invalid_auth" if token else "not_authed")
        return known[method]

    def _change(self, message: Mapping[str, Any]) -> Entry:
        """Put a message where another stands: its place and its time stay."""
        ts = str(message.get("ts"))
        if not MOMENT.fullmatch(ts):
            raise Refused("message_not_found")
        entry = _entry(message, at=float(ts), ts=ts)
        if not self.box.change("slack", f"slack {ts}", entry):
            raise Refused("message_not_found")
        return entry

    def _keep(self, message: Mapping[str, Any]) -> Entry:
        entry = _entry(message, at=time.time())
        self.box.keep("slack", f"slack {entry.raw['ts']}", entry)
        return entry


def failing(mode: str) -> Response | None:
    """Return what Slack answers to everything while it is told to fail, None while it works."""
    if mode == "down":
        return PlainTextResponse("Service Unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
    if mode == "429":
        answer = {"ok": False, "error": "ratelimited"}
        return JSONResponse(answer, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(PAUSE_S)})
    return None


async def _body(request: Request, unreadable: str) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise Refused(unreadable) from None
    if not isinstance(body, dict):
        raise Refused(unreadable)
    return body


def _entry(message: Mapping[str, Any], at: float, ts: str | None = None) -> Entry:
    """Return a message as it is kept; raises `Refused` with Slack's error code for what Slack would not post."""
    channel, text = str(message.get("channel") or ""), str(message.get("text") or "")
    if not CHANNEL.fullmatch(channel):
        raise Refused("channel_not_found")
    if not text and not message.get("blocks"):
        raise Refused("no_text")
    if len(text) > TEXT_LENGTH:
        raise Refused("msg_too_long")
    tags = _tags(message.get("metadata"))
    try:
        seen = lines(parsed(message.get("blocks")))
    except msgspec.ValidationError:
        raise Refused("invalid_blocks") from None
    return Entry(
        at=moment(at),
        to=channel,
        text="\n".join(seen) or plain(text),
        raw={**message, "ts": ts or f"{at:.6f}"},
        loan=tags.get("loan"),
        step=tags.get("step"),
    )


class _Metadata(msgspec.Struct):
    event_type: str
    event_payload: dict[str, str | int | bool]


def _tags(metadata: Any) -> dict[str, Any]:
    try:
        return msgspec.convert(metadata, _Metadata).event_payload if metadata is not None else {}
    except msgspec.ValidationError:
        raise Refused("invalid_metadata_format") from None
