"""Others agree at the bank: by badge, in the taker's session, within a minute (rules.md, row 13)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.banks import FakeBank
from tests.support.outcomes import stage
from tests.support.workplace import FALLBACK, ORG, OTHER_TOKEN, TOKEN, bank, drill, person, rules
from tests.support.world import Heard, World
from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import Badge, BadgeState, Group
from toolcrib.domain.policies import Authorisers
from toolcrib.domain.record import replace
from toolcrib.store import mapping
from toolcrib.store.ledger import AgreedItem
from toolcrib.store.tables import connection

TAKE = "take:drill"
THIRD = "1.-pnMU7FdXx7KBosQjy9OX9sYCdOAbc8IiTIxYfJ83wc"  # DEADBEEF
SPARE = "1.k2Hcgk3ueNiyLFwdYiI4goDR-79oBkIfRvpz58OX86A"


def ask_for(count: int, group: str | None = None) -> None:
    rules(replace(FALLBACK, authorisers=Authorisers(count=count, group=group)))


def agreed() -> list[tuple[str, str | None]]:
    """Return what the ledger has of others, in order."""
    connection()
    return [(item.said, item.by) for item in AgreedItem.scan(consistent_read=True)]


@pytest.fixture
def kiosk(here: World) -> FakeBank:
    ask_for(1)
    here.meet(person(2), OTHER_TOKEN)
    here.meet(person(3, groups=("safety",)), THIRD)
    return stage(here, mode=Mode.KIOSK)


def session(heard: Heard) -> str:
    return str(heard.body["session"])


def needs(shown: Heard) -> list[list[str]]:
    return [option["needs"] for option in shown.body["options"]]


def test_somebody_else_taps_in_the_session_and_the_door_opens(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    assert needs(shown) == [["authoriser"]]
    joined = kiosk.tap(OTHER_TOKEN, session=session(shown))
    assert (joined.kind, needs(joined)) == ("session", [[]])
    assert joined.body["person"]["display"] == "Person 1."
    opened = kiosk.choose(joined, TAKE)
    assert opened.kind == "open"
    kiosk.does(opened, "closed", tags=[])
    assert here.loan(opened.grant).person == "p-1"
    assert here.loan(opened.grant).proofs == {"authorisers": "p-2"}
    assert here.events()[0].detail == {"authorisers": "p-2"}
    assert agreed() == [("joined", "p-2")]


def test_without_anybody_else_nothing_opens(here: World, kiosk: FakeBank) -> None:
    assert kiosk.choose(kiosk.tap(), TAKE).code == "authorisation_required"
    assert here.grant_or_none() is None


def test_the_choice_of_the_session_before_does_not_know_who_joined(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    kiosk.tap(OTHER_TOKEN, session=session(shown))
    assert kiosk.choose(shown, TAKE).code == "authorisation_required"


@pytest.mark.parametrize(("after_s", "kind"), [(0, "session"), (60, "session"), (61, "notice")])
def test_within_a_minute_of_the_first_badge(here: World, kiosk: FakeBank, after_s: int, kind: str) -> None:
    shown = kiosk.tap()
    here.later(seconds=after_s)
    said = kiosk.tap(OTHER_TOKEN, session=session(shown))
    assert (said.kind, said.code) == (kind, None if kind == "session" else "authorisation_required")


def test_a_session_that_somebody_joined_does_not_live_longer(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    here.later(seconds=60)
    joined = kiosk.tap(OTHER_TOKEN, session=session(shown))
    here.later(seconds=60)
    assert joined.body["expires_at"] == shown.body["expires_at"]
    here.later(seconds=1)
    assert kiosk.choose(joined, TAKE).code == "session_expired"
    assert kiosk.tap(OTHER_TOKEN, session=session(joined)).code == "session_expired"


@pytest.mark.parametrize("token", [TOKEN, SPARE])
def test_the_takers_own_badges_never_count(here: World, kiosk: FakeBank, token: str) -> None:
    here.meet(person(), SPARE)
    again = kiosk.tap(token, session=session(kiosk.tap()))
    assert needs(again) == [["authoriser"]]
    assert kiosk.choose(again, TAKE).code == "authorisation_required"
    assert agreed() == []


def test_tapping_twice_is_agreeing_once(here: World, kiosk: FakeBank) -> None:
    ask_for(2)
    once = kiosk.tap(OTHER_TOKEN, session=session(kiosk.tap()))
    twice = kiosk.tap(OTHER_TOKEN, session=session(once))
    assert (needs(twice), agreed()) == ([["authoriser"]], [("joined", "p-2")])
    both = kiosk.tap(THIRD, session=session(twice))
    assert needs(both) == [[]]
    opened = kiosk.choose(both, TAKE)
    assert here.loan(opened.grant).proofs == {"authorisers": "p-2,p-3"}


def test_a_group_that_is_asked_for(here: World, kiosk: FakeBank) -> None:
    rules(Group(id="safety", name="Safety officers"))
    ask_for(1, "safety")
    shown = kiosk.tap()
    assert kiosk.tap(OTHER_TOKEN, session=session(shown)).code == "authorisation_required"
    assert kiosk.choose(kiosk.tap(THIRD, session=session(shown)), TAKE).kind == "open"


NO_LONGER: dict[str, Any] = {
    "frozen": lambda here: here.change_person(person(2, active=False)),
    "expired": lambda here: here.change_person(person(2, valid_until=here.now)),
    "badge revoked": lambda _: mapping.badge_item(
        ORG, Badge(id=OTHER_TOKEN, person="p-2", state=BadgeState.REVOKED)
    ).save(),
    "badge given to another": lambda here: here.meet(person(4), OTHER_TOKEN),
    "badge given to the taker": lambda here: here.meet(person(1), OTHER_TOKEN),
}


@pytest.mark.parametrize("what", NO_LONGER)
def test_whoever_may_no_longer_agree_counts_no_longer(here: World, kiosk: FakeBank, what: str) -> None:
    joined = kiosk.tap(OTHER_TOKEN, session=session(kiosk.tap()))
    NO_LONGER[what](here)
    assert kiosk.choose(joined, TAKE).code == "authorisation_required"


def test_somebody_who_is_frozen_cannot_join(here: World, kiosk: FakeBank) -> None:
    here.change_person(person(2, active=False))
    assert kiosk.tap(OTHER_TOKEN, session=session(kiosk.tap())).code == "authorisation_required"


def test_what_was_agreed_to_is_one_grant(here: World, kiosk: FakeBank) -> None:
    rules(AssetType(id="saw", name="Saw", category="tools"))
    kiosk = here.place(bank(id="hq-02", mode=Mode.KIOSK), stowed={1: drill(5), 2: drill(6, type="saw", name="Saw")})
    joined = kiosk.tap(OTHER_TOKEN, session=session(kiosk.tap()))
    kiosk.does(kiosk.choose(joined, TAKE), "closed", tags=[])
    assert kiosk.choose(joined, "take:saw").code == "authorisation_required"
    here.later(minutes=3)
    again = kiosk.tap(OTHER_TOKEN, session=session(kiosk.tap()))
    assert kiosk.choose(again, "take:saw").kind == "open"
    assert len(here.person().spent) == 1


def test_a_session_of_another_bank_cannot_be_joined_here(here: World, kiosk: FakeBank) -> None:
    other = here.place(bank(id="hq-02", mode=Mode.KIOSK), stowed={1: drill(5)})
    assert other.tap(OTHER_TOKEN, session=session(kiosk.tap())).code == "session_expired"


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_a_session_that_is_not_ours_cannot_be_joined(kiosk: FakeBank, token: str) -> None:
    assert kiosk.tap(OTHER_TOKEN, session=token).code == "session_expired"


def test_where_nobody_is_asked_for_nobody_joins(here: World, kiosk: FakeBank) -> None:
    ask_for(0)
    rules(AssetType(id="saw", name="Saw", category="tools"))
    two = here.place(bank(id="hq-02", mode=Mode.KIOSK), stowed={1: drill(5), 2: drill(6, type="saw", name="Saw")})
    assert two.tap(OTHER_TOKEN, session=session(two.tap())).code == "authorisation_required"


def test_an_express_bank_refuses_and_says_how(here: World) -> None:
    ask_for(1)
    said = stage(here).tap()
    assert said.code == "authorisation_required"
    assert "a locker with a screen" in said.body["text"]


def test_a_taker_frozen_meanwhile_takes_nothing(here: World, kiosk: FakeBank) -> None:
    joined = kiosk.tap(OTHER_TOKEN, session=session(kiosk.tap()))
    here.change_person(person(active=False))
    assert kiosk.choose(joined, TAKE).kind == "notice"
    assert here.grant_or_none() is None


def test_the_profile_forgets_sessions_that_are_over(here: World, kiosk: FakeBank) -> None:
    for _ in range(3):
        joined = kiosk.tap(OTHER_TOKEN, session=session(kiosk.tap()))
        kiosk.does(kiosk.choose(joined, TAKE), "not_opened")
        here.now += timedelta(minutes=3)
    assert len(here.person().spent) == 1
