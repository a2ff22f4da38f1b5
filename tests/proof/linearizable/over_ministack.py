"""Histories over real MQTT and HTTP: this process is a bank with its people, two others are administrators.

All of them note when they asked and when they were answered by one machine's monotonic clock.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from random import Random
from typing import NamedTuple

from tests.journeys.corner import Corner, Person
from tests.proof.linearizable.at_the_desk import NEVER, Notes, place_of, work
from tests.proof.linearizable.checker import Operation, Verdict
from tests.proof.linearizable.custody import (
    Call,
    Custody,
    Granted,
    LetIn,
    MaybeGranted,
    NotOffered,
    Returned,
    Shut,
    judged,
    stowed,
)
from tests.proof.races.race import warmed
from tests.support.player import AGAIN_AFTER_S, ANSWERS, Message, SilenceError
from toolcrib.domain.doors import COMMAND_LIFE
from toolcrib.domain.ids import loan_of, return_grant, take_grant

PEOPLE, DOORS, DESKS = 3, 2, 2
STEPS, REQUESTS = 6, 12
NOT_HEARD, CHANGES_MIND, STICKS = 0.04, 0.15, 0.1
SILENT = frozenset({"door_busy", "not_here"})
LIFE_MS = round(COMMAND_LIFE.total_seconds() * 1000)


class _Calm(Random):
    """Nothing goes wrong any more."""

    def random(self) -> float:
        return 1.0


class _Tap(NamedTuple):
    person: Person
    id: str
    began: int
    began_ms: int


@dataclass(kw_only=True)
class Hall:
    """One express bank with one laptop; `notes` are its operations in the history under way.

    `unknown` are those of the history before that may still happen.
    """

    corner: Corner
    desks: ProcessPoolExecutor
    notes: Notes = field(default_factory=list)
    unknown: Notes = field(default_factory=list)
    unheard: set[str] = field(default_factory=set)
    has_it: Person | None = None

    def __post_init__(self) -> None:
        self.bank = self.corner.bank("tags", "express", doors=DOORS)
        self.people = [self.corner.person(f"person-{number}") for number in range(PEOPLE)]
        warmed(self.bank, self.people)
        self.laptop = self.corner.thing("laptop", self.bank, door=1)

    def history(self, seed: int) -> tuple[Notes, Verdict[Call]]:
        """Make one history from wherever the laptop is; returns it with its verdict."""
        chance, self.notes = Random(seed), []
        start = Custody(place_of(self.corner.asset(self.laptop)))
        bearer = str(self.corner.web.client.headers["Authorization"]).removeprefix("Bearer ")
        common = (self.corner.stack["api"], bearer, self.laptop.id, self.corner.site, self.bank.bank, DOORS, REQUESTS)
        working = [self.desks.submit(work, *common, DESKS * seed + desk) for desk in range(DESKS)]
        for _ in range(STEPS):
            self._step(chance)
        self._rest()
        notes = [*self.notes, *(note for each in working for note in each.result())]
        before, self.unknown = self.unknown, [note for note in notes if note.ended is None]
        return notes, judged([*before, *notes], start)

    def _step(self, chance: Random) -> None:
        """Some people tap at once; whoever is let in acts."""
        tapping = [person for person in self.people if chance.random() < 2 / 3]
        answers = [self._answer(tap, chance) for tap in [self._tap(person) for person in tapping]]
        for person, claims in answers:
            if claims is not None:
                self._act(person, claims, chance)

    def _tap(self, person: Person) -> _Tap:
        began, began_ms = time.monotonic_ns(), round(time.time() * 1000)
        return _Tap(person, self.bank.publish_tap(person.token), began, began_ms)

    def _answer(self, tap: _Tap, chance: Random) -> tuple[Person, Message | None]:
        person, began = tap.person, tap.began
        try:
            kind, said = self.bank.wait(ANSWERS, [tap.id], patience_s=AGAIN_AFTER_S)
        except SilenceError:
            kind, said = "lost", {}
        if kind == "lost" or chance.random() < NOT_HEARD:
            grant = take_grant(self.corner.stack["org"], self.bank.bank, tap.id)
            maybe = Granted(grant, person.id, self.bank.bank, tap.began_ms + LIFE_MS, NEVER)
            self._note(person.id, MaybeGranted(maybe), began, known=False)
            self.unheard.add(person.id)
            return person, None
        if kind == "notice":
            assert said["code"] in {"nothing_available", *SILENT}, said
            if said["code"] == "nothing_available":
                self._note(person.id, NotOffered(self.bank.bank), began)
            return person, None
        claims = self.bank.command(kind, said)
        self._let_in(person, claims, tap.id, began)
        return person, claims

    def _let_in(self, person: Person, claims: Message, tap: str, began: int) -> None:
        org, grant, now = self.corner.stack["org"], claims["jti"], round(time.time() * 1000)
        loan = loan_of(grant) or ""
        again = grant not in {take_grant(org, self.bank.bank, tap), return_grant(org, self.bank.bank, tap, loan)}
        if claims["purpose"] == "take":
            granted = Granted(grant, person.id, self.bank.bank, claims["exp"] * 1000, now, again)
            self._note(person.id, granted, began)
        elif not again:
            self._note(person.id, LetIn(loan), began)

    def _act(self, person: Person, claims: Message, chance: Random) -> None:
        """Take it or let it lie; put it in, if it is at hand; a handle that sticks opens nothing."""
        self.unheard.discard(person.id)
        began, door, tag = time.monotonic_ns(), claims["door"], self.laptop.tag
        sticks = chance.random() < STICKS
        takes = claims["purpose"] == "take"
        if sticks or (not takes and self.has_it is not person):
            self.bank.reports(door, "not_opened", claims["jti"])
            if takes:
                self._note(person.id, Shut(claims["jti"], gone=False), began)
            return
        gone = takes and chance.random() >= CHANGES_MIND
        self.bank.shuts(claims, inside=[] if gone else [tag])
        if takes:
            self._note(person.id, Shut(claims["jti"], gone), began)
        else:
            self._note(person.id, Returned(stowed(self.bank.bank, door)), began)
        self.has_it = person if gone else None if not takes else self.has_it

    def _rest(self) -> None:
        """Bring everything to an end: who heard no answer taps again, who has it brings it back, it lies in a door."""
        quiet = _Calm()
        for person in self.people:
            while person.id in self.unheard or self.has_it is person:
                _, claims = self._answer(self._tap(person), quiet)
                if claims is None:
                    self.unheard.discard(person.id)
                else:
                    self._act(person, claims, quiet)

    def _note(self, client: str, call: Call, began: int, *, known: bool = True) -> None:
        ended = time.monotonic_ns() if known else None
        self.notes.append(Operation(client=client, call=call, began=began, ended=ended))


@contextmanager
def hall(corner: Corner) -> Iterator[Hall]:
    """Open a hall with its desks, each a process of its own."""
    with ProcessPoolExecutor(max_workers=DESKS, mp_context=get_context("spawn")) as desks:
        yield Hall(corner=corner, desks=desks)
