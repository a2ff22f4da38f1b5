"""A badge is revoked, or a person frozen, at the moment when they tap to take something (safety.md, I17)."""

import secrets
from dataclasses import dataclass, field

from edge.config import BadgeKey
from edge.tokens import token
from tests.proof.races.race import Call, Tally, request

DONE = frozenset({200, 204})
ONES_BADGES = 50  # a person has at most 100, the revoked ones among them


@dataclass(kw_only=True)
class _TakeOrRevoke(Tally):
    """Once the revocation is answered, nothing opens any more for taking; a take that was before it is a loan."""

    taken: int = 0
    refused: str = field(init=False)
    held: str = field(init=False)
    """What a second tap is told while the take that was first holds the door."""

    def __post_init__(self) -> None:
        self.bank = self.corner.bank("tags", "express", doors=1)
        self.person = self.corner.person("ada")
        self.laptop = self.corner.thing("laptop", self.bank, door=1)

    def _race(self, badge: str, call: Call) -> bool:
        """Tap while it is revoked, then tap again; returns whether the take was first."""
        (kind, said), answer = self.tap_against(self.bank, badge, call)
        assert answer.status_code in DONE, answer.text
        first = kind == "open"
        assert first or said["code"] == self.refused, said
        assert self.bank.sorry(badge) in ({self.refused, self.held} if first else {self.refused})
        if first:
            taking = self.bank.command(kind, said)
            assert taking["purpose"] == "take"
            assert self.bank.shuts(taking, inside=[]) == "taken"
            self.taken += 1
        self.first("the take" if first else "the revocation", tap=first)
        self.told[self.refused] += 1
        return first

    def _bring_back(self) -> None:
        """Bring it back with the person's own badge: a return is never refused (rules.md, law 1)."""
        returning = self.bank.opens(self.person.token)
        assert returning["purpose"] == "return"
        assert self.bank.shuts(returning, inside=[self.laptop.tag]) == "returned"

    def finish(self) -> None:
        """Taken and returned as often as the take was first."""
        assert self.corner.moves(self.laptop) == ["create", "stow", *["taken", "returned"] * self.taken]


@dataclass(kw_only=True)
class TakeOrRevokedBadge(_TakeOrRevoke):
    """A badge of its own for each round, and somebody new before they have as many as one person may."""

    refused = held = "badge_revoked"
    rounds: int = 0

    def round(self) -> None:
        """Race a new badge against its revocation."""
        self.rounds += 1
        if self.rounds % ONES_BADGES == 0:
            self.person = self.corner.person(f"ada-{self.rounds}")
        number, known = f"04{secrets.token_hex(6)}".upper(), self.corner.stack["badge_key"]
        at = f"/people/{self.person.id}/badges"
        made = self.corner.web.post(at, {"number": number})["id"]
        badge = token(number, BadgeKey(version=known["version"], key=bytes.fromhex(known["hex"])))
        if self._race(badge, ("DELETE", f"{at}/{made}", None)):
            self._bring_back()


@dataclass(kw_only=True)
class TakeOrFrozenPerson(_TakeOrRevoke):
    """The person is frozen, and free again for the next round."""

    refused, held = "person_frozen", "nothing_available"

    def round(self) -> None:
        """Race a take against freezing; what was taken comes back although they are frozen."""
        path = f"/people/{self.person.id}"
        if self._race(self.person.token, ("PATCH", path, {"active": False})):
            self._bring_back()
        assert request(self.corner.web, ("PATCH", path, {"active": True})).status_code in DONE
