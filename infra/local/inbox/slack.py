"""Slack, played: the methods of its Web API that Toolcrib calls, and incoming webhooks, as the real ones answer."""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from infra.local.inbox.blocks import IN_HOME
from infra.local.inbox.box import Box, Entry, moment
from infra.local.inbox.members import Members
from infra.local.inbox.messages import Refused, seen, told

PAUSE_S = 30  # what a 429 asks for
MOMENT = re.compile(r"[0-9]{1,12}\.[0-9]{6}")
SERVICE = re.compile(r"T\w+/B\w+/\w+")
WEBHOOK_CHANNEL = "#webhook"  # a webhook is bound to one channel, which its caller need not know

Body = dict[str, Any]


@dataclass(frozen=True)
class Slack:
    """The two ways in; messages go to `box`."""

    box: Box
    clock: Callable[[], float] = time.time

    async def method(self, request: Request) -> Response:
        """Answer a Web API method; errors are `ok: false` with status 200, as Slack has it."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            answer = self._admitted(request.path_params["method"], token)
            return JSONResponse({"ok": True, **answer(await _given(request))})
        except Refused as refused:
            return JSONResponse({"ok": False, "error": str(refused)})

    async def webhook(self, request: Request) -> Response:
        """Answer an incoming webhook: `ok`, or 4xx with the reason as text."""
        if not SERVICE.fullmatch(request.path_params["service"]):
            return PlainTextResponse("no_service", HTTPStatus.NOT_FOUND)
        try:
            self.post({**await body_of(request, "invalid_payload"), "channel": WEBHOOK_CHANNEL})
        except Refused as refused:
            return PlainTextResponse(str(refused), HTTPStatus.BAD_REQUEST)
        return PlainTextResponse("ok")

    def post(self, message: Mapping[str, Any]) -> Body:
        """Keep a new message; raises `Refused`."""
        at = self.clock()
        while not self.box.keep("slack", _key(entry := told(message, at=at)), entry):
            at += 0.000_001  # two at one moment
        return _said(entry)

    def change(self, message: Mapping[str, Any]) -> Body:
        """Put a message where one stands; raises `Refused`."""
        ts = str(message.get("ts") or "")
        if not MOMENT.fullmatch(ts):
            raise Refused("message_not_found")
        entry = told(message, at=float(ts), ts=ts)
        if not self.box.change("slack", _key(entry), entry):
            raise Refused("message_not_found")
        return _said(entry)

    def _user(self, given: Mapping[str, Any]) -> Body:
        user = Members(self.box).answered(str(given.get("user")))
        if user is None:
            raise Refused("user_not_found")
        return {"user": user}

    def _publish(self, given: Mapping[str, Any]) -> Body:
        """Keep somebody's home in place of the one before; a form carries the view as JSON."""
        user, view = str(given.get("user_id") or ""), given.get("view")
        view = _json(view, "invalid_arguments") if isinstance(view, str) else view
        if not isinstance(view, dict) or view.get("type") != "home" or not user:
            raise Refused("invalid_arguments")
        at = self.clock()
        entry = Entry(at=moment(at), to=user, text=seen(view, IN_HOME), raw=view, loan=None, step=None)
        if not self.box.change("home", f"home {user}", entry):
            self.box.keep("home", f"home {user}", entry)
        return {"view": {**view, "id": f"V{user}"}}

    def _admitted(self, method: str, token: str) -> Callable[[Mapping[str, Any]], Body]:
        known = {
            "chat.postMessage": self.post,
            "chat.update": self.change,
            "users.info": self._user,
            "views.publish": self._publish,
        }
        if method not in known:
            raise Refused("unknown_method")
        if not token.startswith("xoxb-"):
            raise Refused("invalid_auth" if token else "not_authed")
        return known[method]


def failing(mode: str) -> Response | None:
    """Return what Slack answers to everything while it is told to fail, None while it works."""
    if mode == "down":
        return PlainTextResponse("Service Unavailable", HTTPStatus.SERVICE_UNAVAILABLE)
    if mode == "429":
        answer = {"ok": False, "error": "ratelimited"}
        return JSONResponse(answer, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(PAUSE_S)})
    return None


async def body_of(request: Request, unreadable: str) -> Body:
    """Return a request's JSON object; raises `Refused` with this word for anything else."""
    body = _json(await request.body(), unreadable)
    if not isinstance(body, dict):
        raise Refused(unreadable)
    return body


async def _given(request: Request) -> Body:
    """Return the arguments of a method: JSON or a form, as Slack takes either."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl((await request.body()).decode(errors="replace")))
    return await body_of(request, "invalid_json")


def _json(text: bytes | str, unreadable: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(unreadable) from None


def _said(entry: Entry) -> Body:
    return {"channel": entry.to, "ts": entry.raw["ts"], "message": entry.raw}


def _key(entry: Entry) -> str:
    return f"slack {entry.raw['ts']}"
