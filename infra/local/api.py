"""The product's own HTTP API, used by the command as any other program would use it."""

from collections.abc import Callable, Generator, Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from infra.cli.errors import CommandError

TIMEOUT_S = 60  # a cold function on a busy machine
ATTEMPTS = 6


class ApiError(CommandError):
    """The API refused; carries its problem in one line, `code` and `status` for programs."""

    def __init__(self, request: str, answer: httpx.Response) -> None:
        problem = _problem(answer)
        self.status, self.code = answer.status_code, str(problem.get("code", ""))
        fields = ", ".join(f"{each['field']}: {each['message']}" for each in problem.get("errors", []))
        said = [problem.get("detail") or problem.get("title") or answer.text[:200], fields, problem.get("advice")]
        super().__init__(f"{request}: {self.status} {'. '.join(filter(None, said))}")


class _PassingError(Exception):
    """What may go well at the next try, which has the same Idempotency-Key."""


class Bearer(httpx.Auth):
    """Signs in when first needed, and again when the token is no longer good."""

    def __init__(self, sign_in: Callable[[], str]) -> None:
        self._sign_in, self._token = sign_in, ""

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send the token; httpx's own interface."""
        self._token = self._token or self._sign_in()
        request.headers["Authorization"] = f"Bearer {self._token}"
        answer = yield request
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            self._token = self._sign_in()
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request


class Api:
    """Paths are relative to `/v1`. Failures that may pass are tried again; refusals raise `ApiError`."""

    def __init__(self, base: str, sign_in: Callable[[], str], transport: httpx.BaseTransport | None = None) -> None:
        self._client = httpx.Client(
            base_url=f"{base}/v1", auth=Bearer(sign_in), timeout=TIMEOUT_S, trust_env=False, transport=transport
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def find(self, path: str) -> dict[str, Any] | None:
        """Return a resource, or None when there is no such thing."""
        try:
            return self.get(path)
        except ApiError as error:
            if error.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def get(self, path: str) -> dict[str, Any]:
        """Return a resource or a page of a list."""
        return self._ask("GET", path)

    def all(self, path: str) -> Iterator[dict[str, Any]]:
        """Yield everything on a list, page by page."""
        cursor = ""
        while cursor is not None:
            page = self.get(f"{path}?limit=100{cursor and f'&cursor={quote(cursor)}'}")
            yield from page["items"]
            cursor = page["next_cursor"]

    def post(self, path: str, body: Mapping[str, Any], *, key: str) -> dict[str, Any]:
        """Create or do something, once per `key`."""
        return self._ask("POST", path, body, {"Idempotency-Key": key})

    def delete(self, path: str, *, key: str) -> dict[str, Any]:
        """End something."""
        return self._ask("DELETE", path, None, {"Idempotency-Key": key})

    def _ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        again = retry_if_exception_type((_PassingError, httpx.TransportError))
        for attempt in Retrying(
            retry=again,
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_exponential_jitter(multiplier=0.2, max=5),
            reraise=True,
        ):
            with attempt:
                last = attempt.retry_state.attempt_number == ATTEMPTS
                answer = self._client.request(method, path, json=body, headers=headers)
                if _may_pass(answer) and not last:
                    raise _PassingError
        if answer.is_error:
            raise ApiError(f"{method} {path}", answer)
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found


def part(value: str) -> str:
    """Return an id as one part of a path."""
    return quote(value, safe="")


def _may_pass(answer: httpx.Response) -> bool:
    busy = answer.status_code == HTTPStatus.CONFLICT and _problem(answer).get("code") == "in_progress"
    return busy or answer.status_code == HTTPStatus.TOO_MANY_REQUESTS or answer.is_server_error


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:  # not ours: something between here and there
        return {}
    return found if isinstance(found, dict) else {}
