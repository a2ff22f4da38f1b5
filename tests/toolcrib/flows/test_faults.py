"""A fault that a person reports at a bank, and what becomes of the thing: out of use, or lent with a warning."""

import pytest

from chalicelib.flows import move_asset
from tests.support.admins import asked
from tests.support.outcomes import TAG, lend, stage
from tests.support.world import World
from toolcrib.domain.doors import Mode
from toolcrib.domain.states import Move


def test_what_has_a_critical_fault_is_not_lent_until_it_is_repaired(here: World) -> None:
    hq = stage(here)
    hq.send(hq.report("fault", severity="critical", asset="drill-1", text="it sparks"))
    assert hq.tap().code == "faulty"
    case = here.asset().fault
    assert [(each.id, each.state) for each in here.cases()] == [(case, "open")]
    assert here.events() == [], "a fault moves nothing, and free text is in its case only"
    for number, move in enumerate((Move.SEND_TO_REPAIR, Move.REPAIRED)):
        move_asset.handle(asked(f"m-{number}", at=here.now), "drill-1", move, reason="fuse")
    assert [each.resolution for each in here.cases()] == ["repaired"]
    assert hq.tap().kind == "open"


def test_a_minor_fault_warns_the_next_taker(here: World) -> None:
    hq = stage(here, mode=Mode.KIOSK, capacity=2)
    hq.send(hq.report("fault", severity="minor", asset="drill-1"))
    assert hq.tap().kind == "open", "the one sensible thing is still done at once"
    assert str(here.asset().condition) == "minor"
    assert [str(content.condition) for content in here.door().contents] == ["minor"]


@pytest.mark.parametrize("order", [("critical", "minor"), ("minor", "critical"), ("critical", "critical")])
def test_the_worst_that_was_reported_counts_and_each_report_has_its_case(here: World, order: tuple[str, str]) -> None:
    hq = stage(here)
    for severity in order:
        hq.send(hq.report("fault", severity=severity, asset="drill-1"))
    assert str(here.asset().condition) == "critical"
    assert len(here.cases()) == 2


def test_a_thing_on_loan_stays_with_its_holder_and_is_not_lent_after_its_return(here: World) -> None:
    hq, loan = lend(here)
    hq.send(hq.report("fault", severity="critical", asset="drill-1"))
    assert (here.asset().state, here.loan(loan).state) == ("on_loan", "open")
    back = hq.tap()
    assert back.claims["purpose"] == "return", "a return is never refused"
    hq.does(back, "closed", tags=[TAG])
    assert here.asset().state == "stowed"
    assert hq.tap().code == "faulty"


def test_a_fault_that_is_reported_while_the_thing_is_being_taken_stays_on_record(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    hq.send(hq.report("fault", severity="critical", asset="drill-1"))
    hq.does(opened, "closed", tags=[TAG])
    assert here.asset().state == "stowed"
    assert hq.tap().code == "faulty"


def test_a_fault_of_a_thing_and_of_its_door_in_one_report(here: World) -> None:
    hq = stage(here)
    hq.send(hq.report("fault", severity="critical", asset="drill-1", door=1))
    assert (here.door().unlendable, str(here.door().contents[0].condition)) == ("quarantined", "critical")


def test_a_report_that_comes_again_changes_nothing_more(here: World) -> None:
    hq = stage(here)
    report = hq.report("fault", severity="critical", asset="drill-1")
    hq.send(report)
    before = here.asset()
    assert [each.kind for each in hq.repeat(report)] == ["ack"]
    assert here.asset() == before
    assert len(here.cases()) == 1
