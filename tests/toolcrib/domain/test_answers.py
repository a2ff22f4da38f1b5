"""How a bank answers: the one sensible thing, a choice, or the most useful reason (design.md, *Modes of a bank*)."""

from typing import Any

import pytest

from tests.support.workplace import NOW
from toolcrib.domain.answers import Choose, Sorry, answer
from toolcrib.domain.doors import Door, Mode
from toolcrib.domain.offers.option import Offer, Option, OptionKind, Refused
from toolcrib.domain.people import Holding
from toolcrib.domain.refusals import Refusal

DOOR = Door(bank="hq-01", number=1)
TAKE, SAW, BACK, LATER, DENY = (
    Option(id=f"{kind}:{what}", kind=kind, title=what, door=DOOR, asset=what)
    for kind, what in (
        (OptionKind.TAKE, "drill"),
        (OptionKind.TAKE, "saw"),
        (OptionKind.RETURN, "l-1"),
        (OptionKind.RETURN, "l-2"),
        (OptionKind.NOT_TAKEN, "l-1"),
    )
)
NO = Refused(option="take:drill", title="Drill", refusal=Refusal(code="no_access"))
FULL = Holding(asset="a", type="t", name="Drill 1", state="open", bank="b", door=1, site="hq", since=NOW, until=NOW)


def said(*options: Option, mode: Mode, **more: Any) -> Any:
    reply = answer(Offer(options=options, **more), mode)
    return reply.id if isinstance(reply, Option) else reply.code if isinstance(reply, Sorry) else "choose"


@pytest.mark.parametrize(
    ("options", "more", "express", "kiosk"),
    [
        ([], {}, "nothing_available", "nothing_available"),
        ([TAKE], {}, TAKE.id, TAKE.id),
        ([TAKE], {"refusals": (NO,)}, TAKE.id, TAKE.id),
        ([TAKE, SAW], {}, "choose_at_kiosk", "choose"),
        ([BACK], {}, BACK.id, BACK.id),
        ([BACK, LATER], {}, BACK.id, "choose"),
        ([BACK, TAKE], {}, BACK.id, "choose"),
        ([BACK, DENY], {}, BACK.id, "choose"),
        ([DENY], {}, "nothing_available", "choose"),
        ([], {"refusals": (NO,)}, "no_access", "choose"),
        ([], {"no_room": (FULL,)}, "not_here", "not_here"),
        ([], {"no_room": (FULL,), "refusals": (NO,)}, "not_here", "not_here"),
        ([TAKE], {"no_room": (FULL,)}, "not_here", TAKE.id),
        ([TAKE, SAW], {"no_room": (FULL,)}, "not_here", "choose"),
        ([BACK], {"no_room": (FULL,)}, BACK.id, BACK.id),
    ],
)
def test_what_a_bank_says(options: list[Option], more: dict[str, Any], express: str, kiosk: str) -> None:
    assert said(*options, mode=Mode.EXPRESS, **more) == express
    assert said(*options, mode=Mode.KIOSK, **more) == kiosk


def test_a_refusal_is_said_in_its_own_words_and_a_full_bank_names_the_thing() -> None:
    refused = answer(Offer(refusals=(NO,)), Mode.EXPRESS)
    assert isinstance(refused, Sorry)
    assert (refused.refusal, refused.thing) == (NO.refusal, "Drill")
    full = answer(Offer(no_room=(FULL,)), Mode.EXPRESS)
    assert isinstance(full, Sorry)
    assert (full.no_room, full.thing) == (FULL, "Drill 1")
    assert isinstance(answer(Offer(options=(TAKE, SAW)), Mode.KIOSK), Choose)
