"""A holder says that a thing is back, or that a loan is wrong; the story goes on until custody is settled."""

from datetime import timedelta

import pytest

from chalicelib.deciding.claims import Place
from chalicelib.flows import claim, move_asset
from chalicelib.flows.admin import cases
from chalicelib.flows.admin.resolutions import Stating
from tests.support.admins import ELSEWHERE, asked
from tests.support.outcomes import lend
from tests.support.workplace import NOW, ORG
from tests.support.world import World
from toolcrib.domain.assets import Custodian
from toolcrib.domain.cases import Case, CaseKind, CaseState
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.refusals import Conflict, Invalid, NotFound, WrongState
from toolcrib.domain.states import Move, State
from toolcrib.store import mapping
from toolcrib.store.cases import load_case

WEEK = timedelta(days=7)
NOWHERE = Place()


def claimed(here: World, loan: str, op: str = "claim", place: Place = NOWHERE) -> Loan:
    return claim.returned(asked(op, at=here.now), loan, place=place, note="I put it back at noon")


def only(here: World, kind: CaseKind) -> Case:
    (case,) = [case for case in here.cases() if case.kind is kind]
    return case


def test_a_claimed_return_leaves_the_loan_open_and_the_holder_in_peace_for_a_week(here: World) -> None:
    _, loan = lend(here)
    after = claimed(here, loan)
    asset, case = here.asset(), only(here, CaseKind.CLAIMED_RETURNED)
    assert (asset.state, asset.custodian, asset.loan) == (State.UNCONFIRMED, Custodian.person("p-1"), loan)
    assert (after.state, after.paused_until) == (LoanState.OPEN, here.now + WEEK)
    assert (case.asset, case.loan, case.person, case.waiting) == ("drill-1", loan, "p-1", ("drill-1",))
    assert asset.case == case.id


def test_what_somebody_wrote_stays_in_the_case_and_off_the_ledger(here: World) -> None:
    _, loan = lend(here)
    claimed(here, loan, place=Place(bank="hq-01", door=2))
    case = only(here, CaseKind.CLAIMED_RETURNED)
    assert (case.detail, case.bank, case.door) == ("I put it back at noon", "hq-01", 2)
    assert "noon" not in str(here.events())


def test_a_claim_that_is_repeated_is_one_claim(here: World) -> None:
    _, loan = lend(here)
    claimed(here, loan)
    claimed(here, loan)
    assert [event.move for event in here.events()][-1:] == [Move.CLAIM_RETURNED]
    assert len(here.cases()) == 1


def test_a_second_claim_is_refused_since_the_first_is_still_looked_into(here: World) -> None:
    _, loan = lend(here)
    claimed(here, loan)
    with pytest.raises(WrongState):
        claimed(here, loan, op="again")


def test_a_claim_about_a_loan_that_is_over_is_refused(here: World) -> None:
    hall, loan = lend(here)
    give_back = hall.tap()
    hall.does(give_back, "closed", tags=["E2000001"])
    for say in (lambda: claimed(here, loan), lambda: claim.wrong(asked("d", at=here.now), loan, note="not me")):
        with pytest.raises(Conflict) as refused:
            say()
        assert refused.value.code == "loan_over"


@pytest.mark.parametrize("place", [Place(bank="moon"), Place(bank="hq-01", door=64)])
def test_a_claim_names_a_door_that_is_there(here: World, place: Place) -> None:
    _, loan = lend(here)
    with pytest.raises(Invalid) as refused:
        claimed(here, loan, place=place)
    assert refused.value.fields
    assert here.asset().state is State.ON_LOAN


def test_a_supervisor_of_another_site_hears_nothing_of_it(here: World) -> None:
    _, loan = lend(here)
    with pytest.raises(NotFound):
        claim.returned(asked("c", by=ELSEWHERE, at=here.now), loan, place=NOWHERE, note="")


def test_a_claimed_thing_that_comes_back_closes_its_loan_and_answers_the_case(here: World) -> None:
    hall, loan = lend(here)
    claimed(here, loan)
    back = hall.tap()
    hall.does(back, "closed", tags=["E2000001"])
    case = only(here, CaseKind.CLAIMED_RETURNED)
    assert (here.asset().state, here.loan(loan).state) == (State.STOWED, LoanState.CLOSED)
    assert (case.state, case.resolution) == (CaseState.RESOLVED, "returned")


def test_a_claim_that_was_not_true_is_resolved_as_still_out_and_reminders_go_on(here: World) -> None:
    _, loan = lend(here)
    claimed(here, loan)
    case = only(here, CaseKind.CLAIMED_RETURNED)
    stating = Stating(move=Move.STILL_OUT, reason="It is on her desk.")
    resolved = cases.resolve(asked("r", at=here.now), case.id, "still with her", "It is on her desk.", stating)
    assert (resolved.state, resolved.resolution, resolved.effect) == (CaseState.RESOLVED, "still with her", "still_out")
    asset, now = here.asset(), here.loan(loan)
    assert (asset.state, asset.custodian, asset.case) == (State.ON_LOAN, Custodian.person("p-1"), None)
    assert (now.state, now.paused_until) == (LoanState.OPEN, None)
    assert load_case(ORG, case.id) == resolved


def test_a_claim_that_was_true_is_resolved_by_stowing_it_where_it_was_found(here: World) -> None:
    _, loan = lend(here)
    claimed(here, loan)
    case = only(here, CaseKind.CLAIMED_RETURNED)
    stating = Stating(move=Move.STOW, bank="hq-01", door=3)
    for _ in range(2):  # also where the answer was lost
        resolved = cases.resolve(asked("r", at=here.now), case.id, "found", None, stating)
    assert (resolved.effect, here.asset().custodian) == ("stow", Custodian.at_door("hq-01", 3))
    assert (here.loan(loan).state, here.person().holdings) == (LoanState.CLOSED, {})


def test_a_resolution_whose_move_is_refused_resolves_nothing(here: World) -> None:
    _, loan = lend(here)
    claimed(here, loan)
    case = only(here, CaseKind.CLAIMED_RETURNED)
    with pytest.raises(Invalid) as refused:
        cases.resolve(asked("r", at=here.now), case.id, "found", None, Stating(move=Move.STOW))
    assert set(refused.value.fields) == {"bank", "door"}
    with pytest.raises(WrongState):
        cases.resolve(asked("s", at=here.now), case.id, "found", None, Stating(move=Move.REPAIRED))
    assert load_case(ORG, case.id).state is CaseState.OPEN
    assert here.asset().state is State.UNCONFIRMED


def test_a_resolution_without_a_move_leaves_custody_as_it_is_and_says_so(here: World) -> None:
    _, loan = lend(here)
    claimed(here, loan)
    case = only(here, CaseKind.CLAIMED_RETURNED)
    resolved = cases.resolve(asked("r", at=here.now), case.id, "we wait", None)
    assert (resolved.effect, resolved.waiting) == (None, ())
    assert (here.asset().state, here.loan(loan).state) == (State.UNCONFIRMED, LoanState.OPEN)


def test_a_case_about_no_asset_moves_nothing(here: World) -> None:
    lend(here)
    case = Case(id="c-1", kind=CaseKind.TAMPER, opened_at=NOW, site="hq", bank="hq-01")
    mapping.case_item(ORG, case).save()
    with pytest.raises(Invalid) as refused:
        cases.resolve(asked("r", at=here.now), "c-1", "nothing", None, Stating(move=Move.FOUND))
    assert "move" in refused.value.fields


def test_a_dispute_moves_nothing_and_leaves_the_holder_in_peace_for_a_week(here: World) -> None:
    _, loan = lend(here)
    before = here.asset()
    for _ in range(2):  # also when it is repeated
        after = claim.wrong(asked("d", at=here.now), loan, note="That was not me.")
    case = only(here, CaseKind.DISPUTED)
    assert here.asset() == before
    assert (after.state, after.paused_until) == (LoanState.OPEN, here.now + WEEK)
    assert (case.person, case.loan, case.detail) == ("p-1", loan, "That was not me.")


def test_what_is_declared_lost_stays_in_its_holders_summary_until_it_turns_up(here: World) -> None:
    hall, loan = lend(here)
    move_asset.handle(asked("l", at=here.now), "drill-1", Move.DECLARE_LOST, reason="gone for good")
    assert loan in here.person().holdings
    back = hall.tap()
    hall.does(back, "closed", tags=["E2000001"])
    assert here.person().holdings == {}
    assert here.asset().state is State.STOWED
