"""What became of a journey: seen through the HTTP API, the ledger's own table and the inbox."""

import secrets
from dataclasses import dataclass, field
from typing import Any, Protocol

import boto3
import httpx

from infra.local.home import Home
from tests.journeys.asking import Web, eventually
from tests.support.player import PATIENCE_S


class Cabinet(Protocol):
    """A bank by its name, whoever plays it."""

    @property
    def bank(self) -> str:
        """Its id."""


@dataclass(frozen=True, kw_only=True)
class Thing:
    """An asset and its tag."""

    id: str
    tag: str


@dataclass
class Sight:
    """One site of a running stack, looked at."""

    home: Home
    web: Web
    stack: dict[str, Any]
    site: str = field(default_factory=lambda: f"s-{secrets.token_hex(4)}")

    def asset(self, thing: Thing) -> dict[str, Any]:
        return self.web.get(f"/assets/{thing.id}")

    def loan(self, loan: str) -> dict[str, Any]:
        return self.web.get(f"/loans/{loan}")

    def door(self, bank: Cabinet, number: int) -> dict[str, Any]:
        return self.web.get(f"/banks/{bank.bank}/doors/{number}")

    def moves(self, thing: Thing) -> list[str]:
        """Return what happened to a thing, first to last, as the ledger's own table has it."""
        key = f"{self.stack['org']}#ASSET#{thing.id}"
        asked = "pk = :pk and begins_with(sk, :event)"
        values = {":pk": {"S": key}, ":event": {"S": "EVENT#"}}
        found = self._tables().query(
            TableName=self.stack["tables"]["ledger"],
            KeyConditionExpression=asked,
            ExpressionAttributeValues=values,
            ConsistentRead=True,
        )
        return [item["record"]["M"]["move"]["S"] for item in found["Items"]]

    def case(self, kind: str) -> dict[str, Any]:
        """Return this site's one case of a kind, waiting for it; there must not be two."""

        def found() -> list[dict[str, Any]]:
            cases: list[dict[str, Any]] = self.web.get("/cases", kind=kind, site=self.site)["items"]
            return cases

        (case,) = eventually(found)
        return dict(case)

    def inbox(self, via: str, **about: str) -> list[dict[str, Any]]:
        """Return what came in by `slack` or `email` that is about this, newest last."""
        entries = httpx.get(f"{self.stack['inbox']}/{via}", timeout=PATIENCE_S, trust_env=False).raise_for_status()
        return [each for each in entries.json() if about.items() <= each.items()]

    def told(self, via: str, **about: str) -> list[dict[str, Any]]:
        """Return the same, waiting until there is something."""
        entries: list[dict[str, Any]] = eventually(self.inbox, via, **about)
        return entries

    def _tables(self) -> Any:
        reader = self.stack["credentials"]
        return boto3.client(
            "dynamodb",
            endpoint_url=self.stack["endpoint"],
            region_name=self.stack["region"],
            aws_access_key_id=reader["access_key_id"],
            aws_secret_access_key=reader["secret_access_key"],
        )
