"""Keeping a thing longer at a bank, and calling it back: what is on record afterwards, and what everybody is told."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.flows import recall_loan
from tests.support.admins import ELSEWHERE, SUPERVISOR, asked
from tests.support.banks import FakeBank, ulid
from tests.support.outcomes import lend
from tests.support.workplace import FALLBACK, NOW, OTHER_TOKEN, bank, drill, person, rules
from tests.support.world import World
from toolcrib.domain.assets import AssetType
from toolcrib.domain.doors import Mode
from toolcrib.domain.policies import Recall, Renewals, Step, To, Via
from toolcrib.domain.principals import Asked
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict, NotFound, Refusal
from toolcrib.flows import renew_loan

HOUR = timedelta(hours=1)
SAW = AssetType(id="saw", name="Saw", category="tools")
DUE = NOW + 8 * HOUR
TERMS = replace(
    FALLBACK,
    renewals=Renewals(max=2, window=HOUR),
    recall=Recall(notice=HOUR),
    ladder=(Step(offset=-HOUR, to=To.HOLDER, via=Via.SLACK),),
)


def out(here: World, **policy: Any) -> tuple[FakeBank, str]:
    """Let the drill be taken from a kiosk by somebody who may renew it in its last hour."""
    rules(replace(TERMS, **policy))
    return lend(here, mode=Mode.KIOSK)


def offered(bank: FakeBank, *tokens: str) -> list[str]:
    return [option["option"] for option in bank.tap(*tokens).body.get("options", [])]


def called_back(here: World, loan: str, op: str = "recall-1", **more: Any) -> Any:
    return recall_loan.handle(asked(op, by=SUPERVISOR, at=here.now), loan, reason=more.get("reason"))


@pytest.mark.parametrize(("before_s", "there"), [(3601, False), (3600, True), (0, True), (-60, True)])
def test_it_is_offered_at_a_screen_from_the_first_moment_on(here: World, before_s: int, there: bool) -> None:
    hq, loan = out(here)
    here.now = DUE - timedelta(seconds=before_s)
    shown = hq.tap()
    if there:
        alone = [option["option"] for option in shown.body["options"] if option["kind"] != "handover"]
        assert alone == [f"return:{loan}", f"renew:{loan}"]
        renewal = shown.body["options"][1]
        assert (renewal["kind"], renewal["title"], renewal["door"]) == ("renew", "Keep Drill 1 longer", None)
    else:
        assert shown.claims["purpose"] == "return"


def test_a_bank_without_a_screen_offers_none(here: World) -> None:
    rules(TERMS)
    hq, _ = lend(here)
    here.now = DUE
    assert hq.tap().claims["purpose"] == "return"


def test_renewed_at_the_bank_it_is_due_later_and_the_person_is_told_when(here: World) -> None:
    hq, loan = out(here)
    here.now = DUE - HOUR
    said = hq.choose(hq.tap(), f"renew:{loan}")
    assert (said.kind, said.body["level"], said.code) == ("notice", "info", "renewed")
    assert "Drill 1 is yours until Sat 21 Nov, 02:00" in said.body["text"]
    assert (here.loan(loan).due_at, here.loan(loan).renewals, here.loan(loan).due_version) == (DUE + 8 * HOUR, 1, 2)
    held = here.person().holdings[loan]
    assert (held.until, held.renew_from) == (DUE + 8 * HOUR, DUE + 7 * HOUR)
    assert hq.tap().claims["purpose"] == "return"


def test_reminders_come_again_for_the_new_due_time(here: World) -> None:
    hq, loan = out(here)
    here.now = DUE - HOUR
    here.sweep()
    hq.choose(hq.tap(), f"renew:{loan}")
    here.now = DUE + 7 * HOUR
    here.sweep()
    reminders = [each for each in here.notices() if each.loan is not None]  # undelivered, they go out in one message
    assert sorted((each.due_version, each.due_at) for each in reminders) == [
        (1, DUE - HOUR),
        (2, DUE + 7 * HOUR),
    ]


def test_the_same_choice_delivered_twice_renews_once(here: World) -> None:
    hq, loan = out(here, renewals=Renewals(max=5))
    shown = hq.tap()
    choice = hq._upload("choice", {"journal_depth": 0, "session": shown.body["session"], "option": f"renew:{loan}"})
    for _ in range(2):
        (said,) = here.deliver("choice", choice.event(here.now))
        assert said.code == "renewed"
    assert here.loan(loan).renewals == 1


@pytest.mark.parametrize(
    ("says", "spoil", "code"),
    [
        ("called back meanwhile", called_back, "not_renewable"),
        ("frozen meanwhile", lambda here, _: here.change_person(person(active=False)), "person_frozen"),
    ],
)
def test_what_came_between_tap_and_choice_counts(here: World, says: str, spoil: Any, code: str) -> None:
    hq, loan = out(here)
    here.now = DUE - HOUR
    shown = hq.tap()
    spoil(here, loan)
    said = hq.choose(shown, f"renew:{loan}")
    assert (said.kind, said.body["level"], said.code) == ("notice", "warn", code), says
    assert here.loan(loan).renewals == 0


def test_what_was_returned_meanwhile_is_not_renewed(here: World) -> None:
    hq, loan = out(here)
    here.now = DUE - HOUR
    shown = hq.tap()
    hq.does(hq.choose(shown, f"return:{loan}"), "closed", tags=["E2000001"])
    assert hq.choose(shown, f"renew:{loan}").code == "not_open"


@pytest.mark.parametrize("option", ["renew:nobody", "renew:", "renew:{loan}"])
def test_nobody_renews_what_is_not_theirs(here: World, option: str) -> None:
    _, loan = out(here)
    here.meet(person(2), OTHER_TOKEN)
    rules(SAW)
    other = here.place(bank(id="hq-02", mode=Mode.KIOSK), stowed={1: drill(2), 2: drill(3, type="saw")})
    here.now = DUE
    assert other.choose(other.tap(OTHER_TOKEN), option.format(loan=loan)).code == "nothing_available"
    assert here.loan(loan).renewals == 0


def test_over_http_the_same_rules_and_a_repeat_is_told_the_same(here: World) -> None:
    _, loan = out(here)
    with pytest.raises(Refusal) as early:
        renew_loan.handle(asked("early", at=here.now), loan)
    assert early.value.says == "not_renewable.too_early"
    here.now = DUE
    for _ in range(2):
        assert renew_loan.handle(asked("op-1", at=here.now), loan).renewals == 1
    assert here.loan(loan).renewals == 1
    with pytest.raises(NotFound):
        renew_loan.handle(asked("op-2", by=ELSEWHERE, at=here.now), loan)


def test_what_is_called_back_is_due_sooner_and_its_holder_is_told_once(here: World) -> None:
    hq, loan = out(here)
    for _ in range(2):
        assert called_back(here, loan, reason="needed at the dock").due_at == here.now + HOUR
    (notice,) = here.notices()
    assert (notice.step, notice.recipient, notice.due_version) == ("recall", "p-1", 2)
    held = here.person().holdings[loan]
    assert (held.until, held.renew_from) == (here.now + HOUR, None)
    with pytest.raises(Conflict) as again:
        called_back(here, loan, op="recall-2")
    assert again.value.code == "already_recalled"
    here.later(minutes=30)
    assert offered(hq) == []  # it opens at once for the return: nothing else is on offer


def test_a_loan_is_called_back_by_who_looks_after_it_only(here: World) -> None:
    _, loan = out(here)
    with pytest.raises(NotFound):
        recall_loan.handle(asked("op", by=ELSEWHERE, at=here.now), loan, reason=None)


def test_renewed_first_and_called_back_then_or_the_other_way_round(here: World) -> None:
    """Whichever comes first, a loan that was called back is due no later than the notice says."""
    _, loan = out(here, renewals=Renewals(max=5))
    longer = renew_loan.handle(asked("renew-1", at=here.now), loan)
    back = called_back(here, loan)
    assert (longer.due_at, back.due_at, back.renewals) == (
        DUE + timedelta(minutes=5) * 0 + 8 * HOUR,
        here.now + HOUR,
        1,
    )
    with pytest.raises(Refusal):
        renew_loan.handle(asked("renew-2", at=here.now), loan)


def _asked(here: World) -> Asked:
    return asked(ulid(), at=here.now)


def test_a_return_and_a_renewal_at_the_same_moment_leave_a_closed_loan(here: World) -> None:
    hq, loan = out(here, renewals=Renewals(max=5))
    opened = hq.choose(hq.tap(), f"return:{loan}")
    renew_loan.handle(_asked(here), loan)
    hq.does(opened, "closed", tags=["E2000001"])
    assert (here.loan(loan).state, here.loan(loan).renewals) == ("closed", 1)
    with pytest.raises(Conflict):
        renew_loan.handle(_asked(here), loan)
