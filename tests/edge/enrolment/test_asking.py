import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from edge.enrolment.answer import EnrolmentError
from edge.enrolment.asking import ask


@contextmanager
def api(status: int, body: bytes) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    heard: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append({"path": self.path, "headers": dict(self.headers), "body": json.loads(content)})
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_api_is_asked_as_its_contract_says() -> None:
    with api(201, b"{}") as (base, heard):
        assert ask(f"{base}/", "token", "hq-07", "csr") == b"{}"
    (request,) = heard
    assert request["path"] == "/v1/banks/hq-07/enrolment"
    assert request["body"] == {"csr": "csr"}
    assert request["headers"]["Authorization"] == "Bearer token"
    assert len(request["headers"]["Idempotency-Key"]) > 20


@pytest.mark.parametrize(
    ("status", "said"), [(401, "get another"), (403, "takes an admin"), (404, "make it first"), (400, "bad curve")]
)
def test_a_refusal_says_what_to_do(status: int, said: str) -> None:
    problem = json.dumps({"title": "no", "detail": "bad curve"}).encode()
    with api(status, problem) as (base, _), pytest.raises(EnrolmentError, match=said) as refusal:
        ask(base, "s3cret", "hq-07", "csr")
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b""])
def test_a_refusal_that_is_no_problem_is_still_told(body: bytes) -> None:
    with api(500, body) as (base, _), pytest.raises(EnrolmentError, match="answered 500"):
        ask(base, "t", "hq-07", "csr")


@pytest.mark.parametrize("base", ["http://api.example", "ftp://api.example", "api.example", "file:///etc/passwd"])
def test_keys_never_travel_in_clear(base: str) -> None:
    with pytest.raises(EnrolmentError, match="https only"):
        ask(base, "t", "hq-07", "csr")


def test_an_api_that_cannot_be_reached_says_what_else_there_is(unused_tcp_port: int) -> None:
    with pytest.raises(EnrolmentError, match="--csr and --answer"):
        ask(f"http://127.0.0.1:{unused_tcp_port}", "t", "hq-07", "csr")
