"""What a bank says besides its doors: status, alarms, faults, the time it asks for."""

from datetime import timedelta
from typing import Any

import jwt
import pytest

from tests.support.outcomes import TAG, lend, stage
from tests.support.tables import MASTER
from tests.support.workplace import ORG, OTHER_TOKEN, bank, person
from tests.support.world import World
from toolcrib.domain.doors import BankState
from toolcrib.send.signing import command_key
from toolcrib.store import mapping


def kinds(here: World) -> list[str]:
    return [str(case.kind) for case in here.cases()]


# --- status ---


def test_a_status_says_that_the_bank_is_alive_which_boot_it_is_and_what_software_runs(here: World) -> None:
    hq = stage(here)
    here.later(minutes=3)
    hq.reboot()
    hq.send(hq.status({1: "closed"}, firmware="1.4.0"))
    known = here.bank_record()
    assert (known.last_seen_at, known.boot, known.seqs) == (here.now, 2, ((2, 1),))
    assert known.firmware == "1.4.0"


def test_a_status_after_the_signature_ended_with_nothing_left_to_report_frees_the_door(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    here.later(seconds=32)
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    assert (here.grant().state, here.loan(opened.grant).state) == ("lapsed", "void")
    assert here.person().holdings == {}


@pytest.mark.parametrize(
    ("says", "seconds", "body"),
    [
        ("reports are still out", 60, {"journal_depth": 1}),
        ("it is from before the signature ended", 31, {"journal_depth": 0}),
        ("it was long under way", 90, {"journal_depth": 0, "age_ms": 60_000}),
    ],
)
def test_a_status_proves_no_disuse_when(here: World, says: str, seconds: int, body: dict[str, Any]) -> None:
    hq = stage(here)
    hq.tap()
    here.later(seconds=seconds)
    hq.send(hq.status({1: "closed"}, **body))
    assert here.grant().state == "issued", says


def test_the_first_status_of_a_new_boot_is_its_boot_report_and_proof_enough(here: World) -> None:
    hq = stage(here)
    hq.tap()
    here.later(minutes=2)
    hq.reboot()
    hq.send(hq.status({1: "closed"}, journal_depth=0))
    assert here.grant().state == "lapsed"


def test_a_status_in_parts_is_heard_part_by_part(here: World) -> None:
    hq = here.place(bank(), doors=20)
    for part, numbers in ((1, range(1, 17)), (2, range(17, 21))):
        heard = hq.send(hq.status(dict.fromkeys(numbers, "closed"), part=part, parts=2))
        assert [each.kind for each in heard] == ["ack"]


@pytest.mark.parametrize(("off_s", "said"), [(120, []), (-120, []), (121, ["clock_skew"]), (-3600, ["clock_skew"])])
def test_a_clock_that_is_more_than_two_minutes_off_is_a_case_once_a_boot_and_decides_nothing(
    here: World, off_s: int, said: list[str]
) -> None:
    hq = stage(here)
    for _ in range(3):
        off = (here.now + timedelta(seconds=off_s)).isoformat().replace("+00:00", "Z")
        hq.send(hq.status({1: "closed"}, at=off))
        here.later(minutes=5)
    assert kinds(here) == said
    loan = hq.tap()
    hq.does(loan, "closed", tags=[], at="2001-01-01T00:00:00Z")
    assert here.loan(loan.grant).taken_at == here.now


def test_a_late_status_of_an_older_boot_with_a_bad_clock_is_heard_without_a_second_case(here: World) -> None:
    hq = stage(here)
    first = hq.status({1: "closed"}, at="2001-01-01T00:00:00Z")
    hq.send(first)
    hq.reboot()
    hq.send(hq.status({1: "closed"}))
    again = hq.repeat(first)
    assert [each.kind for each in again] == ["ack"]
    assert kinds(here) == ["clock_skew"]


# --- alarms ---


@pytest.mark.parametrize(
    ("alarm", "case"),
    [
        ("tamper", ["tamper"]),
        ("power_lost", ["power"]),
        ("unknown_badge_burst", ["unknown_badges"]),
        ("power_back", []),
    ],
)
def test_an_alarm_is_a_case_once_and_power_back_is_good_news(here: World, alarm: str, case: list[str]) -> None:
    hq = stage(here)
    report = hq.report("alarm", kind=alarm)
    for _ in range(3):
        assert [each.kind for each in hq.repeat(report)] == ["ack"]
    assert kinds(here) == case
    assert here.bank_record().last_seen_at == here.now


# --- faults ---


def test_a_fault_is_a_case_with_what_the_person_wrote(here: World) -> None:
    hq = stage(here)
    report = hq.report("fault", severity="minor", asset="drill-1", text="it smells", answers={"smoke": False})
    for _ in range(2):
        assert [each.kind for each in hq.repeat(report)] == ["ack"]
    assert [(case.kind, case.asset, case.detail) for case in here.cases()] == [("fault", "drill-1", "minor: it smells")]
    assert here.door().unlendable is None


def test_a_critical_fault_of_a_door_quarantines_it_and_what_is_in_flight_there_goes_on(here: World) -> None:
    hq = stage(here)
    opened = hq.tap()
    hq.send(hq.report("fault", severity="critical", door=1))
    assert here.door().unlendable == "quarantined"
    hq.does(opened, "closed", tags=[])
    assert (here.asset().state, here.door().unlendable) == ("on_loan", "quarantined")


def test_a_fault_of_a_door_that_changes_at_the_same_moment_is_kept_all_the_same(here: World) -> None:
    hq = stage(here)
    fault = hq.report("fault", severity="critical", door=1)
    assert here.dynamo is not None

    def somebody_taps(operation: str, _request: object) -> None:
        if operation == "TransactWriteItems":
            assert here.dynamo is not None
            here.dynamo.before.clear()
            hq.tap()

    here.dynamo.before.append(somebody_taps)
    hq.send(fault)
    assert here.door().unlendable == "quarantined"
    assert here.grant().state == "issued"


@pytest.mark.parametrize(("about", "code"), [({"door": 9}, "unknown_door"), ({"asset": "nothing"}, "unknown_asset")])
def test_a_fault_of_what_is_not_there_is_rejected_and_kept(here: World, about: dict[str, Any], code: str) -> None:
    hq = stage(here)
    heard = hq.send(hq.report("fault", severity="minor", **about))
    assert heard[0].body["rejected"][0]["code"] == code
    assert kinds(here) == ["rejected_report"]


@pytest.mark.parametrize("kind", ["alarm", "fault", "status"])
def test_a_revoked_banks_reports_become_cases_and_lift_nothing(here: World, kind: str) -> None:
    hq, _ = lend(here)
    hq.tap()
    here.later(minutes=1)
    bodies: dict[str, dict[str, Any]] = {
        "alarm": {"kind": "tamper"},
        "fault": {"severity": "critical", "door": 1},
        "status": {"firmware": "1", "uptime_s": 1, "journal_depth": 0, "doors": {"1": "closed"}, "tags": {"1": [TAG]}},
    }
    report = hq.report(kind, **bodies[kind])
    here.revoke()
    before = here.asset()
    heard = hq.send(report)
    assert heard[0].body["rejected"][0]["code"] == "bank_revoked"
    assert here.asset() == before
    assert here.door().unlendable == "bank_revoked"
    assert kinds(here).count("revoked_bank") == 2


def test_a_revoked_bank_lends_nothing_even_after_it_is_enrolled_again_until_somebody_looked(here: World) -> None:
    hq = stage(here)
    here.revoke()
    mapping.bank_item(ORG, bank(generation=2)).save()
    assert hq.tap().code == "nothing_available"
    hq.send(hq.status({1: "closed"}, {1: [TAG]}))
    assert hq.tap().kind == "open"


# --- time ---


def test_the_time_is_told_signed_with_the_banks_key_and_the_nonce(here: World) -> None:
    hq = stage(here)
    told = hq.ask_time("nonce-67890")
    assert [each.kind for each in told] == ["time"]
    token = told[0].body["time"]
    key = command_key(bytes.fromhex(MASTER), org=ORG, bank="hq-01", generation=1)
    claims = jwt.decode(token, key, algorithms=["HS256"])
    assert claims == {"nonce": "nonce-67890", "now": round(here.now.timestamp() * 1000)}
    assert jwt.get_unverified_header(token)["kid"] == "1"


@pytest.mark.parametrize("state", [BankState.REVOKED, BankState.PLANNED])
def test_a_bank_without_standing_is_not_told_the_time(here: World, state: BankState) -> None:
    hq = here.place(bank(state=state))
    assert hq.ask_time() == []
    here.meet(person(2), OTHER_TOKEN)
    assert hq.tap(OTHER_TOKEN).code == "bank_revoked"
