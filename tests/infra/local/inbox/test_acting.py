"""What is pressed or typed on the page reaches the app as Slack would send it: signed, and in Slack's shapes."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
import uvicorn
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infra.local.inbox.calling import NO_STACK, NOT_REACHED, App
from tests.support.inbox import SIGNING, serving
from tests.support.inbox import inbox as an_inbox

BOT = {"Authorization": "Bearer xoxb-1"}
OWN = "http://127.0.0.1"
MAYA = {"id": "U0MAYA", "name": "Maya Lind", "email": "maya@acme.example"}
OMAR = {"id": "U0OMAR", "name": "Omar Haddad"}
TEXT = {"type": "plain_text", "text": "I see to it"}
BUTTON = {"type": "button", "text": TEXT, "action_id": "acknowledge", "value": "acme/n-1", "style": "primary"}
ACTIONS = {"type": "actions", "elements": [BUTTON]}


class Toolcrib:
    """The app: notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.status = 200

    async def answer(self, request: Request) -> Response:
        body = (await request.body()).decode()
        self.asked.append((request.url.path, dict(request.headers), body))
        return Response(status_code=self.status)

    def form(self) -> dict[str, Any]:
        """The last form it was sent, believed only if signed."""
        _, headers, body = self.asked[-1]
        assert SignatureVerifier(SIGNING).is_valid_request(body, headers)
        return {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, Toolcrib]]:
    app = Toolcrib()
    routes = [Route("/v1/slack/{kind}", app.answer, methods=["POST"])]
    with serving(uvicorn.Config(Starlette(routes=routes), host="127.0.0.1", port=0, log_level="error")) as url:
        yield url, app


@pytest.fixture
def toolcrib(served: tuple[str, Toolcrib]) -> Toolcrib:
    served[1].asked, served[1].status = [], 200
    return served[1]


@pytest.fixture
def inbox(tmp_path: Path, served: tuple[str, Toolcrib], toolcrib: Toolcrib) -> httpx.Client:
    stack = tmp_path / "stack.json"
    stack.write_text(json.dumps({"api": served[0], "org": "acme"}))
    client = an_inbox(tmp_path / "inbox", app=App(stack=stack, signing_secret=SIGNING, own=OWN))
    for member in (MAYA, OMAR):
        assert client.post("/_members", json=member).status_code == 200
    return client


def say(inbox: httpx.Client, channel: str = "#tools", **more: Any) -> str:
    body = {"channel": channel, "text": "late", "blocks": [ACTIONS], **more}
    return str(inbox.post("/api/chat.postMessage", json=body, headers=BOT).json()["ts"])


def press(inbox: httpx.Client, user: str, ts: str | None, **more: Any) -> httpx.Response:
    return inbox.post(
        "/_press", json={"user": user, "ts": ts, "block": 0, "element": 0, "action": "acknowledge", **more}
    )


def test_a_press_is_sent_as_slack_sends_it(inbox: httpx.Client, toolcrib: Toolcrib) -> None:
    ts = say(inbox)
    assert press(inbox, "U0OMAR", ts).json() == {}
    payload = json.loads(toolcrib.form()["payload"])
    assert toolcrib.asked[0][0] == "/v1/slack/actions"
    assert (payload["type"], payload["user"]["id"], payload["channel"]["id"]) == ("block_actions", "U0OMAR", "#tools")
    assert payload["container"]["message_ts"] == payload["message"]["ts"] == ts
    [action] = payload["actions"]
    assert (action["action_id"], action["value"], action["block_id"]) == ("acknowledge", "acme/n-1", "b0")
    assert payload["response_url"].startswith(f"{OWN}/actions/")
    assert payload["trigger_id"]


def test_two_presses_are_two(inbox: httpx.Client, toolcrib: Toolcrib) -> None:
    ts = say(inbox)
    for _ in range(2):
        press(inbox, "U0OMAR", ts)
    assert len({body for _, _, body in toolcrib.asked}) == 2


def test_what_the_page_claims_of_a_button_counts_for_nothing(inbox: httpx.Client, toolcrib: Toolcrib) -> None:
    ts = say(inbox)
    assert press(inbox, "U0OMAR", ts, value="acme/other").status_code == 400
    for changed in ({"action": "lost"}, {"element": 1}, {"block": 3}, {"block": -1}, {"element": None}):
        assert press(inbox, "U0OMAR", ts, **changed).json() == {"error": "This has changed meanwhile."}
    assert press(inbox, "U0OMAR", "1.000000").status_code == 400
    assert toolcrib.asked == []


def test_nobody_presses_in_another_ones_conversation(inbox: httpx.Client, toolcrib: Toolcrib) -> None:
    assert press(inbox, "U0OMAR", say(inbox, "U0MAYA")).status_code == 400
    assert press(inbox, "U0NOBODY", say(inbox)).status_code == 400
    assert toolcrib.asked == []


def test_a_page_of_another_site_can_press_nothing(inbox: httpx.Client, toolcrib: Toolcrib) -> None:
    body = {"user": "U0OMAR", "ts": say(inbox), "block": 0, "element": 0, "action": "acknowledge"}
    answer = inbox.post("/_press", content=json.dumps(body), headers={"Content-Type": "text/plain"})
    assert answer.status_code == 400
    assert toolcrib.asked == []


def test_a_command_is_sent_as_slack_sends_it(inbox: httpx.Client, toolcrib: Toolcrib) -> None:
    typed = {"user": "U0MAYA", "conversation": "#tools", "text": " /toolcrib who drill "}
    assert inbox.post("/_command", json=typed).json() == {}
    form = toolcrib.form()
    assert (form["command"], form["text"], form["user_id"]) == ("/toolcrib", "who drill", "U0MAYA")
    assert form["response_url"].startswith(f"{OWN}/commands/")
    assert "knows one command" in inbox.post("/_command", json={**typed, "text": "/remind me"}).json()["error"]


def test_the_home_is_opened_and_shown(inbox: httpx.Client, toolcrib: Toolcrib) -> None:
    assert inbox.post("/_open", json={"user": "U0MAYA"}).json() == {}
    path, headers, body = toolcrib.asked[0]
    assert SignatureVerifier(SIGNING).is_valid_request(body, headers)
    assert path == "/v1/slack/events"
    assert json.loads(body)["event"].items() >= {"type": "app_home_opened", "user": "U0MAYA", "tab": "home"}.items()
    for text in ("Drill", "Saw"):
        blocks = [{"type": "section", "text": {**TEXT, "text": text}, "accessory": BUTTON}]
        view = {"user_id": "U0MAYA", "view": {"type": "home", "blocks": blocks}}
        assert inbox.post("/api/views.publish", json=view, headers=BOT).json()["ok"]
    page = inbox.get("/", params={"as": "U0MAYA", "to": "~home"}).text
    assert "Saw" in page
    assert "Drill" not in page
    assert press(inbox, "U0MAYA", None, element=None).json() == {}
    payload = json.loads(toolcrib.form()["payload"])
    assert payload["container"]["type"] == "view"
    assert "response_url" not in payload


@pytest.mark.parametrize(
    "view", [{}, {"user_id": "U1"}, {"user_id": "U1", "view": {"type": "modal"}}, {"user_id": "U1", "view": "{"}]
)
def test_what_is_no_home_is_refused(inbox: httpx.Client, view: dict[str, Any]) -> None:
    assert inbox.post("/api/views.publish", json=view, headers=BOT).json()["error"] == "invalid_arguments"


def answer_of(toolcrib: Toolcrib) -> str:
    return str(json.loads(toolcrib.form()["payload"])["response_url"])


def test_an_answer_is_seen_by_whoever_asked_and_in_no_list(inbox: httpx.Client, toolcrib: Toolcrib) -> None:
    press(inbox, "U0OMAR", say(inbox))
    assert inbox.post(answer_of(toolcrib), json={"text": "Not for you", "response_type": "ephemeral"}).text == "ok"
    assert len(inbox.get("/slack").json()) == 1
    assert "Not for you" in inbox.get("/", params={"as": "U0OMAR"}).text
    assert "only visible to you, in #tools" in inbox.get("/", params={"as": "U0OMAR"}).text
    assert "Not for you" not in inbox.get("/", params={"as": "U0MAYA"}).text


def test_an_answer_may_replace_the_message_or_be_said_to_all(inbox: httpx.Client, toolcrib: Toolcrib) -> None:
    press(inbox, "U0OMAR", say(inbox))
    inbox.post(answer_of(toolcrib), json={"text": "done", "replace_original": True})
    inbox.post(answer_of(toolcrib), json={"text": "hear, hear", "response_type": "in_channel"})
    assert [each["text"] for each in inbox.get("/slack").json()] == ["done", "hear, hear"]


def test_an_address_is_good_for_five_answers(inbox: httpx.Client, toolcrib: Toolcrib) -> None:
    press(inbox, "U0OMAR", say(inbox))
    assert inbox.post(answer_of(toolcrib), json={}).status_code == 400
    answers = [inbox.post(answer_of(toolcrib), json={"text": "x"}).text for _ in range(5)]
    assert answers == ["ok"] * 4 + ["used_url"]
    assert inbox.post("/actions/T0LOCAL/1/2", json={"text": "x"}).status_code == 404


def test_what_the_app_says_is_told(inbox: httpx.Client, toolcrib: Toolcrib) -> None:
    toolcrib.status = 401
    answer = press(inbox, "U0OMAR", say(inbox))
    assert (answer.status_code, answer.json()) == (502, {"error": "Toolcrib answered 401 Unauthorized."})


def test_without_a_stack_nothing_is_called(tmp_path: Path) -> None:
    (tmp_path / "gone.json").write_text('{"api": "http://127.0.0.1:9"}')
    for stack, why in ((None, NO_STACK), (tmp_path / "none.json", NO_STACK), (tmp_path / "gone.json", NOT_REACHED)):
        app = App(stack=stack, signing_secret=SIGNING, own=OWN)
        assert asyncio.run(app.call("events", "{}", "application/json")) == why


def test_slack_knows_its_members_and_their_verified_mail(inbox: httpx.Client) -> None:
    known = inbox.post("/api/users.info", data={"user": "U0MAYA"}, headers=BOT).json()["user"]
    assert (known["profile"]["email"], known["is_email_confirmed"]) == ("maya@acme.example", True)
    assert not inbox.post("/api/users.info", data={"user": "U0OMAR"}, headers=BOT).json()["user"]["is_email_confirmed"]
    assert inbox.post("/api/users.info", json={"user": "U1"}, headers=BOT).json()["error"] == "user_not_found"


def test_whoever_was_written_to_can_be_acted_as(inbox: httpx.Client, toolcrib: Toolcrib) -> None:
    ts = say(inbox, "U0STRANGER")
    assert 'value="U0STRANGER"' in inbox.get("/").text
    assert press(inbox, "U0STRANGER", ts).status_code == 200


def test_each_sees_channels_and_what_is_theirs(inbox: httpx.Client) -> None:
    for channel, text in (("#tools", "to all"), ("U0MAYA", "to Maya"), ("U0OMAR", "to Omar")):
        say(inbox, channel, blocks=[{"type": "section", "text": {**TEXT, "text": f"said {text}"}}])
    seen = inbox.get("/", params={"as": "U0MAYA"}).text
    assert ["said to all" in seen, "said to Maya" in seen, "said to Omar" in seen] == [True, True, False]
    assert inbox.get("/").text.count("said to") == 3


def test_looking_on_one_presses_in_nobodys_name(inbox: httpx.Client) -> None:
    say(inbox)
    assert 'aria-disabled="true"' in inbox.get("/").text
    assert 'aria-disabled="true"' not in inbox.get("/", params={"as": "U0MAYA"}).text
