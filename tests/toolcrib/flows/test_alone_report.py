"""What a bank did while it could not ask, from the moment it can tell of it: applied once, or one case (I12)."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from chalicelib.flows import move_asset
from chalicelib.schedules import renew_rosters, watch_banks
from tests.support.admins import asked
from tests.support.banks import FakeBank, Upload
from tests.support.outcomes import GONE, OTHER_TAG, TAG, THERE, beside, lend, stage
from tests.support.workplace import DRILL, FALLBACK, ORG, OTHER_TOKEN, TOKEN, bank, drill, person, put_asset, rules
from tests.support.world import World
from toolcrib.domain.agreements import Acceptance, Agreement
from toolcrib.domain.assets import CustodianKind
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.people import Badge, BadgeState
from toolcrib.domain.policies import Allowance
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move
from toolcrib.flows import verify_ledger
from toolcrib.flows.rebuild.survey import survey
from toolcrib.store.people import save_badge
from toolcrib.store.rosters import find_latest

STRANGER = "1." + "B" * 43


def roster(here: World, bank_id: str = "hq-01") -> str:
    """Have rosters made, and return the version of a bank's."""
    renew_rosters.handle(ORG, now=here.now)
    issued = find_latest(ORG, [bank_id])[bank_id].issued
    assert issued is not None
    return issued.version


def saw(
    hq: FakeBank,
    version: str,
    kind: str = "take",
    outcome: str = "closed",
    *,
    asset: str | None = "drill-1",
    badge: str = TOKEN,
    door: int = 1,
    **seen: Any,
) -> Upload:
    """Journal what a bank did by itself."""
    told = {"kind": kind, "badge": badge, "asset": asset, "roster": version}
    return hq.saw(None, outcome, door=door, offline=told, **seen)


def alone(here: World, evidence: str = "tags") -> tuple[FakeBank, str]:
    """Set the stage and have a roster made; the bank is alone from now on."""
    hq = stage(here, evidence)
    return hq, roster(here)


def told(here: World) -> list[tuple[str, str]]:
    return [(str(case.kind), case.detail) for case in here.cases()]


def test_what_was_taken_alone_is_on_loan_since_it_was_taken(here: World) -> None:
    hq, version = alone(here)
    here.later(hours=1)
    report = saw(hq, version, tags=[])
    at = here.now
    here.later(hours=5)
    assert [each.kind for each in hq.send(report)] == ["ack"]
    loan = here.loan(report.body["id"])
    assert (here.asset().state, here.asset().custodian.id) == ("on_loan", "p-1")
    assert (loan.state, loan.taken_at, loan.due_at) == ("open", at, at + timedelta(hours=8))
    assert here.person().holdings.keys() == {loan.id}
    assert here.door().contents == ()
    event = here.events()[-1]
    assert (event.move, event.at, event.op, event.detail["offline"]) == ("taken", at, loan.id, version)
    assert here.cases() == []


@pytest.mark.parametrize("evidence", ["tags", "presence", "door_only"])
def test_what_was_brought_back_alone_closes_its_loan_when_it_came_back(here: World, evidence: str) -> None:
    hq, loan = lend(here, evidence)
    version = roster(here)
    here.later(hours=1)
    report, at = saw(hq, version, "return", door=2, **THERE[evidence]), here.now
    here.later(days=2)
    hq.send(report)
    assert (here.asset().state, here.asset().custodian.door) == ("stowed", 2)
    over = here.loan(loan)
    assert (over.state, over.returned_at, over.return_evidence, over.returned_late) == ("closed", at, evidence, False)
    assert here.person().holdings == {}
    assert here.events()[-1].detail["offline"] == version
    assert here.cases() == []


def test_what_was_taken_and_brought_back_alone_leaves_one_loan_that_is_over(here: World) -> None:
    hq, version = alone(here)
    taken = saw(hq, version, tags=[])
    here.later(hours=1)
    saw(hq, version, "return", door=3, tags=[TAG])
    here.later(hours=9)
    hq.send()
    assert here.loan(taken.body["id"]).state == "closed"
    assert not here.loan(taken.body["id"]).returned_late
    assert [str(event.move) for event in here.events()][-2:] == ["taken", "returned"]
    assert here.cases() == []


@pytest.mark.parametrize("later", [timedelta(minutes=11), timedelta(hours=25), timedelta(days=400)])
@pytest.mark.parametrize("again", ["as_it_was", "counted_anew"])
def test_a_report_is_applied_once_however_late_it_is_repeated(here: World, later: timedelta, again: str) -> None:
    hq, version = alone(here)
    taken = saw(hq, version, tags=[])
    here.later(minutes=1)
    back = saw(hq, version, "return", door=2, tags=[TAG])
    events = [report.event(here.now) for report in (taken, back)]
    hq.send()
    hq.does(hq.tap(), "closed", tags=[])  # it is out again
    before = (here.asset(), here.cases(), here.how_many("LOAN"))
    oldest = timedelta(days=365)  # a bank that was away for longer has to be looked at (wire/uploads.py)
    here.later(seconds=(min(later, oldest) if again == "counted_anew" else later).total_seconds())
    for report, event in zip((taken, back), events, strict=True):
        heard = here.deliver("door", event if again == "as_it_was" else report.event(here.now))
        assert [each.body["ids"] for each in heard] == [[report.body["id"]]]
    assert (here.asset(), here.cases(), here.how_many("LOAN")) == before


def frozen(here: World) -> None:
    here.change_person(person(active=False))


def revoked_badge(here: World) -> None:
    gone = Badge(id=TOKEN, person="p-1", state=BadgeState.REVOKED, revision=2)
    save_badge(ORG, "revoke", here.now, gone)


def no_allowance(_: World) -> None:
    rules(replace(FALLBACK, allowance=Allowance(total=0)))


@pytest.mark.parametrize(
    ("meanwhile", "why"),
    [(frozen, "person_frozen"), (revoked_badge, "badge_revoked"), (no_allowance, "allowance_reached")],
)
def test_who_was_not_allowed_any_more_has_it_all_the_same_and_a_case_asks(
    here: World, meanwhile: Callable[[World], None], why: str
) -> None:
    hq, version = alone(here)
    here.later(hours=1)
    meanwhile(here)
    here.later(minutes=1)
    report = saw(hq, version, tags=[])
    hq.send()
    assert (here.asset().state, here.asset().custodian.id) == ("on_loan", "p-1")
    (case,) = here.cases()
    assert (case.kind, case.detail, case.person, case.loan) == ("not_entitled", why, "p-1", report.body["id"])


@pytest.mark.parametrize(
    ("since", "proven"), [(timedelta(), True), (timedelta(minutes=-1), True), (timedelta(1), False)]
)
def test_a_loan_names_the_terms_that_were_accepted_before_it_began(here: World, since: timedelta, proven: bool) -> None:
    digest = "0" * 64
    hq, version = alone(here)
    rules(Agreement(id="house", title="House rules", categories=("tools",), digests={"en": digest}))
    accepted = Acceptance(version=1, sha256=digest, at=here.now + since)
    here.meet(person(acceptances={"house": accepted}))
    report = saw(hq, version, tags=[])
    hq.send()
    terms = {"terms": f"house@1:{digest}"} if proven else {}
    assert here.loan(report.body["id"]).proofs == {"offline": version, **terms}
    assert {"offline": version, **terms}.items() <= here.events()[-1].detail.items()
    assert ("terms" in here.events()[-1].detail) is proven


def test_whose_time_was_over_is_due_by_the_policy_and_a_case_asks(here: World) -> None:
    hq, version = alone(here)
    here.change_person(person(valid_until=here.now))
    here.later(minutes=1)
    report = saw(hq, version, tags=[])
    hq.send()
    assert here.loan(report.body["id"]).due_at == here.now + timedelta(hours=8)
    assert told(here) == [("not_entitled", "person_expired")]


def test_a_roster_that_was_over_or_never_made_or_is_not_kept_or_says_nothing_of_it_is_a_case(here: World) -> None:
    hq, version = alone(here)
    for number in (2, 3, 4):
        beside(here, drill(number), number=number)
    rules(replace(DRILL, offline_life=timedelta()))
    here.later(minutes=5)
    of_nothing = roster(here)
    rules(DRILL)
    saw(hq, of_nothing, tags=[])
    saw(hq, "nobody-made-this", asset="drill-2", door=2, tags=[])
    here.later(hours=24)
    saw(hq, version, asset="drill-3", door=3, tags=[])
    hq.send()
    latest = roster(here)
    here.bodies.clear()
    saw(hq, latest, asset="drill-4", door=4, tags=[])
    hq.send()
    assert [here.asset(f"drill-{number}").state for number in (1, 2, 3, 4)] == ["on_loan"] * 4
    found = {case.asset: case.detail for case in here.cases()}
    assert found == {
        "drill-1": "not_in_roster",
        "drill-2": "roster_unknown",
        "drill-3": "roster_over",
        "drill-4": "roster_gone",
    }


def test_a_bank_is_not_believed_about_another_banks_roster(here: World) -> None:
    hq, _ = alone(here)
    here.place(bank(id="hq-02"))
    saw(hq, roster(here, "hq-02"), tags=[])
    hq.send()
    assert told(here) == [("not_entitled", "roster_unknown")]


def taken_by_another(here: World) -> None:
    here.meet(person(2), OTHER_TOKEN)
    hq = here.bank("hq-01")
    hq.does(hq.tap(OTHER_TOKEN, depth=0), "closed", tags=[])


def in_flight(here: World) -> None:
    here.bank("hq-01").tap(depth=0)


def moved_by_an_admin(here: World) -> None:
    hq = here.bank("hq-01")
    hq.does(hq.tap(depth=0), "closed", tags=[])
    hq.does(hq.tap(depth=0), "closed", tags=[TAG])


@pytest.mark.parametrize(
    ("meanwhile", "who", "loans"), [(taken_by_another, "p-2", 1), (in_flight, "p-1", 1), (moved_by_an_admin, "p-1", 1)]
)
def test_where_the_record_has_moved_on_both_claims_are_one_case_and_nobody_is_its_second_custodian(
    here: World, meanwhile: Callable[[World], None], who: str, loans: int
) -> None:
    hq, version = alone(here)
    here.later(hours=1)
    late = saw(hq, version, tags=[])
    hq.journal.clear()
    here.later(minutes=1)
    meanwhile(here)
    here.later(hours=1)
    hq.send(late)
    asset = here.asset()
    assert (asset.state, asset.custodian.kind, asset.custodian.id) == ("unconfirmed", CustodianKind.PERSON, who)
    (case,) = here.cases()
    assert (case.kind, case.person, case.asset, case.waiting) == ("offline_conflict", "p-1", "drill-1", ("drill-1",))
    assert version in case.detail
    assert here.how_many("LOAN") == loans
    assert here.door().unlendable == "unexpected_item"


def test_the_loan_of_whoever_the_record_says_has_it_stays_open_and_they_are_left_in_peace(here: World) -> None:
    hq, version = alone(here)
    here.later(hours=1)
    late = saw(hq, version, tags=[])
    hq.journal.clear()
    taken_by_another(here)
    hq.send(late)
    loan = here.loan(here.asset().loan or "")
    assert (loan.person, loan.state) == ("p-2", "open")
    assert loan.paused_until is not None


def test_what_the_bank_still_sees_was_not_taken(here: World) -> None:
    hq, version = alone(here)
    saw(hq, version, tags=[TAG])
    hq.send()
    assert here.asset().state == "stowed"
    assert (here.cases(), here.how_many("LOAN")) == ([], 0)


def test_another_thing_that_is_gone_is_last_seen_with_the_same_person(here: World) -> None:
    hq = stage(here, capacity=2)
    put = drill(2)
    beside(here, put, number=1)
    version = roster(here)
    saw(hq, version, tags=[TAG])
    hq.send()
    assert here.asset().state == "stowed"
    assert (here.asset("drill-2").state, here.asset("drill-2").custodian.id) == ("unconfirmed", "p-1")
    assert [case.kind for case in here.cases()] == ["wrong_item"]


@pytest.mark.parametrize("evidence", ["presence", "door_only"])
def test_without_tags_what_the_bank_names_was_taken(here: World, evidence: str) -> None:
    hq, version = alone(here, evidence)
    saw(hq, version, **GONE[evidence])
    hq.send()
    assert (here.asset().state, here.events()[-1].evidence) == ("on_loan", evidence)


@pytest.mark.parametrize("asset", [None, "nobody-knows"])
def test_what_was_taken_from_a_door_that_is_empty_on_record_is_a_case(here: World, asset: str | None) -> None:
    hq, version = alone(here, "door_only")
    saw(hq, version, asset=asset, door=2)
    hq.send()
    assert [case.kind for case in here.cases()] == ["offline_conflict"]
    assert here.door(2).unlendable == "unexpected_item"


def test_a_badge_that_nobody_has_takes_something_to_nobody_and_is_a_case(here: World) -> None:
    hq, version = alone(here)
    saw(hq, version, badge=STRANGER, tags=[])
    hq.send()
    assert (here.asset().state, here.asset().custodian.door) == ("unconfirmed", 1)
    assert [case.kind for case in here.cases()] == ["offline_stranger"]


def test_a_badge_that_became_somebodys_after_it_was_shown_was_nobodys(here: World) -> None:
    hq, version = alone(here)
    late = saw(hq, version, badge=OTHER_TOKEN, tags=[])
    here.later(minutes=1)
    here.meet(person(2))
    save_badge(ORG, "new", here.now, Badge(id=OTHER_TOKEN, person="p-2", created_at=here.now))
    hq.send(late)
    assert [case.kind for case in here.cases()] == ["offline_stranger"]


def test_what_a_badge_of_nobody_brings_back_is_a_case_and_the_loan_stays(here: World) -> None:
    hq, loan = lend(here)
    saw(hq, roster(here), "return", badge=STRANGER, door=2, tags=[TAG])
    hq.send()
    assert (here.asset().state, here.asset().custodian.door) == ("unconfirmed", 2)
    assert (here.loan(loan).state, [case.kind for case in here.cases()]) == ("open", ["offline_stranger"])


def test_somebody_elses_thing_that_turns_up_is_a_case_and_its_loan_stays(here: World) -> None:
    hq, loan = lend(here)
    here.meet(person(2), OTHER_TOKEN)
    saw(hq, roster(here), "return", badge=OTHER_TOKEN, door=2, tags=[TAG])
    hq.send()
    assert (here.asset().state, here.asset().custodian.door) == ("unconfirmed", 2)
    assert (here.loan(loan).state, [case.kind for case in here.cases()]) == ("open", ["offline_conflict"])
    assert here.loan(loan).paused_until is not None


@pytest.mark.parametrize(("badge", "kind"), [(STRANGER, "offline_stranger"), (OTHER_TOKEN, "offline_conflict")])
def test_what_is_brought_back_keeps_both_claims_also_where_it_is_in_doubt_there_already(
    here: World, badge: str, kind: str
) -> None:
    here.meet(person(2), OTHER_TOKEN)
    hq, version = alone(here)
    saw(hq, version, badge=STRANGER, tags=[])
    here.later(minutes=1)
    saw(hq, version, "return", badge=badge, tags=[TAG])
    hq.send()
    assert (here.asset().state, here.asset().custodian.door) == ("unconfirmed", 1)
    taken = f"bank: take, roster {version}; record: stowed, door hq-01 door 1"
    returned = f"bank: return, roster {version}; record: unconfirmed, door hq-01 door 1"
    assert sorted(told(here)) == sorted([("offline_stranger", taken), (kind, returned)])


def test_what_a_stranger_took_and_brought_back_while_the_record_had_it_in_repair_is_unconfirmed_with_each_claim_kept(
    here: World,
) -> None:
    hq, version = alone(here, "presence")
    saw(hq, version, badge=STRANGER, **GONE["presence"])
    move_asset.handle(asked("m", at=here.now), "drill-1", Move.SEND_TO_REPAIR, reason="it smokes")
    here.later(minutes=1)
    saw(hq, version, "return", badge=STRANGER, **THERE["presence"])
    hq.send()
    assert (here.asset().state, here.asset().custodian.door) == ("unconfirmed", 1)
    assert sorted(told(here)) == [
        ("offline_stranger", f"bank: return, roster {version}; record: unconfirmed, door hq-01 door 1"),
        ("offline_stranger", f"bank: take, roster {version}; record: in_repair, door hq-01 door 1"),
    ]


def test_somebody_elses_thing_that_turns_up_keeps_both_claims(here: World) -> None:
    hq, _ = lend(here)
    here.meet(person(2), OTHER_TOKEN)
    version = roster(here)
    saw(hq, version, "return", badge=OTHER_TOKEN, door=2, tags=[TAG])
    hq.send()
    claims = f"bank: return, roster {version}; record: on_loan, person p-1"
    assert told(here) == [("offline_conflict", claims)]


def test_what_was_brought_back_twice_without_proof_is_in_doubt_once_and_holds_nothing_up(here: World) -> None:
    hq, loan = lend(here, "door_only")
    version = roster(here)
    rules(replace(DRILL, min_evidence=Evidence.PRESENCE))
    for _ in range(2):
        here.later(minutes=1)
        saw(hq, version, "return", door=2)
    hq.send()
    assert hq.journal == []
    assert (here.asset().state, here.asset().custodian.door) == ("unconfirmed", 2)
    assert here.loan(loan).state == "open"
    assert told(here) == [("weak_evidence", "")]


def test_what_an_account_has_comes_back_by_whoever_borrows_for_it(here: World) -> None:
    hq, loan = lend(here)
    here.meet(person(2, borrows_for=("p-1",)), OTHER_TOKEN)
    saw(hq, roster(here), "return", badge=OTHER_TOKEN, door=2, tags=[TAG])
    hq.send()
    assert (here.loan(loan).state, here.cases()) == ("closed", [])


def test_a_loan_that_began_after_the_return_is_not_closed_by_it(here: World) -> None:
    hq, version = alone(here)
    late = saw(hq, version, "return", door=2, tags=[TAG])
    hq.journal.clear()
    here.later(minutes=1)
    taking = hq.tap()
    hq.does(taking, "closed", tags=[])
    hq.send(late)
    assert here.loan(taking.grant).state == "open"
    assert [case.kind for case in here.cases()] == ["offline_conflict"]


def test_a_return_on_less_than_its_type_needs_is_unconfirmed_and_nobody_is_blamed(here: World) -> None:
    rules(replace(DRILL, min_evidence=Evidence.TAGS))
    hq, loan = lend(here, "presence")
    saw(hq, roster(here), "return", door=2, present=True)
    hq.send()
    assert (here.asset().state, here.loan(loan).state) == ("unconfirmed", "open")
    assert [case.kind for case in here.cases()] == ["weak_evidence"]


def test_an_empty_door_brings_nothing_back(here: World) -> None:
    hq, loan = lend(here)
    saw(hq, roster(here), "return", door=2, tags=[])
    hq.send()
    assert (here.asset().state, here.loan(loan).state, here.cases()) == ("on_loan", "open", [])


def test_who_has_one_thing_and_brings_back_what_the_bank_could_not_name_is_believed_by_nobody_and_blamed_for_nothing(
    here: World,
) -> None:
    hq, loan = lend(here, "door_only")
    saw(hq, roster(here), "return", asset=None, door=2)
    hq.send()
    assert (here.asset().state, here.loan(loan).state) == ("unconfirmed", "open")
    assert here.loan(loan).paused_until is not None
    assert [case.kind for case in here.cases()] == ["offline_conflict"]


def test_what_nobody_can_name_at_all_is_a_case_and_its_door_is_looked_into(here: World) -> None:
    hq, version = alone(here, "door_only")
    saw(hq, version, "return", asset=None, door=2)
    hq.send()
    assert [case.kind for case in here.cases()] == ["offline_conflict"]
    assert here.door(2).unlendable == "unexpected_item"


def test_a_tag_that_nobody_knows_is_a_case(here: World) -> None:
    hq, version = alone(here)
    saw(hq, version, "return", asset=None, door=2, tags=["E2009999"])
    hq.send()
    assert [case.kind for case in here.cases()] == ["unknown_tag"]


def test_what_lies_elsewhere_on_record_is_a_case_when_it_turns_up(here: World) -> None:
    hq, version = alone(here)
    saw(hq, version, "return", door=2, tags=[TAG])
    hq.send()
    assert (here.asset().state, here.asset().custodian.door) == ("unconfirmed", 2)
    assert here.door().contents == ()
    assert [case.kind for case in here.cases()] == ["offline_conflict"]


@pytest.mark.parametrize("kind", ["take", "return"])
@pytest.mark.parametrize("outcome", ["opened", "not_opened"])
def test_a_door_that_opened_or_did_not_moves_nothing_and_is_not_forced(here: World, kind: str, outcome: str) -> None:
    hq, version = alone(here)
    saw(hq, version, kind, outcome)
    heard = hq.send()
    assert [each.kind for each in heard] == ["ack"]
    assert (here.asset().state, here.cases(), here.door().unlendable) == ("stowed", [], None)


@pytest.mark.parametrize("kind", ["take", "return"])
@pytest.mark.parametrize("outcome", ["jammed", "left_open"])
def test_a_door_that_jams_or_is_left_open_is_a_case_that_blames_nobody(here: World, kind: str, outcome: str) -> None:
    hq, version = alone(here)
    saw(hq, version, kind, outcome)
    hq.send()
    assert [(str(case.kind), case.person) for case in here.cases()] == [(outcome, None)]
    assert here.asset().state == "stowed"


def test_a_take_of_which_nobody_knows_how_it_ended_leaves_its_thing_with_whom_was_let_in(here: World) -> None:
    hq, version = alone(here)
    saw(hq, version, outcome="unresolved")
    hq.send()
    assert (here.asset().state, here.asset().custodian.id) == ("unconfirmed", "p-1")
    assert (here.door().unlendable, here.how_many("LOAN")) == ("unresolved", 0)
    assert [case.kind for case in here.cases()] == ["unresolved"]


@pytest.mark.parametrize("meanwhile", [Move.SEND_TO_REPAIR, Move.UNSTOW])
def test_whoever_may_have_taken_what_an_admin_moved_meanwhile_can_bring_it_back(here: World, meanwhile: Move) -> None:
    hq, version = alone(here)
    saw(hq, version, outcome="unresolved")
    move_asset.handle(asked("m", at=here.now), "drill-1", meanwhile, reason="it smokes")
    hq.send()
    assert (here.asset().state, here.asset().custodian.id) == ("unconfirmed", "p-1")
    assert [case.kind for case in here.cases()] == ["unresolved"]
    back = hq.tap()
    assert back.claims["purpose"] == "return"
    hq.does(back, "closed", tags=[TAG])
    assert here.asset().state == "stowed"


def test_a_return_of_which_nobody_knows_how_it_ended_leaves_its_loan_open_and_its_holder_in_peace(here: World) -> None:
    hq, loan = lend(here)
    saw(hq, roster(here), "return", "unresolved", door=2)
    hq.send()
    assert (here.asset().state, here.loan(loan).state) == ("on_loan", "open")
    assert here.loan(loan).paused_until is not None
    assert (here.door(2).unlendable, [case.kind for case in here.cases()]) == ("unresolved", ["unresolved"])


def test_what_is_said_of_a_grant_and_of_nobody_having_been_asked_is_kept_and_moves_nothing(here: World) -> None:
    hq, version = alone(here)
    told_alone = {"kind": "take", "badge": TOKEN, "asset": "drill-1", "roster": version}
    heard = hq.does(hq.tap(), "closed", tags=[], offline=told_alone)
    assert heard[0].body["rejected"][0]["code"] == "offline_with_grant"
    assert (here.grant().state, here.asset().state) == ("issued", "stowed")


def test_what_a_revoked_bank_did_alone_is_kept_and_moves_nothing(here: World) -> None:
    hq, version = alone(here)
    late = saw(hq, version, tags=[])
    here.revoke()
    heard = hq.send(late)
    assert heard[0].body["rejected"][0]["code"] == "bank_revoked"
    assert here.asset().state == "stowed"


def test_what_came_back_while_the_bank_was_alone_is_not_late_for_as_long_as_it_was(here: World) -> None:
    hq, loan = lend(here)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    version = roster(here)
    here.later(hours=7)  # due in 55 minutes, and the bank is alone from now on
    watch_banks.handle(ORG, now=here.now)
    here.later(hours=3)
    report, at = saw(hq, version, "return", door=2, tags=[TAG]), here.now
    here.later(days=2)
    hq.send(report)
    over = here.loan(loan)
    assert (over.returned_at, at > over.due_at, over.returned_late) == (at, True, False)
    assert here.person().late_returns == ()


def story(here: World) -> tuple[FakeBank, list[Upload]]:
    """Let two people take and bring back two things at a bank that is alone, one of them into the other's door."""
    hq = stage(here)
    here.meet(person(2), OTHER_TOKEN)
    beside(here, drill(2), number=2)
    version = roster(here)
    uploads = []
    for kind, badge, door, tags in (
        ("take", TOKEN, 1, []),
        ("take", OTHER_TOKEN, 2, []),
        ("return", TOKEN, 2, [TAG]),
        ("return", OTHER_TOKEN, 1, [OTHER_TAG]),
    ):
        here.later(minutes=10)
        thing = "drill-1" if badge == TOKEN else "drill-2"
        uploads.append(saw(hq, version, kind, badge=badge, door=door, asset=thing, tags=tags))
    here.later(hours=1)
    return hq, uploads


def ended(here: World) -> list[tuple[Any, ...]]:
    return [
        (each, str(here.asset(each).state), here.asset(each).custodian.door, [str(e.move) for e in here.events(each)])
        for each in ("drill-1", "drill-2")
    ]


def test_in_the_order_in_which_a_bank_tells_it_copies_change_nothing(here: World) -> None:
    hq, uploads = story(here)
    for number, upload in enumerate(uploads, start=1):
        for copy in (upload, *uploads[:number]):
            hq.repeat(copy)
    assert ended(here) == [
        ("drill-1", "stowed", 2, ["taken", "returned"]),
        ("drill-2", "stowed", 1, ["taken", "returned"]),
    ]
    assert here.cases() == []


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_in_any_other_order_nothing_is_lost_nobody_has_it_twice_and_what_does_not_fit_is_a_case(
    here: World, order: tuple[int, ...]
) -> None:
    hq, uploads = story(here)
    for place in order:
        hq.repeat(uploads[place])
        hq.repeat(uploads[place])
    fits = all(order.index(taken) < order.index(back) for taken, back in ((0, 2), (1, 3))) and order.index(
        1
    ) < order.index(2)
    assert here.cases() != [] or fits or all(each[1] == "stowed" for each in ended(here))
    assert all(each[1] in {"stowed", "unconfirmed", "on_loan"} for each in ended(here))


def test_evidence_of_a_thing_without_a_tag_is_that_of_the_door(here: World) -> None:
    hq = stage(here)
    beside(here, drill(2, tag=None), number=2)
    version = roster(here)
    saw(hq, version, asset="drill-2", door=2, tags=[])
    hq.send()
    assert (here.asset("drill-2").state, here.events("drill-2")[-1].evidence) == ("on_loan", "door_only")


def test_the_things_of_an_asset_that_was_never_stowed_are_a_case(here: World) -> None:
    hq, version = alone(here)
    put_asset(drill(2))
    saw(hq, version, asset="drill-2", door=2, tags=[])
    hq.send()
    assert (here.asset("drill-2").state, here.asset("drill-2").custodian.id) == ("unconfirmed", "p-1")
    assert [case.kind for case in here.cases()] == ["offline_conflict"]


def test_the_record_verifies_after_what_was_done_alone_and_a_rebuild_comes_to_the_same(here: World) -> None:
    hq, uploads = story(here)
    hq.send(*uploads[:3])
    late = saw(hq, "nobody-made-this", asset="drill-1", badge=STRANGER, door=4, tags=[])
    hq.send(late, uploads[3])
    every = verify_ledger._everything(ORG, Counter(), anchored=False)
    set_up = {f"event {number} has no guard" for number in (1, 2)}  # nobody asked for what a test puts there
    assert [fault for fault in every if fault is not None and fault.why not in set_up] == []
    plan = survey(ORG, here.now)
    assert {name: asset.state for name, asset in plan.assets.items()} == {
        name: here.asset(name).state for name in ("drill-1", "drill-2")
    }
    assert {loan.id for loan in plan.loans.values()} == {
        loan for each in ("p-1", "p-2") for loan in here.person(each).holdings
    }
