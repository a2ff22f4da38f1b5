"""Slack's real client against the inbox, which answers as Slack does; and what it must never do."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from botocore.exceptions import ClientError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from chalicelib.notices import slack
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.wording import word
from tests.support.inbox import running_inbox, serving
from tests.support.stories import DUE, about_a_loan
from toolcrib import secrets
from toolcrib.send import slack_clients
from toolcrib.settings import Settings

MESSAGE = word(about_a_loan(DUE))
Offer = Callable[[dict[str, str], str], None]


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data: Path = tmp_path_factory.mktemp("inbox")
    with running_inbox(data) as url:
        yield url


@pytest.fixture(autouse=True)
def works_again(inbox: str) -> Iterator[None]:
    yield
    httpx.post(f"{inbox}/_control", json={"slack": "ok"})


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch) -> Offer:
    """Set what the secret offers and where Slack is."""

    def set_up(secret: dict[str, str], base: str) -> None:
        monkeypatch.setattr(secrets, "slack", lambda: secret)
        monkeypatch.setattr(slack, "settings", lambda: Settings(slack_api_base=base))

    return set_up


def received(inbox: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = httpx.get(f"{inbox}/slack").json()
    return listed


def refusal(*, where: str = "#tool-room", person: bool = False) -> NotSent:
    with pytest.raises(NotSent) as raised:
        slack.send(where, MESSAGE, person=person)
    return raised.value


def test_a_bot_reaches_a_person(inbox: str, offer: Offer) -> None:
    offer({"bot_token": "xoxb-1"}, inbox)
    slack.send("U024BE7LH", MESSAGE, person=True)
    last = received(inbox)[-1]
    assert (last["to"], last["loan"], last["step"]) == ("U024BE7LH", "loan-1", "PT2H")
    assert "Thermal camera 2 is due back now." in last["text"]


def test_markup_and_previews_are_off(inbox: str, offer: Offer) -> None:
    offer({"bot_token": "xoxb-1"}, inbox)
    slack.send("#tool-room", MESSAGE, person=False)
    raw = received(inbox)[-1]["raw"]
    asked = {name: raw[name] for name in ("mrkdwn", "parse", "link_names", "unfurl_links", "unfurl_media")}
    assert asked == {
        "mrkdwn": False,
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def test_a_webhook_reaches_its_channel(inbox: str, offer: Offer) -> None:
    offer({"webhook_url": f"{inbox}/services/T1/B1/x1"}, inbox)
    slack.send("#tool-room", MESSAGE, person=False)
    assert received(inbox)[-1]["loan"] == "loan-1"


def test_a_webhook_reaches_no_person(inbox: str, offer: Offer) -> None:
    offer({"webhook_url": f"{inbox}/services/T1/B1/x1"}, inbox)
    failure = refusal(where="U024BE7LH", person=True)
    assert (failure.code, failure.unreachable) == ("slack_webhook_reaches_no_person", True)


def test_the_bot_is_preferred_where_both_are_offered(inbox: str, offer: Offer) -> None:
    offer({"bot_token": "xoxb-1", "webhook_url": "https://hooks.slack.com/services/T1/B1/x1"}, inbox)
    slack.send("#a-channel-of-its-own", MESSAGE, person=False)
    assert received(inbox)[-1]["to"] == "#a-channel-of-its-own"


def test_without_credentials_nobody_is_called(offer: Offer) -> None:
    offer({}, "")
    failure = refusal()
    assert (failure.code, failure.unreachable) == ("slack_not_set_up", True)


@pytest.mark.parametrize("secret", [{"bot_token": "xoxb-1"}, {"webhook_url": "{inbox}/services/T1/B1/x1"}])
def test_slack_down_is_not_sent(inbox: str, offer: Offer, secret: dict[str, str]) -> None:
    offer({name: value.format(inbox=inbox) for name, value in secret.items()}, inbox)
    httpx.post(f"{inbox}/_control", json={"slack": "down"})
    before = len(received(inbox))
    assert refusal().code == "slack_http_503"
    assert len(received(inbox)) == before


@pytest.mark.parametrize("secret", [{"bot_token": "xoxb-1"}, {"webhook_url": "{inbox}/services/T1/B1/x1"}])
def test_a_rate_limit_is_obeyed(inbox: str, offer: Offer, secret: dict[str, str]) -> None:
    offer({name: value.format(inbox=inbox) for name, value in secret.items()}, inbox)
    httpx.post(f"{inbox}/_control", json={"slack": "429"})
    failure = refusal()
    assert (failure.code, failure.retry_after, failure.unreachable) == (
        "slack_rate_limited",
        timedelta(seconds=30),
        False,
    )


def test_slacks_own_reason_is_kept(inbox: str, offer: Offer) -> None:
    offer({"bot_token": "xoxb-1"}, inbox)
    assert refusal(where="no such channel").code == "slack_channel_not_found"
    offer({"bot_token": "wrong"}, inbox)
    assert refusal().code == "slack_invalid_auth"
    offer({"webhook_url": f"{inbox}/services/gone"}, inbox)
    assert refusal().code == "slack_no_service"


def test_nobody_there_is_not_sent(offer: Offer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refuses
        offer({"bot_token": "xoxb-1"}, f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert refusal().code == "slack_unreachable"


def test_silence_is_not_sent(offer: Offer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_clients, "TIMEOUT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        base = f"http://127.0.0.1:{silent.getsockname()[1]}"
        offer({"bot_token": "xoxb-1"}, base)
        assert refusal().code == "slack_timeout"
        offer({"webhook_url": f"{base}/services/T1/B1/x1"}, base)
        assert refusal().code == "slack_timeout"


class Stranger:
    """A server that answers whatever a test sets, and notes what it was asked."""

    base: str
    answer: Response
    seen: list[str]

    async def __call__(self, request: Request) -> Response:
        self.seen.append(request.url.path)
        return self.answer


@pytest.fixture(scope="module")
def strange_server() -> Iterator[Stranger]:
    stranger = Stranger()
    app = Starlette(routes=[Route("/{path:path}", stranger.__call__, methods=["GET", "POST"])])
    with serving(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error")) as base:
        stranger.base = base
        yield stranger


@pytest.fixture
def stranger(strange_server: Stranger) -> Stranger:
    strange_server.seen = []
    return strange_server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_never_followed(stranger: Stranger, offer: Offer, status: int) -> None:
    """A token must not travel to wherever somebody points."""
    stranger.answer = RedirectResponse("/elsewhere", status)
    for secret in ({"bot_token": "xoxb-1"}, {"webhook_url": f"{stranger.base}/services/T1/B1/x1"}):
        offer(secret, stranger.base)
        assert refusal().code == f"slack_http_{status}"
    assert stranger.seen == ["/api/chat.postMessage", "/services/T1/B1/x1"]


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("said", ["", "<html>", "Maya's address is maya@acme.example", "[1]", "{", "\xff\xfe"])
def test_what_slack_says_is_kept_only_if_it_is_a_code(stranger: Stranger, offer: Offer, said: str, status: int) -> None:
    stranger.answer = PlainTextResponse(said, status)
    for secret in ({"bot_token": "xoxb-1"}, {"webhook_url": f"{stranger.base}/services/T1/B1/x1"}):
        offer(secret, stranger.base)
        assert refusal().code == f"slack_http_{status}"


@pytest.mark.parametrize("wait", ["", "soon", "-5", "1e9", "99999999999"])
def test_a_senseless_wait_is_no_wait(stranger: Stranger, offer: Offer, wait: str) -> None:
    stranger.answer = JSONResponse({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": wait})
    offer({"bot_token": "xoxb-1"}, stranger.base)
    assert refusal().retry_after == timedelta()


TRICKS = [
    "http://hooks.slack.com/services/T1/B1/x1",
    "https://hooks.slack.com.evil.example/services/T1/B1/x1",
    "https://evil.example/services/T1/B1/x1",
    "https://evil.example#https://hooks.slack.com/services/T1/B1/x1",
    "https://hooks.slack.com@evil.example/services/T1/B1/x1",
    "https://hooks.slack.com\\@evil.example/services/T1/B1/x1",
    "https://hooks.slack.com:8443/services/T1/B1/x1",
    "https://user:pw@hooks.slack.com/services/T1/B1/x1",
    "https://hooks.slack.com/services/../../api/x",
    "https://hooks.slack.com/services/T1/B1/x1?to=http://169.254.169.254/",
    "https://hooks.slack.com/services/T1/B1/x1\r\nHost: evil.example",
    "https://hooks.slack.com/services/T1/B1/x1\n",
    "https://hooks.slack.com/services/T1/B1/%2e%2e",
    "https://hooks.slack.com/",
    "HTTPS://HOOKS.SLACK.COM/services/T1/B1/x1",
    "https://hooks.slack.com/services/\u0661",
    "https://hooksXslack.com/services/T1/B1/x1",
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:9000/services/T1/B1/x1",
    "file:///etc/passwd",
    "ftp://hooks.slack.com/services/T1/B1/x1",
    " https://hooks.slack.com/services/T1/B1/x1",
]


@pytest.mark.parametrize("url", TRICKS)
def test_no_url_but_slacks_is_called(url: str) -> None:
    with pytest.raises(NotSent, match="slack_webhook_refused"):
        slack.checked(url, "")


def test_slacks_own_url_is_called() -> None:
    url = "https://hooks.slack.com/services/T024BE7LH/B0123/abcDEF123"
    assert slack.checked(url, "") == url


def test_with_a_stand_in_only_the_stand_in_is_called() -> None:
    base = "http://127.0.0.1:14640"
    assert slack.checked(f"{base}/services/T1/B1/x1", f"{base}/") == f"{base}/services/T1/B1/x1"
    with pytest.raises(NotSent):
        slack.checked("https://hooks.slack.com/services/T1/B1/x1", base)


@pytest.mark.parametrize("error", [ClientError({"Error": {"Code": "AccessDenied"}}, "GetSecretValue"), ValueError("{")])
def test_an_unreadable_secret_is_not_sent(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def refuse() -> None:
        raise error

    monkeypatch.setattr(secrets, "slack", refuse)
    assert refusal().code == "slack_secret_unreadable"
