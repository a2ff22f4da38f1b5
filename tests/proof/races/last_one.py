"""The last laptop, and several people who tap for it at the same moment."""

from dataclasses import dataclass, field

from tests.journeys.corner import Person
from tests.journeys.sight import Thing
from tests.proof.races.race import LOST, Tally, all_tap, codes, warmed
from tests.support.player import Player


@dataclass(kw_only=True)
class LastOne(Tally):
    """`contenders` people and one laptop in the only door of an express bank."""

    contenders: int = 8
    loans: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bank: Player = self.corner.bank("tags", "express", doors=1)
        self.people: list[Person] = [self.corner.person(f"contender-{number}") for number in range(self.contenders)]
        warmed(self.bank, self.people)
        self.laptop: Thing = self.corner.thing("laptop", self.bank, door=1)

    def round(self) -> None:
        """Let all tap at once, and the winner take it and bring it back."""
        answers = all_tap(self.bank, self.people)
        winners = [number for number, (kind, _) in enumerate(answers) if kind == "open"]
        assert len(winners) == 1, answers
        lost = codes(answer for number, answer in enumerate(answers) if number not in winners)
        assert set(lost) <= LOST, lost
        taking = self.bank.command(*answers[winners[0]])
        assert taking["purpose"] == "take"
        assert self.bank.shuts(taking, inside=[]) == "taken"
        returning = self.bank.opens(self.people[winners[0]].token)
        assert returning["purpose"] == "return"
        assert self.bank.shuts(returning, inside=[self.laptop.tag]) == "returned"
        self.loans.append(str(taking["jti"]))
        self.won[f"{winners[0] + 1} of {self.contenders}"] += 1
        self.told.update(lost)

    def finish(self) -> None:
        """One loan a round, each closed, and nothing else in the ledger."""
        rounds = len(self.loans)
        assert self.corner.moves(self.laptop) == ["create", "stow", *["taken", "returned"] * rounds]
        assert len(set(self.loans)) == rounds
        assert {self.corner.loan(loan)["state"] for loan in self.loans} == {"closed"}
