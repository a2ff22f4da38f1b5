"""What the banks of this proof talk to: signs the time and rosters, and keeps a record from what it hears.

It stands apart from the product on purpose: what a bank was entitled to is judged by what was signed here.
"""

import hashlib
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.edge.rig import sign
from tests.edge.rosters import token

THING = "acme:hq-01"
HOUR_MS = 3_600_000
TYPES = ("drill", "saw")


@dataclass(frozen=True)
class Thing:
    """Something that can be lent; its name is its asset's id."""

    name: str
    type: str
    tag: str | None


@dataclass(frozen=True)
class Signed:
    """A roster that was signed, and the bytes that were."""

    told: dict[str, Any]
    raw: bytes
    exp_ms: int

    def manifest(self, **changes: Any) -> str:
        claims = {
            "aud": THING,
            "version": self.told["version"],
            "sha256": hashlib.sha256(self.raw).hexdigest(),
            "bytes": len(self.raw),
            "exp": self.exp_ms // 1000,
        }
        return sign(claims | changes)


@dataclass
class Cloud:
    """The record: what lies where and who has what, as far as reports tell; None where nobody knows."""

    things: dict[str, Thing]
    badges: dict[str, list[str]]
    doors: dict[int, str | None]
    unknown: set[int] = field(default_factory=set)
    loans: dict[str, set[str]] = field(default_factory=dict)
    signed: dict[str, Signed] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    known_ms: dict[str, int] = field(default_factory=dict)

    def hears(self, report: dict[str, Any], now_ms: int) -> None:
        """Apply a report once, however often it comes."""
        if report["id"] in self.known_ms:
            return
        self.known_ms[report["id"]] = now_ms
        self.heard.append(report)
        if "outcome" not in report:
            return
        offline, door = report.get("offline"), report["door"]
        if offline is None or report["outcome"] != "closed":
            if report["outcome"] in {"forced", "unresolved", "opened"}:
                self.unknown.add(door)
            return
        holder = next(person for person, uids in self.badges.items() if offline["badge"] in map(token, uids))
        mine = self.loans.setdefault(holder, set())
        if offline["kind"] == "take":
            mine.add(offline["asset"])
        else:
            mine.discard(offline["asset"])
        self.unknown.add(door)  # until somebody looked inside

    def looks(self, inside: dict[int, str | None], carried: dict[str, set[str]]) -> None:
        """Somebody goes through all doors and pockets, and the record is put right."""
        self.doors, self.unknown = dict(inside), set()
        self.loans = {person: set(things) for person, things in carried.items()}

    def signs(self, chance: Random, now_ms: int) -> Signed:
        """Make a roster of what is known now, with rights as they come."""
        people = list(self.badges)
        rights = [self._rights(chance, now_ms) for _ in people]
        free = [door for door, thing in self.doors.items() if thing is None and door not in self.unknown]
        told = {
            "version": f"r{len(self.signed) + 1}",
            "thing": THING,
            "made_ms": now_ms,
            "badges": {token(uid): people.index(person) for person, uids in self.badges.items() for uid in uids},
            "people": [
                {
                    "display": person,
                    "language": "en",
                    "most": chance.randint(0, 3),
                    "rights": number,
                    "loans": [self._held(name, free) for name in sorted(self.loans.get(person, ()))],
                }
                for number, person in enumerate(people)
            ],
            "rights": rights,
            "doors": {
                str(door): [self._content(name)]
                for door, name in self.doors.items()
                if name is not None and door not in self.unknown
            },
            "free": free,
        }
        ends = [end for each in rights for right in each for _, end in right["windows"]]
        signed = Signed(told, json.dumps(told).encode(), max(ends, default=now_ms))
        self.signed[told["version"]] = signed
        return signed

    def _rights(self, chance: Random, now_ms: int) -> list[dict[str, Any]]:
        wanted = [type_ for type_ in TYPES if chance.random() < 0.8]
        return [{"type": type_, "most": chance.randint(0, 2), "windows": _windows(chance, now_ms)} for type_ in wanted]

    def _held(self, name: str, free: list[int]) -> dict[str, Any]:
        return {"asset": name, "title": name, "tag": self.things[name].tag, "due_at": None, "doors": free[:1]}

    def _content(self, name: str) -> dict[str, Any]:
        thing = self.things[name]
        return {"asset": name, "title": name, "type": thing.type, "tag": thing.tag}


def _windows(chance: Random, now_ms: int) -> list[list[int]]:
    begin = now_ms + chance.choice([-1, -1, 0, 1]) * HOUR_MS
    first = [begin, begin + chance.choice([1, 4, 12]) * HOUR_MS]
    again = first[1] + HOUR_MS
    return [first] if chance.random() < 0.7 else [first, [again, again + 2 * HOUR_MS]]
