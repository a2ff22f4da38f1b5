"""A simulated person at a bank that decides by itself: the visit ends when the door is shut, or with a sentence."""

import asyncio

import pytest

from edge import display
from edge.actions import Action, Show
from edge.display import Message
from edge.simulation.transcript import TapRequest, Transcript
from edge.simulation.visit import Hands, Visit
from tests.edge.rosters import ANA, BADGE_KEY, OfflineRig, alone


async def visited(actions: list[Action]) -> Transcript:
    hands = Hands(choose=lambda _: None, join=lambda _: None)
    visit = Visit("hq-01", TapRequest(uid=ANA), BADGE_KEY, hands)
    for action in actions:
        visit.hears(action)
    async with asyncio.timeout(10):
        await visit.follow()
    return visit.transcript


def taking() -> OfflineRig:
    rig = alone()
    rig.all.clear()
    rig.shows(ANA)
    rig.use(1)
    return rig


async def test_a_visit_ends_with_the_shut_door_because_the_cloud_may_not_hear_of_it_for_days() -> None:
    told = await visited(taking().all)
    assert (told.answer, told.door, told.outcome, told.acknowledged) == ("open", 1, "closed", False)
    assert told.outcomes == ["opened", "closed"]


async def test_an_opening_at_another_door_is_not_its_own() -> None:
    rig = taking()
    other = alone()
    other.move(3, is_open=True)
    told = await visited([*rig.all[:2], *other.all[-3:], *rig.all[2:]])
    assert told.outcomes == ["opened", "closed"]


@pytest.mark.parametrize("message", display.WHILE_ALONE, ids=lambda message: message.text[:40])
async def test_every_sentence_of_a_bank_alone_ends_the_visit(message: Message) -> None:
    assert (await visited([Show(screen=message)])).answer == "notice"
