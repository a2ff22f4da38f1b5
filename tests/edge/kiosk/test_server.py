"""The kiosk's routes: what they refuse, and what they never say."""

import json
import logging
from collections.abc import Iterator

import httpx
import pytest

from edge.kiosk.photos import MAX_PHOTO_BYTES
from tests.support.kiosks import Stage, on_stage

JSON = {"content-type": "application/json"}


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage() as stage:
        yield stage


@pytest.fixture
def client(stage: Stage) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=stage.url, trust_env=False) as client:
        yield client


def test_the_page_may_load_nothing_from_elsewhere_and_be_framed_by_nobody(client: httpx.Client) -> None:
    page = client.get("/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "access-control-allow-origin" not in page.headers
    assert page.headers["cache-control"] == "no-store"


def test_the_view_comes_at_once(client: httpx.Client) -> None:
    with client.stream("GET", "/events") as stream:
        first = next(line for line in stream.iter_lines() if line.startswith("data: "))
    assert json.loads(first.removeprefix("data: "))["view"]["screen"] == "idle"


def test_other_host_names_are_refused(client: httpx.Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"act": "explode"}',
        b'{"act": "touch", "more": 1}',
        b'{"act": "pin", "digits": "12"}',
        b'{"act": "pin", "digits": "12345678901234"}',
        b'{"act": "pin", "digits": 4711}',
        b'{"act": "speak", "language": "tlh"}',
        b'{"act": "about", "door": "all"}',
        b"\xff\xfe",
        b"[" * 20_000,
        b'{"act": "describe", "severity": "minor", "text": "' + b"x" * 40_000 + b'"}',
    ],
)
def test_what_is_no_act_is_refused_without_repeating_it(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/act", content=body, headers=JSON)
    assert answer.status_code == 400
    assert "12345678901234" not in answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_foreign_page_can_send_does_nothing(stage: Stage, client: httpx.Client, kind: str) -> None:
    answer = client.post("/act", content=b'{"act": "fault"}', headers={"content-type": kind})
    assert answer.status_code == 400
    assert stage.kiosk.view.screen == "idle"


def test_a_pin_is_in_no_log(stage: Stage, client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.post("/act", content=b'{"act": "pin", "digits": "80537264"}', headers=JSON)
        client.post("/act", content=b'{"act": "pin", "digits": "80537264", "more": 1}', headers=JSON)
    assert "80537264" not in caplog.text


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"GIF89a", "image/jpeg"),
        (b"", "image/jpeg"),
        (b"\xff\xd8\xff", "image/png"),
        (b"\xff\xd8\xff" + b"x" * MAX_PHOTO_BYTES, "image/jpeg"),
    ],
    ids=["no JPEG", "nothing", "called something else", "too large"],
)
def test_what_is_no_photo_is_refused(client: httpx.Client, body: bytes, kind: str) -> None:
    assert client.post("/photo", content=body, headers={"content-type": kind}).status_code == 400


def test_a_photo_is_taken(client: httpx.Client) -> None:
    sent = client.post("/photo", content=b"\xff\xd8\xff picture", headers={"content-type": "image/jpeg"})
    assert sent.status_code == 204


def test_nothing_else_is_there(client: httpx.Client) -> None:
    for path in ("/static/../server.py", "/static/%2e%2e/server.py", "/docs", "/static/"):
        assert client.get(path).status_code == 404
