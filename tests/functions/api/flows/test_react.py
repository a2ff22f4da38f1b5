"""What is pressed is done once, by the flow there is for it, under the rights of who pressed it, and is on record."""

from datetime import timedelta
from itertools import product

import pytest

from chalicelib.flows import tell_copies
from chalicelib.flows.react import RIGHTS, react
from tests.support.admins import ADMIN, ELSEWHERE, SUPERVISOR
from tests.support.outcomes import lend
from tests.support.workplace import FALLBACK, NOW, ORG, person, put_person, rules, site
from tests.support.world import World
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.doors import QUARANTINED
from toolcrib.domain.loans import LoanState, Quiet
from toolcrib.domain.notices import Notice, NoticeState, Posted
from toolcrib.domain.policies import Renewals, Step, To, Via
from toolcrib.domain.principals import Principal, Role
from toolcrib.domain.reactions import ANSWERS, LATER, Reaction
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import LostRace
from toolcrib.domain.states import State
from toolcrib.flows import sweep
from toolcrib.store import mapping
from toolcrib.store.ledger import AgreedItem
from toolcrib.store.notices import load_notice, save_notice
from toolcrib.store.said import note
from toolcrib.store.scan import scan_agreed
from toolcrib.store.tables import connection

HOUR = timedelta(hours=1)
DUE = NOW + 8 * HOUR
HOLDER = Principal(subject="sub-p1", org=ORG, role=Role.SELF, person="p-1")
OTHER = Principal(subject="sub-p2", org=ORG, role=Role.SELF, person="p-2")
AUDITOR = Principal(subject="sub-auditor", org=ORG, role=Role.AUDITOR)
POLICY = replace(
    FALLBACK,
    renewals=Renewals(max=1),
    ladder=(Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK), Step(offset=HOUR, to=To.SUPERVISOR, via=Via.SLACK)),
)


def put(notice: Notice) -> Notice:
    connection()
    mapping.notice_item(ORG, notice).save()
    return notice


def to_holder(loan: str, **more: object) -> Notice:
    given = {"id": "n-1", "loan": loan, "site": "hq", "due_version": 1, "step": "PT0S", "to": To.HOLDER}
    return Notice(**{**given, "recipient": "p-1", "via": Via.SLACK, "due_at": DUE, **more})  # type: ignore[arg-type]


def to_supervisor(loan: str, **more: object) -> Notice:
    return to_holder(loan, **{"id": "n-2", "to": To.SUPERVISOR, "recipient": "p-9", **more})


def late(here: World) -> str:
    rules(POLICY, site(supervisors=("p-9",)))
    _, loan = lend(here)
    put_person(person(9))
    put(to_holder(loan))
    put(to_supervisor(loan))
    here.now = DUE
    return loan


def everything(here: World) -> list[object]:
    return [item.attribute_values for item in sorted(here.items(), key=lambda item: (item.pk, item.sk))]


def about_door(here: World) -> None:
    late(here)
    case = Case(id="c-1", kind=CaseKind.JAMMED, opened_at=NOW, site="hq", bank="hq-01", door=2, asset="drill-1")
    mapping.case_item(ORG, case).save()
    put(replace(to_supervisor("", id="n-3", due_version=None), loan=None, case="c-1"))


def test_an_acknowledgement_is_on_the_notice_the_loan_and_the_ledger(here: World) -> None:
    loan = late(here)
    done = react(SUPERVISOR, "n-2", Reaction.ACKNOWLEDGE, op="op-1", now=DUE)

    assert (done.done, done.code, done.facts) == (True, "acknowledge", {"until": DUE + 24 * HOUR})
    assert here.loan(loan).quiet == Quiet(until=DUE + 24 * HOUR)
    acted = load_notice(ORG, "n-2").acted
    assert acted is not None
    assert (acted.by, acted.at) == ("sub-supervisor", DUE)
    said: list[AgreedItem] = list(scan_agreed())
    assert [(each.said, each.by, each.about) for each in said] == [("acknowledge", "sub-supervisor", "n-2.op-1")]


def test_a_snooze_tells_again_in_an_hour_and_not_before(here: World) -> None:
    late(here)
    assert react(HOLDER, "n-1", Reaction.SNOOZE_HOUR, op="op-1", now=DUE).done
    again = next(each for each in here.notices() if each.hold_until is not None)
    sweep.handle(now=DUE + HOUR - timedelta(seconds=1), time_left_s=lambda: 60.0)
    assert load_notice(ORG, again.id).hold_until == DUE + HOUR
    sweep.handle(now=DUE + HOUR, time_left_s=lambda: 60.0)
    woken = load_notice(ORG, again.id)
    assert (woken.hold_until, woken.state, woken.recipient) == (None, NoticeState.PENDING, "p-1")


@pytest.mark.parametrize("reaction", [*LATER, Reaction.EXTEND, Reaction.CASE])
def test_a_repeat_does_nothing_more_and_says_the_same(here: World, reaction: Reaction) -> None:
    loan = late(here)
    first = react(HOLDER, "n-1", reaction, op="op-1", now=DUE)
    before = (here.loan(loan), load_notice(ORG, "n-1"), here.cases())

    assert first.done
    assert react(HOLDER, "n-1", reaction, op="op-1", now=DUE + timedelta(seconds=30)) == first
    assert (here.loan(loan), load_notice(ORG, "n-1"), here.cases()) == before


def several_told(here: World) -> str:
    """The supervisor, a colleague and the channel were told, and the holder; all of it is out in Slack."""
    loan = late(here)
    copies = [("n-7", To.SUPERVISOR, "p-8"), ("n-8", To.CHANNEL, "#tool-room")]
    said = [to_holder(loan), to_supervisor(loan)]
    said += [to_supervisor(loan, id=name, to=to, recipient=who) for name, to, who in copies]
    for number, notice in enumerate(said):
        put(replace(notice, state=NoticeState.SENT, posted=Posted(channel=f"C{number}", ts="1.0")))
        note(ORG, loan, notice.id, DUE)
    return loan


@pytest.mark.parametrize("reaction", [*LATER, Reaction.REMIND, Reaction.LOST, Reaction.CASE])
def test_the_other_copies_say_who_did_what(here: World, reaction: Reaction) -> None:
    several_told(here)
    react(SUPERVISOR, "n-2", reaction, op="op-1", now=DUE)
    pressed = load_notice(ORG, "n-2")
    assert pressed.acted is not None
    for name in ("n-7", "n-8"):
        copy = load_notice(ORG, name)
        assert (copy.acted, copy.outdated_at, copy.state) == (pressed.acted, DUE, NoticeState.SENT)
    assert load_notice(ORG, "n-1").acted is None


def test_of_a_case_the_other_copies_say_who_closed_the_door(here: World) -> None:
    about_door(here)
    case = load_notice(ORG, "n-3")
    put(replace(case, id="n-9", recipient="p-8", state=NoticeState.SENT, posted=Posted(channel="C1", ts="1.0")))
    for name in ("n-3", "n-9"):
        note(ORG, "c-1", name, DUE)
    assert react(SUPERVISOR, "n-3", Reaction.QUARANTINE, op="op-1", now=DUE).done
    assert load_notice(ORG, "n-9").acted == load_notice(ORG, "n-3").acted is not None


def test_a_holders_word_is_not_told_to_those_who_look_after_them(here: World) -> None:
    several_told(here)
    react(HOLDER, "n-1", Reaction.ACKNOWLEDGE, op="op-1", now=DUE)
    assert [load_notice(ORG, name).acted for name in ("n-2", "n-7", "n-8")] == [None] * 3


def test_a_repeat_tells_whom_the_first_try_did_not_reach_and_nobody_twice(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    several_told(here)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr(tell_copies, "_mark", dies)
        with pytest.raises(KeyboardInterrupt):
            react(SUPERVISOR, "n-2", Reaction.ACKNOWLEDGE, op="op-1", now=DUE)
    assert load_notice(ORG, "n-8").acted is None
    react(SUPERVISOR, "n-2", Reaction.ACKNOWLEDGE, op="op-1", now=DUE)
    marked = load_notice(ORG, "n-8")
    assert marked.acted is not None
    react(SUPERVISOR, "n-2", Reaction.ACKNOWLEDGE, op="op-1", now=DUE)
    assert load_notice(ORG, "n-8") == marked


def test_a_copy_that_others_write_all_the_time_holds_nobody_up(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    several_told(here)

    def busy(org: str, notice: Notice) -> None:
        if notice.id == "n-7":
            raise LostRace(detail="another one")
        save_notice(org, notice)

    monkeypatch.setattr(tell_copies, "save_notice", busy)
    assert react(SUPERVISOR, "n-2", Reaction.ACKNOWLEDGE, op="op-1", now=DUE).done
    assert [load_notice(ORG, name).acted is not None for name in ("n-7", "n-8")] == [False, True]


def test_telling_the_others_moves_no_thing(here: World) -> None:
    loan = several_told(here)
    before = (here.asset(), here.events())
    react(SUPERVISOR, "n-2", Reaction.ACKNOWLEDGE, op="op-1", now=DUE)
    assert (here.asset(), here.events()) == before
    assert here.loan(loan).state is LoanState.OPEN


def test_a_holder_keeps_it_longer_once_a_due_time(here: World) -> None:
    loan = late(here)
    done = react(HOLDER, "n-1", Reaction.EXTEND, op="op-1", now=DUE)

    assert (done.code, done.facts) == ("extend", {"due": here.loan(loan).due_at})
    assert here.loan(loan).due_at > DUE
    assert react(HOLDER, "n-1", Reaction.EXTEND, op="op-2", now=DUE).code == "not_offered"


def test_a_supervisor_reminds_the_holder_now(here: World) -> None:
    loan = late(here)
    assert react(SUPERVISOR, "n-2", Reaction.REMIND, op="op-1", now=DUE).done
    new = [each for each in here.notices() if each.step == "remind"]
    assert [(each.loan, each.recipient, each.to, each.due_at) for each in new] == [(loan, "p-1", To.HOLDER, DUE)]


def test_a_supervisor_gives_a_thing_up(here: World) -> None:
    loan = late(here)
    assert react(SUPERVISOR, "n-2", Reaction.LOST, op="op-1", now=DUE).done
    assert (here.asset().state, here.loan(loan).lost_at) == (State.LOST, DUE)
    assert react(SUPERVISOR, "n-2", Reaction.LOST, op="op-1", now=DUE).done
    assert not react(SUPERVISOR, "n-2", Reaction.LOST, op="op-2", now=DUE).done


def test_somebody_says_that_something_is_wrong(here: World) -> None:
    late(here)
    assert react(HOLDER, "n-1", Reaction.CASE, op="op-1", now=DUE).done
    assert [case.kind for case in here.cases()] == [CaseKind.DISPUTED]


def test_a_door_in_trouble_is_closed_and_the_case_remembers_who_saw_to_it(here: World) -> None:
    about_door(here)
    assert react(SUPERVISOR, "n-3", Reaction.QUARANTINE, op="op-1", now=DUE).done
    assert here.door(2).unlendable == QUARANTINED
    assert react(SUPERVISOR, "n-3", Reaction.ACKNOWLEDGE, op="op-2", now=DUE).done
    history = next(case for case in here.cases() if case.id == "c-1").history
    assert [(entry.what, entry.by) for entry in history] == [("acknowledge", "sub-supervisor")]


@pytest.mark.parametrize("who", [ELSEWHERE, OTHER, AUDITOR], ids=["another site", "another holder", "auditor"])
def test_whoever_has_no_right_changes_nothing(here: World, who: Principal) -> None:
    about_door(here)
    before = everything(here)

    for reaction, notice in product(Reaction, ("n-1", "n-2", "n-3")):
        answer = react(who, notice, reaction, op="op-1", now=DUE)
        assert (answer.done, answer.code in {"not_found", "not_allowed"}) == (False, True), (reaction, notice)
    assert everything(here) == before


@pytest.mark.parametrize("reaction", [Reaction.REMIND, Reaction.LOST, Reaction.QUARANTINE])
def test_a_holder_does_not_do_what_is_a_supervisors(here: World, reaction: Reaction) -> None:
    late(here)
    assert react(HOLDER, "n-1", reaction, op="op-1", now=DUE).code == "not_allowed"


@pytest.mark.parametrize("reaction", [*LATER, *ANSWERS, Reaction.EXTEND, Reaction.REMIND])
def test_what_is_over_is_not_acted_upon(here: World, reaction: Reaction) -> None:
    loan = late(here)
    connection()
    mapping.loan_item(ORG, replace(here.loan(loan), due_version=2)).save()
    assert react(ADMIN, "n-1", reaction, op="op-1", now=DUE).code == "not_offered"


def test_every_reaction_has_its_rights() -> None:
    assert set(RIGHTS) == set(Reaction)
