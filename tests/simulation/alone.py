"""What banks do by themselves, held against the rosters that were signed, and against the record (safety.md, I12, I17).

It knows no code of the product: it reads what was published, what lies in the bucket, what the steel did, and what was
written down in the end.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

import jwt
import msgspec

from edge.journal import Report
from edge.simulation.world import Cabinet
from edge.uploads import FINAL, DoorReport, Offline, Outcome
from tests.simulation.hub import Hub, Task
from tests.simulation.workplace import tag

LOCAL: Final = "offline:"  # how grants begin that a bank gives by itself
AHEAD_MS: Final = 10_000  # a bank's time may be ahead of the cloud's by a round trip (edge/clock.py)
BEHIND_MS: Final = 3_000  # and behind it by what its quartz drifts in the hours of a run
EFFECT_MS: Final = 5_000  # I17: so long after a revocation it may still have effect
NEVER_ALONE: Final = (("laptop", "hq-01"), ("laptop", "dock-01"))  # a PIN or a lead is asked for, whatever is edited


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A roster as its bank could have it: the claims of its manifest, and its body."""

    claims: Mapping[str, Any]
    body: Mapping[str, Any]

    def person(self, badge: str) -> Mapping[str, Any] | None:
        place = self.body["badges"].get(badge)
        return None if place is None else dict(self.body["people"][place])

    def right(self, person: Mapping[str, Any], kind: str) -> Mapping[str, Any] | None:
        return next((each for each in self.body["rights"][person["rights"]] if each["type"] == kind), None)

    @property
    def lent(self) -> dict[str, str]:
        """What the bank may lend by it, whatever its door: the type by the thing."""
        return {each["asset"]: each["type"] for contents in self.body["doors"].values() for each in contents}


@dataclass(kw_only=True)
class Dealing:
    """One opening that no command asked for, as the steel saw it. `moved` is None until its last report was written."""

    thing: str
    door: int
    told: Mapping[str, Any]
    before: frozenset[str]
    moved: bool | None = None
    known_ms: int | None = None

    @property
    def counts(self) -> bool:
        """Whether it takes from a right: a door that is still in use does, too."""
        return self.told["kind"] == "take" and self.moved is not False


@dataclass(frozen=True, kw_only=True)
class Last:
    """How a dealing ended, as its bank wrote it down; `place` is its place among the reports of that bank."""

    bank: str
    place: tuple[int, int]
    report: DoorReport
    dealing: Dealing | None


@dataclass
class Alone:
    """The witness. `people` are whose badges those are, `blocked` since when nobody of them may take anything.

    `last` is how openings ended, `reports` are all that were told of them, `applied` those that were, in their order.
    """

    hub: Hub
    objects: Mapping[str, bytes]
    cabinets: Callable[[str], Cabinet]
    people: Mapping[str, str]
    blocked: Mapping[str, int]
    wrong: list[str] = field(default_factory=list)
    reports: dict[str, tuple[str, tuple[int, int]]] = field(default_factory=dict)
    last: dict[str, Last] = field(default_factory=dict)
    _signed: dict[tuple[str, str], Signed] = field(default_factory=dict)
    _dealings: list[Dealing] = field(default_factory=list)

    def hears(self, _: Task, thing: str, kind: str, body: Mapping[str, Any]) -> None:
        """Take note of a manifest that was signed, and of reports that a bank may forget."""
        if kind == "roster":
            claims = jwt.decode(body["manifest"], options={"verify_signature": False})
            raw = self.objects[f"{thing.replace(':', '/')}/{claims['version']}.json"]
            if sha256(raw).hexdigest() != claims["sha256"] or claims["aud"] != thing:
                self.wrong.append(f"I12: {thing} was promised {claims}, which is not what lies there")
            self._signed[thing, claims["version"]] = Signed(claims=claims, body=json.loads(raw))
        if kind == "ack":
            for report in (*body.get("ids", ()), *(each["id"] for each in body.get("rejected", ()))):
                dealing = self.last[report].dealing if report in self.last else None
                if dealing is not None and dealing.known_ms is None:
                    dealing.known_ms = self.hub.now_ms

    def pulsed(self, thing: str, door: int, grant: str, dealt: bytes | None) -> None:
        """A bank released a lock by itself: it has to be within a roster in force (I12)."""
        if dealt is None:
            self.wrong.append(f"I12: {thing} {door} opened by {grant} before what it is about was durable")
            return
        told = json.loads(dealt)
        self.hub.tally[f"alone: {told['kind']}"] += 1
        signed = self._signed.get((thing, told["roster"]))
        person = None if signed is None else signed.person(told["badge"])
        if signed is None or person is None:
            self.wrong.append(f"I12: {thing} {door} opened by {grant}: no roster knows of {told}")
        else:
            against = self._against_take if told["kind"] == "take" else self._against_return
            found = against(thing, signed, person, told)
            self.wrong += [f"{each}: {thing} {door} opened by {grant}, {told}" for each in found]
        before = frozenset(self.cabinets(thing).contents.get(door, ()))
        self._dealings.append(Dealing(thing=thing, door=door, told=told, before=before))

    def recorded(self, bank: str, report: Report) -> None:
        """A report became durable, and maybe ends what a bank did by itself."""
        if report.kind != "door" or report.id in self.reports:
            return
        told = msgspec.json.decode(report.body, type=DoorReport)
        if not isinstance(told.offline, Offline):
            return
        self.reports[report.id] = bank, (report.boot, report.seq)
        self.hub.tally[f"alone: {told.offline.kind} {told.outcome}"] += 1
        if told.outcome not in FINAL:
            return
        mine = (each for each in self._dealings if _is(each, bank, told) and each.moved is None)
        dealing = next(mine, None)  # none: the power went between its mark and its pulse
        self.last[report.id] = Last(bank=bank, place=(report.boot, report.seq), report=told, dealing=dealing)
        if dealing is not None:
            inside = frozenset(self.cabinets(dealing.thing).contents.get(told.door, ()))
            takes = told.offline.kind == "take"
            changed = dealing.before - inside if takes else inside - dealing.before
            dealing.moved = _tag(dealing.told["asset"]) in changed

    def _against_take(
        self, thing: str, signed: Signed, person: Mapping[str, Any], told: Mapping[str, Any]
    ) -> Iterator[str]:
        now_ms, made_ms, kind = self.hub.now_ms, signed.body["made_ms"], told["type"]
        right = signed.right(person, kind)
        if right is None or signed.lent.get(told["asset"]) != kind:
            yield f"I12: {told['asset']} is not in the roster, or not for them"
            return
        windows = right["windows"]
        if not any(begins - AHEAD_MS <= now_ms < ends + BEHIND_MS for begins, ends in windows):
            yield f"I12: it is {now_ms}, the right was for {windows}"
        if now_ms >= signed.claims["exp"] * 1000 + BEHIND_MS:
            yield f"I12: it is {now_ms}, the roster ended at {signed.claims['exp']}"
        if (kind, thing.partition(":")[2]) in NEVER_ALONE:
            yield "rows 12 and 13: what nobody could ask for was not asked for"
        taken = [each for each in self._dealings if self._counted(each, thing, told["badges"], made_ms)]
        of_kind = sum(each.told["type"] == kind for each in taken)
        if of_kind >= right["most"] or len(taken) >= person["most"]:
            yield f"I12: {of_kind} of {right['most']} were taken, {len(taken)} of {person['most']} of all"
        blocked_ms = self.blocked.get(self.people.get(told["badge"], ""))
        if blocked_ms is not None and made_ms > blocked_ms + EFFECT_MS:
            yield f"I17: they were blocked at {blocked_ms}, the roster is of {made_ms}"

    def _counted(self, each: Dealing, thing: str, badges: Collection[str], made_ms: int) -> bool:
        """Whether somebody took a thing here of which a roster cannot know."""
        unknown = each.known_ms is None or each.known_ms > made_ms + BEHIND_MS
        return each.thing == thing and each.told["badge"] in badges and each.counts and unknown

    def _against_return(
        self, thing: str, _signed: Signed, person: Mapping[str, Any], told: Mapping[str, Any]
    ) -> Iterator[str]:
        lent = {each["asset"] for each in person["loans"]}
        here = {each.told["asset"] for each in self._dealings if each.thing == thing and each.told["kind"] == "take"}
        if told["asset"] not in lent | here | self._perhaps_taken(thing):
            yield f"I12: {told['asset']} is not theirs to bring back"

    def _perhaps_taken(self, thing: str) -> set[str | None]:
        """Return what a bank had noted down to open a door for when its power went: it cannot know that it did not."""
        mine = (each for each in self.last.values() if each.bank == thing.partition(":")[2] and each.dealing is None)
        about = (each.report.offline for each in mine)
        return {each.asset for each in about if isinstance(each, Offline) and each.kind == "take"}


def _is(dealing: Dealing, bank: str, told: DoorReport) -> bool:
    about = told.offline
    if not isinstance(about, Offline):
        return False
    same = (dealing.told["kind"], dealing.told["badge"], dealing.told["asset"], dealing.told["roster"])
    here = dealing.thing.partition(":")[2] == bank and dealing.door == told.door
    return here and same == (about.kind, about.badge, about.asset, about.roster)


def _tag(asset: str) -> str:
    return tag(int(asset.rpartition("-")[2]))


def is_over(last: Last) -> bool:
    """Whether it is known how an opening ended: its door was shut again, and the thing it was about is elsewhere."""
    moved = last.dealing is not None and last.dealing.moved is True
    return moved and last.report.outcome in {Outcome.CLOSED, Outcome.UNRESOLVED}
