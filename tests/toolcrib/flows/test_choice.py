"""What was picked on a screen: everything is judged afresh, a session proves only who tapped where (design.md)."""

from typing import Any

import pytest

from tests.support.banks import FakeBank
from tests.support.outcomes import beside, stage
from tests.support.workplace import CREW, FALLBACK, ORG, OTHER_TOKEN, TOKEN, bank, drill, person, rules
from tests.support.world import Heard, World
from toolcrib.domain.assets import AssetType, Custodian
from toolcrib.domain.cases import CaseState
from toolcrib.domain.doors import BankState, Mode
from toolcrib.domain.people import Badge, BadgeState
from toolcrib.domain.policies import Allowance
from toolcrib.domain.record import replace
from toolcrib.store import mapping

SAW = AssetType(id="saw", name="Saw", category="tools")


@pytest.fixture
def kiosk(here: World) -> FakeBank:
    """A kiosk with a drill and a saw: there is always a choice."""
    rules(SAW)
    hq = stage(here, mode=Mode.KIOSK)
    beside(here, drill(2, type="saw", name="Saw 2"), number=2)
    return hq


def options(shown: Heard) -> list[str]:
    """What can be chosen alone; handing over takes two."""
    return [option["option"] for option in shown.body["options"] if option["kind"] != "handover"]


def test_a_choice_opens_the_door_of_what_was_chosen(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    here.later(seconds=20)
    opened = kiosk.choose(shown, "take:saw")
    assert (opened.door, opened.claims["purpose"]) == (2, "take")
    kiosk.does(opened, "closed", tags=[])
    assert here.asset("drill-2").state == "on_loan"


def test_each_loan_has_its_own_return_and_the_one_chosen_is_returned(here: World, kiosk: FakeBank) -> None:
    loans = {}
    for kind in ("drill", "saw"):
        opened = kiosk.choose(kiosk.tap(), f"take:{kind}")
        kiosk.does(opened, "closed", tags=[])
        loans[kind] = opened.grant
        here.later(minutes=1)
    shown = kiosk.tap()
    assert options(shown) == [f"return:{loan}" for loan in loans.values()]
    opened = kiosk.choose(shown, f"return:{loans['saw']}")
    kiosk.does(opened, "closed", tags=["E2000002"])
    assert here.loan(loans["saw"]).state == "closed"
    assert here.loan(loans["drill"]).state == "open"


def test_a_badge_revoked_between_tap_and_choice_opens_nothing(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    mapping.badge_item(ORG, Badge(id=TOKEN, person="p-1", state=BadgeState.REVOKED)).save()
    assert kiosk.choose(shown, "take:drill").code == "badge_revoked"


def test_a_badge_given_to_somebody_else_between_opens_nothing(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    here.meet(person(2), TOKEN)
    assert kiosk.choose(shown, "take:drill").code == "badge_revoked"


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("allowance_reached", replace(FALLBACK, allowance=Allowance(total=0))),
        ("no_access", replace(CREW, grants=())),
    ],
)
def test_what_was_allowed_at_the_tap_is_refused_by_its_rule_at_the_choice(
    here: World, kiosk: FakeBank, code: str, rule: Any
) -> None:
    shown = kiosk.tap()
    rules(rule)
    assert kiosk.choose(shown, "take:drill").code == code
    assert here.grant_or_none() is None


def test_a_person_frozen_between_takes_nothing(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    here.change_person(person(active=False))
    assert kiosk.choose(shown, "take:drill").code == "person_frozen"


def test_an_allowance_used_up_at_another_bank_between_counts(here: World, kiosk: FakeBank) -> None:
    rules(replace(FALLBACK, allowance=Allowance(total=1)))
    shown = kiosk.tap()
    other = here.place(bank(id="hq-02"), stowed={1: drill(5)})
    assert other.tap().kind == "open"
    assert kiosk.choose(shown, "take:drill").code == "allowance_reached"


def test_what_somebody_else_took_meanwhile_is_no_longer_there(here: World, kiosk: FakeBank) -> None:
    here.meet(person(2), OTHER_TOKEN)
    mine, theirs = kiosk.tap(), kiosk.tap(OTHER_TOKEN)
    assert kiosk.choose(theirs, "take:drill").kind == "open"
    assert kiosk.choose(mine, "take:drill").code == "nothing_available"


@pytest.mark.parametrize(("after_s", "answer"), [(120, "open"), (121, "notice")])
def test_a_session_dies_after_two_minutes(here: World, kiosk: FakeBank, after_s: int, answer: str) -> None:
    shown = kiosk.tap()
    here.later(seconds=after_s)
    answered = kiosk.choose(shown, "take:drill")
    assert (answered.kind, answered.code) == (answer, None if answer == "open" else "session_expired")


@pytest.mark.parametrize("token", ["", "nonsense", "gAAAAABnonsense", "\u00e9"])
def test_a_session_that_is_not_ours_is_over(kiosk: FakeBank, token: str) -> None:
    assert kiosk.choose(token, "take:drill").code == "session_expired"


def test_every_altered_character_of_a_session_ends_it(here: World, kiosk: FakeBank) -> None:
    token = kiosk.tap().body["session"]
    for at in range(0, len(token) - 2, 7):
        swapped = "A" if token[at] != "A" else "B"
        assert kiosk.choose(token[:at] + swapped + token[at + 1 :], "take:drill").code == "session_expired"


def test_a_session_of_another_bank_opens_nothing_here(here: World, kiosk: FakeBank) -> None:
    other = here.place(bank(id="hq-02", mode=Mode.KIOSK), stowed={1: drill(5)})
    assert other.choose(kiosk.tap(), "take:drill").code == "session_expired"


def test_a_session_of_before_the_bank_was_enrolled_anew_is_over(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    mapping.bank_item(ORG, bank(mode=Mode.KIOSK, generation=2)).save()
    assert kiosk.choose(shown, "take:drill").code == "session_expired"


def test_a_bank_revoked_between_opens_nothing(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    mapping.bank_item(ORG, bank(mode=Mode.KIOSK, state=BankState.REVOKED)).save()
    assert kiosk.choose(shown, "take:drill").code == "bank_revoked"


@pytest.mark.parametrize("option", ["take:rocket", "return:nobody", "not_taken:x", "x", "steal:drill"])
def test_an_option_that_was_never_offered_opens_nothing(kiosk: FakeBank, option: str) -> None:
    assert kiosk.choose(kiosk.tap(), option).code == "nothing_available"


def test_a_choice_carries_proof_of_non_use_like_a_tap(here: World, kiosk: FakeBank) -> None:
    here.meet(person(2), OTHER_TOKEN)
    theirs = kiosk.tap(OTHER_TOKEN)
    opened = kiosk.choose(kiosk.tap(), "take:drill")
    here.later(seconds=31)
    assert kiosk.choose(theirs, "take:drill", depth=0).code == "nothing_available"
    here.later(seconds=1)
    assert kiosk.choose(theirs, "take:drill", depth=0).kind == "open"
    assert here.loan(opened.grant).state == "void"


def test_choosing_again_signs_the_unused_grant_again(here: World, kiosk: FakeBank) -> None:
    shown = kiosk.tap()
    first = kiosk.choose(shown, "take:drill")
    here.later(seconds=5)
    second = kiosk.choose(shown, "take:drill")
    assert second.grant == first.grant
    assert second.claims["re"] == second.body["re"]


# --- second thoughts ---


@pytest.fixture
def switches(here: World) -> FakeBank:
    """A kiosk that only knows whether its doors are open."""
    return stage(here, "door_only", mode=Mode.KIOSK)


def took(here: World, hq: FakeBank) -> str:
    opened = hq.tap()
    hq.does(opened, "closed")
    assert here.asset().state == "on_loan"
    return opened.grant


def test_within_a_minute_a_person_may_say_that_they_did_not_take_it(here: World, switches: FakeBank) -> None:
    loan = took(here, switches)
    here.later(seconds=59)
    shown = switches.tap()
    assert f"not_taken:{loan}" in options(shown)
    assert switches.choose(shown, f"not_taken:{loan}").code == "disowned"
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.at_door("hq-01", 1))
    assert (here.loan(loan).state, here.loan(loan).return_evidence) == ("closed", "declared")
    assert here.person().holdings == {}
    assert here.door().unlendable == "unexpected_item"
    assert [(case.kind, case.state) for case in here.cases()] == [("not_taken", "open")]


def test_after_a_minute_it_is_theirs(here: World, switches: FakeBank) -> None:
    loan = took(here, switches)
    here.later(seconds=30)
    shown = switches.tap()
    here.later(seconds=31)
    assert switches.choose(shown, f"not_taken:{loan}").code == "nothing_available"
    assert switches.tap().claims["purpose"] == "return"


@pytest.mark.parametrize("evidence", ["tags", "presence"])
def test_what_a_sensor_saw_cannot_be_denied(here: World, evidence: str) -> None:
    hq = stage(here, evidence, mode=Mode.KIOSK)
    opened = hq.tap()
    hq.does(opened, "closed", tags=[], present=False)
    assert hq.tap().claims["purpose"] == "return"
    assert opened.grant


def test_at_another_bank_or_without_a_screen_there_are_no_second_thoughts(here: World) -> None:
    hq = stage(here, "door_only")
    took(here, hq)
    other = here.place(bank(id="hq-02", mode=Mode.KIOSK))
    assert hq.tap().kind == "open"
    assert other.tap().kind == "open"


def test_denying_twice_is_denying_once(here: World, switches: FakeBank) -> None:
    loan = took(here, switches)
    shown = switches.tap()
    switches.choose(shown, f"not_taken:{loan}")
    assert switches.choose(shown, f"not_taken:{loan}").code == "nothing_available"
    assert [str(event.move) for event in here.events()] == ["taken", "disown"]


def gave_back(here: World, hq: FakeBank) -> str:
    loan = took(here, hq)
    here.later(minutes=2)
    hq.does(hq.tap(), "closed")
    assert here.asset().state == "stowed"
    return loan


def test_within_a_minute_a_person_may_say_that_they_put_nothing_in_and_return_it_elsewhere(
    here: World, switches: FakeBank
) -> None:
    loan = gave_back(here, switches)
    here.later(seconds=59)
    shown = switches.tap()
    assert switches.choose(shown, f"not_returned:{loan}").code == "not_put_in"
    assert (here.asset().state, here.asset().custodian) == ("unconfirmed", Custodian.person("p-1"))
    assert set(here.person().holdings) == {"x.drill-1"}
    assert here.door().unlendable == "unexpected_item"
    here.later(seconds=61)
    back = switches.tap()
    assert (back.claims["purpose"], back.door) == ("return", 2)
    switches.does(back, "closed")
    assert (here.asset().state, here.person().holdings) == ("stowed", {})
    assert {case.state for case in here.cases()} == {CaseState.RESOLVED}


def test_saying_so_again_changes_nothing_more(here: World, switches: FakeBank) -> None:
    loan = gave_back(here, switches)
    shown = switches.tap()
    switches.choose(shown, f"not_returned:{loan}")
    assert switches.choose(shown, f"not_returned:{loan}").code == "nothing_available"
    assert [str(event.move) for event in here.events()] == ["taken", "returned", "not_returned"]


def test_after_somebody_else_took_it_nobody_can_say_that_it_was_not_put_in(here: World, switches: FakeBank) -> None:
    loan = gave_back(here, switches)
    shown = switches.tap()
    here.meet(person(2), OTHER_TOKEN)
    theirs = switches.tap(OTHER_TOKEN)
    assert switches.choose(shown, f"not_returned:{loan}").code == "nothing_available"
    switches.does(theirs, "closed")
    assert switches.choose(shown, f"not_returned:{loan}").code == "nothing_available"
    assert here.asset().custodian == Custodian.person("p-2")


def test_while_somebody_may_deny_a_take_nothing_opens_at_once(here: World, switches: FakeBank) -> None:
    loan = took(here, switches)
    shown = switches.tap()
    assert options(shown) == [f"return:{loan}", f"not_taken:{loan}"]


def test_a_single_sensible_option_opens_at_once_at_a_kiosk(here: World) -> None:
    hq = stage(here, mode=Mode.KIOSK)
    assert hq.tap().kind == "open"
