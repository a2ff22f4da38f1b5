"""A loan handed over by request and accept: who may, what is on record afterwards, and that a repeat finds its work."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.flows import hand_over_loan, recall_loan
from tests.support.admins import ADMIN, ELSEWHERE, asked, own
from tests.support.outcomes import beside, lend
from tests.support.workplace import FALLBACK, OTHER_TOKEN, drill, person, rules
from tests.support.world import World
from toolcrib.domain.handing_over import REQUEST_LIFE
from toolcrib.domain.loans import Loan
from toolcrib.domain.policies import Allowance
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict, NotFound, Refusal
from toolcrib.domain.states import State
from toolcrib.domain.upkeep import Condition

SECOND = timedelta(seconds=1)


@pytest.fixture
def loan(here: World) -> str:
    """Person 1 has drill 1; person 2 is one of the crew, too."""
    _, taken = lend(here)
    here.meet(person(2), OTHER_TOKEN)
    return taken


def ask(here: World, loan: str, op: str = "ask-1", condition: Condition = Condition.OK) -> Loan:
    return hand_over_loan.request(own(here.now, "p-1", op), loan, to="p-2", condition=condition)


def accept(here: World, loan: str, op: str = "accept-1", condition: Condition = Condition.OK) -> Loan:
    return hand_over_loan.accept(own(here.now, "p-2", op), loan, condition=condition)


def test_what_is_asked_and_accepted_is_the_others(here: World, loan: str) -> None:
    ask(here, loan, condition=Condition.MINOR)
    here.later(minutes=5)
    new = accept(here, loan)
    assert (here.loan(loan).state, here.loan(loan).handed_to) == ("closed", new.id)
    assert (here.loan(new.id).state, here.loan(new.id).person, new.handed_from) == ("open", "p-2", loan)
    assert here.asset().custodian.id == "p-2"
    assert (list(here.person("p-1").holdings), list(here.person("p-2").holdings)) == ([], [new.id])
    event = here.events()[-1]
    assert (event.move, event.detail["condition_given"], event.detail["condition_received"]) == (
        "hand_over",
        "minor",
        "ok",
    )


def test_the_one_who_is_asked_is_told_and_the_other_once_it_is_done(here: World, loan: str) -> None:
    ask(here, loan)
    new = accept(here, loan)
    assert {(each.step, each.recipient, each.loan) for each in here.notices()} == {
        ("handover", "p-2", loan),
        ("handed_over", "p-1", new.id),
    }


def test_a_repeat_of_either_finds_its_own_work(here: World, loan: str) -> None:
    assert ask(here, loan) == ask(here, loan)
    new = accept(here, loan)
    assert accept(here, loan).id == new.id
    assert accept(here, loan, op="accept-2").id == new.id
    assert [str(event.move) for event in here.events()] == ["taken", "hand_over"]


def test_nobody_but_who_was_asked_accepts_and_nobody_else_sees_it(here: World, loan: str) -> None:
    ask(here, loan)
    here.meet(person(3))
    with pytest.raises(NotFound):
        hand_over_loan.accept(own(here.now, "p-3", "op-1"), loan, condition=Condition.OK)
    for someone in (own(here.now, "p-1", "op-2"), asked("op-3", by=ADMIN, at=here.now)):
        with pytest.raises(Conflict) as refused:
            hand_over_loan.accept(someone, loan, condition=Condition.OK)
        assert refused.value.code == "not_yours"


def test_nobody_hands_over_what_is_not_theirs_or_to_nobody(here: World, loan: str) -> None:
    for someone in (own(here.now, "p-2", "op-1"), asked("op-2", by=ELSEWHERE, at=here.now)):
        with pytest.raises(NotFound):
            hand_over_loan.request(someone, loan, to="p-2", condition=Condition.OK)
    with pytest.raises(NotFound):
        hand_over_loan.request(own(here.now, "p-1", "op-3"), loan, to="nobody", condition=Condition.OK)


@pytest.mark.parametrize(("after", "there"), [(REQUEST_LIFE - SECOND, True), (REQUEST_LIFE, False)])
def test_a_request_lives_for_a_day(here: World, loan: str, after: timedelta, there: bool) -> None:
    ask(here, loan)
    here.now += after
    if there:
        assert accept(here, loan).person == "p-2"
    else:
        with pytest.raises(Conflict) as refused:
            accept(here, loan)
        assert refused.value.code == "no_request"


@pytest.mark.parametrize("who", ["p-1", "p-2"])
def test_either_may_think_again(here: World, loan: str, who: str) -> None:
    ask(here, loan)
    assert hand_over_loan.withdraw(own(here.now, who, "op-1"), loan).handover is None
    with pytest.raises(Refusal):
        accept(here, loan)


def test_a_request_falls_away_when_it_comes_back(here: World, loan: str) -> None:
    ask(here, loan)
    hq = here.bank("hq-01")
    hq.does(hq.tap(), "closed", tags=["E2000001"])
    with pytest.raises(Conflict) as refused:
        accept(here, loan)
    assert refused.value.code == "not_open"


def test_what_is_in_doubt_changes_hands_only_after_somebody_looked(here: World, loan: str) -> None:
    ask(here, loan)
    hq = here.bank("hq-01")
    hq.send(hq.status({2: "closed"}, tags={2: ["E2000001"]}))
    assert here.asset().state is State.UNCONFIRMED
    with pytest.raises(Conflict) as refused:
        accept(here, loan)
    assert refused.value.code == "not_with_holder"


@pytest.mark.parametrize(
    ("says", "spoil", "code"),
    [
        ("frozen", lambda here: here.change_person(person(2, active=False)), "person_frozen"),
        ("of no group", lambda here: here.change_person(person(2, groups=())), "no_access"),
        ("may have none", lambda _: rules(replace(FALLBACK, allowance=Allowance(total=0))), "allowance_reached"),
    ],
)
def test_the_receiver_has_to_pass_the_take_rules(here: World, loan: str, says: str, spoil: Any, code: str) -> None:
    ask(here, loan)
    spoil(here)
    with pytest.raises(Refusal) as refused:
        accept(here, loan)
    assert refused.value.code == code, says
    assert here.loan(loan).state == "open"


def test_what_somebody_takes_meanwhile_counts_against_them(here: World, loan: str) -> None:
    rules(replace(FALLBACK, allowance=Allowance(total=1)))
    ask(here, loan)
    beside(here, drill(2), number=2)
    hq = here.bank("hq-01")
    assert hq.tap(OTHER_TOKEN).claims["purpose"] == "take"
    with pytest.raises(Refusal) as refused:
        accept(here, loan)
    assert refused.value.code == "allowance_reached"


def test_a_critical_fault_is_not_handed_on(here: World, loan: str) -> None:
    ask(here, loan)
    with pytest.raises(Refusal) as refused:
        accept(here, loan, condition=Condition.CRITICAL)
    assert refused.value.code == "faulty"


def test_what_was_called_back_is_due_as_before_whoever_has_it(here: World, loan: str) -> None:
    recall_loan.handle(asked("recall-1", at=here.now), loan, reason=None)
    due_at = here.loan(loan).due_at
    ask(here, loan)
    new = accept(here, loan)
    assert new.due_at <= due_at
    assert new.recalled is not None


def test_what_was_handed_over_comes_back_like_anything_else(here: World, loan: str) -> None:
    ask(here, loan)
    new = accept(here, loan)
    hq = here.bank("hq-01")
    opened = hq.tap(OTHER_TOKEN)
    assert opened.claims["purpose"] == "return"
    hq.does(opened, "closed", tags=["E2000001"])
    assert (here.loan(new.id).state, here.loan(loan).state) == ("closed", "closed")


def test_a_return_of_the_giver_that_was_under_way_closes_the_receivers_loan(here: World, loan: str) -> None:
    """The giver stands at an open door while the other accepts: what is inside now is back, whoever had it."""
    hq = here.bank("hq-01")
    opened = hq.tap()
    ask(here, loan)
    new = accept(here, loan)
    hq.does(opened, "closed", tags=["E2000001"])
    assert here.loan(new.id).state == "closed"
    assert here.asset().state is State.STOWED
