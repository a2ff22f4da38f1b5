"""What a fault report at a bank belongs to, and where its photo goes."""

import base64
import json
from typing import Any

import pytest

from tests.support.banks import FakeBank
from tests.support.outcomes import TAG, beside, lend, stage
from tests.support.workplace import OTHER_TOKEN, bank, drill, person
from tests.support.world import World
from toolcrib.domain.cases import Case, CaseKind
from toolcrib.domain.doors import Mode


def reported(here: World, hq: FakeBank, **more: Any) -> Case:
    """Report a fault; returns its case."""
    known = {case.id for case in here.cases()}
    (heard,) = hq.send(hq.report("fault", **{"severity": "minor", "asset": "drill-1", **more}))
    assert heard.kind == "ack"
    (case,) = [case for case in here.cases() if case.id not in known]
    return case


def bound(case: Case) -> tuple[str | None, str | None, str | None, str | None]:
    return case.person, case.loan, case.grant, case.asset


def test_a_fault_that_names_the_grant_of_a_take_belongs_to_its_loan(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    assert bound(reported(here, hq, grant=opened.grant)) == ("p-1", opened.grant, opened.grant, "drill-1")
    hq.does(opened, "closed", tags=[])
    here.later(minutes=1)
    assert bound(reported(here, hq, grant=opened.grant, asset=None)) == ("p-1", opened.grant, opened.grant, "drill-1")


def test_a_fault_that_names_the_grant_of_a_return_belongs_to_its_loan_however_late_it_comes(here: World) -> None:
    hq, loan = lend(here)
    opened = hq.tap()
    assert bound(reported(here, hq, grant=opened.grant)) == ("p-1", loan, opened.grant, "drill-1")
    hq.does(opened, "closed", tags=[TAG])
    here.later(minutes=10)
    hq.does(hq.tap(), "closed", tags=[])  # its door has moved on
    assert bound(reported(here, hq, grant=opened.grant, asset=None)) == ("p-1", loan, opened.grant, "drill-1")


def test_a_fault_that_names_a_running_session_belongs_to_whoever_it_is(here: World) -> None:
    hq, loan = lend(here, mode=Mode.KIOSK)
    here.meet(person(2), OTHER_TOKEN)
    hq.does(hq.tap(), "closed", tags=[TAG])
    here.later(minutes=5)
    here.place(bank(id="hq-02", mode=Mode.KIOSK), stowed={1: drill(2)})
    session = here.bank("hq-02").tap(OTHER_TOKEN)
    assert session.kind == "open"
    taken = here.bank("hq-02")
    taken.does(session, "closed", tags=[])
    here.later(seconds=10)
    shown = hq.tap(OTHER_TOKEN)
    assert shown.kind == "session"
    token = shown.body["session"]
    assert bound(reported(here, hq, session=token)) == ("p-2", None, None, "drill-1")
    assert bound(reported(here, hq, session=token, asset="drill-2")) == ("p-2", session.grant, None, "drill-2")
    assert loan != session.grant


def test_a_session_leads_to_the_grant_its_person_has_for_the_thing(here: World) -> None:
    hq, loan = lend(here, mode=Mode.KIOSK)
    here.place(bank(id="hq-02"), stowed={1: drill(2)})
    here.later(minutes=1)
    beside(here, drill(3), number=2)
    shown = hq.tap()
    assert shown.kind == "session"
    opened = hq.choose(shown, f"return:{loan}")
    assert bound(reported(here, hq, session=shown.body["session"])) == ("p-1", loan, opened.grant, "drill-1")


@pytest.mark.parametrize(
    "named",
    [
        {"grant": "nobodys"},
        {"grant": "x.nobodys"},
        {"session": "rubbish"},
    ],
)
def test_what_binds_nothing_is_kept_all_the_same(here: World, named: dict[str, str]) -> None:
    hq = stage(here)
    hq.tap()
    case = reported(here, hq, severity="critical", **named)
    assert bound(case) == (None, None, None, "drill-1")
    assert str(here.asset().condition) == "critical"


def test_a_grant_of_another_bank_or_about_another_thing_binds_nothing(here: World) -> None:
    _, loan = lend(here)
    other = here.place(bank(id="hq-02"), stowed={1: drill(2)})
    assert bound(reported(here, other, grant=loan)) == (None, None, None, "drill-1")
    assert bound(reported(here, here.bank("hq-01"), grant=loan, asset="drill-2")) == (None, None, None, "drill-2")


def test_a_session_that_is_over_or_of_another_bank_binds_nothing(here: World) -> None:
    hq, _ = lend(here, mode=Mode.KIOSK)
    beside(here, drill(3), number=2)
    token = hq.tap().body["session"]
    other = here.place(bank(id="hq-02"), stowed={1: drill(2)})
    assert bound(reported(here, other, session=token)) == (None, None, None, "drill-1")
    here.later(seconds=121)
    assert bound(reported(here, hq, session=token)) == (None, None, None, "drill-1")


def test_a_report_that_was_written_while_its_session_ran_is_bound_though_it_comes_later(here: World) -> None:
    hq, loan = lend(here, mode=Mode.KIOSK)
    beside(here, drill(3), number=2)
    report = hq.report("fault", severity="minor", asset="drill-1", session=hq.tap().body["session"])
    here.later(minutes=30)
    hq.send(report)
    (case,) = here.cases()
    assert (case.person, case.loan) == ("p-1", loan)


def test_answers_of_a_report_stay_in_its_case(here: World) -> None:
    case = reported(here, stage(here), answers={"guard": False, "note": "loose", "turns": 3, "none": None})
    assert case.answers == {"guard": False, "note": "loose", "turns": 3}


def test_a_bank_is_told_where_a_photo_goes_and_a_repeat_is_told_the_same_place(here: World) -> None:
    hq = stage(here)
    report = hq.report("fault", severity="minor", asset="drill-1", photo=True, photo_type="image/webp")
    first, second = hq.send(report), hq.repeat(report)
    assert [each.kind for each in first] == ["ack", "notice"]
    assert (first[1].code, first[1].body["re"]) == ("photo_wanted", report.body["id"])
    (case,) = here.cases()
    keys = [heard[1].body["upload"]["fields"]["key"] for heard in (first, second)]
    assert keys[0] == keys[1]
    assert keys[0].startswith(f"acme/{case.id}/")
    policy = json.loads(base64.b64decode(first[1].body["upload"]["fields"]["policy"]))
    assert {"Content-Type": "image/webp"} in policy["conditions"]
    assert len(json.dumps(first[1].body)) < 8192


def test_without_a_photo_the_bank_is_told_no_more_than_before(here: World) -> None:
    hq = stage(here)
    (heard,) = hq.send(hq.report("fault", severity="minor", door=1))
    assert (heard.kind, [case.kind for case in here.cases()]) == ("ack", [CaseKind.FAULT])
