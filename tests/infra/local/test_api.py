"""The command's HTTP client: signs in when needed, repeats with the same key what may pass, refuses in a line."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from tenacity import wait_none

from infra.local import api
from infra.local.api import Api, ApiError

Answer = httpx.Response | Exception


class Server:
    """Answers each request with the next of its answers."""

    def __init__(self, *answers: Answer) -> None:
        self.answers: Iterator[Answer] = iter(answers)
        self.requests: list[httpx.Request] = []
        self.tokens: list[str] = []
        self.signed_in = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.tokens.append(request.headers["Authorization"])
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def sign_in(self) -> str:
        self.signed_in += 1
        return f"token-{self.signed_in}"

    @property
    def keys(self) -> set[str]:
        return {request.headers["Idempotency-Key"] for request in self.requests}


@pytest.fixture
def serving(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Server, Api]]:
    monkeypatch.setattr(api, "wait_exponential_jitter", lambda **_: wait_none())

    def made(*answers: Answer) -> tuple[Server, Api]:
        server = Server(*answers)
        return server, Api("http://cloud", server.sign_in, httpx.MockTransport(server))

    return made


def problem(status: int, code: str, **more: Any) -> httpx.Response:
    return httpx.Response(status, json={"status": status, "code": code, "title": "No", **more})


OK = httpx.Response(200, json={"id": "x"})


def test_it_signs_in_once_for_many_requests(serving: Callable[..., Any]) -> None:
    server, client = serving(OK, OK)
    client.get("/people/x")
    client.get("/people/x")
    assert server.signed_in == 1
    assert server.tokens[0] == "Bearer token-1"
    assert str(server.requests[0].url) == "http://cloud/v1/people/x"


def test_a_token_that_ran_out_is_replaced_and_the_request_repeated(serving: Callable[..., Any]) -> None:
    server, client = serving(problem(401, "unauthorized"), OK)
    assert client.get("/people/x") == {"id": "x"}
    assert server.tokens == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize(
    "passing",
    [
        httpx.Response(503),
        httpx.Response(504, json={}),
        problem(429, "throttled"),
        problem(409, "in_progress"),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("gone"),
    ],
    ids=lambda each: each.status_code if isinstance(each, httpx.Response) else type(each).__name__,
)
def test_what_may_pass_is_tried_again_under_the_same_key(passing: Answer, serving: Callable[..., Any]) -> None:
    server, client = serving(passing, passing, OK)
    assert client.post("/people", {"id": "x"}, key="k") == {"id": "x"}
    assert len(server.requests) == 3
    assert server.keys == {"k"}


def test_patience_ends_with_what_was_said_last(serving: Callable[..., Any]) -> None:
    server, client = serving(*[problem(503, "failed", detail="broken")] * api.ATTEMPTS)
    with pytest.raises(ApiError, match="POST /people: 503 broken"):
        client.post("/people", {}, key="k")
    assert len(server.requests) == api.ATTEMPTS


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 422])
def test_a_refusal_is_final_and_names_fields_and_what_to_do(status: int, serving: Callable[..., Any]) -> None:
    errors = [{"field": "email", "message": "is no address"}]
    server, client = serving(problem(status, "no", detail="it does not fit", errors=errors, advice="Mend it."))
    with pytest.raises(ApiError) as caught:
        client.post("/people", {"name": "x"}, key="k")
    assert str(caught.value) == f"POST /people: {status} it does not fit. email: is no address. Mend it."
    assert (caught.value.status, caught.value.code, len(server.requests)) == (status, "no", 1)


def test_what_is_no_problem_document_is_shown_as_it_is(serving: Callable[..., Any]) -> None:
    _, client = serving(httpx.Response(400, text="<html>proxy</html>"))
    with pytest.raises(ApiError, match="<html>proxy</html>"):
        client.get("/people")


def test_a_missing_thing_is_none_and_another_refusal_is_not(serving: Callable[..., Any]) -> None:
    _, client = serving(problem(404, "not_found"), problem(403, "not_allowed"))
    assert client.find("/banks/x") is None
    with pytest.raises(ApiError):
        client.find("/banks/x")


def test_a_list_is_read_page_by_page(serving: Callable[..., Any]) -> None:
    pages = [{"items": [{"id": 1}], "next_cursor": "a+b"}, {"items": [{"id": 2}], "next_cursor": None}]
    server, client = serving(*(httpx.Response(200, json=page) for page in pages))
    assert [each["id"] for each in client.all("/banks")] == [1, 2]
    assert [request.url.params.get("cursor") for request in server.requests] == [None, "a+b"]


def test_an_answer_without_a_body_is_empty(serving: Callable[..., Any]) -> None:
    server, client = serving(httpx.Response(204))
    assert client.delete("/banks/x/enrolment", key="k") == {}
    assert json.loads(server.requests[0].content or b"null") is None
