"""Asking the running stack: by the command as a user does, by the HTTP API as an administrator does, with patience."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from infra.local.home import Home
from tests.support.player import PATIENCE_S

TOOLCRIB = Path(sys.executable).parent / "toolcrib"
LOOK_EVERY_S = 0.3

eventually = Retrying(
    retry=retry_if_result(lambda found: not found),
    wait=wait_fixed(LOOK_EVERY_S),
    stop=stop_after_delay(PATIENCE_S),
)
"""Calls a look until it finds something; `RetryError` when it never does."""


def toolcrib(home: Home, *words: str) -> str:
    """Run the command as a user would and return what it prints."""
    environment = {**os.environ, "TOOLCRIB_HOME": str(home.folder)}
    ran = subprocess.run([TOOLCRIB, *words], env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@contextmanager
def signed_in(home: Home) -> "Iterator[Web]":
    """Have the HTTP API of a running stack with an administrator's token, good for an hour."""
    web = Web(home.read("stack.json")["api"], toolcrib(home, "token", "--role", "admin").strip())
    with web.client:
        yield web


class Web:
    """The HTTP API as an administrator uses it; a status other than the expected one fails the test."""

    def __init__(self, base: str, bearer: str) -> None:
        self.bearer = bearer
        headers = {"Authorization": f"Bearer {bearer}"}
        self.client = httpx.Client(base_url=f"{base}/v1", headers=headers, timeout=PATIENCE_S, trust_env=False)

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self._ask("GET", path, 200, params=query)

    def post(self, path: str, body: dict[str, Any], *, status: int = 201) -> dict[str, Any]:
        return self._ask("POST", path, status, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})

    def patch(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Change a thing whatever its version."""
        return self._ask("PATCH", path, 200, json=body, headers={"If-Match": "*"})

    def delete(self, path: str) -> None:
        self._ask("DELETE", path, 204)

    def _ask(self, method: str, path: str, status: int, **more: Any) -> dict[str, Any]:
        answer = self.client.request(method, path, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found
