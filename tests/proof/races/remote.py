"""Somebody brings a laptop back at the moment when the only free door is opened from afar."""

from dataclasses import dataclass

from tests.proof.races.race import Tally

TURNED_AWAY = frozenset({"not_here", "door_busy"})
HELD, ACCEPTED = 409, 202


@dataclass(kw_only=True)
class ReturnOrRemote(Tally):
    """One person, one laptop, one door."""

    rounds: int = 0

    def __post_init__(self) -> None:
        self.bank = self.corner.bank("tags", "express", doors=1)
        self.person = self.corner.person("ada")
        self.laptop = self.corner.thing("laptop", self.bank, door=1)

    def round(self) -> None:
        """Whoever is second is told that the door is in use; the laptop comes back in the end."""
        bank, token = self.bank, self.person.token
        assert bank.shuts(bank.opens(token), inside=[]) == "taken"
        call = ("POST", f"/banks/{bank.bank}/doors/1/open", {"reason": "to be cleaned"})
        (kind, said), answer = self.tap_against(bank, token, call)
        assert answer.status_code in {ACCEPTED, HELD}, answer.text
        assert (kind == "open") == (answer.status_code == HELD), (said, answer.text)
        if kind == "open":
            returning = bank.command(kind, said)
        else:
            assert said["code"] in TURNED_AWAY, said
            self._opened_from_afar()
            returning = bank.opens(token)
        assert bank.shuts(returning, inside=[self.laptop.tag]) == "returned"
        self.rounds += 1
        self.first("the return" if kind == "open" else "the remote opening", tap=kind == "open")
        self.told[said.get("code", "door_busy")] += 1

    def _opened_from_afar(self) -> None:
        service = self.bank.command(*self.bank.wait(("open",)))
        assert service["purpose"] == "service"
        self.bank.reports(1, "opened", service["jti"])
        self.bank.reports(1, "closed", service["jti"])

    def finish(self) -> None:
        """Taken and returned once a round, whoever won."""
        assert self.corner.moves(self.laptop) == ["create", "stow", *["taken", "returned"] * self.rounds]
