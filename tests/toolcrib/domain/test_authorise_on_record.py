"""What a take carries on from the offer: answers, who countersigns its return, what else it rests on."""

from tests.support.questions import CABLE, GUARD, WELL
from tests.support.workplace import person
from tests.toolcrib.domain.test_authorise_proofs import taken
from toolcrib.domain.change import Unchanged
from toolcrib.domain.policies import Authorisers
from toolcrib.domain.questions import Questioning, digest
from toolcrib.domain.record import replace

WHO = person(version=7)


def test_what_was_answered_goes_on_record_with_the_loan_and_its_hash_with_the_event() -> None:
    asked = Questioning(questions=(GUARD, CABLE), answers=WELL)
    (loan,) = taken(WHO, asked=asked).loans
    assert (loan.take_answers, loan.proofs) == (WELL, {"answers": digest(WELL)})


def test_a_loan_says_that_nobody_could_be_asked() -> None:
    (loan,) = taken(WHO, asked=Questioning(questions=(GUARD,), skipped=True)).loans
    assert (dict(loan.take_answers), loan.proofs) == ({}, {"answers": "skipped"})


def test_the_profile_says_who_has_to_countersign_the_return() -> None:
    demands = (Authorisers(count=1, group="leads"),)
    terms = replace(taken(WHO).loans[0].terms, countersign=demands)
    ((held,),) = (each.put.values() for each in taken(WHO, of_verdict={"terms": terms}).holdings)
    assert held.countersign == demands


def test_what_the_take_rests_on_has_to_be_as_it_was() -> None:
    unless = (Unchanged(asset="drill-2", version=3), Unchanged(door=("hq-01", 2), version=5))
    assert taken(WHO, unless=unless).unless == unless
    assert taken(WHO).unless == ()
