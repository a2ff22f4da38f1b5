"""What a person does at the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.display import Choosing, Message, Working
from edge.kiosk import acts
from edge.kiosk.acting import Left, acted, stage_now, too_easy
from edge.kiosk.screens import view_of
from edge.kiosk.showing import shown
from edge.kiosk.state import Draft, Stage, State
from edge.uploads import Choice, FaultReport, Severity
from tests.edge.kiosk.scenery import FACTS, KEY, OPENED, TERMS, choosing, done, session
from tests.support.kiosks import an_option
from toolcrib.domain import pins

PLAIN = an_option("take", "Laptop", door=3)
VALUABLE = an_option("take", "Camera", door=4, needs=["pin"])
ANYTHING = [
    acts.Touch(),
    acts.Back(),
    acts.Pick(option="take:Laptop"),
    acts.Pin(digits="4711"),
    acts.Accept(),
    acts.Decline(),
    acts.Answer(answers={"a": True}),
    acts.AskOthers(),
    acts.About(door=3),
    acts.About(),
    acts.Kind(what="dirty"),
    acts.Describe(severity=Severity.MINOR),
]


def test_what_needs_nothing_is_sent_at_once() -> None:
    state, wanted = done(choosing(PLAIN), acts.Pick(option="take:Laptop"))
    assert wanted == [Choice(session="s-Lena H.-1", option="take:Laptop")]
    assert stage_now(state) is None


@pytest.mark.parametrize(
    "state",
    [State(), State(screen=Working()), choosing(), State(draft=Draft())],
    ids=["idle", "working", "nothing to choose", "a fault begun"],
)
@pytest.mark.parametrize("act", ANYTHING, ids=lambda act: type(act).__name__)
def test_an_act_that_fits_nothing_on_the_screen_asks_nothing_of_a_door(state: State, act: acts.Done) -> None:
    _, wanted = acted(state, act, KEY)
    assert wanted is None or isinstance(wanted, Left)


def test_a_second_press_sends_nothing_twice() -> None:
    _, wanted = done(choosing(PLAIN), acts.Pick(option="take:Laptop"), acts.Pick(option="take:Laptop"))
    assert len(wanted) == 1


def test_a_pin_is_a_token_at_once_and_in_no_text() -> None:
    state, wanted = done(choosing(VALUABLE), acts.Pick(option="take:Camera"), acts.Pin(digits="4711"))
    assert wanted[0].pin == "1.k2Hcgk3ueNiyLFwdYiI4goDR-79oBkIfRvpz58OX86A"
    assert "4711" not in repr((state, acts.Pin(digits="4711"))) + str(view_of(state, FACTS))
    assert wanted[0].pin not in repr(state)
    assert wanted[0].pin not in str(view_of(state, FACTS))


def test_a_new_pin_is_typed_twice_and_begins_anew_where_the_two_differ() -> None:
    first = an_option("take", "Camera", needs=["new_pin"])
    state, wanted = done(choosing(first), acts.Pick(option="take:Camera"), acts.Pin(digits="8305"))
    assert (stage_now(state), wanted) == (Stage.REPEAT_PIN, [])
    state, wanted = done(state, acts.Pin(digits="8306"))
    assert (stage_now(state), wanted) == (Stage.NEW_PIN, [])
    assert "not the same" in state.step.wrong
    _, wanted = done(state, acts.Pin(digits="8305"), acts.Pin(digits="8305"))
    assert wanted[0].new_pin is not None


def test_an_easy_new_pin_never_leaves_the_screen() -> None:
    state = choosing(an_option("take", "Camera", needs=["new_pin"]))
    state, wanted = done(state, acts.Pick(option="take:Camera"), acts.Pin(digits="1234"), acts.Pin(digits="1234"))
    assert (stage_now(state), wanted) == (Stage.NEW_PIN, [])


@given(st.from_regex(r"[0-9]{4,12}", fullmatch=True))
def test_what_is_easy_here_is_easy_for_the_cloud(digits: str) -> None:
    assert too_easy(digits) == pins.too_easy(digits)


def test_needs_are_asked_one_after_the_other_the_pin_last() -> None:
    question = {"id": "ok", "kind": "yes_no", "text": "Whole?", "required": True, "options": ["take:Camera"]}
    option = an_option("take", "Camera", needs=["pin", "new_pin", "terms", "answers"])
    state, _ = done(choosing(option, terms=TERMS, questions=[question]), acts.Pick(option="take:Camera"))
    stages = [stage_now(state)]
    given = (acts.Accept(), acts.Answer(answers={"ok": True, "other": "x"}), acts.Pin(digits="4711"))
    for act in (*given, acts.Pin(digits="8305"), acts.Pin(digits="8305")):
        state, wanted = done(state, act)
        stages.append(stage_now(state))
    assert stages == [Stage.TERMS, Stage.ANSWERS, Stage.PIN, Stage.NEW_PIN, Stage.REPEAT_PIN, None]
    assert (wanted[0].terms_sha256, wanted[0].answers) == ("a" * 64, {"ok": True})


def test_a_take_waits_for_answers_that_are_needed_a_return_for_none() -> None:
    for kind, sent in (("take", 0), ("return", 1)):
        question = {"id": "ok", "kind": "yes_no", "text": "Whole?", "required": True, "options": [f"{kind}:X"]}
        state = choosing(an_option(kind, "X", needs=["answers"]), questions=[question])
        _, wanted = done(state, acts.Pick(option=f"{kind}:X"), acts.Answer(answers={}))
        assert len(wanted) == sent


def test_declining_is_told_to_the_cloud_going_back_is_not() -> None:
    state, _ = done(choosing(an_option("take", "X", needs=["terms"]), terms=TERMS), acts.Pick(option="take:X"))
    _, declined = done(state, acts.Decline())
    assert declined == [Choice(session="s-Lena H.-1", option="take:X")]
    back, wanted = done(state, acts.Back())
    assert (back.step, wanted) == (None, [])


def test_others_are_asked_by_sending_the_choice_as_it_is() -> None:
    state, _ = done(choosing(an_option("take", "X", needs=["authoriser", "pin"])), acts.Pick(option="take:X"))
    _, wanted = done(state, acts.AskOthers())
    assert wanted == [Choice(session="s-Lena H.-1", option="take:X")]


def test_leaving_forgets_everything_but_the_ids_of_reports() -> None:
    state, (left,) = done(State(screen=Choosing(session=session(PLAIN)), reports=("r1",), opened=OPENED), acts.Leave())
    assert state == State(reports=("r1",))
    assert isinstance(left, Left)


@pytest.mark.parametrize(("about", "field", "value"), [(acts.About(door=7), "door", 7), (acts.About(), "grant", "g1")])
def test_a_fault_says_what_it_is_about(about: acts.About, field: str, value: object) -> None:
    before = State(screen=Message(level="info", code="taken", text="Yours."), opened=OPENED)
    told = acts.Describe(severity=Severity.CRITICAL, text="  hinge ", photo=True)
    state, (report,) = done(before, acts.Fault(), about, acts.Kind(what="damaged"), told)
    assert isinstance(report, FaultReport)
    assert getattr(report, field) == value
    assert (report.text, report.photo, report.answers) == ("hinge", True, {"what": "damaged"})
    assert view_of(state, FACTS).screen == "thanks"


def test_without_a_thing_in_hand_a_fault_is_about_a_door() -> None:
    state, wanted = done(State(), acts.Fault(), acts.About(), acts.Kind(what="dirty"))
    assert (state.draft, wanted) == (Draft(), [])


def test_a_refusal_leads_back_to_the_choice() -> None:
    state, _ = done(choosing(PLAIN), acts.Pick(option="take:Laptop"))
    state, _ = shown(state, Message(level="warn", code="door_busy", text="Somebody is being served.", re="u1"))
    labels = [button.label for button in view_of(state, FACTS).buttons]
    assert labels == ["Choose something else", "Done"]
    back, _ = done(state, acts.Back())
    assert view_of(back, FACTS).screen == "choice"
