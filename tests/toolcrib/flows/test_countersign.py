"""Others countersign a return: it is never held up, and what is missing is a case (rules.md, row 13 and law 1)."""

from typing import Any

import pytest

from chalicelib.flows.admin import cases
from tests.support.admins import asked
from tests.support.banks import FakeBank
from tests.support.outcomes import beside, stage
from tests.support.workplace import CREW, FALLBACK, OTHER_TOKEN, drill, person, rules, site
from tests.support.world import Heard, World
from toolcrib.domain.cases import Case
from toolcrib.domain.doors import Mode
from toolcrib.domain.people import Group
from toolcrib.domain.policies import Authorisers, Moment
from toolcrib.domain.principals import Principal, Role
from toolcrib.domain.record import replace
from toolcrib.domain.refusals import Conflict
from toolcrib.store.ledger import AgreedItem
from toolcrib.store.tables import connection

THIRD = "1.-pnMU7FdXx7KBosQjy9OX9sYCdOAbc8IiTIxYfJ83wc"  # DEADBEEF
INSIDE = ["E2000001"]


def ask_for(count: int, group: str | None = None) -> None:
    on = (Moment.RETURN,)
    rules(replace(FALLBACK, authorisers=Authorisers(count=count, group=group, on=on)))


def agreed() -> list[tuple[str, str | None]]:
    connection()
    return sorted((item.said, item.by) for item in AgreedItem.scan(consistent_read=True))


@pytest.fixture
def hq(here: World) -> FakeBank:
    """An express bank, and a drill that is out on a loan whose return has to be countersigned."""
    rules(site(supervisors=("boss",)), CREW, Group(id="safety", name="Safety officers"))
    ask_for(1)
    here.meet(person(2), OTHER_TOKEN)
    here.meet(person(3, groups=("safety",)), THIRD)
    return stage(here)


def took(hq: FakeBank) -> Heard:
    taken = hq.tap()
    hq.does(taken, "closed", tags=[])
    hq.world.later(hours=1)
    return taken


def the_case(here: World) -> Case:
    (case,) = here.cases()
    assert case.kind == "countersignature"
    return case


def test_a_return_opens_and_closes_as_ever_and_what_is_missing_is_a_case(here: World, hq: FakeBank) -> None:
    loan = took(hq)
    back = hq.tap()
    assert back.claims["purpose"] == "return"
    heard = hq.does(back, "closed", tags=INSIDE)
    assert [each.code for each in heard if each.kind == "notice"] == ["returned"]
    assert here.loan(loan.grant).state == "closed"
    case = the_case(here)
    assert (case.state, case.loan, case.asset, case.person) == ("open", loan.grant, "drill-1", "p-1")


@pytest.mark.parametrize(("after_s", "answered"), [(0, True), (60, True), (61, False)])
def test_a_badge_within_a_minute_answers_it(here: World, hq: FakeBank, after_s: int, *, answered: bool) -> None:
    took(hq)
    hq.does(hq.tap(), "closed", tags=INSIDE)
    here.later(seconds=after_s)
    said = hq.tap(OTHER_TOKEN)
    assert (said.code == "countersigned") is answered
    case = the_case(here)
    assert (case.state, case.resolution) == (("resolved", "countersigned") if answered else ("open", None))
    assert agreed() == ([("countersigned", "p-2")] if answered else [])


def test_a_badge_while_the_door_is_in_use_answers_it_beforehand(here: World, hq: FakeBank) -> None:
    took(hq)
    back = hq.tap()
    assert hq.tap(OTHER_TOKEN).code == "countersigned"
    hq.does(back, "opened")
    hq.does(back, "closed", tags=INSIDE)
    assert here.cases() == []
    assert here.events()[-1].detail == {"authorisers": "p-2"}


def test_who_joined_the_session_has_countersigned_the_return(here: World) -> None:
    rules(site(), CREW)
    ask_for(1)
    here.meet(person(2), OTHER_TOKEN)
    kiosk = stage(here, mode=Mode.KIOSK, capacity=2)
    took(kiosk)
    rules(replace(FALLBACK, authorisers=Authorisers()))
    beside(here, drill(2), number=2)
    shown = kiosk.tap()
    assert shown.kind == "session"
    joined = kiosk.tap(OTHER_TOKEN, session=str(shown.body["session"]))
    option = next(each["option"] for each in joined.body["options"] if each["kind"] == "return")
    kiosk.does(kiosk.choose(joined, option), "closed", tags=INSIDE)
    assert here.cases() == []
    assert here.events()[-1].detail == {"authorisers": "p-2"}


@pytest.mark.parametrize(("after_s", "kind"), [(0, "notice"), (10, "notice"), (11, "open")])
def test_who_hears_no_answer_and_taps_again_asks_for_nothing_else(
    here: World, hq: FakeBank, after_s: int, kind: str
) -> None:
    """An express bank would open the very door whose return they have just countersigned."""
    took(hq)
    hq.does(hq.tap(), "closed", tags=INSIDE)
    hq.tap(OTHER_TOKEN)
    here.later(seconds=after_s)
    said = hq.tap(OTHER_TOKEN)
    assert (said.kind, said.code) == (kind, "countersigned" if kind == "notice" else None)
    assert agreed() == [("countersigned", "p-2")]


def test_so_it_is_while_the_door_is_in_use(here: World, hq: FakeBank) -> None:
    took(hq)
    beside(here, drill(2), number=2)
    hq.tap()
    for _ in range(2):
        assert hq.tap(OTHER_TOKEN).code == "countersigned"
    here.later(seconds=11)
    assert hq.tap(OTHER_TOKEN).claims["purpose"] == "take"


def test_never_who_brought_it(here: World, hq: FakeBank) -> None:
    took(hq)
    hq.does(hq.tap(), "closed", tags=INSIDE)
    assert hq.tap().code != "countersigned"
    assert the_case(here).state == "open"


@pytest.mark.parametrize(("token", "counts"), [(OTHER_TOKEN, False), (THIRD, True)])
def test_of_the_group_that_is_asked_for(here: World, hq: FakeBank, token: str, *, counts: bool) -> None:
    ask_for(1, "safety")
    took(hq)
    hq.does(hq.tap(), "closed", tags=INSIDE)
    assert (hq.tap(token).code == "countersigned") is counts


def test_two_where_two_are_asked_for(here: World, hq: FakeBank) -> None:
    ask_for(2)
    took(hq)
    hq.does(hq.tap(), "closed", tags=INSIDE)
    assert hq.tap(OTHER_TOKEN).code == "countersigned"
    assert the_case(here).state == "open"
    assert hq.tap(THIRD).code == "countersigned"
    assert the_case(here).state == "resolved"


def test_somebody_frozen_countersigns_nothing(here: World, hq: FakeBank) -> None:
    took(hq)
    hq.does(hq.tap(), "closed", tags=INSIDE)
    here.change_person(person(2, active=False))
    assert hq.tap(OTHER_TOKEN).code == "person_frozen"
    assert the_case(here).state == "open"


def test_a_loan_keeps_what_it_was_made_under(here: World, hq: FakeBank) -> None:
    took(hq)
    ask_for(0)
    hq.does(hq.tap(), "closed", tags=INSIDE)
    assert the_case(here).state == "open"
    hq.does(hq.tap(), "closed", tags=[])
    ask_for(1)
    here.later(hours=1)
    hq.does(hq.tap(), "closed", tags=INSIDE)
    assert len(here.cases()) == 1


def test_a_repeated_report_opens_no_second_case(here: World, hq: FakeBank) -> None:
    took(hq)
    back = hq.tap()
    report = hq.saw(back, "closed", tags=INSIDE)
    for _ in range(3):
        hq.repeat(report)
    assert the_case(here).version == 1


def test_the_supervisors_are_told_once_the_minute_is_over(here: World, hq: FakeBank) -> None:
    took(hq)
    hq.does(hq.tap(), "closed", tags=INSIDE)
    held = [notice for notice in here.notices() if notice.case]
    assert held
    assert all((notice.hold_until - here.now).total_seconds() == 60 for notice in held if notice.hold_until)


def resolving(here: World, who: str) -> Any:
    by = Principal(subject="s", org="acme", role=Role.SUPERVISOR, person=who, sites=("hq",))
    return cases.resolve(asked("r-9", by=by, at=here.now), the_case(here).id, "seen", None)


def test_later_somebody_else_resolves_it(here: World, hq: FakeBank) -> None:
    took(hq)
    hq.does(hq.tap(), "closed", tags=INSIDE)
    with pytest.raises(Conflict):
        resolving(here, "p-1")
    assert resolving(here, "p-2").state == "resolved"
