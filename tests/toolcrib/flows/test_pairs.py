"""Lockout pairs at the door: of two things only one leaves, whoever comes first and wherever they lie."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.flows import stow_asset
from tests.support.admins import asked
from tests.support.banks import FakeBank
from tests.support.outcomes import beside
from tests.support.pairs import lockout
from tests.support.workplace import OTHER_TOKEN, TOKEN, bank, drill, person, put_asset, rules
from tests.support.world import World
from toolcrib.domain.assets import AssetType
from toolcrib.domain.people import Group, GroupGrant
from toolcrib.domain.states import Move

KEY = AssetType(id="key", name="Key", category="tools")


def key(number: int = 2, **more: Any) -> Any:
    return drill(number, type="key", name=f"Key {number}", **more)


@pytest.fixture
def apart(here: World) -> tuple[FakeBank, FakeBank]:
    """A drill in one bank and a key in another, which lock each other; two people."""
    rules(KEY, lockout("drill-1", "drill-2"))
    one = here.place(bank(), stowed={1: drill(1)})
    two = here.place(bank(id="hq-02"), stowed={1: key()})
    here.meet(person(), TOKEN)
    here.meet(person(2), OTHER_TOKEN)
    return one, two


def test_the_second_cannot_leave_while_the_first_is_out_with_anybody(
    here: World, apart: tuple[FakeBank, FakeBank]
) -> None:
    one, two = apart
    opened = one.tap()
    assert opened.kind == "open"
    assert two.tap(OTHER_TOKEN).code == "pair_conflict", "it may be leaving"
    one.does(opened, "closed", tags=[])
    refused = two.tap(OTHER_TOKEN)
    assert refused.code == "pair_conflict"
    assert "drill-1" in refused.body["text"].lower() or "Drill 1" in refused.body["text"]
    back = one.tap()
    one.does(back, "closed", tags=["E2000001"])
    assert two.tap(OTHER_TOKEN).kind == "open"


def test_a_take_that_was_not_one_locks_nothing(apart: tuple[FakeBank, FakeBank]) -> None:
    one, two = apart
    opened = one.tap()
    one.does(opened, "closed", tags=["E2000001"])
    assert two.tap(OTHER_TOKEN).kind == "open"


@pytest.mark.parametrize(
    ("then", "lends"),
    [
        ((), True),
        ((Move.SEND_TO_REPAIR,), True),
        ((Move.DECLARE_MISSING,), False),
        ((Move.DECLARE_MISSING, Move.DECLARE_LOST), False),
        ((Move.DECLARE_MISSING, Move.RETIRE), True),
    ],
)
def test_what_lies_in_no_door_is_in_where_it_is_with_nobody(
    here: World, then: tuple[Move, ...], *, lends: bool
) -> None:
    rules(KEY, lockout("drill-1", "drill-2"))
    one = here.place(bank(), stowed={1: drill(1)})
    put_asset(key(tag=None), then=then)
    here.meet(person(), TOKEN)
    answer = one.tap()
    assert (answer.kind == "open") is lends
    assert lends or answer.code == "pair_conflict"


def test_in_one_bank_nothing_more_is_read(here: World) -> None:
    rules(KEY)
    one = here.place(bank(), stowed={1: drill(1)})
    here.meet(person(), TOKEN)
    here.meet(person(2), OTHER_TOKEN)
    beside(here, key(), number=2)

    def reads(token: str) -> int:
        before = len(here.calls("BatchGetItem")) + len(here.calls("GetItem")) + len(here.calls("Query"))
        one.tap(token)
        return len(here.calls("BatchGetItem")) + len(here.calls("GetItem")) + len(here.calls("Query")) - before

    reads(TOKEN)  # the rule book is read once
    plain = reads(TOKEN)
    rules(lockout("drill-1", "drill-2"))
    reads(TOKEN)  # the rule book is read anew once
    assert reads(TOKEN) == plain


def _between(here: World, act: Callable[[], Any]) -> list[Any]:
    """Let something happen right before the next transaction; what it came to is in the list."""
    assert here.dynamo is not None
    came: list[Any] = []

    def hook(operation: str, _: Any) -> None:
        if operation == "TransactWriteItems" and not came:
            came.append(None)
            came.append(act())

    here.dynamo.before.append(hook)
    return came


def test_two_who_tap_at_the_same_moment_at_two_banks_do_not_both_get_one(
    here: World, apart: tuple[FakeBank, FakeBank]
) -> None:
    """The first has decided when the second comes, takes and leaves: what the first rests on is no longer so."""
    one, two = apart
    came = _between(here, lambda: two.tap(OTHER_TOKEN))
    late = one.tap()
    assert came[1].kind == "open"
    assert late.code == "pair_conflict"
    assert here.grant_or_none(1, "hq-01") is None


def test_so_it_is_where_the_other_is_stowed_and_taken_meanwhile(here: World) -> None:
    rules(KEY, lockout("drill-1", "drill-2"))
    one = here.place(bank(), stowed={1: drill(1)})
    two = here.place(bank(id="hq-02"))
    put_asset(key())
    here.meet(person(), TOKEN)
    here.meet(person(2), OTHER_TOKEN)

    def stow_and_take() -> Any:
        stow_asset.handle(asked("s-1", at=here.now), "drill-2", bank="hq-02", door=1)
        return two.tap(OTHER_TOKEN)

    came = _between(here, stow_and_take)
    late = one.tap()
    assert (came[1].kind, late.code) == ("open", "pair_conflict")


def test_two_in_one_bank_at_the_same_moment(here: World) -> None:
    rules(KEY, lockout("drill-1", "drill-2"))
    one = here.place(bank(), stowed={1: drill(1)})
    beside(here, key(), number=2)
    here.meet(person(groups=("drills",)), TOKEN)
    here.meet(person(2, groups=("keys",)), OTHER_TOKEN)
    rules(
        Group(id="drills", name="", grants=(GroupGrant(asset_types=("drill",)),)),
        Group(id="keys", name="", grants=(GroupGrant(asset_types=("key",)),)),
    )
    came = _between(here, lambda: one.tap(OTHER_TOKEN))
    with pytest.raises(AssertionError, match="exactly one answer"):  # the other's is heard, too
        one.tap()
    assert (came[1].kind, came[1].door, here.published[-1].code) == ("open", 2, "pair_conflict")


def test_of_two_in_one_door_one_may_be_taken(here: World) -> None:
    """The door is written and cannot be a condition besides; it is one by being written."""
    rules(KEY, lockout("drill-1", "drill-2"))
    one = here.place(bank(), stowed={1: drill(1)}, capacity=2)
    here.meet(person(), TOKEN)
    rules(Group(id="crew", name="Crew", grants=(GroupGrant(asset_types=("drill",)),)))
    beside(here, key(), number=1)
    assert one.tap().kind == "open"
