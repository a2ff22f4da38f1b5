"""Slack, played: what the real one takes and refuses, in its own words."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.inbox import inbox as an_inbox

BOT = {"Authorization": "Bearer xoxb-1"}
PLAIN = {"type": "plain_text", "text": "Forced open"}
SECTION = {"type": "section", "text": PLAIN}


@pytest.fixture
def inbox(tmp_path: Path) -> httpx.Client:
    return an_inbox(tmp_path)


def post(inbox: httpx.Client, body: Any, headers: dict[str, str] | None = None) -> dict[str, Any]:
    answer = inbox.post("/api/chat.postMessage", json=body, headers=BOT if headers is None else headers)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_a_message_is_answered_and_kept(inbox: httpx.Client) -> None:
    metadata = {"event_type": "toolcrib_notice", "event_payload": {"loan": "l-1", "step": "PT2H"}}
    answer = post(inbox, {"channel": "#tools", "text": "a &amp; b", "metadata": metadata})
    assert (answer["ok"], answer["channel"]) == (True, "#tools")
    [kept] = inbox.get("/slack").json()
    assert set(kept) == {"at", "to", "text", "raw", "loan", "step"}
    assert (kept["to"], kept["text"], kept["loan"], kept["step"]) == ("#tools", "a & b", "l-1", "PT2H")
    assert kept["raw"]["text"] == "a &amp; b"
    assert kept["at"].endswith("Z")


def test_the_text_is_what_a_reader_sees(inbox: httpx.Client) -> None:
    fields = {"type": "section", "fields": [{"type": "plain_text", "text": "Due\n17:30 &lt;CET&gt;"}]}
    post(inbox, {"channel": "U1", "text": "for the phone", "blocks": [SECTION, fields]})
    assert inbox.get("/slack").json()[0]["text"] == "Forced open\nDue\n17:30 <CET>"


def test_newest_is_last(inbox: httpx.Client) -> None:
    for text in "abc":
        post(inbox, {"channel": "U1", "text": text})
    assert [kept["text"] for kept in inbox.get("/slack").json()] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": "x"}, "channel_not_found"),
        ({"channel": "", "text": "x"}, "channel_not_found"),
        ({"channel": "no such channel", "text": "x"}, "channel_not_found"),
        ({"channel": "#tools"}, "no_text"),
        ({"channel": "#tools", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "#tools", "blocks": [{"type": "carousel"}]}, "invalid_blocks"),
        ({"channel": "#tools", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"channel": "#tools", "blocks": [SECTION] * 51}, "invalid_blocks"),
        ({"channel": "#tools", "blocks": [{"type": "header", "text": {**PLAIN, "text": "x" * 151}}]}, "invalid_blocks"),
        ({"channel": "#tools", "blocks": [{"type": "header", "text": {**PLAIN, "type": "mrkdwn"}}]}, "invalid_blocks"),
        ({"channel": "#tools", "blocks": [{"type": "section", "text": {**PLAIN, "text": ""}}]}, "invalid_blocks"),
        ({"channel": "#tools", "blocks": [{"type": "section", "fields": [PLAIN] * 11}]}, "invalid_blocks"),
        ({"channel": "#tools", "blocks": "x"}, "invalid_blocks"),
        ({"channel": "#tools", "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"channel": "#tools", "text": "x", "metadata": "x"}, "invalid_metadata_format"),
        ([], "invalid_json"),
    ],
)
def test_what_slack_would_not_post_is_refused_and_not_kept(inbox: httpx.Client, body: Any, error: str) -> None:
    assert post(inbox, body) == {"ok": False, "error": error}
    assert inbox.get("/slack").json() == []


@pytest.mark.parametrize(
    ("headers", "error"), [({}, "not_authed"), ({"Authorization": "Bearer nonsense"}, "invalid_auth")]
)
def test_who_may_not_post_is_told(inbox: httpx.Client, headers: dict[str, str], error: str) -> None:
    assert post(inbox, {"channel": "#tools", "text": "x"}, headers)["error"] == error


def test_another_method_is_unknown(inbox: httpx.Client) -> None:
    assert inbox.post("/api/chat.delete", json={}, headers=BOT).json()["error"] == "unknown_method"


def test_what_is_no_json_is_refused(inbox: httpx.Client) -> None:
    assert inbox.post("/api/chat.postMessage", content=b"\xff{", headers=BOT).json()["error"] == "invalid_json"
    assert inbox.post("/services/T1/B1/x1", content=b"hello").text == "invalid_payload"


def test_a_webhook_says_ok_in_plain_text(inbox: httpx.Client) -> None:
    answer = inbox.post("/services/T1/B1/x1", json={"text": "x", "channel": "#of-its-own-choice"})
    assert (answer.status_code, answer.text) == (200, "ok")
    assert inbox.get("/slack").json()[0]["to"] == "#webhook"


@pytest.mark.parametrize(("body", "error"), [({}, "no_text"), ({"blocks": [{}]}, "invalid_blocks")])
def test_a_webhook_refuses_with_400_and_the_reason(inbox: httpx.Client, body: dict[str, Any], error: str) -> None:
    answer = inbox.post("/services/T1/B1/x1", json=body)
    assert (answer.status_code, answer.text) == (400, error)


def test_a_webhook_that_is_gone_is_404(inbox: httpx.Client) -> None:
    answer = inbox.post("/services/nothing", json={"text": "x"})
    assert (answer.status_code, answer.text) == (404, "no_service")


@pytest.mark.parametrize(("mode", "status"), [("down", 503), ("429", 429)])
def test_slack_fails_on_request_until_it_is_told_to_work(inbox: httpx.Client, mode: str, status: int) -> None:
    assert inbox.post("/_control", json={"slack": mode}).json() == {"slack": mode}
    for path in ("/api/chat.postMessage", "/services/T1/B1/x1"):
        answer = inbox.post(path, json={"channel": "U1", "text": "x"}, headers=BOT)
        assert answer.status_code == status
    assert inbox.get("/slack").json() == []
    inbox.post("/_control", json={"slack": "ok"})
    assert post(inbox, {"channel": "U1", "text": "x"})["ok"]


def test_a_429_says_how_long_to_wait(inbox: httpx.Client) -> None:
    inbox.post("/_control", json={"slack": "429"})
    answer = inbox.post("/services/T1/B1/x1", json={"text": "x"})
    assert answer.headers["Retry-After"] == "30"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"slack": "maybe"}', b"[]"])
def test_a_switch_that_does_not_exist_is_refused(inbox: httpx.Client, body: bytes) -> None:
    assert inbox.post("/_control", content=body).status_code == 400
    assert inbox.get("/_control").json() == {"slack": "ok"}


def change(inbox: httpx.Client, **body: Any) -> dict[str, Any]:
    found: dict[str, Any] = inbox.post("/api/chat.update", json=body, headers=BOT).json()
    return found


def test_a_message_is_changed_where_it_stands(inbox: httpx.Client) -> None:
    first = post(inbox, {"channel": "#tools", "text": "late"})
    post(inbox, {"channel": "#tools", "text": "another"})
    assert change(inbox, channel="#tools", ts=first["ts"], text="returned")["ok"] is True
    assert [each["text"] for each in inbox.get("/slack").json()] == ["returned", "another"]


@pytest.mark.parametrize("ts", ["1.000000", "soon", "", "1e9"])
def test_what_is_not_there_is_not_changed(inbox: httpx.Client, ts: str) -> None:
    assert change(inbox, channel="#tools", ts=ts, text="returned") == {"ok": False, "error": "message_not_found"}
    assert inbox.get("/slack").json() == []
