"""Every call of an admin's order fails once, in every way; given again it ends as it would have ended (I3, I5)."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

import pytest

from tests.support.admins import asked
from tests.support.faults import FAULTS, Killed, failing
from tests.support.workplace import TOKEN, bank, drill, person
from tests.support.world import World, world
from toolcrib.domain.assets import Asset
from toolcrib.domain.doors import Bank, BankState, Door, Mode
from toolcrib.domain.evidence import Evidence
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move
from toolcrib.flows import (
    create_asset,
    create_bank,
    edit_asset,
    inspect_door,
    move_asset,
    remote_open,
    revoke_bank,
    stow_asset,
)
from toolcrib.flows.admin import banks
from toolcrib.store import certificates
from toolcrib.store.errors import StoreError

Order = Callable[[], object]
LATER = timedelta(seconds=40)


@pytest.fixture
def here() -> Iterator[World]:
    """Drill 1 lies in door 1, drill 2 in the store room; whoever taps takes drill 1."""
    with (
        world() as opened,
        patch("tenacity.nap.time.sleep"),
        patch.multiple(certificates, withdraw=lambda *_, **__: None, cut=lambda *_: None),
    ):
        opened.place(bank(), doors=4)
        opened.meet(person(), TOKEN)
        create_asset.handle(asked("c1"), drill(1))
        create_asset.handle(asked("c2"), drill(2))
        stow_asset.handle(asked("s1"), "drill-1", bank="hq-01", door=1)
        yield opened


def enter(_: World) -> Order:
    return lambda: create_asset.handle(asked("op"), drill(3))


def stow(_: World) -> Order:
    return lambda: stow_asset.handle(asked("op"), "drill-2", bank="hq-01", door=2)


def move(_: World) -> Order:
    return lambda: move_asset.handle(asked("op"), "drill-1", Move.SEND_TO_REPAIR, reason="smokes")


def find_what_was_taken_and_never_reported(here: World) -> Order:
    here.bank("hq-01").tap()
    here.later(minutes=11)
    here.sweep()
    return lambda: move_asset.handle(asked("op", at=here.now), "drill-1", Move.FOUND, reason="on the bench")


def edit(_: World) -> Order:
    def onto(asset: Asset) -> Asset:
        return replace(asset, name="Big drill", tag="NEW")

    return lambda: edit_asset.handle(asked("op"), "drill-1", onto)


def set_up(_: World) -> Order:
    doors = tuple(Door(bank="hq-02", number=number) for number in range(1, 9))
    new = Bank(id="hq-02", site="hq", evidence=Evidence.TAGS, mode=Mode.KIOSK, doors=doors)
    return lambda: create_bank.handle(asked("op"), new)


def rename(_: World) -> Order:
    def onto(before: Bank) -> Bank:
        return replace(before, name="By the dock")

    return lambda: banks.change(asked("op"), "hq-01", onto)


def look_inside(_: World) -> Order:
    return lambda: inspect_door.handle(asked("op"), "hq-01", 1, {"drill-1"})


def open_(_: World) -> Order:
    return lambda: remote_open.handle(asked("op"), "hq-01", 2, reason="look")


def supersede(here: World) -> Order:
    here.bank("hq-01").tap()
    return lambda: remote_open.handle(asked("op", later=LATER), "hq-01", 1, reason="look")


def revoke(here: World) -> Order:
    here.bank("hq-01").tap()
    return lambda: revoke_bank.handle(asked("op"), "hq-01")


ORDERS = [
    enter,
    stow,
    move,
    find_what_was_taken_and_never_reported,
    edit,
    set_up,
    rename,
    look_inside,
    open_,
    supersede,
    revoke,
]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.__name__)
def test_an_order_that_broke_off_anywhere_is_given_again_and_ends_right(
    here: World, order: Callable[[World], Order]
) -> None:
    give, dynamo = order(here), here.dynamo
    assert dynamo is not None
    before = dynamo.snapshot()
    dynamo.calls.clear()
    answer = give()
    calls, right = len(dynamo.calls), dynamo.snapshot()
    assert right != before
    for at in range(calls):
        for how in FAULTS:
            dynamo.restore(before)
            with failing(dynamo, how, at), suppress(Killed, StoreError):
                assert give() == answer, f"{how}, call {at}"
            assert give() == answer, f"{how}, call {at}, again"
            assert dynamo.snapshot() == right, f"{how}, call {at}"


@pytest.mark.parametrize("order", [open_, supersede], ids=lambda order: order.__name__)
def test_however_often_an_opening_is_asked_for_one_grant_goes_out(here: World, order: Callable[[World], Order]) -> None:
    give = order(here)
    before = len(here.published)
    for _ in range(3):
        give()
    assert len({heard.grant for heard in here.published[before:]}) == 1


def test_what_was_revoked_stays_revoked(here: World) -> None:
    revoke(here)()
    assert banks.show(asked("look"), "hq-01").state is BankState.REVOKED
    assert {door.unlendable for door in banks.doors(asked("look"), "hq-01")} == {"bank_revoked"}
