"""One badge, one PIN, and many guesses at the same moment: five are looked at, whoever sends them (threat 3)."""

from dataclasses import dataclass, field

from edge.config import BadgeKey
from edge.tokens import pin_token
from tests.journeys.asking import eventually
from tests.journeys.corner import Person
from tests.proof.races.race import Tally
from tests.support.player import ANSWERS, Player, SilenceError

PIN = "8305"
PATIENCE_S = 30
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
        session = self.bank.offers(self.person.token)
        (option,) = [each["option"] for each in session["options"]]
        picked = {"journal_depth": 0, "session": session["session"], "option": option}
        sent = [
            self.bank.publish("choice", self.bank.upload(**picked, pin=self.typed(f"{1000 + number}")))
            for number in range(self.guesses)
        ]
        codes = [self._said(upload) for upload in sent]
        self.told.update(codes)
        assert codes.count("pin_wrong") < LOOKED_AT, codes
        assert set(codes) <= {"pin_wrong", "pin_locked", "door_busy", "silence"}, codes
        self._lock(picked)
        self.corner.web.post(f"/people/{self.person.id}/pin/unlock", {}, status=200)
        self.won["locked"] += 1

    def finish(self) -> None:
        """Nothing was taken."""
        assert self.corner.moves(self.laptop) == ["create", "stow"]

    def _said(self, upload: str) -> str:
        try:
            return str(self.bank.wait(ANSWERS, [upload], patience_s=PATIENCE_S)[1]["code"])
        except SilenceError:  # a function that came up too late for anybody to be waiting still
            return "silence"

    def _lock(self, picked: dict[str, object]) -> None:
        """See that it locks in the end, and that the right PIN does not help then."""

        def locked() -> bool:
            upload = self.bank.publish("choice", self.bank.upload(**picked, pin=self.typed("1999")))
            return self._said(upload) == "pin_locked"

        eventually(locked)
        upload = self.bank.publish("choice", self.bank.upload(**picked, pin=self.typed(PIN)))
        assert self._said(upload) in {"pin_locked", "silence"}
