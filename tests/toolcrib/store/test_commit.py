"""One transaction per change: all of it or nothing, each record on the condition of the one before (I3)."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.dynamo import Dynamo, Refused
from tests.support.tables import tables_in_memory
from tests.support.workplace import DRILL, NOW, ORG, bank, drill, person, put_asset, put_bank, put_person, rules, site
from tests.support.world import World, world
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.change import Change, Heard, Holdings, Remember
from toolcrib.domain.doors import Grant, GrantState, Purpose
from toolcrib.domain.events import Cause, move
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Holding
from toolcrib.domain.policies import Period, Terms
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.domain.states import Move
from toolcrib.store import ledger, mapping
from toolcrib.store.assets import find_asset, load_asset
from toolcrib.store.banks import find_door, load_bank_only
from toolcrib.store.cases import find_case
from toolcrib.store.commit import commit
from toolcrib.store.ledger import done, find_applied, list_events
from toolcrib.store.loans import load_loan
from toolcrib.store.people import load_person

CASE = Case(id="c-1", kind=CaseKind.FORCED, opened_at=NOW)
HELD = Holding(
    asset="drill-1", type="drill", name="Drill 1", state="open", bank="hq-01", door=1, site="hq", since=NOW, until=NOW
)


@pytest.fixture(params=["in this process", "on moto"])
def table(request: pytest.FixtureRequest) -> Iterator[None]:
    """The same expectations of our stand-in and of moto's: neither is believed alone."""
    if request.param == "on moto":
        with tables_in_memory():
            yield
    else:
        with world(rules=False, check=False):
            yield


@pytest.fixture
def crib(table: None) -> None:
    rules(site(), DRILL)
    put_bank(bank(), doors=2, stowed={1: drill()})
    put_person(person())


def stated(move_: Move = Move.SEND_TO_REPAIR, op: str = "op-1", **more: Any) -> Change:
    """Return a change of the drill and its door, with its event."""
    asset = load_asset(ORG, "drill-1")
    cause = Cause(op=op, at=NOW, evidence=Evidence.DECLARED)
    after, event = move(asset, move_, to=asset.custodian, cause=cause)
    door = find_door(ORG, "hq-01", 1)
    assert door is not None
    doors = (replace(door, unlendable="in_repair", version=door.version + 1),)
    return Change(**{"op": op, "at": NOW, "assets": (after,), "events": (event,), "doors": doors, **more})


@pytest.mark.usefixtures("crib")
def test_everything_of_a_change_is_written() -> None:
    commit(ORG, stated(cases=(CASE,), holdings=(Holdings(person="p-1", put={"l-1": HELD}),)))
    assert load_asset(ORG, "drill-1").state == "in_repair"
    assert find_case(ORG, "c-1") == CASE
    assert load_person(ORG, "p-1").holdings == {"l-1": HELD}
    assert [event.move for event in list_events(ORG, "drill-1")] == ["create", "stow", "send_to_repair"]


@pytest.mark.usefixtures("crib")
@pytest.mark.parametrize("moved_on", ["asset", "door", "case", "person", "event"])
def test_one_condition_that_fails_and_nothing_is_written(moved_on: str) -> None:
    change = stated(cases=(CASE,), holdings=(Holdings(person="p-1", put={"l-1": HELD}, expected_version=1),))
    door = find_door(ORG, "hq-01", 1)
    assert door is not None
    elsewhere = {
        "asset": lambda: mapping.asset_item(ORG, replace(load_asset(ORG, "drill-1"), version=9)).save(),
        "door": lambda: mapping.door_item(ORG, replace(door, version=9)).save(),
        "case": lambda: mapping.case_item(ORG, CASE).save(),
        "person": lambda: mapping.person_item(ORG, person(version=9)).save(),
        "event": lambda: _event(change).save(),
    }
    elsewhere[moved_on]()
    with pytest.raises(LostRace):
        commit(ORG, change)
    now = find_door(ORG, "hq-01", 1)
    assert now is not None
    assert now.unlendable is None
    assert load_asset(ORG, "drill-1").state == "stowed"
    assert load_person(ORG, "p-1").holdings == {}
    assert find_case(ORG, "c-1") == (CASE if moved_on == "case" else None)


@pytest.mark.usefixtures("crib")
def test_a_guarded_operation_is_done_once_forever() -> None:
    commit(ORG, stated(guard=True))
    assert done(ORG, "drill-1", "op-1")
    applied = find_applied(ORG, "drill-1", "op-1")
    assert applied is not None
    assert applied.move is Move.SEND_TO_REPAIR
    with pytest.raises(LostRace):
        commit(ORG, stated(Move.REPAIRED, guard=True))
    commit(ORG, stated(Move.REPAIRED, op="op-2", guard=True))


@pytest.mark.usefixtures("crib")
def test_what_happens_later_to_a_summary_counts() -> None:
    put, remove = Holdings(person="p-1", put={"l-1": HELD}), Holdings(person="p-1", remove=("l-1",))
    commit(ORG, Change(op="a", at=NOW, holdings=(remove, put)))
    assert set(load_person(ORG, "p-1").holdings) == {"l-1"}
    commit(ORG, Change(op="b", at=NOW, holdings=(put, remove)))
    assert load_person(ORG, "p-1").holdings == {}


@pytest.mark.usefixtures("crib")
def test_entries_of_a_summary_do_not_fight_each_other_and_count_the_profiles_version() -> None:
    for number in range(3):
        commit(ORG, Change(op="a", at=NOW, holdings=(Holdings(person="p-1", put={f"l.{number}": HELD}),)))
    now = load_person(ORG, "p-1")
    assert (set(now.holdings), now.version) == ({"l.0", "l.1", "l.2"}, 4)


@pytest.mark.usefixtures("crib")
def test_a_summary_of_somebody_who_is_not_there_is_a_lost_race_and_makes_nobody() -> None:
    with pytest.raises(LostRace):
        commit(ORG, Change(op="a", at=NOW, holdings=(Holdings(person="ghost", put={"l-1": HELD}),)))


@pytest.mark.usefixtures("crib")
@pytest.mark.parametrize("state", LoanState)
def test_a_return_is_remembered_by_a_loan_that_is_still_out_only(state: LoanState) -> None:
    terms = Terms(policy="p", period=Period())
    loan = Loan(
        id="l-1",
        asset="drill-1",
        type="drill",
        person="p-1",
        site="hq",
        bank="hq-01",
        door=1,
        state=state,
        authorised_at=NOW,
        due_at=NOW,
        terms=terms,
    )
    mapping.loan_item(ORG, loan).save()
    change = Change(op="a", at=NOW, remember=(Remember(loan="l-1", grant="l-1.g"),))
    if state in {LoanState.OPEN, LoanState.PENDING}:
        commit(ORG, change)
        assert load_loan(ORG, "l-1").grants == {"l-1.g": GrantState.ISSUED}
    else:
        with pytest.raises(LostRace):
            commit(ORG, change)


@pytest.mark.usefixtures("crib")
def test_reports_that_were_heard_are_added_up_without_reading_them_first() -> None:
    for number in range(1, 4):
        commit(ORG, Change(op="a", at=NOW, heard=Heard(bank="hq-01", at=NOW, boot=2, seq=(2, number))))
    now = load_bank_only(ORG, "hq-01")
    assert (now.boot, now.last_seen_at, now.seqs) == (2, NOW, ((2, 1), (2, 2), (2, 3)))


@pytest.mark.usefixtures("crib")
def test_another_org_sees_none_of_it() -> None:
    commit(ORG, stated(cases=(CASE,)))
    assert find_case("globex", "c-1") is None
    assert find_asset("globex", "drill-1") is None
    assert list(list_events("globex", "drill-1")) == []


# --- tokens ---


def tokens(here: World) -> list[str]:
    return [request["ClientRequestToken"] for _, request in here.calls("TransactWriteItems")]


def test_the_token_is_the_bodys_and_nothing_elses(here: World) -> None:
    put_asset(drill())
    assert here.dynamo is not None
    here.dynamo.calls.clear()
    for case in (CASE, replace(CASE, detail="more"), replace(CASE, id="c-2")):
        with_the_same_op = Change(op="op-1", at=NOW, cases=(case,))
        try:
            commit(ORG, with_the_same_op)
        except LostRace:
            continue
    assert len(set(tokens(here))) == 3
    assert all(len(token) <= 36 for token in tokens(here))


def test_the_same_body_again_within_ten_minutes_is_the_same_request_and_later_a_lost_race(here: World) -> None:
    change = Change(op="op-1", at=NOW, cases=(CASE,))
    commit(ORG, change)
    commit(ORG, change)
    assert here.dynamo is not None
    here.dynamo.forget_tokens()
    with pytest.raises(LostRace):
        commit(ORG, change)


def test_our_stand_in_refuses_what_amazon_refuses(here: World) -> None:
    dynamo = here.dynamo
    assert dynamo is not None
    put = {"Put": {"TableName": "state", "Item": {"pk": {"S": "a"}, "sk": {"S": "b"}}}}
    bad: list[tuple[str, Any]] = [
        ("twice the same item", [put, put]),
        ("nothing", []),
        ("more than a hundred", [_put(number) for number in range(101)]),
        ("an empty key of an index", [_put(1, agenda_pk={"S": ""})]),
    ]
    for why, orders in bad:
        with pytest.raises(Refused, match="Validation"):
            dynamo._make_api_call("TransactWriteItems", {"TransactItems": orders})
        assert why
    dynamo._make_api_call("TransactWriteItems", {"TransactItems": [_put(1)], "ClientRequestToken": "t"})
    with pytest.raises(Refused, match="Idempotent"):
        dynamo._make_api_call("TransactWriteItems", {"TransactItems": [_put(2)], "ClientRequestToken": "t"})


def _put(number: int, **more: Any) -> dict[str, Any]:
    return {"Put": {"TableName": "state", "Item": {"pk": {"S": str(number)}, "sk": {"S": "b"}, **more}}}


def _event(change: Change) -> Any:
    return ledger.to_item(ORG, change.events[0])


def test_a_grant_is_what_it_says_it_is() -> None:
    grant = Grant(id="g", purpose=Purpose.TAKE, state=GrantState.ISSUED, person="p", authorised_at=NOW, expires_at=NOW)
    assert grant.live
    assert not replace(grant, state=GrantState.USED).live
    assert isinstance(Dynamo.from_template(), Dynamo)
