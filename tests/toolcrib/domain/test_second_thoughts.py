"""A person's word against a door's: what each leaves on record, and when it is too late (rules.md, *Doors*)."""

import pytest

from tests.support.workplace import NOW, bank, drill, person
from toolcrib.domain.assets import Custodian
from toolcrib.domain.authorise import Ask
from toolcrib.domain.doors import Content, Door
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.offers.option import Option, OptionKind
from toolcrib.domain.policies import Period, Terms
from toolcrib.domain.second_thoughts import disown, not_put_in, still_so
from toolcrib.domain.states import Move, State

HERE, THEM = Custodian.at_door("hq-01", 1), Custodian.person("p-1")
CONTENT = Content(asset="drill-1", type="drill", name="Drill 1", since=NOW)
DOOR = Door(bank="hq-01", number=1, contents=(CONTENT,), unlendable="quarantined")
ASK = Ask(org="acme", bank=bank(), person=person(), upload="01J", boot=1, at=NOW)
LOAN = Loan(
    id="l-1",
    asset="drill-1",
    type="drill",
    person="p-1",
    site="hq",
    bank="hq-01",
    door=1,
    state=LoanState.OPEN,
    authorised_at=NOW,
    taken_at=NOW,
    due_at=NOW,
    next_step=NOW,
    terms=Terms(policy="p", period=Period()),
)


def option(kind: OptionKind) -> Option:
    return Option(id=f"{kind}:l-1", kind=kind, title="Drill 1", door=DOOR, asset="drill-1", loan="l-1")


def test_what_was_not_taken_is_unconfirmed_at_its_door_and_the_loan_closed_on_their_word() -> None:
    out = drill(state=State.ON_LOAN, custodian=THEM, loan="l-1", version=3)
    change = disown(ASK, option(OptionKind.NOT_TAKEN), LOAN, out)
    (event,), (loan,) = change.events, change.loans
    assert (event.move, event.to, event.state) == (Move.DISOWN, HERE, State.UNCONFIRMED)
    assert (event.evidence, event.op) == (Evidence.DECLARED, "01J")
    assert (loan.state, loan.return_evidence, loan.next_step) == (LoanState.CLOSED, Evidence.DECLARED, None)
    assert change.holdings[0].remove == ("l-1",)
    assert change.assets[0].case == change.cases[0].id
    assert change.guard


def test_what_was_not_put_in_is_unconfirmed_with_them_and_listed_as_last_seen_with_them() -> None:
    back = drill(state=State.STOWED, custodian=HERE, version=4)
    change = not_put_in(ASK, option(OptionKind.NOT_RETURNED), back)
    (event,), (door,) = change.events, change.doors
    assert (event.move, event.to, event.state) == (Move.NOT_RETURNED, THEM, State.UNCONFIRMED)
    assert (door.contents, door.unlendable) == ((), "quarantined")  # a reason that no doubt replaces
    assert set(change.holdings[0].put) == {"x.drill-1"}


@pytest.mark.parametrize(
    ("kind", "asset", "so"),
    [
        (OptionKind.NOT_TAKEN, drill(state=State.ON_LOAN, custodian=THEM, loan="l-1"), True),
        (OptionKind.NOT_TAKEN, drill(state=State.ON_LOAN, custodian=THEM, loan="l-2"), False),
        (OptionKind.NOT_TAKEN, drill(state=State.STOWED, custodian=HERE), False),
        (OptionKind.NOT_RETURNED, drill(state=State.STOWED, custodian=HERE), True),
        (OptionKind.NOT_RETURNED, drill(state=State.STOWED, custodian=Custodian.at_door("hq-01", 2)), False),
        (OptionKind.NOT_RETURNED, drill(state=State.ON_LOAN, custodian=THEM, loan="l-1"), False),
    ],
)
def test_only_what_is_still_as_the_option_says_can_be_thought_better_of(
    kind: OptionKind, asset: object, *, so: bool
) -> None:
    assert still_so(option(kind), asset) is so  # type: ignore[arg-type]
