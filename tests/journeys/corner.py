"""A journey's own corner of the running stack: a site with its people, things, banks and rules.

All of it is made through the HTTP API and the command.
"""

import secrets
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from edge.config import BadgeKey
from edge.tokens import token
from infra.local import banks, ministack
from infra.local.api import Api
from infra.local.running import running
from tests.journeys.asking import toolcrib
from tests.journeys.sight import Cabinet, Sight, Thing
from tests.support.player import Player


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a badge; `token` is what a bank makes of its number, `uid`."""

    id: str
    uid: str
    token: str
    badge: str
    slack: str
    mail: str


@dataclass
class Corner(Sight):
    """One journey's site, with a supervisor and a channel; whatever is made here nobody else uses."""

    players: list[Player] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.channel = f"#{self.site}"
        self._kinds: set[str] = set()
        self.supervisor = self._enter("supervisor", groups=[])
        place = {"id": self.site, "name": "A site", "time_zone": "Europe/Berlin", "channel": self.channel}
        self.web.post("/sites", {**place, "supervisors": [self.supervisor.id], "cooldown": "PT0S"})
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
        return Person(id=id_, uid=number, token=token(number, key), badge=badge, slack=slack, mail=mail)

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
        """Enrol a bank as `toolcrib bank add --no-simulate` does: it is made unless it is there.

        An earlier enrolment ends with this.
        """
        cabinet = banks.Cabinet(id=bank, site=self.site, doors=doors, evidence=evidence, mode=mode)
        with closing(Api(self.stack["api"], lambda: self.web.bearer)) as api:
            banks.create(api, cabinet)
            banks.enrol(self.home, api, cabinet)

    def play(self, bank: str) -> Player:
        """Connect as a bank, with what it was enrolled with last."""
        player = Player(self.home.read("stack.json"), bank)
        self.players.append(player)
        return player

    def thing(self, kind: str, bank: Cabinet, door: int) -> Thing:
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

    def sweep(self, at: str) -> str:
        """Drain the agenda as of a moment."""
        return toolcrib(self.home, "sweep", "--at", at)

    def issues_rosters(self) -> None:
        """Let the clock's own function bring up to date what banks may lend while they are alone."""
        done = running(self.home).invoke("rosters", {"time": datetime.now(UTC).isoformat()})
        assert done["left_for_next_run"] == 0, done

    def aws(self, service: str) -> Any:
        """Return a client of the stack's own account, which may do everything."""
        return ministack.target(self.home).client(service)
