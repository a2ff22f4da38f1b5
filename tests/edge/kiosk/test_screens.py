"""The views: every state in words, in every language, with nobody's secrets."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from edge import display
from edge.commands import Purpose
from edge.display import Choosing, Message, Opening, Screen, Working
from edge.doors import Phase
from edge.kiosk.facts import DoorFact, Facts
from edge.kiosk.screens import forget_ms, view_of
from edge.kiosk.screens.messages import OWN
from edge.kiosk.speaking import SPOKEN
from edge.kiosk.state import Draft, State
from tests.edge.kiosk.scenery import FACTS, OPENED, choosing
from tests.support.kiosks import an_option

OPENING = State(screen=Opening(door=3, purpose=Purpose.TAKE, grant="g1"), opened=OPENED)


def with_door(phase: Phase, **more: Any) -> Facts:
    return replace(FACTS, doors={**FACTS.doors, 3: DoorFact(phase=phase, until_ms=9_000, **more)})


STATES: dict[str, tuple[State, Facts]] = {
    "idle": (State(), FACTS),
    "working": (State(screen=Working()), FACTS),
    "choice": (choosing(an_option("take", "X")), FACTS),
    "opening": (OPENING, with_door(Phase.UNLOCKED)),
    "open": (OPENING, with_door(Phase.OPEN)),
    "checking": (OPENING, with_door(Phase.READING)),
    "left_open": (State(screen=display.please_close(3)), with_door(Phase.OPEN)),
    "jammed": (State(screen=display.DOOR_JAMMED, opened=OPENED), FACTS),
    "thanks": (State(screen=display.DONE, opened=OPENED), FACTS),
    "refused": (State(screen=display.NO_ANSWER), FACTS),
    "fault": (State(draft=Draft()), FACTS),
    "fault_kind": (State(draft=Draft(about_door=3)), FACTS),
    "fault_report": (State(draft=Draft(about_door=3, what="dirty")), FACTS),
    "offline": (State(), replace(FACTS, connected=False)),
    "out_of_service": (State(), replace(FACTS, works=False)),
}


def owns() -> list[Message]:
    return [each for each in vars(display).values() if isinstance(each, Message)]


@pytest.mark.parametrize("name", STATES)
def test_every_state_has_its_view_in_every_language(name: str) -> None:
    state, facts = STATES[name]
    views = [view_of(replace(state, language=language), facts) for language in SPOKEN]
    assert {view.screen for view in views} == {name}
    assert [view.language for view in views] == list(SPOKEN)
    assert len({view.title for view in views}) == len(SPOKEN), "each language has words of its own"


@pytest.mark.parametrize("message", owns(), ids=lambda message: message.code)
def test_whatever_a_bank_says_by_itself_the_screen_can_word(message: Message) -> None:
    assert message in OWN, "give it a heading and words in edge/kiosk/screens/messages.py"
    assert view_of(State(screen=message, language="de"), FACTS).text != view_of(State(screen=message), FACTS).text


def test_the_clouds_words_are_shown_as_they_came() -> None:
    view = view_of(State(screen=Message(level="warn", code="no_access", text="Nein {x}.", re="u")), FACTS)
    assert (view.screen, view.text) == ("refused", "Nein {x}.")


def test_a_revoked_bank_is_out_of_service() -> None:
    message = Message(level="error", code="bank_revoked", text="Revoked.", re="u")
    assert view_of(State(screen=message), FACTS).screen == "out_of_service"


def test_a_bank_that_lends_by_itself_says_so_and_stays_in_use() -> None:
    view = view_of(State(), replace(FACTS, connected=False, offline=True))
    assert (view.screen, bool(view.banner)) == ("idle", True)


def test_a_door_that_stands_open_is_asked_for_before_anything_else() -> None:
    view = view_of(State(), with_door(Phase.OPEN))
    assert (view.screen, view.title) == ("left_open", "Please close door 3")


def test_a_door_that_was_closed_after_all_is_asked_for_no_more() -> None:
    assert view_of(State(screen=display.please_close(3)), FACTS).screen == "idle"


@pytest.mark.parametrize("phase", [Phase.UNLOCKED, Phase.OPEN])
def test_the_countdown_is_that_of_the_door(phase: Phase) -> None:
    countdown = view_of(OPENING, with_door(phase)).countdown
    whole_ms = {Phase.UNLOCKED: 15_000, Phase.OPEN: 60_000}[phase]
    assert (countdown.until_ms, countdown.of_ms) == (9_000, whole_ms)


def test_of_a_person_only_the_display_name_is_shown() -> None:
    state = choosing(an_option("take", "X"), name="Lena H.")
    sent = msgspec.json.encode(view_of(state, FACTS)).decode()
    assert state.session.person.display in sent
    assert state.session.session not in sent, "the session's token is not for the page"


@pytest.mark.parametrize(
    ("screen", "lasts_ms"),
    [(display.DONE, 10_000), (display.NO_ANSWER, 20_000), (Working(), None), (display.Idle(), None)],
)
def test_how_long_a_screen_lasts_without_a_touch(screen: Screen, lasts_ms: int | None) -> None:
    assert forget_ms(State(screen=screen), FACTS) == lasts_ms


def test_a_session_a_fault_and_a_chosen_language_are_forgotten_after_20_s() -> None:
    states = [choosing(an_option("take", "X")), State(draft=Draft()), State(language="pl")]
    assert [forget_ms(state, FACTS) for state in states] == [20_000] * 3


def test_nothing_is_forgotten_while_a_door_is_in_use() -> None:
    for phase in (Phase.UNLOCKED, Phase.OPEN, Phase.READING):
        assert forget_ms(OPENING, with_door(phase)) is None
    assert isinstance(choosing(an_option("take", "X")).screen, Choosing)
