"""One badge, one PIN, and many guesses at the same moment: five are looked at, whoever sends them (threat 3)."""

import time
from dataclasses import dataclass, field

from edge.config import BadgeKey
from edge.tokens import pin_token
from tests.journeys.asking import eventually
from tests.journeys.corner import Person
from tests.proof.races.race import Tally
from tests.support.player import AGAIN_AFTER_S, ANSWERS, Message, Player, SilenceError

PIN = "8305"
PATIENCE_S = 60  # for all answers together
LOOK_S = 0.1
LOOKED_AT = 5


@dataclass(kw_only=True)
class GuessingPins(Tally):
    """`guesses` wrong PINs of one person at one kiosk, all sent before any is answered."""

    guesses: int = 24
    rounds: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.bank: Player = self.corner.bank("tags", "kiosk", doors=1)
        kind = self.corner.kind("laptop")
        self.corner.web.patch(f"/asset-types/{kind}", {"second_factor": True})
        self.laptop = self.corner.thing("laptop", self.bank, door=1)
        self.person: Person = self.corner.person("guesser")
        self.corner.web.post(f"/people/{self.person.id}/pin", {"pin": PIN})

    def typed(self, digits: str) -> str:
        """Return what a bank makes of a PIN."""
        known = self.corner.stack["badge_key"]
        return pin_token(digits, BadgeKey(version=known["version"], key=bytes.fromhex(known["hex"])))

    def round(self) -> None:
        """Guess all at once: four are told wrong, no more than five were looked at, then it is locked, and unlocked."""
        picked = self._picks()
        sent = [self._guesses(picked, f"{1000 + number}") for number in range(self.guesses)]
        until = time.monotonic() + PATIENCE_S
        codes = [self._said(upload, until) for upload in sent]
        self.told.update(codes)
        assert codes.count("pin_wrong") < LOOKED_AT, codes
        assert set(codes) <= {"pin_wrong", "pin_locked", "door_busy", "silence"}, codes
        eventually(lambda: self._tries("1999") == "pin_locked")
        assert self._tries(PIN) in {"pin_locked", "silence"}
        self.corner.web.post(f"/people/{self.person.id}/pin/unlock", {}, status=200)
        self.won["locked"] += 1

    def finish(self) -> None:
        """Nothing was taken."""
        assert self.corner.moves(self.laptop) == ["create", "stow"]

    def _picks(self) -> Message:
        """Tap, and pick the one option there is."""
        session = self.bank.offers(self.person.token)
        (option,) = [each["option"] for each in session["options"]]
        return {"journal_depth": 0, "session": session["session"], "option": option}

    def _guesses(self, picked: Message, digits: str) -> str:
        return self.bank.publish("choice", self.bank.upload(**picked, pin=self.typed(digits)))

    def _tries(self, digits: str) -> str:
        return self._said(self._guesses(self._picks(), digits), time.monotonic() + AGAIN_AFTER_S)

    def _said(self, upload: str, until: float) -> str:
        try:
            left_s = max(LOOK_S, until - time.monotonic())
            return str(self.bank.wait(ANSWERS, [upload], patience_s=left_s)[1]["code"])
        except SilenceError:  # a function that came up too late for anybody to be waiting still
            return "silence"
