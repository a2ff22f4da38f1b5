"""A PIN at a bank: counted, then compared, and only where nothing else is against it (rules.md, row 12; A2)."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.proof.linearizable.turns import Turns
from tests.support.banks import FakeBank, ulid
from tests.support.faults import Killed
from tests.support.outcomes import stage
from tests.support.pins import NEW, RIGHT, SET, TO_CHANGE, WRONG, kept, quick_hash, typed, with_pin
from tests.support.workplace import CREW, DRILL, NOW, ORG, TOKEN, put_terms, rules
from tests.support.world import Heard, World
from toolcrib.domain.agreements import digest
from toolcrib.domain.doors import Mode
from toolcrib.domain.judges.finding import Need
from toolcrib.domain.people import PinStanding
from toolcrib.domain.pins import LOCKED_FOR, MOST_GUESSES, Found
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.flows.attempts import until_committed
from toolcrib.flows.second_factor import Entered, prove

DAY = timedelta(days=1)
TEXT = "Bring it back."


@pytest.fixture
def compared() -> Iterator[list[str]]:
    with quick_hash() as compared:
        yield compared


@pytest.fixture
def kiosk(here: World, compared: list[str]) -> FakeBank:
    """A kiosk with a drill that a badge alone does not get."""
    rules(replace(DRILL, second_factor=True))
    hq = stage(here, mode=Mode.KIOSK)
    here.meet(with_pin(), TOKEN)
    return hq


def enter(kiosk: FakeBank, digits: str | None = None, new: str | None = None, key: str = "1") -> Heard:
    """Tap, and take the drill with these PINs."""
    tokens = {"pin": digits and typed(digits, key), "new_pin": new and typed(new, key)}
    return kiosk.choose(kiosk.tap(), "take:drill", **{name: token for name, token in tokens.items() if token})


def needs(shown: Heard) -> list[list[str]]:
    return [option["needs"] for option in shown.body["options"]]


def test_the_right_pin_opens_the_door_and_the_event_says_that_it_was_shown(here: World, kiosk: FakeBank) -> None:
    assert needs(kiosk.tap()) == [["pin"]]
    opened = enter(kiosk, RIGHT)
    kiosk.does(opened, "closed", tags=[])
    assert here.events()[-1].detail == {"second_factor": "pin"}
    assert (kept().guesses, kept().guess, kept().locked_until) == (0, None, None)


def test_without_a_pin_nothing_opens_and_nothing_is_compared(here: World, kiosk: FakeBank, compared: list[str]) -> None:
    assert enter(kiosk).code == "pin_required"
    assert (compared, kept().guesses, here.grant_or_none()) == ([], 0, None)


def test_wrong_pins_are_counted_and_the_fifth_locks(here: World, kiosk: FakeBank, compared: list[str]) -> None:
    codes = [enter(kiosk, f"830{number}").code for number in range(MOST_GUESSES)]
    assert codes == [*["pin_wrong"] * 4, "pin_locked"]
    assert enter(kiosk, RIGHT).code == "pin_locked"
    assert len(compared) == MOST_GUESSES
    here.later(seconds=LOCKED_FOR.total_seconds() - 1)
    assert enter(kiosk, RIGHT).code == "pin_locked"
    here.later(seconds=1)
    assert enter(kiosk, RIGHT).kind == "open"
    assert kept().guesses == 0


def test_a_right_pin_in_between_begins_the_count_anew(here: World, kiosk: FakeBank) -> None:
    for _ in range(3):
        for _ in range(MOST_GUESSES - 1):
            assert enter(kiosk, WRONG).code == "pin_wrong"
        kiosk.does(enter(kiosk, RIGHT), "not_opened")
        here.later(minutes=2)


@pytest.mark.parametrize("digits", [RIGHT, WRONG])
def test_who_may_not_take_it_is_told_the_same_whatever_the_pin(
    here: World, kiosk: FakeBank, compared: list[str], digits: str
) -> None:
    shown = kiosk.tap()
    rules(replace(CREW, grants=()))
    assert kiosk.choose(shown, "take:drill", pin=typed(digits)).code == "no_access"
    assert (compared, kept().guesses) == ([], 0)


def test_a_pin_that_somebody_else_set_is_changed_with_the_first_take(here: World, kiosk: FakeBank) -> None:
    here.meet(with_pin(TO_CHANGE), TOKEN)
    assert needs(kiosk.tap()) == [["pin", "new_pin"]]
    assert enter(kiosk, RIGHT).code == "pin_change_required"
    assert kept().guesses == 0
    assert enter(kiosk, RIGHT, new=RIGHT).code == "pin_change_required"
    assert enter(kiosk, WRONG, new=NEW).code == "pin_wrong"
    opened = enter(kiosk, RIGHT, new=NEW)
    kiosk.does(opened, "not_opened")
    assert here.person().pin == SET
    assert enter(kiosk, RIGHT).code == "pin_wrong"
    assert enter(kiosk, NEW).kind == "open"


def test_a_pin_may_be_changed_by_whoever_knows_it(here: World, kiosk: FakeBank) -> None:
    kiosk.does(enter(kiosk, RIGHT, new=NEW), "not_opened")
    assert enter(kiosk, NEW).kind == "open"


@pytest.mark.parametrize("new", [None, NEW])
def test_a_stolen_badge_sets_no_first_pin(here: World, kiosk: FakeBank, new: str | None) -> None:
    here.meet(with_pin(None), TOKEN)
    shown = kiosk.tap()
    assert [each["code"] for each in shown.body["refusals"]] == ["pin_required"]
    typed_in = {"new_pin": typed(new)} if new else {}
    assert kiosk.choose(shown, "take:drill", **typed_in).code == "pin_required"
    assert here.person().pin is None


def test_a_first_pin_is_set_at_a_screen_while_the_way_is_open(here: World, kiosk: FakeBank) -> None:
    here.meet(with_pin(PinStanding(kiosk_until=NOW + DAY)), TOKEN)
    assert needs(kiosk.tap()) == [["new_pin"]]
    kiosk.does(enter(kiosk, new=NEW), "closed", tags=[])
    assert here.person().pin == SET
    assert here.events()[-1].detail == {"second_factor": "pin"}


def test_and_no_longer(here: World, kiosk: FakeBank) -> None:
    here.meet(with_pin(PinStanding(kiosk_until=NOW + DAY)), TOKEN)
    here.later(days=1)
    shown = kiosk.tap()
    assert shown.body["options"] == []
    assert kiosk.choose(shown, "take:drill", new_pin=typed(NEW)).code == "pin_required"


def test_after_the_badge_key_was_rotated_a_pin_is_not_compared_nor_counted_but_set_anew(
    here: World, kiosk: FakeBank, compared: list[str]
) -> None:
    assert enter(kiosk, RIGHT, key="2").code == "pin_change_required"
    assert (compared, kept().guesses) == ([], 0)
    here.meet(with_pin(key="2"), TOKEN)
    assert enter(kiosk, RIGHT, key="2").kind == "open"


def test_where_there_is_no_screen_it_is_refused(here: World, compared: list[str]) -> None:
    rules(replace(DRILL, second_factor=True))
    express = stage(here)
    here.meet(with_pin(), TOKEN)
    assert express.tap().code == "pin_required"


def test_with_terms_to_accept_as_well_a_right_pin_counts_no_longer_and_a_wrong_one_comes_first(
    here: World, kiosk: FakeBank
) -> None:
    put_terms({"en": TEXT})
    shown = kiosk.tap()
    assert needs(shown) == [["pin", "terms"]]
    both = {"pin": typed(RIGHT), "terms_sha256": digest(TEXT)}
    assert kiosk.choose(shown, "take:drill", **{**both, "pin": typed(WRONG)}).code == "pin_wrong"
    assert kept().guesses == 1
    assert kiosk.choose(shown, "take:drill", pin=typed(RIGHT)).code == "terms_required"
    assert kept().guesses == 0
    kiosk.does(kiosk.choose(shown, "take:drill", **both), "closed", tags=[])
    assert here.events()[-1].detail == {"second_factor": "pin", "terms": f"house@1:{digest(TEXT)}"}


def test_a_function_that_dies_after_the_count_leaves_it_counted(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()

    def die(operation: str, _: Any) -> None:
        if operation == "PutItem":
            raise Killed

    assert here.dynamo is not None
    here.dynamo.after.append(die)
    with suppress(Killed):
        kiosk.choose(shown, "take:drill", pin=typed(WRONG))
    here.dynamo.after.remove(die)
    assert kept().guesses == 1
    assert enter(kiosk, WRONG).code == "pin_wrong"
    assert kept().guesses == 2


def test_one_upload_that_comes_twice_is_one_guess(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    body = {"journal_depth": 0, "session": shown.body["session"], "option": "take:drill", "pin": typed(WRONG)}
    upload = kiosk._upload("choice", body)
    for _ in range(3):
        (said,) = here.deliver("choice", upload.event(here.now))
        assert said.code == "pin_wrong"
    assert kept().guesses == 1


def test_the_second_tap_of_somebody_who_was_let_in_asks_for_no_pin_again(here: World, kiosk: FakeBank) -> None:
    opened = enter(kiosk, RIGHT)
    assert kiosk.tap().grant == opened.grant


def test_a_tap_reads_no_more_than_it_did(here: World, kiosk: FakeBank) -> None:
    assert here.dynamo is not None
    before = len(here.dynamo.calls)
    kiosk.tap()
    assert [operation for operation, _ in here.dynamo.calls[before:]].count("GetItem") <= 1


@pytest.mark.parametrize("one_upload", [False, True])
def test_of_a_thousand_guesses_at_once_at_most_five_are_looked_at(
    here: World, compared: list[str], one_upload: bool
) -> None:
    person, turns, found = with_pin(), Turns(Random(7)), []
    upload = ulid()

    def guess(digits: str) -> None:
        told = upload if one_upload else ulid()
        entered = Entered(org=ORG, session="a session", upload=told, at=NOW, pin=typed(digits))
        with suppress(LostRace):
            proven = until_committed(lambda: prove(entered, person, {Need.PIN}))
            assert proven is not None
            found.append(proven.shown.found)

    assert here.dynamo is not None
    here.dynamo.before.append(turns.pass_on)
    turns.run([lambda digits=digits: guess(digits) for digits in map(str, range(1000, 2000))])  # type: ignore[misc]
    here.dynamo.before.clear()
    assert len(compared) == MOST_GUESSES
    assert found.count(Found.WRONG) == MOST_GUESSES - 1
    assert kept().guesses == MOST_GUESSES
    assert kept().locked(NOW)
