"""What the clients of a simulated history do: tap, take, bring back, state, read; and what they make of the answers."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any

from chalicelib.flows import move_asset, stow_asset
from chalicelib.flows.admin import assets
from tests.proof.linearizable import custody
from tests.proof.linearizable.custody import Granted, LetIn, MaybeGranted, MaybeStated, NotOffered, Saw, Shut, Stated
from tests.proof.linearizable.floor import Floor, place_of
from tests.proof.linearizable.premises import BANKS, DOORS, token
from tests.support.admins import asked
from tests.support.banks import rule_event, ulid
from tests.support.workplace import ORG
from tests.support.world import Context, app
from toolcrib.domain.doors import COMMAND_LIFE
from toolcrib.domain.ids import loan_of, return_grant, take_grant
from toolcrib.domain.refusals import Refusal
from toolcrib.domain.states import Move
from toolcrib.store.loans import load_loan

FAILS, REPORT_FAILS, COPIES = 0.045, 0.02, 0.05
"""How often a conversation, a reading or a statement goes wrong; a report, which is repeated then; and comes twice."""
CHANGES_MIND, HANDLE_STICKS = 0.15, 0.1
MOVES = ("unstow", "send_to_repair", "declare_missing", "found", *["stow"] * 5)
SILENT = frozenset({"door_busy", "not_here"})
"""Answers that say nothing about one asset: the race was lost too often, or there is no room for it."""
LIFE_MS = round(COMMAND_LIFE.total_seconds() * 1000)


@dataclass
class Client:
    """One person, who has a badge, may state things, and has at most one thing on their mind."""

    floor: Floor
    number: int
    operations: int
    uploads: Any
    done: int = 0
    used: set[str] = field(default_factory=set)
    seqs: Any = field(default_factory=lambda: count(1))

    @property
    def name(self) -> str:
        return f"p-{self.number}"

    def run(self) -> None:
        """Do one thing after the other until enough is done."""
        while self.done < self.operations:
            act = self.floor.chance.choices((self._tap, self._read, self._state), (40, 35, 25))[0]
            act()

    def _begin(self) -> int:
        self.done += 1
        self.floor.asked += 1
        return self.floor.turns.now()

    def _read(self) -> None:
        asset, began = self.floor.chance.choice(sorted(self.floor.notes)), self._begin()
        request = asked(f"{self.name}-{self.done}", at=self.floor.now)
        found = self.floor.attempt(lambda: assets.show(request, asset), fails=FAILS)
        self.floor.unknown += found is None
        if found is not None:
            self.floor.note(asset, self.name, Saw(place_of(found)), began)

    def _state(self) -> None:
        floor, began = self.floor, self._begin()
        asset, move = floor.chance.choice(sorted(floor.notes)), floor.chance.choice(MOVES)
        bank, door = floor.chance.choice(BANKS), floor.chance.randint(1, DOORS)
        request = asked(f"{self.name}-{self.done}", at=floor.now)

        def state() -> Any:
            try:
                if move == "stow":
                    return stow_asset.handle(request, asset, bank=bank, door=door)
                return move_asset.handle(request, asset, Move(move), reason="", site="hq")
            except Refusal as refusal:
                return refusal

        answer = floor.attempt(state, fails=FAILS)
        if isinstance(answer, Refusal):
            floor.note(asset, self.name, custody.Refused(move, answer.code), began)
            return
        self._carried(asset)
        if answer is not None:
            floor.note(asset, self.name, Stated(move, place_of(answer), floor.now_ms), began)
            return
        floor.unknown += 1
        maybe = MaybeStated(move, floor.now_ms, "hq", custody.stowed(bank, door) if move == "stow" else None)
        floor.note(asset, self.name, maybe, began, known=False)

    def _carried(self, asset: str) -> None:
        """Whoever states where a thing is has put it there: what is in doors is as the record says at this moment."""
        recorded = place_of(self.floor.recorded(asset))
        if recorded.kind != "person" and asset not in self.floor.held:
            in_door = recorded.id is not None and recorded.door is not None
            self.floor.places[asset] = (recorded.id, recorded.door) if in_door else None

    def _tap(self) -> None:
        floor, began, bank = self.floor, self._begin(), self.floor.chance.choice(BANKS)
        upload, began_ms = ulid(next(self.uploads)), floor.now_ms
        body = {"journal_depth": floor.depth.get(bank, 0), "badges": [token(self.number)]}
        floor.attempt(lambda: self._upload("tap", bank, upload, body), fails=FAILS)
        answers = floor.heard.pop(upload, [])
        if not answers:
            floor.unknown += 1
            grant = take_grant(ORG, bank, upload)
            maybe = MaybeGranted(Granted(grant, self.name, bank, began_ms + LIFE_MS, floor.now_ms))
            for asset in floor.notes:
                floor.note(asset, self.name, maybe, began, known=False)
            return
        (answer,) = answers
        if answer.kind == "open":
            self._open(answer.claims, bank, began)
        elif answer.code == "nothing_available":
            for asset in floor.notes:
                floor.note(asset, self.name, NotOffered(bank), began)
        else:
            assert answer.code in SILENT, answer

    def _open(self, claims: dict[str, Any], bank: str, began: int) -> None:
        grant, until = claims["jti"], claims["exp"] * 1000
        loan, upload = loan_of(grant) or "", claims["re"]
        asset, of_this_tap = self._about(loan), (take_grant(ORG, bank, upload), return_grant(ORG, bank, upload, loan))
        again = grant not in of_this_tap
        if claims["purpose"] == "take":
            self.floor.note(asset, self.name, Granted(grant, self.name, bank, until, self.floor.now_ms, again), began)
        elif not again:
            self.floor.note(asset, self.name, LetIn(loan), began)
        if grant not in self.used and self.floor.now_ms <= until:
            self.used.add(grant)
            act = self._take if claims["purpose"] == "take" else self._give_back
            act(grant, asset, (bank, claims["door"]))

    def _about(self, loan: str) -> str:
        """Return the asset of a loan, which no answer names."""
        with self.floor.alone():
            return load_loan(ORG, loan).asset

    def _take(self, grant: str, asset: str, at: tuple[str, int]) -> None:
        chance, began = self.floor.chance.random(), self._begin()
        outcome = "not_opened" if chance < HANDLE_STICKS else "closed"
        gone = chance >= HANDLE_STICKS + CHANGES_MIND
        if gone:
            self.floor.places[asset] = None
            self.floor.held[asset] = self.name
        self._report(at, outcome, grant)
        self.floor.note(asset, self.name, Shut(grant, gone), began)

    def _give_back(self, grant: str, asset: str, at: tuple[str, int]) -> None:
        """Put it in, if it is at hand; a door that is let alone reports that it was not opened."""
        began = self._begin()
        if self.floor.held.get(asset) != self.name or self.floor.chance.random() < HANDLE_STICKS:
            self._report(at, "not_opened", grant)
            return
        del self.floor.held[asset]
        self.floor.places[asset] = at
        self._report(at, "closed", grant)
        self.floor.note(asset, self.name, custody.Returned(custody.stowed(*at)), began)

    def _report(self, at: tuple[str, int], outcome: str, grant: str) -> None:
        """Report what a door did until it is acknowledged; now and then it arrives once more."""
        floor, (bank, door), upload = self.floor, at, ulid(next(self.uploads))
        tags = floor.inside(at)
        told = {"evidence": "tags", "present": None, "tags": tags, "opened_ms": None, "closed_ms": None}
        body = {"seq": next(self.seqs), "door": door, "grant": grant, "outcome": outcome, **told}
        floor.depth[bank] = floor.depth.get(bank, 0) + 1
        while not any(upload in ack.body.get("ids", ()) for ack in floor.heard.get(upload, ())):
            floor.attempt(lambda: self._upload("door", bank, upload, body), fails=REPORT_FAILS)
        floor.depth[bank] -= 1
        if floor.chance.random() < COPIES:
            floor.attempt(lambda: self._upload("door", bank, upload, body), fails=0)
        floor.heard.pop(upload, None)

    def _upload(self, kind: str, bank: str, upload: str, body: dict[str, Any]) -> None:
        now: datetime = self.floor.now
        whole = {"id": upload, "at": now.isoformat().replace("+00:00", "Z"), "boot": 1, "age_ms": 0, **body}
        getattr(app("devices"), f"on_{kind}")(rule_event(f"{ORG}:{bank}", json.dumps(whole).encode(), now), Context())
