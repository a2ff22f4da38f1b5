"""The views: every state in words, in every language, with nobody's secrets."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from edge import display
from edge.commands import Purpose
from edge.display import Choosing, Message, Opening, Screen, Working
from edge.doors import Phase
from edge.kiosk import acts
from edge.kiosk.acting import acted
from edge.kiosk.facts import DoorFact, Facts
from edge.kiosk.screens import forget_ms, view_of
from edge.kiosk.screens.own import worded
from edge.kiosk.showing import shown
from edge.kiosk.speaking import SPOKEN, Speaker
from edge.kiosk.state import Draft, State
from edge.messages import Session
from edge.offline.dealings import LOCAL
from tests.edge.kiosk.scenery import FACTS, KEY, OPENED, choosing
from tests.support.kiosks import a_session, an_option

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
    "offline": (State(), replace(FACTS, connected=False, offline=True, lends=False)),
    "out_of_service": (State(), replace(FACTS, works=False)),
}


def owns() -> list[Message]:
    alone = (*display.WHILE_ALONE, display.offline_no_room("Drill"))
    return list(dict.fromkeys([*(each for each in vars(display).values() if isinstance(each, Message)), *alone]))


@pytest.mark.parametrize("name", STATES)
def test_every_state_has_its_view_in_every_language(name: str) -> None:
    state, facts = STATES[name]
    views = [view_of(replace(state, language=language), facts) for language in SPOKEN]
    assert {view.screen for view in views} == {name}
    assert [view.language for view in views] == list(SPOKEN)
    assert len({view.title for view in views}) == len(SPOKEN), "each language has words of its own"


@pytest.mark.parametrize("message", owns(), ids=lambda message: message.code)
def test_whatever_a_bank_says_by_itself_the_screen_can_word(message: Message) -> None:
    assert worded(message) is not None, "give it a heading and words in edge/kiosk/screens/own.py"
    views = [view_of(State(screen=message, language=language), FACTS) for language in SPOKEN]
    assert (len({view.title for view in views}), len({view.text for view in views})) == (len(SPOKEN), len(SPOKEN))


def test_what_there_is_no_room_for_is_named() -> None:
    view = view_of(State(screen=display.offline_no_room("Drill"), language="de"), FACTS)
    assert view.text.startswith("Für Drill ist keine Tür frei.")


def alone(language: str) -> State:
    """What a bank offers by itself, to somebody of a language."""
    refused = [{"code": each.code, "title": thing, "text": each.text} for thing, each in REFUSED.items()]
    options = [{"option": f"{kind}:a", "kind": kind, "title": "Saw {2}"} for kind in ("take", "return", "other")]
    told = a_session(*options, language=language, refusals=refused) | {"session": f"{LOCAL}s"}
    return shown(State(), Choosing(session=msgspec.convert(told, Session)))[0]


REFUSED = {"Drill": display.offline_no_room("Drill"), "": display.OFFLINE_ENOUGH}


@pytest.mark.parametrize(
    ("language", "cards", "refusals"),
    [
        ("de", ["Saw {2} nehmen", "Saw {2} zurückgeben", "Saw {2}"], ["Drill", "Sie können jetzt nicht mehr nehmen"]),
        ("en", ["Take Saw {2}", "Return Saw {2}", "Saw {2}"], ["Drill", "You cannot take more now"]),
    ],
)
def test_a_session_of_the_banks_own_is_worded_by_the_screen(
    language: str, cards: list[str], refusals: list[str]
) -> None:
    view = view_of(alone(language), replace(FACTS, connected=False, offline=True))
    assert [each.title for each in view.cards] == cards
    assert [each.title for each in view.refusals] == refusals
    texts = [worded(each) for each in REFUSED.values()]
    assert [each.note for each in view.refusals] == [
        Speaker(language).say(each.text, **each.facts) for each in texts if each is not None
    ]


def test_the_clouds_session_is_shown_as_it_came_also_where_it_looks_like_the_banks() -> None:
    text = display.OFFLINE_ENOUGH.text
    state = choosing(
        an_option("take", "X"), language="de", refusals=[{"code": "allowance_reached", "title": "Y", "text": text}]
    )
    view = view_of(state, FACTS)
    assert (view.cards[0].title, view.refusals[0].note) == ("X", text)


def test_a_door_of_the_banks_own_says_what_it_is_opened_for() -> None:
    state, choice = shown(acted(alone("de"), acts.Pick(option="take:a"), KEY)[0], OPENING.screen)
    assert choice is None
    assert state.opened is not None
    mine = replace(state, opened=replace(state.opened, grant=f"{LOCAL}1"))
    assert view_of(mine, with_door(Phase.UNLOCKED)).text == "Saw {2} nehmen"
    assert view_of(state, with_door(Phase.UNLOCKED)).text == "Saw {2}"


@pytest.mark.parametrize("screen", [display.OFFLINE_ENOUGH, OPENING.screen, display.please_close(3)])
def test_whom_the_bank_knows_is_spoken_to_in_their_language_and_nobody_after_them(screen: Screen) -> None:
    state = shown(State(), screen, "pl")[0]
    assert view_of(state, with_door(Phase.OPEN)).language == "pl"
    assert view_of(shown(state, display.Idle())[0], FACTS).language == "en"


def test_the_clouds_words_are_shown_as_they_came() -> None:
    view = view_of(State(screen=Message(level="warn", code="no_access", text="Nein {x}.", re="u")), FACTS)
    assert (view.screen, view.text) == ("refused", "Nein {x}.")


def test_a_revoked_bank_is_out_of_service() -> None:
    message = Message(level="error", code="bank_revoked", text="Revoked.", re="u")
    assert view_of(State(screen=message), FACTS).screen == "out_of_service"


@pytest.mark.parametrize(
    ("connected", "lends", "screen", "title", "banner"),
    [
        (False, True, "idle", "Hold your badge to the reader", "Offline: returns are always taken"),
        (True, True, "idle", "Hold your badge to the reader", "The connection is back."),
        (False, False, "offline", "No connection right now", ""),
        (True, False, "offline", "The connection is just back", ""),
    ],
)
def test_a_bank_that_decides_by_itself_says_so(
    *, connected: bool, lends: bool, screen: str, title: str, banner: str
) -> None:
    view = view_of(State(), replace(FACTS, connected=connected, offline=True, lends=lends))
    assert (view.screen, view.title) == (screen, title)
    assert view.banner.startswith(banner)
    assert bool(view.banner) == bool(banner)


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
