"""What a bank did by itself, and what is known of who it did that for, under which roster."""

from enum import StrEnum

from toolcrib.domain.doors import Bank
from toolcrib.domain.people import Badge, Person
from toolcrib.domain.record import Record


class UseKind(StrEnum):
    """What somebody came for."""

    TAKE = "take"
    RETURN = "return"


class Use(Record, frozen=True, kw_only=True):
    """One opening that the cloud was not asked about.

    `asset` is what the bank says that it was about; where it does not know it is `guessed` from what its person has.
    `person` is whose badge it was, whatever has become of both since; None where it leads to nobody. `accounts` are
    others whose things they may bring back. `entitled` are the types that the roster let them take at that moment,
    `against` what speaks against the roster itself.
    """

    kind: UseKind
    roster: str
    bank: Bank
    asset: str | None = None
    guessed: bool = False
    badge: Badge | None = None
    person: Person | None = None
    accounts: frozenset[str] = frozenset()
    entitled: frozenset[str] = frozenset()
    against: str | None = None

    @property
    def owners(self) -> frozenset[str]:
        """Everybody whose things this person may bring back."""
        return self.accounts if self.person is None else self.accounts | {self.person.id}


class ToldAlone(Record, frozen=True, kw_only=True):
    """That a report of what a bank did by itself was applied; kept for ever, so that it is applied once."""

    bank: str
    report: str
