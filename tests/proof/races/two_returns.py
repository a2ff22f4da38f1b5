"""Two people bring something back at the same moment, where one door is free."""

from dataclasses import dataclass, field

from tests.journeys.corner import Person
from tests.journeys.sight import Thing
from tests.proof.races.race import Tally, all_tap
from tests.support.player import Message

NO_ROOM = frozenset({"not_here", "door_busy"})


@dataclass(kw_only=True)
class TwoReturns(Tally):
    """Both have a laptop, the bank has one door; `moves` counts what has been taken and returned of each."""

    things: dict[str, Thing] = field(default_factory=dict)
    moves: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bank = self.corner.bank("tags", "express", doors=1)
        self.people: list[Person] = [self.corner.person(name) for name in ("ada", "ben")]
        for person in self.people:
            self.things[person.id] = self.corner.thing("laptop", self.bank, door=1)
            self.moves[person.id] = ["create", "stow"]
            self._takes(person)

    def _takes(self, person: Person) -> None:
        taking = self.bank.opens(person.token)
        assert taking["purpose"] == "take"
        assert self.bank.shuts(taking, inside=[]) == "taken"
        self.moves[person.id].append("taken")

    def _returns(self, person: Person, returning: Message) -> None:
        assert returning["purpose"] == "return"
        assert self.bank.shuts(returning, inside=[self.things[person.id].tag]) == "returned"
        self.moves[person.id].append("returned")

    def round(self) -> None:
        """One puts theirs in, the other is told where else there is room, and keeps it."""
        answers = dict(zip(self.people, all_tap(self.bank, self.people), strict=True))
        winners = [person for person, (kind, _) in answers.items() if kind == "open"]
        assert len(winners) == 1, answers
        (loser,) = (person for person in self.people if person not in winners)
        assert answers[loser][1]["code"] in NO_ROOM, answers
        self._returns(winners[0], self.bank.command(*answers[winners[0]]))
        assert self.bank.sorry(loser.token) == "not_here"
        self._takes(winners[0])
        self.won["the first to tap" if winners[0] is self.people[0] else "the second to tap"] += 1
        self.told[answers[loser][1]["code"]] += 1

    def finish(self) -> None:
        """The ledger has of each what was seen to happen."""
        assert {person: self.corner.moves(thing) for person, thing in self.things.items()} == self.moves
