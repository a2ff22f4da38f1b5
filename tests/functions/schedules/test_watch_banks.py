"""Every five minutes: banks that fell silent, reports that never came (safety.md, I9)."""

import pytest

from chalicelib.schedules import watch_banks
from tests.support.banks import FakeBank
from tests.support.outcomes import stage
from tests.support.workplace import bank
from tests.support.world import World
from toolcrib.domain.doors import BankState

FINE = {"banks": 1, "silent": 0, "cases": 0, "excused": 0, "rooms": 0, "charges": 0}


def watch(here: World) -> dict[str, int]:
    return watch_banks.handle("acme", now=here.now)


def heard(here: World, hq: FakeBank, *, depth: int = 0) -> None:
    hq.send(hq.status({1: "closed"}, journal_depth=depth))


def test_a_bank_that_reports_is_fine(here: World) -> None:
    hq = stage(here)
    for _ in range(4):
        heard(here, hq)
        here.later(minutes=5)
        assert watch(here) == FINE


def test_a_bank_that_falls_silent_is_one_case_until_it_is_heard_again(here: World) -> None:
    hq = stage(here)
    heard(here, hq)
    here.later(minutes=11)
    assert watch(here) == FINE
    here.later(minutes=1)
    assert watch(here) == {"banks": 1, "silent": 1, "cases": 1, "excused": 0, "rooms": 0, "charges": 0}
    for _ in range(3):
        here.later(minutes=5)
        assert watch(here) == {"banks": 1, "silent": 1, "cases": 0, "excused": 0, "rooms": 0, "charges": 0}
    assert [case.kind for case in here.cases()] == ["silent_bank"]
    heard(here, hq)
    assert watch(here) == FINE
    here.later(minutes=12)
    watch(here)
    assert [case.kind for case in here.cases()] == ["silent_bank", "silent_bank"]


def test_an_old_report_that_comes_late_shows_that_the_bank_is_alive(here: World) -> None:
    hq = stage(here)
    old = hq.status({1: "closed"}, journal_depth=0)
    here.later(hours=2)
    hq.send(old)
    assert watch(here)["silent"] == 0


@pytest.mark.parametrize("state", [BankState.PLANNED, BankState.REVOKED])
def test_a_bank_that_is_not_in_service_is_not_missed(here: World, state: BankState) -> None:
    here.place(bank(state=state))
    here.later(days=1)
    assert watch(here) == {"banks": 0, "silent": 0, "cases": 0, "excused": 0, "rooms": 0, "charges": 0}


def test_a_bank_that_was_never_heard_is_not_silent_yet(here: World) -> None:
    stage(here)
    here.later(days=1)
    assert watch(here) == FINE


def test_a_report_that_never_came_is_a_case_that_names_it_once(here: World) -> None:
    hq = stage(here)
    heard(here, hq)
    hq.report("alarm", kind="power_back")  # 2: lost on its way
    lost = hq.journal.pop()
    heard(here, hq)
    watch(here)
    assert [(case.kind, case.detail) for case in here.cases()] == [
        ("sequence_gap", "1 reports missing (boot/number): 1/2")
    ]
    heard(here, hq)
    assert watch(here)["cases"] == 0
    assert lost.body["seq"] == 2


def test_reports_of_doors_alarms_and_faults_count_alike(here: World) -> None:
    hq = stage(here)
    heard(here, hq)
    opened = hq.tap()
    hq.does(opened, "opened")
    hq.does(opened, "closed", tags=[])
    hq.send(hq.report("alarm", kind="power_back"))
    hq.send(hq.report("fault", severity="minor", door=2))
    hq.does(None, "forced", door=9)
    heard(here, hq)
    assert watch(here) == FINE


def test_out_of_order_is_not_missing(here: World) -> None:
    hq = stage(here)
    reports = [hq.report("alarm", kind="power_back") for _ in range(4)]
    for report in reversed(reports):
        hq.send(report)
    assert watch(here) == FINE


def test_each_boot_is_numbered_from_one_and_its_first_report_is_missed_as_well(here: World) -> None:
    hq = stage(here)
    heard(here, hq)
    assert watch(here) == FINE
    hq.reboot()
    hq.report("alarm", kind="power_back")
    hq.journal.clear()
    heard(here, hq)
    watch(here)
    assert [case.detail for case in here.cases()] == ["1 reports missing (boot/number): 2/1"]


def test_what_was_looked_at_is_forgotten_and_a_bank_heard_meanwhile_is_looked_at_again(here: World) -> None:
    hq = stage(here)
    for _ in range(5):
        heard(here, hq)
        here.later(seconds=10)
    watch(here)
    assert here.bank_record().seqs == ()
    assert here.bank_record().checkpoint == (1, 5)
    assert here.dynamo is not None
    heard(here, hq)
    here.later(seconds=10)

    def hear(operation: str, _request: object) -> None:
        if operation == "UpdateItem":
            assert here.dynamo is not None
            here.dynamo.before.clear()
            heard(here, hq)

    here.dynamo.before.append(hear)
    watch(here)
    assert here.bank_record().checkpoint == (1, 5)
    watch(here)
    assert (here.bank_record().checkpoint, here.bank_record().seqs) == ((1, 7), ())
    assert here.cases() == []


def test_a_silent_bank_is_told_to_its_sites_people_at_once(here: World) -> None:
    here.site_has(supervisors=("p-1",), channel="#tools")
    hq = stage(here)
    heard(here, hq)
    here.later(minutes=12)
    watch(here)
    assert {(notice.recipient, notice.urgent) for notice in here.notices()} == {("#tools", True), ("p-1", True)}
