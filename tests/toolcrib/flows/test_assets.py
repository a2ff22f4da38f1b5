"""Entering, describing, stowing and moving assets, through the tables."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.flows import create_asset, edit_asset, move_asset, stow_asset
from tests.support.admins import ELSEWHERE, STRANGER, SUPERVISOR, asked
from tests.support.workplace import DRILL, FALLBACK, NOW, ORG, bank, drill, put_bank, rules, site
from tests.support.world import world
from toolcrib.domain.assets import Asset, Custodian
from toolcrib.domain.doors import Grant, GrantState, Purpose
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import AlreadyThere, Conflict, DoorBusy, Invalid, NotFound, Stale, WrongState
from toolcrib.domain.states import Move, State
from toolcrib.store import mapping
from toolcrib.store.assets import find_by_tags, load_asset
from toolcrib.store.banks import find_door
from toolcrib.store.ledger import list_events

YEARS = timedelta(days=400)


@pytest.fixture(autouse=True)
def workplace() -> Iterator[None]:
    with world(rules=False):
        rules(site(), site(id="dock"), DRILL, FALLBACK)
        put_bank(bank(), doors=2)
        yield


def enter(op: str = "create", **more: Any) -> Asset:
    return create_asset.handle(asked(op), drill(**more))


def edit(op: str, asset: str, fields: dict[str, Any], *, read: int = 1, **more: Any) -> Asset:
    """Edit as the API does: on the revision that was read."""

    def onto(before: Asset) -> Asset:
        if before.revision != read:
            raise Stale
        return replace(before, **fields)

    return edit_asset.handle(asked(op, **more), asset, onto)


def door(number: int = 1) -> Any:
    return find_door(ORG, "hq-01", number)


def use(number: int = 1) -> None:
    """Put a live grant onto a door."""
    grant = Grant(id="g", purpose=Purpose.SERVICE, state=GrantState.ISSUED, authorised_at=NOW, expires_at=NOW)
    mapping.door_item(ORG, replace(door(number), grant=grant)).save()


def moves(asset: str = "drill-1") -> list[str]:
    return [str(event.move) for event in list_events(ORG, asset)]


def test_an_asset_begins_in_its_sites_store_room_with_one_event_and_its_tag() -> None:
    new = enter()
    assert (new.state, new.custodian, new.version) == (State.STORED, Custodian.site("hq"), 1)
    assert load_asset(ORG, "drill-1") == new
    assert moves() == ["create"]
    assert find_by_tags(ORG, ["E2000001"])["E2000001"] == new


def test_entering_again_after_any_time_gives_the_same_asset_and_no_event() -> None:
    new = enter()
    move_asset.handle(asked("m"), "drill-1", Move.RETIRE, reason="worn out")
    assert create_asset.handle(asked("create", later=YEARS), drill()) == new
    assert moves() == ["create", "retire"]


def test_an_id_or_a_tag_that_is_taken_is_refused_and_nothing_is_written() -> None:
    enter()
    with pytest.raises(AlreadyThere):
        enter("other")
    with pytest.raises(Conflict) as refused:
        enter("another", number=2, tag="E2000001")
    assert (refused.value.code, moves("drill-2")) == ("tag_taken", [])


def test_a_type_or_site_that_nobody_described_is_refused_by_field() -> None:
    with pytest.raises(Invalid) as refused:
        enter(type="saw", site="moon")
    assert set(refused.value.fields) == {"type", "site"}


def test_stowing_puts_it_into_the_door_with_a_declared_event() -> None:
    enter()
    there = stow_asset.handle(asked("s"), "drill-1", bank="hq-01", door=1)
    assert (there.state, there.custodian) == (State.STOWED, Custodian.at_door("hq-01", 1))
    assert [content.name for content in door().contents] == ["Drill 1"]
    assert list(list_events(ORG, "drill-1"))[-1].evidence == "declared"


def test_a_repeated_stow_answers_as_the_first_time_and_moves_nothing() -> None:
    enter()
    first = stow_asset.handle(asked("s"), "drill-1", bank="hq-01", door=1)
    move_asset.handle(asked("u"), "drill-1", Move.UNSTOW, reason="cleaning")
    assert stow_asset.handle(asked("s", later=YEARS), "drill-1", bank="hq-01", door=1) == first
    assert load_asset(ORG, "drill-1").state is State.STORED
    assert moves() == ["create", "stow", "unstow"]
    assert door().contents == ()


def test_a_repeated_move_answers_as_the_first_time_and_moves_nothing() -> None:
    enter()
    first = move_asset.handle(asked("m"), "drill-1", Move.DECLARE_MISSING, reason="not on its shelf")
    move_asset.handle(asked("f"), "drill-1", Move.FOUND, reason="under the bench")
    assert move_asset.handle(asked("m", later=YEARS), "drill-1", Move.DECLARE_MISSING, reason="again") == first
    assert moves() == ["create", "declare_missing", "found"]


@pytest.mark.parametrize(("bank_id", "number"), [("hq-09", 1), ("hq-01", 9)])
def test_a_door_that_is_not_there_is_not_found(bank_id: str, number: int) -> None:
    enter()
    with pytest.raises(NotFound):
        stow_asset.handle(asked("s"), "drill-1", bank=bank_id, door=number)
    assert moves() == ["create"]


def test_a_live_grant_refuses_moving_and_relabelling_what_the_door_holds() -> None:
    enter()
    stow_asset.handle(asked("s"), "drill-1", bank="hq-01", door=1)
    use()
    with pytest.raises(DoorBusy):
        move_asset.handle(asked("u"), "drill-1", Move.UNSTOW, reason="cleaning")
    with pytest.raises(DoorBusy):
        edit("e", "drill-1", {"name": "Big drill"})
    assert load_asset(ORG, "drill-1").name == "Drill 1"
    assert edit("e", "drill-1", {"serial": "SN-1"}).serial == "SN-1"


def test_a_new_name_and_tag_reach_the_doors_summary_and_the_tag_register() -> None:
    enter()
    stow_asset.handle(asked("s"), "drill-1", bank="hq-01", door=1)
    edited = edit("e", "drill-1", {"name": "Big drill", "tag": "NEW"})
    assert (edited.revision, edited.version) == (2, 2)
    assert [(content.name, content.tag) for content in door().contents] == [("Big drill", "NEW")]
    assert find_by_tags(ORG, ["NEW", "E2000001"]) == {"NEW": load_asset(ORG, "drill-1"), "E2000001": None}
    assert moves() == ["create", "stow"]


def test_a_tag_can_be_taken_off_and_given_to_another() -> None:
    enter()
    enter("c2", number=2)
    with pytest.raises(Conflict):
        edit("e", "drill-2", {"tag": "E2000001"})
    edit("e1", "drill-1", {"tag": None})
    assert edit("e2", "drill-2", {"tag": "E2000001"}).tag == "E2000001"


def test_an_edit_of_what_somebody_else_edited_is_stale_but_ones_own_lost_answer_is_not() -> None:
    enter()
    edit("e", "drill-1", {"name": "Big drill"})
    assert edit("e", "drill-1", {"name": "Big drill"}).revision == 2
    with pytest.raises(Stale):
        edit("e2", "drill-1", {"name": "Small drill"})


def test_handing_over_and_stowing_are_not_for_the_move_route() -> None:
    enter()
    for move in (Move.HAND_OVER, Move.STOW, Move.TAKEN, Move.CREATE):
        with pytest.raises(Invalid):
            move_asset.handle(asked("m"), "drill-1", move, reason="x")


def test_a_store_room_that_does_not_exist_is_refused() -> None:
    enter()
    with pytest.raises(Invalid):
        move_asset.handle(asked("m"), "drill-1", Move.DECLARE_MISSING, reason="x", site="moon")


def test_a_refused_move_writes_nothing() -> None:
    before = enter()
    with pytest.raises(WrongState):
        move_asset.handle(asked("m"), "drill-1", Move.FOUND, reason="x")
    assert (load_asset(ORG, "drill-1"), moves()) == (before, ["create"])


@pytest.mark.parametrize("who", [STRANGER, ELSEWHERE], ids=["another org", "another site"])
def test_what_is_not_theirs_looks_like_what_is_not_there(who: Any) -> None:
    enter()
    orders: list[Callable[[str], Asset]] = [
        lambda asset: stow_asset.handle(asked("s", by=who), asset, bank="hq-01", door=1),
        lambda asset: move_asset.handle(asked("m", by=who), asset, Move.RETIRE, reason="x"),
        lambda asset: edit("e", asset, {"name": "x"}, by=who),
    ]
    for order in orders:
        answers = set()
        for asset in ("drill-1", "drill-99"):
            with pytest.raises(NotFound) as refused:
                order(asset)
            answers.add((refused.value.code, refused.value.detail, refused.value.advice))
        assert len(answers) == 1
    assert moves() == ["create"]


def test_a_supervisor_stows_at_their_own_site_only() -> None:
    enter()
    put_bank(bank(id="dock-01", site="dock"), doors=1)
    with pytest.raises(NotFound):
        stow_asset.handle(asked("s", by=SUPERVISOR), "drill-1", bank="dock-01", door=1)
    assert stow_asset.handle(asked("s", by=SUPERVISOR), "drill-1", bank="hq-01", door=1).state is State.STOWED
