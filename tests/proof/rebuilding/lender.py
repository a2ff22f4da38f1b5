"""A lender of any size, put straight into the tables as years of honest days would have left them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.support.dynamo import Dynamo
from tests.support.workplace import CREW, DRILL, FALLBACK, NOW, ORG, bank, drill, person, site
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.doors import Content, Door, GrantState
from toolcrib.domain.events import Cause, CustodyEvent, created, move
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.ids import return_grant, take_grant
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Badge, Holding
from toolcrib.domain.policies import Period, Terms
from toolcrib.domain.record import replace
from toolcrib.domain.reports.lending import holding
from toolcrib.domain.states import Move
from toolcrib.store import items, keys, ledger, mapping
from toolcrib.store.rulebook import rule_item

DOORS = 50  # of each bank
PEOPLE = 5  # assets there are for each person
TERMS = Terms(policy="fallback", period=Period(after=timedelta(hours=8)))
ENDS = ("stowed", "on_loan", "unconfirmed", "in_repair", "missing")


@dataclass
class Lender:
    """`rounds` is how often each thing was taken and brought back before it came to where it is now."""

    dynamo: Dynamo
    assets: int
    rounds: int
    held: dict[str, dict[str, Holding]] = field(default_factory=dict)

    def fill(self) -> int:
        """Put everything into the tables; returns how many events there are."""
        self._put("state", *(rule_item(ORG, kind, rule) for kind, rule in RULES))
        events = sum(self._asset(number) for number in range(self.assets))
        for number in range(0, self.assets, DOORS):
            self._put("state", mapping.bank_item(ORG, bank(id=_bank(number), door_count=DOORS)))
            self._put(
                "state", *(_door(number + each, None, NOW) for each in range(min(self.assets - number, DOORS), DOORS))
            )
        for number in range(0, self.assets, PEOPLE):
            who = person(number, holdings=self.held.get(f"p-{number}", {}))
            self._put(
                "state", mapping.person_item(ORG, who), mapping.badge_item(ORG, Badge(id=f"1.{number}", person=who.id))
            )
        return events

    def _asset(self, number: int) -> int:
        story = Story(number)
        story.enter()
        for each in range(self.rounds):
            self._put("state", story.lend(each), story.bring_back(each))
        loan = story.end(ENDS[number % len(ENDS)])
        asset = story.asset
        if loan is not None:
            self._put("state", loan)
            of = mapping.to_loan(loan)
            self.held.setdefault(of.person, {})[of.id] = holding(of, asset, "open")
        self._put("state", mapping.asset_item(ORG, asset), items.TagItem(*keys.tag(ORG, asset.tag), asset=asset.id))
        inside = asset if asset.custodian.kind == "door" and asset.state != "unconfirmed" else None
        self._put("state", _door(number, inside, story.since), *story.cases)
        self._put("ledger", *story.rows())
        return len(story.events)

    def _put(self, table: str, *found: Any) -> None:
        there = self.dynamo.tables[table].items
        for item in found:
            there[item.pk, item.sk] = item.serialize()


RULES = (("site", site()), ("group", CREW), ("type", DRILL), ("policy", FALLBACK))


@dataclass
class Story:
    """What became of one asset; an hour passes before each event."""

    number: int
    events: list[CustodyEvent] = field(default_factory=list)
    cases: list[Any] = field(default_factory=list)
    since: datetime = NOW

    def enter(self) -> None:
        """Enter it, and stow it in its door."""
        self.asset, first = created(drill(self.number), self._cause("create"))
        self.events.append(first)
        self._move(Move.STOW, self._door())

    def lend(self, round_: int) -> Any:
        """Let its person take it; returns the loan's item as it is in the end."""
        self.loan = self._loan(take_grant(ORG, _bank(self.number), f"t{self.number}.{round_}"))
        self._move(Move.TAKEN, Custodian.person(self.loan.person), grant=self.loan.id, loan=self.loan.id)
        self.loan = replace(self.loan, taken_at=self.since, evidence=Evidence.TAGS)
        return mapping.loan_item(ORG, self.loan)

    def bring_back(self, round_: int) -> Any:
        """Let its person bring it back; returns the closed loan's item."""
        back = return_grant(ORG, _bank(self.number), f"r{self.number}.{round_}", self.loan.id)
        self._move(Move.RETURNED, self._door(), grant=back)
        over = replace(
            self.loan,
            state=LoanState.CLOSED,
            returned_at=self.since,
            return_bank=_bank(self.number),
            return_door=_number(self.number),
            return_evidence=Evidence.TAGS,
            grants={**self.loan.grants, back: GrantState.USED},
        )
        return mapping.loan_item(ORG, over)

    def end(self, how: str) -> Any:
        """Bring it to where it is now; returns the item of the loan that it is out on, if it is."""
        if how == "on_loan":
            return self.lend(-1)
        if how == "unconfirmed":
            case = Case(id=f"c-{self.number}", kind=CaseKind.FORCED, opened_at=NOW, asset=self.asset.id)
            self.cases.append(mapping.case_item(ORG, case))
            self._move(Move.FORCED, self.asset.custodian, case=case.id)
        elif how != "stowed":
            self._move(Move.UNSTOW, Custodian.site("hq"))
            last = (Move.SEND_TO_REPAIR, Custodian.workshop()) if how == "in_repair" else LOST
            self._move(*last)
        return None

    def rows(self) -> Iterator[Any]:
        """Yield the ledger's items: every event, and a guard where no loan remembers its grant."""
        for event in self.events:
            yield ledger.to_item(ORG, event)
            if event.grant is None:
                yield ledger.to_guard(ORG, event)

    def _move(self, what: Move, to: Custodian, *, grant: str | None = None, **more: Any) -> None:
        cause = self._cause(str(what), grant)
        self.since = cause.at
        self.asset, event = move(self.asset, what, to=to, cause=cause, **more)
        self.events.append(event)

    def _cause(self, what: str, grant: str | None = None) -> Cause:
        at = NOW - timedelta(days=900) + timedelta(hours=len(self.events))
        op = grant or f"{what}.{self.number}.{len(self.events)}"
        return Cause(
            op=op, at=at, evidence=Evidence.TAGS, grant=grant, bank=_bank(self.number), door=_number(self.number)
        )

    def _door(self) -> Custodian:
        return Custodian.at_door(_bank(self.number), _number(self.number))

    def _loan(self, grant: str) -> Loan:
        at = self._cause("").at
        return Loan(
            id=grant,
            asset=self.asset.id,
            type="drill",
            person=f"p-{self.number - self.number % PEOPLE}",
            site="hq",
            bank=_bank(self.number),
            door=_number(self.number),
            state=LoanState.OPEN,
            authorised_at=at,
            due_at=at + timedelta(hours=8),
            grants={grant: GrantState.USED},
            terms=TERMS,
        )


LOST = (Move.DECLARE_MISSING, Custodian.nobody())


def _bank(number: int) -> str:
    return f"hq-{number // DOORS:03d}"


def _number(number: int) -> int:
    return number % DOORS + 1


def _door(number: int, inside: Asset | None, since: datetime) -> Any:
    contents = (Content.of(inside, since),) if inside is not None else ()
    return mapping.door_item(ORG, Door(bank=_bank(number), number=_number(number), contents=contents))
