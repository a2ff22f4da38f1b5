"""A case answers itself, and no sooner than the last thing that waits for it is settled."""

from collections.abc import Iterator

import pytest

from chalicelib.flows import move_asset
from tests.support.admins import asked
from tests.support.workplace import ORG, TOKEN, bank, drill, person, put_asset
from tests.support.world import World, world
from toolcrib.domain.cases import CaseState
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.states import Move
from toolcrib.store import mapping


@pytest.fixture
def here() -> Iterator[World]:
    """A door that held two drills was forced."""
    with world() as here:
        here.place(bank(), stowed={1: drill(1)}, capacity=2)
        second = put_asset(drill(2), at=("hq-01", 1))
        door = here.door(1)
        content = replace(door.contents[0], asset=second.id, name=second.name, tag=second.tag)
        mapping.door_item(ORG, replace(door, contents=(*door.contents, content))).save()
        here.meet(person(), TOKEN)
        here.bank("hq-01").does(None, "forced", door=1)
        yield here


def found(here: World, asset: str) -> None:
    request: Asked = asked(f"found-{asset}", at=here.now)
    move_asset.handle(request, asset, Move.FOUND, reason="it lay there", site="hq")


def test_a_case_knows_what_became_unconfirmed_with_it(here: World) -> None:
    (case,) = here.cases()
    assert case.waiting == ("drill-1", "drill-2")


def test_a_case_about_two_things_stays_open_when_one_is_settled(here: World) -> None:
    found(here, "drill-1")
    (case,) = here.cases()
    assert (case.state, case.waiting) == (CaseState.OPEN, ("drill-2",))


def test_a_case_about_two_things_is_resolved_when_both_are_settled(here: World) -> None:
    found(here, "drill-1")
    found(here, "drill-2")
    (case,) = here.cases()
    assert (case.state, case.waiting, case.resolution) == (CaseState.RESOLVED, (), "found")
