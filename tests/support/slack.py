"""Slack as it calls the API: signed forms and events, the second half of each, and what it is answered."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from tests.support.http import Reply, app
from tests.support.workplace import NOW
from toolcrib import secrets
from toolcrib.send import slack_clients
from toolcrib.settings import settings

SIGNING = "8f742231b10e8888abcd99yyyzzz85a5"
HOOK = "https://hooks.slack.com/actions/T1/2/3"
FORM = "application/x-www-form-urlencoded"
_numbers = count(1)


@dataclass
class Context:
    """What the function knows of itself."""

    function_name: str = "toolcrib-api"


@dataclass
class Slack:
    """`users` answers users.info; `whispers` are what only one person saw, `homes` what was published, by user."""

    at: datetime = NOW
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    whispers: list[str] = field(default_factory=list)
    homes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    invoked: list[dict[str, Any]] = field(default_factory=list)
    fails: bool = False

    def press(self, user: str, action: str, value: str, **more: Any) -> Reply:
        """Press a button, and let what it stands for be done."""
        payload = {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": user, "team_id": "T1"},
            "api_app_id": "A1",
            "response_url": HOOK,
            "trigger_id": f"t{next(_numbers)}",
            "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.1"}],
        }
        payload["actions"][0]["action_ts"] = f"{next(_numbers)}.0"
        return self.ask("/slack/actions", urlencode({"payload": json.dumps({**payload, **more})}))

    def command(self, user: str, text: str) -> list[str]:
        """Give a command; returns the lines of the answer."""
        form = {"command": "/toolcrib", "text": text, "user_id": user, "team_id": "T1", "response_url": HOOK}
        before = len(self.whispers)
        assert self.ask("/slack/commands", urlencode({**form, "trigger_id": f"t{next(_numbers)}"})).status == 200
        return "\n".join(self.whispers[before:]).split("\n")

    def open_home(self, user: str) -> list[dict[str, Any]]:
        """Open the app's home; returns its blocks."""
        event = {"type": "app_home_opened", "user": user, "tab": "home", "channel": "D1"}
        body = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event": event, "event_id": "E1"}
        body["event_time"] = next(_numbers)
        assert self.ask("/slack/events", json.dumps(body), "application/json").status == 200
        return self.homes[user]

    def ask(self, path: str, body: str, kind: str = FORM) -> Reply:
        """Send what Slack would, signed now, and then do the second half, if there is one."""
        stamp = str(int(self.at.timestamp()))
        signature = SignatureVerifier(SIGNING).generate_signature(timestamp=stamp, body=body)
        said = self.send(path, body, {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": str(signature)}, kind)
        self.second_half()
        return said

    def second_half(self) -> None:
        """Do what this function was invoked for anew."""
        while self.invoked:
            app()(self.invoked.pop(0), Context())

    def send(self, path: str, body: str, headers: dict[str, str], kind: str = FORM, *, encoded: bool = False) -> Reply:
        """Send a request as it is; `encoded` in base64, as the gateway hands over what may be no text."""
        event = {
            "headers": {"Content-Type": kind, **headers},
            "pathParameters": None,
            "stageVariables": None,
            "isBase64Encoded": encoded,
            "multiValueQueryStringParameters": None,
            "body": body,
            "requestContext": {
                "httpMethod": "POST",
                "resourcePath": f"/v1{path}",
                "requestId": f"r{next(_numbers)}",
                "requestTimeEpoch": int(self.at.timestamp() * 1000),
            },
        }
        answer = app()(event, Context())
        return Reply(status=answer["statusCode"], headers=answer["headers"], text=answer["body"])

    def invoke(self, **given: Any) -> dict[str, Any]:
        """Take in an invocation, as Lambda's client does."""
        assert (given["FunctionName"], given["InvocationType"]) == ("toolcrib-api", "Event")
        self.invoked.append(json.loads(given["Payload"]))
        return {"StatusCode": 202}

    def answered(self, request: Any, _timeout_s: float) -> tuple[int, dict[str, str], str]:
        """Answer what the API asks of Slack."""
        if self.fails:
            raise TimeoutError
        body = request.data.decode()
        if request.full_url == HOOK:
            said = json.loads(body)
            assert (said["response_type"], said["replace_original"]) == ("ephemeral", False)
            self.whispers.append(said["text"])
            return 200, {}, "ok"
        return 200, {}, json.dumps(self._web_api(request.full_url.rsplit("/", 1)[1], body, request))

    def _web_api(self, method: str, body: str, request: Any) -> dict[str, Any]:
        from urllib.parse import parse_qs

        given = json.loads(body) if "json" in request.headers.get("Content-type", "") else parse_qs(body)
        if method == "users.info":
            user = given["user"][0] if isinstance(given["user"], list) else given["user"]
            return {"ok": True, "user": self.users[user]} if user in self.users else {"ok": False, "error": "x"}
        assert method == "views.publish"
        shown = given["view"] if isinstance(given["view"], dict) else json.loads(given["view"][0])
        who = given["user_id"] if isinstance(given["user_id"], str) else given["user_id"][0]
        self.homes[who] = shown["blocks"]
        return {"ok": True}


@contextmanager
def slack_at_hand() -> Iterator[Slack]:
    """Slack, and the secrets of its app; the tables are somebody else's business."""
    here = Slack()
    known = {"bot_token": "xoxb-test", "signing_secret": SIGNING}
    with (
        patch.dict("os.environ", {"SLACK_SECRET": "slack", "TOOLCRIB_ORG": "acme"}),
        patch.object(secrets, "slack", lambda: known),
        patch.object(slack_clients, "_ask", here.answered),
        patch("chalicelib.slack.invoking.client", lambda _: here),
    ):
        settings.cache_clear()
        yield here
    settings.cache_clear()
