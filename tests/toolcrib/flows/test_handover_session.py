"""From hand to hand at a kiosk: both badges within a minute, judged like a take, one change (rules.md)."""

from typing import Any

import pytest

from tests.support.banks import FakeBank
from tests.support.outcomes import beside, stage
from tests.support.pins import RIGHT, WRONG, kept, quick_hash, typed, with_pin
from tests.support.workplace import DRILL, FALLBACK, ORG, OTHER_TOKEN, TOKEN, drill, person, rules
from tests.support.world import Heard, World
from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import Badge, BadgeState
from toolcrib.domain.policies import Allowance
from toolcrib.domain.record import replace
from toolcrib.store import mapping

SAW = AssetType(id="saw", name="Saw", category="tools")


@pytest.fixture
def kiosk(here: World) -> FakeBank:
    """A kiosk with a saw, and person 1 who has drill 1; person 2 stands by."""
    rules(SAW)
    hq = stage(here, mode=Mode.KIOSK)
    opened = hq.tap()
    beside(here, drill(2, type="saw", name="Saw 2"), number=2)
    hq.does(opened, "closed", tags=[])
    here.meet(person(2), OTHER_TOKEN)
    here.later(minutes=5)
    return hq


def loan_of(here: World) -> str:
    return str(here.asset().loan)


def giving(here: World, kiosk: FakeBank, **more: Any) -> Heard:
    """Let the holder tap and pick what they hand over; returns the session that waits for the other badge."""
    return kiosk.choose(kiosk.tap(), f"handover:{loan_of(here)}", **more)


def join(kiosk: FakeBank, waiting: Heard, token: str = OTHER_TOKEN) -> Heard:
    return kiosk.tap(token, session=waiting.body["session"])


def test_both_badges_one_after_the_other_hand_it_over(here: World, kiosk: FakeBank) -> None:
    before = loan_of(here)
    waiting = giving(here, kiosk)
    assert [(each["kind"], each["needs"]) for each in waiting.body["options"]] == [("handover", ["authoriser"])]
    here.later(seconds=10)
    said = join(kiosk, waiting)
    assert (said.kind, said.code, said.body["text"]) == ("notice", "handed_over", "Drill 1 has been handed over.")
    after = here.loan(loan_of(here))
    assert (after.person, after.handed_from, after.bank, after.evidence) == ("p-2", before, "hq-01", "declared")
    assert (here.loan(before).state, here.loan(before).handed_to) == ("closed", after.id)
    event = here.events()[-1]
    assert (event.move, event.bank, event.person, event.evidence) == ("hand_over", "hq-01", "p-2", "declared")
    assert list(here.person("p-1").holdings) == []


@pytest.mark.parametrize(("after_s", "code"), [(60, "handed_over"), (61, "session_expired")])
def test_the_second_badge_comes_within_a_minute_of_the_first(
    here: World, kiosk: FakeBank, after_s: int, code: str
) -> None:
    waiting = giving(here, kiosk)
    here.later(seconds=after_s)
    assert join(kiosk, waiting).code == code


def test_a_copy_of_the_tap_finds_its_work(here: World, kiosk: FakeBank) -> None:
    waiting = giving(here, kiosk)
    tap = kiosk._upload("tap", {"journal_depth": 0, "badges": [OTHER_TOKEN], "session": waiting.body["session"]}).event(
        here.now
    )
    for _ in range(2):
        (said,) = here.deliver("tap", tap)
        assert said.code == "handed_over"
    assert [str(event.move) for event in here.events()] == ["taken", "hand_over"]


def test_who_hears_no_answer_and_taps_again_has_it(here: World, kiosk: FakeBank) -> None:
    waiting = giving(here, kiosk)
    for _ in range(2):
        assert join(kiosk, waiting).code == "handed_over"
    assert [str(event.move) for event in here.events()] == ["taken", "hand_over"]


def test_what_has_gone_on_since_is_not_theirs_any_more(here: World, kiosk: FakeBank) -> None:
    waiting = giving(here, kiosk)
    join(kiosk, waiting)
    kiosk.tap(TOKEN, session=kiosk.choose(kiosk.tap(OTHER_TOKEN), f"handover:{loan_of(here)}").body["session"])
    assert here.loan(loan_of(here)).person == "p-1"
    assert join(kiosk, waiting).code == "nothing_available"


@pytest.mark.parametrize(
    ("says", "spoil", "code"),
    [
        ("frozen", lambda here: here.change_person(person(2, active=False)), "person_frozen"),
        ("of no group", lambda here: here.change_person(person(2, groups=())), "no_access"),
        ("may have none", lambda _: rules(replace(FALLBACK, allowance=Allowance(total=0))), "allowance_reached"),
    ],
)
def test_the_receiver_passes_the_take_rules(here: World, kiosk: FakeBank, says: str, spoil: Any, code: str) -> None:
    waiting = giving(here, kiosk)
    spoil(here)
    said = join(kiosk, waiting)
    assert (said.kind, said.code) == ("notice", code), says
    assert here.loan(loan_of(here)).person == "p-1"


def test_what_is_broken_is_not_handed_on(here: World, kiosk: FakeBank) -> None:
    assert join(kiosk, giving(here, kiosk, answers={"condition": "critical"})).code == "faulty"


def test_what_its_giver_says_of_it_is_on_the_event(here: World, kiosk: FakeBank) -> None:
    assert join(kiosk, giving(here, kiosk, answers={"condition": "minor"})).code == "handed_over"
    assert here.events()[-1].detail["condition_given"] == "minor"


def test_a_badge_that_was_revoked_meanwhile_hands_nothing_over(here: World, kiosk: FakeBank) -> None:
    waiting = giving(here, kiosk)
    mapping.badge_item(ORG, Badge(id=TOKEN, person="p-1", state=BadgeState.REVOKED)).save()
    assert join(kiosk, waiting).code == "nothing_available"


def test_what_came_back_meanwhile_is_no_longer_there_to_hand_over(here: World, kiosk: FakeBank) -> None:
    loan = loan_of(here)
    waiting = giving(here, kiosk)
    opened = kiosk.choose(kiosk.tap(), f"return:{loan}")
    kiosk.does(opened, "closed", tags=["E2000001"])
    assert join(kiosk, waiting).code == "nothing_available"


def test_nobody_hands_over_what_they_do_not_have(here: World, kiosk: FakeBank) -> None:
    loan = loan_of(here)
    rules(AssetType(id="axe", name="Axe", category="tools"))
    beside(here, drill(3, type="axe", name="Axe 3"), number=3)
    assert kiosk.choose(kiosk.tap(OTHER_TOKEN), f"handover:{loan}").code == "nothing_available"


def test_the_same_badge_again_is_no_other_one(here: World, kiosk: FakeBank) -> None:
    waiting = giving(here, kiosk)
    assert join(kiosk, waiting, TOKEN).kind == "session"
    assert here.loan(loan_of(here)).person == "p-1"


def test_whoever_has_to_show_something_chooses_once_more(here: World, kiosk: FakeBank) -> None:
    """A PIN is always that of the badge tapped last: the receiver's."""
    with quick_hash():
        here.meet(with_pin(id="p-2"), OTHER_TOKEN)
        loan = loan_of(here)
        waiting = giving(here, kiosk)
        rules(replace(DRILL, second_factor=True))
        shown = join(kiosk, waiting)
        assert (shown.kind, shown.body["options"][0]["needs"]) == ("session", ["pin"])
        assert kiosk.choose(shown, f"handover:{loan}").code == "pin_required"
        assert kiosk.choose(shown, f"handover:{loan}", pin=typed(WRONG)).code == "pin_wrong"
        for _ in range(2):
            last = kiosk.choose(shown, f"handover:{loan}", pin=typed(RIGHT))
        assert last.code == "handed_over"
    assert here.loan(loan_of(here)).person == "p-2"
    assert kept("p-2").guesses == 0
    assert here.events()[-1].detail["second_factor"] == "pin"
