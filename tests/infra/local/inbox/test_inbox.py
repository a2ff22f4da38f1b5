"""Mail from the local AWS, what outlives a restart, and the page for people."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from chalicelib.notices.wording import word
from tests.support.inbox import NOBODY, inbox, serving
from tests.support.stories import DUE, HOUR, about_a_loan

EVIL = "<script>alert(1)</script>"
MESSAGE = word(about_a_loan(DUE + 2 * HOUR))


def a_mail(number: int = 1, **more: Any) -> dict[str, Any]:
    """A mail as MiniStack lists it: bodies, no headers."""
    given = {
        "MessageId": f"m{number}",
        "Source": "toolcrib@acme.example",
        "To": ["maya@acme.example"],
        "CC": [],
        "BCC": [],
        "Subject": MESSAGE.subject,
        "BodyText": MESSAGE.text,
        "BodyHtml": MESSAGE.html,
        "Timestamp": 1_795_000_000.5 + number,
        "Type": "v2.SendEmail",
    }
    return {**given, **more}


class Ministack:
    """MiniStack's list of mails, and nothing else of it."""

    url: str

    def __init__(self) -> None:
        self.mails: list[dict[str, Any]] = []

    async def messages(self, _: Request) -> JSONResponse:
        return JSONResponse({"messages": {"000000000000": self.mails}})


@pytest.fixture(scope="module")
def server() -> Iterator[Ministack]:
    ministack = Ministack()
    app = Starlette(routes=[Route("/_ministack/ses/messages", ministack.messages)])
    with serving(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error")) as url:
        ministack.url = url
        yield ministack


@pytest.fixture
def ministack(server: Ministack) -> Ministack:
    server.mails = []
    return server


def test_mail_is_listed_with_the_loan_and_step_it_is_about(tmp_path: Path, ministack: Ministack) -> None:
    ministack.mails = [a_mail()]
    [mail] = inbox(tmp_path, ministack.url).get("/email").json()
    assert set(mail) == {"at", "to", "subject", "text", "raw", "loan", "step"}
    assert (mail["to"], mail["loan"], mail["step"]) == ("maya@acme.example", "loan-1", "PT2H")
    assert mail["subject"] == "Overdue by 2 hours: Thermal camera 2"
    assert mail["text"] == MESSAGE.text
    assert mail["at"] == "2026-11-18T11:06:41.500Z"


def test_mail_is_kept_once_newest_last(tmp_path: Path, ministack: Ministack) -> None:
    client = inbox(tmp_path, ministack.url)
    ministack.mails = [a_mail(2), a_mail(1)]
    client.get("/email")
    ministack.mails = [a_mail(1), a_mail(2), a_mail(3)]
    assert [mail["raw"]["MessageId"] for mail in client.get("/email").json()] == ["m1", "m2", "m3"]


def test_mail_outlives_ministack_and_the_inbox(tmp_path: Path, ministack: Ministack) -> None:
    ministack.mails = [a_mail()]
    inbox(tmp_path, ministack.url).get("/email")
    assert len(inbox(tmp_path, NOBODY).get("/email").json()) == 1


def test_a_message_outlives_the_inbox(tmp_path: Path) -> None:
    inbox(tmp_path, NOBODY).post("/services/T1/B1/x1", json={"text": "x"})
    assert [message["text"] for message in inbox(tmp_path, NOBODY).get("/slack").json()] == ["x"]


def test_a_mail_of_somebody_else_has_no_loan(tmp_path: Path, ministack: Ministack) -> None:
    ministack.mails = [a_mail(BodyHtml=None)]
    [mail] = inbox(tmp_path, ministack.url).get("/email").json()
    assert (mail["loan"], mail["step"]) == (None, None)


def test_the_page_shows_messages_and_the_newest_mail(tmp_path: Path, ministack: Ministack) -> None:
    client = inbox(tmp_path, ministack.url)
    client.post("/services/T1/B1/x1", json={"text": MESSAGE.summary, "blocks": MESSAGE.blocks})
    ministack.mails = [a_mail(1, Subject="The first"), a_mail(2, Subject="The second")]
    page = client.get("/").text
    assert "<h3>" in page
    assert 'src="/static/late.svg"' in page
    assert "Hi Maya Lind, Thermal camera 2 was due back" in page
    assert 'src="/email/1"' in page
    assert page.index("The second") < page.index("The first")


def test_one_conversation_and_one_mail_can_be_picked(tmp_path: Path, ministack: Ministack) -> None:
    client = inbox(tmp_path, ministack.url)
    for channel in ("#tools", "#yard"):
        body = {"channel": channel, "text": f"said in {channel[1:]}"}
        client.post("/api/chat.postMessage", json=body, headers={"Authorization": "Bearer xoxb-1"})
    ministack.mails = [a_mail(1), a_mail(2)]
    page = client.get("/", params={"to": "#yard", "mail": "0"}).text
    assert "said in yard" in page
    assert "said in tools" not in page
    assert 'src="/email/0"' in page


@pytest.mark.parametrize("mail", ["", "7", "-1", "x", "٣"])
def test_a_mail_that_is_not_there_shows_the_newest(tmp_path: Path, ministack: Ministack, mail: str) -> None:
    ministack.mails = [a_mail(1), a_mail(2)]
    assert 'src="/email/1"' in inbox(tmp_path, ministack.url).get("/", params={"mail": mail}).text


def test_an_empty_page_says_what_to_do(tmp_path: Path) -> None:
    assert "toolcrib sweep --at" in inbox(tmp_path, NOBODY).get("/").text


def test_nothing_in_a_message_becomes_part_of_the_page(tmp_path: Path, ministack: Ministack) -> None:
    client = inbox(tmp_path, ministack.url)
    blocks = [{"type": "section", "text": {"type": "plain_text", "text": EVIL}}]
    client.post("/services/T1/B1/x1", json={"text": EVIL})
    client.post("/services/T1/B1/x1", json={"text": EVIL, "blocks": blocks})
    ministack.mails = [a_mail(Subject=EVIL, BodyText=EVIL, To=[EVIL])]
    assert EVIL not in client.get("/").text


def test_a_mails_own_html_can_run_and_load_nothing(tmp_path: Path, ministack: Ministack) -> None:
    ministack.mails = [a_mail(BodyHtml=EVIL)]
    client = inbox(tmp_path, ministack.url)
    page = client.get("/")
    letter = client.get("/email/0")
    assert letter.text == f'<base target="_blank">{EVIL}'
    policy = letter.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert policy.endswith("; sandbox allow-popups allow-popups-to-escape-sandbox")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert client.get("/email/1").status_code == 404


def test_the_page_can_tell_whether_anything_arrived(tmp_path: Path) -> None:
    client = inbox(tmp_path, NOBODY)
    before = client.get("/panes").headers["X-Seen"]
    assert client.get("/panes").headers["X-Seen"] == before
    client.post("/services/T1/B1/x1", json={"text": "x"})
    assert client.get("/panes").headers["X-Seen"] != before


def test_everything_the_page_needs_is_served_from_here(tmp_path: Path) -> None:
    client = inbox(tmp_path, NOBODY)
    page = client.get("/").text
    assert "http://" not in page
    assert "https://" not in page
    for name in ("inbox.css", "inbox.js", "icon.svg", "late.svg", "reminder.svg", "check.svg", "alarm.svg"):
        assert client.get(f"/static/{name}").status_code == 200


def test_another_sites_name_for_this_address_is_refused(tmp_path: Path) -> None:
    assert inbox(tmp_path, NOBODY).get("/slack", headers={"Host": "evil.example"}).status_code == 400


def test_the_command_serves_on_this_machine(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "infra.local.inbox", "--port", str(port), "--ministack", NOBODY]
    with subprocess.Popen([*command, "--data", str(tmp_path)]) as process:
        try:
            assert answer_of(f"http://127.0.0.1:{port}/slack", process) == []
        finally:
            process.terminate()


def answer_of(url: str, process: subprocess.Popen[bytes]) -> Any:
    """Ask until it listens, or has ended."""
    while process.poll() is None:
        try:
            return httpx.get(url).json()
        except httpx.ConnectError:
            time.sleep(0.1)
    return None
