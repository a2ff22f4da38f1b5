"""What a screen asks when a thing is taken or brought back, and what becomes of the answers (rules.md, row 7)."""

import pytest

from tests.support.banks import FakeBank
from tests.support.outcomes import TAG, stage
from tests.support.questions import ASKED, WELL
from tests.support.workplace import CREW, OTHER_TOKEN, TOKEN, bank, drill, person, put_terms, rules
from tests.support.world import Heard, World
from toolcrib.domain.agreements import digest
from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Mode
from toolcrib.domain.questions import Question, QuestionKind
from toolcrib.domain.questions import digest as hashed
from toolcrib.domain.record import replace

TAKE = "take:drill"


@pytest.fixture
def kiosk(here: World) -> FakeBank:
    """A kiosk that asks about its drill."""
    rules(ASKED)
    return stage(here, mode=Mode.KIOSK)


def taken(kiosk: FakeBank, answers: dict[str, object] | None = None) -> str:
    """Take the drill and walk away; returns the loan."""
    opened = kiosk.choose(kiosk.tap(), TAKE, answers=WELL if answers is None else answers)
    kiosk.does(opened, "closed", tags=[])
    kiosk.world.later(minutes=5)
    return opened.grant


def option(shown: Heard) -> dict[str, object]:
    (found,) = shown.body["options"]
    return dict(found)


def test_a_session_has_what_is_asked_for_each_option(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    assert shown.kind == "session", "with something to ask, no door opens at once"
    assert option(shown)["needs"] == ["answers"]
    assert shown.body["questions"] == [
        {"id": "guard", "kind": "yes_no", "text": "Is the guard in place?", "required": True, "options": [TAKE]},
        {
            "id": "cable",
            "kind": "choice",
            "text": "How is the cable?",
            "required": False,
            "options": [TAKE],
            "choices": [{"id": "good", "text": "good"}, {"id": "worn", "text": "worn"}],
        },
    ]


def test_questions_are_in_the_persons_language_as_far_as_they_are_translated(here: World, kiosk: FakeBank) -> None:
    here.meet(person(2, language="de-AT"), OTHER_TOKEN)
    asked = kiosk.tap(OTHER_TOKEN).body["questions"]
    assert [each["text"] for each in asked] == ["Ist der Schutz dran?", "How is the cable?"]
    assert [each["text"] for each in asked[1]["choices"]] == ["gut", "worn"]


def test_a_door_stays_shut_until_the_required_answers_are_there(here: World, kiosk: FakeBank) -> None:
    session = kiosk.tap()
    for answers in (None, {}, {"cable": "good"}, {"guard": "yes"}):
        assert kiosk.choose(session, TAKE, answers=answers).code == "answers_required"
    assert here.grant_or_none() is None
    assert kiosk.choose(session, TAKE, answers={"guard": True}).kind == "open"


def test_answers_stay_with_the_loan_and_their_hash_in_the_ledger(here: World, kiosk: FakeBank) -> None:
    loan = here.loan(taken(kiosk, {**WELL, "remark": "not asked now", "shoe": "left"}))
    assert loan.take_answers == WELL
    assert here.events()[-1].detail == {"answers": hashed(WELL)}


def test_a_return_opens_whatever_is_answered_and_what_is_missing_is_noted(here: World, kiosk: FakeBank) -> None:
    loan = taken(kiosk)
    session = kiosk.tap()
    assert next(each for each in session.body["options"] if each["kind"] == "return")["needs"] == ["answers"]
    opened = kiosk.choose(session, f"return:{loan}")
    assert opened.claims["purpose"] == "return"
    kiosk.does(opened, "closed", tags=[TAG])
    assert here.loan(loan).state == "closed"
    assert here.events()[-1].detail == {"answers": hashed({}), "unanswered": "guard"}


def test_what_is_said_of_a_return_stays_with_its_loan_and_only_its_hash_is_in_the_ledger(
    here: World, kiosk: FakeBank
) -> None:
    loan, said = taken(kiosk), {**WELL, "remark": "Person 1 dropped it"}
    opened = kiosk.choose(kiosk.tap(), f"return:{loan}", answers=said)
    kiosk.does(opened, "closed", tags=[TAG])
    assert here.loan(loan).return_answers == said
    assert here.events()[-1].detail == {"answers": hashed(said)}
    assert here.cases() == []


def test_a_bank_without_a_screen_asks_nothing_and_that_is_on_record(here: World) -> None:
    rules(ASKED)
    hq = stage(here)
    opened = hq.tap()
    hq.does(opened, "closed", tags=[])
    here.later(minutes=5)
    hq.does(hq.tap(), "closed", tags=[TAG])
    assert [event.detail for event in here.events()] == [{"answers": "skipped"}] * 2


def test_a_critical_answer_to_a_return_takes_the_thing_out_of_use(here: World, kiosk: FakeBank) -> None:
    loan = taken(kiosk)
    opened = kiosk.choose(kiosk.tap(), f"return:{loan}", answers={"guard": False, "remark": "It broke off"})
    (case,) = here.cases()
    assert (case.kind, case.asset, case.person, case.loan, case.grant) == (
        "fault",
        "drill-1",
        "p-1",
        loan,
        opened.grant,
    )
    assert case.detail == "critical: Is the guard in place? no; Anything else? It broke off"
    assert (here.asset().condition, here.asset().fault) == ("critical", case.id)
    kiosk.does(opened, "closed", tags=[TAG])
    assert (here.asset().state, here.loan(loan).state) == ("stowed", "closed")
    assert [refused["code"] for refused in kiosk.tap().body["refusals"]] == ["faulty"]


def test_a_minor_answer_warns_the_next_taker(here: World, kiosk: FakeBank) -> None:
    loan = taken(kiosk)
    kiosk.does(kiosk.choose(kiosk.tap(), f"return:{loan}", answers={**WELL, "cable": "worn"}), "closed", tags=[TAG])
    here.later(minutes=5)
    assert "minor fault" in str(option(kiosk.tap())["note"])


def test_a_minor_answer_to_a_take_goes_with_the_loan_that_it_begins(here: World, kiosk: FakeBank) -> None:
    loan = taken(kiosk, {**WELL, "cable": "worn"})
    (case,) = here.cases()
    assert (case.loan, case.grant) == (loan, loan)
    assert (here.asset().state, str(here.asset().condition)) == ("on_loan", "minor")


def test_what_a_taker_calls_broken_stays_in_its_door(here: World, kiosk: FakeBank) -> None:
    answer = kiosk.choose(kiosk.tap(), TAKE, answers={"guard": False})
    assert (answer.kind, answer.code) == ("notice", "faulty")
    assert (here.grant_or_none(), str(here.asset().condition)) == (None, "critical")
    assert [str(content.condition) for content in here.door().contents] == ["critical"]
    assert [(case.kind, case.person, case.grant) for case in here.cases()] == [("fault", "p-1", None)]


def test_a_copy_of_a_choice_that_called_one_thing_broken_condemns_no_other(here: World) -> None:
    rules(ASKED)
    hq = here.place(bank(mode=Mode.KIOSK), stowed={1: drill(1), 2: drill(2)})
    here.meet(person(), TOKEN)
    choice = hq._upload(
        "choice",
        {"journal_depth": 0, "session": hq.tap().body["session"], "option": TAKE, "answers": {"guard": False}},
    )
    for _ in range(3):
        (answer,) = here.deliver("choice", choice.event(here.now))
        assert (answer.code, "Drill 1" in answer.body["text"]) == ("faulty", True)
    assert [str(here.asset(f"drill-{number}").condition) for number in (1, 2)] == ["critical", "ok"]
    assert len(here.cases()) == 1


def test_a_copy_of_a_return_reports_its_fault_once(here: World, kiosk: FakeBank) -> None:
    loan = taken(kiosk)
    body = {"journal_depth": 0, "session": kiosk.tap().body["session"], "option": f"return:{loan}"}
    choice = kiosk._upload("choice", {**body, "answers": {"guard": False}})
    grants = {here.deliver("choice", choice.event(here.now))[0].grant for _ in range(3)}
    assert len(grants) == 1
    assert len(here.cases()) == 1


def test_questions_that_do_not_fit_beside_the_rest_are_shown_once_their_option_is_chosen(here: World) -> None:
    long = tuple(
        Question(id=f"q{n}", kind=QuestionKind.YES_NO, text={"en": "x" * 190}, required=True) for n in range(9)
    )
    kinds = tuple(AssetType(id=f"t{n}", name=f"Type {n}", category="tools", questions=long) for n in range(4))
    different = tuple(
        replace(kind, questions=tuple(replace(each, id=f"{each.id}-{kind.id}") for each in long)) for kind in kinds
    )
    rules(*different, CREW)
    hq = here.place(
        bank(mode=Mode.KIOSK),
        stowed={n + 1: drill(n + 1, type=kind.id, name=kind.name) for n, kind in enumerate(different)},
    )
    here.meet(person(), TOKEN)
    session = hq.tap()
    assert "questions" not in session.body
    shown = hq.choose(session, "take:t1")
    assert [each["id"] for each in shown.body["questions"]] == [f"q{n}-t1" for n in range(9)]
    assert hq.choose(shown, "take:t1").code == "answers_required"
    assert hq.choose(shown, "take:t1", answers={f"q{n}-t1": True for n in range(9)}).kind == "open"


def test_terms_and_questions_are_given_together(here: World, kiosk: FakeBank) -> None:
    put_terms({"en": "Bring it back."})
    session = kiosk.tap()
    assert option(session)["needs"] == ["terms", "answers"]
    sha256 = digest("Bring it back.")
    assert kiosk.choose(session, TAKE, answers=WELL).code == "terms_required"
    assert kiosk.choose(session, TAKE, terms_sha256=sha256).code == "answers_required"
    assert kiosk.choose(session, TAKE, terms_sha256=sha256, answers=WELL).kind == "open"
