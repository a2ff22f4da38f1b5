"""What is looked at in the moment it is said to a bank: nobody blocked is given anything, no return is refused."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from tests.simulation.cloud import Cloud
from tests.simulation.hub import Hub, Task
from tests.simulation.workplace import BANKS
from tests.support.workplace import ORG
from toolcrib.domain.doors import Door, GrantState, Purpose
from toolcrib.domain.ids import take_grant
from toolcrib.domain.pins import LOCKED_FOR, MOST_GUESSES, SlowHash
from toolcrib.send import slow_hash
from toolcrib.store import keys, mapping
from toolcrib.store.items import DoorItem, PersonItem

LOCKED_MS: Final = LOCKED_FOR // timedelta(milliseconds=1)
EFFECT_MS: Final = 5_000  # I17: so long after a revocation it may still have effect
RULES: Final = frozenset(
    {
        "person_frozen",
        "person_not_yet_valid",
        "person_expired",
        "badge_elsewhere",
        "blocked",
        "no_access",
        "certification_missing",
        "certification_expired",
        "outside_schedule",
        "faulty",
        "kit_incomplete",
        "service_due",
        "charge_low",
        "pair_conflict",
        "allowance_reached",
        "pin_required",
        "pin_wrong",
        "pin_locked",
        "pin_change_required",
        "authorisation_required",
        "terms_required",
        "answers_required",
    }
)
"""Codes of the take rules, which may refuse a take and never a return (rules.md, law 1)."""


NOTHING: Final = RULES | {"door_busy", "nothing_available", "choose_at_kiosk"}
"""Codes that tell a person that nothing was given."""


@dataclass
class Watches:
    """Listens to what is published. `wrong` is what must not have been said.

    `refused` is what people were told by code, of which type, and where: a supervisor may let them in spite of it.
    `since` is when those who are blocked now were.
    """

    hub: Hub
    cloud: Cloud
    tokens: Mapping[str, str]
    wrong: list[str] = field(default_factory=list)
    refused: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    since: dict[str, int] = field(default_factory=dict)
    _thawing: Counter[str] = field(default_factory=Counter)
    _tappers: dict[str, str] = field(default_factory=dict)
    _returning: set[str] = field(default_factory=set)
    _sessions: dict[str, str] = field(default_factory=dict)
    _picked: dict[str, tuple[str, str]] = field(default_factory=dict)
    _guesses: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def begin(self) -> None:
        """Listen from now on."""
        self.cloud.heard.append(self._hears)
        self.cloud.asked.append(self._spoke)

    def compares(self, kept: SlowHash, token: str) -> bool:
        """Compare a PIN, and count how many wrong ones of one person are looked at within fifteen minutes."""
        right, now_ms = slow_hash.matches(kept, token), self.hub.now_ms
        recent = [each for each in self._guesses.get(kept.salt, ()) if now_ms - each[0] < LOCKED_MS]
        if right:
            recent = []
        elif token not in {guess for _, guess in recent}:
            recent.append((now_ms, token))
        self._guesses[kept.salt] = recent
        if len(recent) > MOST_GUESSES:
            self.wrong.append(f"row 12: {len(recent)} wrong PINs of one person were looked at within 15 minutes")
        return right

    def blocked(self, person: str) -> None:
        """A person, or all their badges, were blocked, and the admin was told so; not while another lets them again."""
        if not self._thawing[person]:
            self.since.setdefault(person, self.hub.now_ms)

    def thaws(self, person: str) -> None:
        """A person may take things again from some moment on, until the admin is told which."""
        self._thawing[person] += 1
        self.since.pop(person, None)

    def thawed(self, person: str) -> None:
        """The admin was told that a person may take things again, or that it was not to be."""
        self._thawing[person] -= 1

    def _spoke(self, kind: str, said: Mapping[str, Any]) -> None:
        """Somebody tapped, or picked something; a badge that joins asks for nothing of its own."""
        if kind == "tap" and "session" not in said:
            self._tappers[said["id"]] = next((self.tokens[each] for each in said["badges"] if each in self.tokens), "")
        if kind == "choice":
            who = self._sessions.get(said["session"], "")
            self._picked[said["id"]] = who, str(said["option"]).rpartition(":")[2]
            if str(said["option"]).startswith("return:"):
                self._returning.add(said["id"])

    def _hears(self, task: Task, thing: str, kind: str, body: Mapping[str, Any]) -> None:
        bank = thing.partition(":")[2]
        if kind == "open":
            self._opens(bank)
        if kind == "notice" and body["code"] in NOTHING and self._was_granted(bank, str(body.get("re"))):
            self.wrong.append(f"I5: {body['re']} was granted and told {body['code']}")
        if kind == "notice" and body["code"] in RULES and body.get("re") in self._returning:
            self.wrong.append(f"I19: {body['re']} picked a return and was told {body}")
        person = self._tappers.get(str(body.get("re")), "")
        if kind not in {"notice", "session"}:
            return
        self._notes(bank, kind, body, person)
        if not person:
            return
        refused = kind == "notice" and body["code"] in RULES
        offered = kind == "session" and any(each["kind"] == "return" for each in body["options"])
        if (refused or (kind == "session" and not offered)) and self._could_return(person, bank, task.started_ms):
            self.wrong.append(f"I19: {person} has something to return at {bank} and was told {kind} {body}")

    def _notes(self, bank: str, kind: str, body: Mapping[str, Any], tapped: str) -> None:
        """Note who was told what, after a tap or a choice: sessions to know whose choice it is, refusals by code."""
        person, picked = self._picked.get(str(body.get("re")), (tapped, ""))
        if kind == "session":
            self._sessions[body["session"]] = person
        for each in body.get("refusals", ()) if kind == "session" else (body,):
            if person:
                self.refused[person, each["code"]] = (str(each.get("title", "")).lower() or picked, bank)

    def _was_granted(self, bank: str, upload: str) -> bool:
        """Whether this very upload was given a door that nobody has opened yet; who stands at an open one knows."""
        grants = [door.grant for door in self._doors(bank) if door.grant is not None]
        return any(each.id == take_grant(ORG, bank, upload) and each.state is GrantState.ISSUED for each in grants)

    def _opens(self, bank: str) -> None:
        """I17: nobody who was blocked is given anything."""
        command = self.cloud.latest
        grant = self._door(bank, command.door).grant if command is not None else None
        if command is None or grant is None or grant.id != command.grant or grant.purpose is not Purpose.TAKE:
            return
        since = self.since.get(grant.person or "")
        if since is not None and grant.authorised_at.timestamp() * 1000 > since + EFFECT_MS:
            self.wrong.append(f"I17: {grant.person} was blocked at {since} and given {grant.id} at {self.hub.now_ms}")

    def _could_return(self, person: str, bank: str, since_ms: int) -> bool:
        """Whether they held something before this was asked, and there was more than enough room all along."""
        raw = self.cloud.dynamo.tables["state"].items[keys.person(ORG, person)]
        held = mapping.to_person(PersonItem.from_raw_data(raw)).holdings.values()
        long_held = [each for each in held if each.state == "open" and _ms(each.since) + 60_000 < since_ms]
        return bool(long_held) and sum(door.free for door in self._doors(bank)) > 1

    def _doors(self, bank: str) -> list[Door]:
        return [self._door(bank, number) for number in range(1, BANKS[bank][3] + 1)]

    def _door(self, bank: str, number: int) -> Door:
        raw = self.cloud.dynamo.tables["state"].items[keys.door(ORG, bank, number)]
        return mapping.to_door(DoorItem.from_raw_data(raw))


def _ms(at: datetime) -> float:
    return at.timestamp() * 1000
