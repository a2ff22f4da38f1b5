"""A journey's own corner of the running stack: a site with its people, things, banks and rules.

All of it is made through the HTTP API and the command, and seen through the API, the tables and the inbox.
"""

import os
import secrets
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import httpx
from tenacity import Retrying, retry_if_result, stop_after_delay, wait_fixed

from edge.config import BadgeKey
from edge.tokens import token
from infra.local import ministack
from infra.local.home import Home
from tests.support.player import PATIENCE_S, Player

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


class Web:
    """The HTTP API as an administrator uses it; a status other than the expected one fails the test."""

    def __init__(self, base: str, bearer: str) -> None:
        headers = {"Authorization": f"Bearer {bearer}"}
        self.client = httpx.Client(base_url=f"{base}/v1", headers=headers, timeout=PATIENCE_S, trust_env=False)

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self._ask("GET", path, 200, params=query)

    def post(self, path: str, body: dict[str, Any], *, status: int = 201) -> dict[str, Any]:
        return self._ask("POST", path, status, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})

    def delete(self, path: str) -> None:
        self._ask("DELETE", path, 204)

    def _ask(self, method: str, path: str, status: int, **more: Any) -> dict[str, Any]:
        answer = self.client.request(method, path, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a badge; `token` is what a bank makes of its number."""

    id: str
    token: str
    badge: str
    slack: str
    mail: str


@dataclass(frozen=True, kw_only=True)
class Thing:
    """An asset and its tag."""

    id: str
    tag: str


@dataclass
class Corner:
    """One journey's site, with a supervisor and a channel; whatever is made here nobody else uses."""

    home: Home
    web: Web
    stack: dict[str, Any]
    players: list[Player] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site = f"s-{secrets.token_hex(4)}"
        self.channel = f"#{self.site}"
        self._kinds: set[str] = set()
        self.supervisor = self._enter("supervisor", groups=[])
        place = {"id": self.site, "name": "A site", "time_zone": "Europe/Berlin", "channel": self.channel}
        self.web.post("/sites", {**place, "supervisors": [self.supervisor.id]})
        self.web.post("/groups", {"id": self.site, "name": "Crew", "grants": [{"sites": [self.site]}]})

    def close(self) -> None:
        for player in self.players:
            player.close()

    def person(self, name: str) -> Person:
        """Return somebody who may take anything at this site, with a badge."""
        return self._enter(name, groups=[self.site])

    def _enter(self, name: str, groups: list[str]) -> Person:
        id_, number = f"{self.site}.{name}", f"04{secrets.token_hex(6)}".upper()
        slack, mail = f"U{secrets.token_hex(5).upper()}", f"{id_}@acme.example"
        known = {"id": id_, "name": name.title(), "groups": groups, "site": self.site}
        self.web.post("/people", {**known, "slack_id": slack, "email": mail})
        badge = self.web.post(f"/people/{id_}/badges", {"number": number})["id"]
        key = BadgeKey(version=self.stack["badge_key"]["version"], key=bytes.fromhex(self.stack["badge_key"]["hex"]))
        return Person(id=id_, token=token(number, key), badge=badge, slack=slack, mail=mail)

    def bank(self, evidence: str, mode: str, *, doors: int = 4, capacity: int = 1) -> Player:
        """Return a new bank, enrolled by the command and played by hand; its doors hold `capacity` things each."""
        name = f"b-{secrets.token_hex(4)}"
        if capacity > 1:
            behind = [{"number": number, "capacity": capacity} for number in range(1, doors + 1)]
            cabinet = {"id": name, "site": self.site, "evidence": evidence, "mode": mode}
            self.web.post("/banks", {**cabinet, "doors": behind})
        self.enrol(name, evidence, mode, doors)
        return self.play(name)

    def enrol(self, bank: str, evidence: str, mode: str, doors: int) -> None:
        """Enrol a bank, which is made unless it is there; an earlier enrolment ends with this."""
        made = ("--site", self.site, "--doors", str(doors), "--evidence", evidence, "--mode", mode)
        toolcrib(self.home, "bank", "add", bank, *made, "--no-simulate")

    def play(self, bank: str) -> Player:
        """Connect as a bank, with what it was enrolled with last."""
        player = Player(self.home.read("stack.json"), bank)
        self.players.append(player)
        return player

    def thing(self, kind: str, bank: Player, door: int) -> Thing:
        """Return a new thing of a kind that lies in a door."""
        type_ = self.kind(kind)
        thing = Thing(id=f"a-{secrets.token_hex(5)}", tag=secrets.token_hex(12).upper())
        made = {"id": thing.id, "type": type_, "name": kind.title(), "site": self.site, "tag": thing.tag}
        self.web.post("/assets", made)
        self.web.post(f"/assets/{thing.id}/stow", {"bank": bank.bank, "door": door}, status=200)
        return thing

    def kind(self, kind: str) -> str:
        """Return the id of this corner's own asset type."""
        id_ = f"{self.site}.{kind}"
        if kind not in self._kinds:
            self._kinds.add(kind)
            self.web.post("/asset-types", {"id": id_, "name": kind.title(), "category": self.site})
        return id_

    def policy(self, kind: str, **terms: Any) -> None:
        """Give a kind of thing its own terms."""
        id_ = f"{self.site}.{kind}"
        self.web.post("/policies", {"id": id_, "match": {"asset_type": self.kind(kind)}, **terms})

    def asset(self, thing: Thing) -> dict[str, Any]:
        return self.web.get(f"/assets/{thing.id}")

    def loan(self, loan: str) -> dict[str, Any]:
        return self.web.get(f"/loans/{loan}")

    def door(self, bank: Player, number: int) -> dict[str, Any]:
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

    def sweep(self, at: str) -> str:
        """Drain the agenda as of a moment."""
        return toolcrib(self.home, "sweep", "--at", at)

    def aws(self, service: str) -> Any:
        """Return a client of the stack's own account, which may do everything."""
        return ministack.target(self.home).client(service)

    def _tables(self) -> Any:
        reader = self.stack["credentials"]
        return boto3.client(
            "dynamodb",
            endpoint_url=self.stack["endpoint"],
            region_name=self.stack["region"],
            aws_access_key_id=reader["access_key_id"],
            aws_secret_access_key=reader["secret_access_key"],
        )
