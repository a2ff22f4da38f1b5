"""A new screen of the bank, and what was going on."""

from dataclasses import replace

from edge.commands import Purpose
from edge.display import DONE, SESSION_OVER, Choosing, Idle, Message, Opening, Working
from edge.kiosk import acts
from edge.kiosk.acting import stage_now
from edge.kiosk.showing import shown
from edge.kiosk.state import Stage, State
from tests.edge.kiosk.scenery import TERMS, choosing, done, session
from tests.support.kiosks import an_option

CAMERA = an_option("take", "Camera", door=4, needs=["authoriser", "pin"])
PICK = acts.Pick(option="take:Camera")


def test_a_further_badge_goes_on_with_what_was_picked() -> None:
    state, _ = done(choosing(CAMERA), PICK)
    assert stage_now(state) is Stage.AUTHORISER
    state, choice = shown(replace(state, screen=Working()), Choosing(session=session({**CAMERA, "needs": ["pin"]})))
    assert (stage_now(state), choice) == (Stage.PIN, None)


def test_once_nothing_is_missing_the_choice_goes_out_by_itself() -> None:
    state, _ = done(choosing(CAMERA), PICK)
    _, choice = shown(state, Choosing(session=session({**CAMERA, "needs": []})))
    assert choice.option == "take:Camera"


def test_a_choice_that_comes_back_unchanged_is_not_sent_for_ever() -> None:
    plain = an_option("take", "Camera")
    state, (_,) = done(choosing(plain), PICK)
    state, again = shown(state, Choosing(session=session(plain)))
    assert (state.step, again) == (None, None)


def test_somebody_elses_session_never_goes_on_with_ones_choice() -> None:
    state, _ = done(choosing(CAMERA), PICK)
    state, choice = shown(state, Choosing(session=session({**CAMERA, "needs": []}, name="Omar H.")))
    assert (state.step, choice) == (None, None)


def test_a_handover_goes_on_with_who_takes_over() -> None:
    offer = an_option("handover", "Camera")
    state, _ = done(choosing(offer), acts.Pick(option="handover:Camera"))
    state, _ = shown(state, Choosing(session=session({**offer, "needs": ["authoriser"]})))
    assert stage_now(state) is Stage.AUTHORISER
    theirs = session({**offer, "needs": ["terms"]}, name="Omar H.", terms=TERMS)
    state, choice = shown(state, Choosing(session=theirs))
    assert (stage_now(state), choice) == (Stage.TERMS, None)


def test_a_pin_stays_given_while_the_cloud_asks_for_more() -> None:
    option = an_option("take", "Camera", needs=["pin", "terms"])
    state, _ = done(choosing(option), PICK, acts.Pin(digits="4711"))
    state, _ = shown(state, Choosing(session=session(option, terms=TERMS)))
    assert stage_now(state) is Stage.TERMS
    _, (choice,) = done(state, acts.Accept())
    assert choice.pin is not None


def test_a_wrong_pin_is_forgotten_and_asked_for_again() -> None:
    state, _ = done(choosing(an_option("take", "Camera", needs=["pin"])), PICK, acts.Pin(digits="9999"))
    state, _ = shown(replace(state, screen=Working()), Message(level="warn", code="pin_wrong", text="Wrong.", re="u"))
    assert (stage_now(state), state.step.pin, state.step.wrong) == (Stage.PIN, None, "Wrong.")


def test_what_the_cloud_says_of_a_report_is_not_for_the_next_one() -> None:
    state = replace(choosing(an_option("take", "Camera")), reports=("r1",))
    about_another = Message(level="info", code="taken", text="The radio is yours.", re="r1")
    assert shown(state, about_another) == (state, None)
    working = replace(State(screen=Working()), reports=("r1",))
    assert shown(working, about_another) == (working, None)


def test_what_the_cloud_says_of_ones_own_report_is_shown() -> None:
    state, _ = shown(State(reports=("r1",)), Opening(door=3, purpose=Purpose.TAKE, grant="g1"))
    state, _ = shown(state, DONE)
    state, _ = shown(state, Message(level="info", code="taken", text="It is yours.", re="r1"))
    assert state.screen.text == "It is yours."
    assert state.opened.grant == "g1"


def test_thanks_for_a_report_do_not_interrupt_who_tells_of_a_fault() -> None:
    state, _ = shown(State(reports=("r1",)), Opening(door=3, purpose=Purpose.TAKE, grant="g1"))
    state, _ = done(shown(state, DONE)[0], acts.Fault())
    thanks = Message(level="info", code="taken", text="It is yours.", re="r1")
    assert shown(state, thanks)[0].draft == state.draft is not None
    assert shown(state, replace(thanks, level="warn", code="wrong_item"))[0].draft is None


def test_a_session_that_is_over_cannot_be_gone_back_to() -> None:
    state, _ = shown(choosing(an_option("take", "Camera")), SESSION_OVER)
    assert state.session is None


def test_the_idle_screen_remembers_nothing() -> None:
    state, _ = shown(replace(choosing(an_option("take", "Camera")), language="pl", reports=("r1",)), Idle())
    assert state == State(reports=("r1",))
