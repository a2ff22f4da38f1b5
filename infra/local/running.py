"""The local stack as it runs: what `stack.json` says, and who may ask its API."""

import json
from dataclasses import dataclass
from typing import Any

from infra.local import ministack, processes, users
from infra.local.api import Api
from infra.local.home import Home, LocalStackError


@dataclass(frozen=True)
class Running:
    """A stack that answers; `stack` is its `stack.json`."""

    home: Home
    stack: dict[str, Any]

    def token(self, role: str = "admin") -> str:
        """Sign a user in, second factor included, and return the access token."""
        target = ministack.target(self.home)
        return str(users.sign_in(target, self.stack["client_id"], self.stack["users"][role])["AccessToken"])

    def api(self, role: str = "admin") -> Api:
        """Return the HTTP API as this user sees it."""
        return Api(self.stack["api"], lambda: self.token(role))

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        """Call a function and return its answer.

        Raises:
            LocalStackError: when it fails; carries what it said.
        """
        name = self.stack["functions"][function]
        client = ministack.target(self.home).client("lambda")
        answer = client.invoke(FunctionName=name, Payload=json.dumps(event).encode())
        said = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            reason = said.get("errorMessage", said) if isinstance(said, dict) else said
            raise LocalStackError(f"{function} failed: {reason}")
        return said


def running(home: Home) -> Running:
    """Return the stack of this folder.

    Raises:
        LocalStackError: when it does not run, or is not ready yet.
    """
    stack = home.read("stack.json")
    if not stack or processes.find(home, ministack.NAME) is None:
        raise LocalStackError(f"No local stack runs in {home.folder}. Start one: make up")
    return Running(home, stack)
