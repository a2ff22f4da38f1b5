"""Orders of an admin, given again: one grant goes out, and what was revoked stays revoked (I5)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from unittest.mock import patch

import pytest

from chalicelib.flows import create_asset, remote_open, revoke_bank, stow_asset
from chalicelib.flows.admin import banks
from tests.support.admins import asked
from tests.support.workplace import TOKEN, bank, drill, person
from tests.support.world import World, world
from toolcrib.domain.doors import BankState
from toolcrib.store import certificates

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


def open_(_: World) -> Order:
    return lambda: remote_open.handle(asked("op"), "hq-01", 2, reason="look")


def supersede(here: World) -> Order:
    here.bank("hq-01").tap()
    return lambda: remote_open.handle(asked("op", later=LATER), "hq-01", 1, reason="look")


def revoke(here: World) -> Order:
    here.bank("hq-01").tap()
    return lambda: revoke_bank.handle(asked("op"), "hq-01")


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
