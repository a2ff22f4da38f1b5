import json
from typing import Any

import pytest

from edge.actions import Forgotten, Send, Survey
from edge.bank import STATUS_EVERY_MS, TIME_EVERY_MS, Chance
from edge.drivers.base import Observation
from edge.uploads import AlarmKind, FaultReport, Severity
from tests.edge.rig import CLOUD_MS, Rig, only, ready, sign


def seqs(actions: list[Any]) -> list[tuple[int, int]]:
    sends = [json.loads(send.payload) for send in only(actions, Send)]
    return [(send["boot"], send["seq"]) for send in sends if "seq" in send]


def test_at_boot_a_bank_asks_for_the_time_and_sends_its_status() -> None:
    rig = Rig()
    rig.seen[2] = Observation(is_open=True, present=True, tags=("AB",))
    rig.seen[4] = Observation(is_open=False, fault=True)
    actions = rig.boot()
    (time,) = rig.sent(actions, "time")
    (status,) = rig.sent(actions, "status")
    assert time["nonce"]
    assert status["doors"] == {"1": "closed", "2": "open", "3": "closed", "4": "fault"}
    assert status["tags"] == {"1": [], "2": None, "3": [], "4": None}
    assert (status["part"], status["parts"], status["uptime_s"], status["boot"]) == (1, 1, 0, 1)


def test_a_status_does_not_count_itself_in_the_depth_it_tells() -> None:
    rig = ready()
    (status,) = rig.sent(rig.wait(301), "status")[:1]
    assert status["journal_depth"] == 0


def test_a_status_comes_every_five_minutes_and_not_while_disconnected() -> None:
    rig = ready()
    count = 0
    for _ in range(3):
        actions = rig.wait(STATUS_EVERY_MS / 1000)
        count += len(only(actions, Survey))
        rig.ack(actions)
    assert count == 3
    rig.bank.on_disconnected(rig.now())
    assert only(rig.wait(3_600), Survey) == []


def test_a_reconnect_sends_a_status_unless_a_young_one_is_still_to_be_acknowledged() -> None:
    rig = ready()
    rig.bank.on_disconnected(rig.now())
    reconnected = rig.connect()
    assert len(only(reconnected, Survey)) == 1
    rig.bank.on_disconnected(rig.now())
    again = rig.connect()
    assert only(again, Survey) == []
    assert len(rig.sent(again, "status")) == 1


def test_the_time_is_asked_again_until_it_is_answered_and_then_hourly() -> None:
    rig = Rig()
    rig.boot(dated=False)
    assert [len(rig.sent(rig.wait(seconds), "time")) for seconds in (5, 10, 20, 60, 60)] == [1, 1, 1, 1, 1]
    actions = rig.wait(60)
    rig.ack(actions)
    rig.date(actions)
    assert rig.sent(rig.wait(TIME_EVERY_MS / 1000 - 1), "time") == []
    assert len(rig.sent(rig.wait(1), "time")) == 1


@pytest.mark.parametrize(
    "token",
    [
        "garbage",
        sign({"nonce": "x", "now": CLOUD_MS}),
        sign({"nonce": "x", "now": -1}),
        sign({"nonce": "x"}),
        sign({"nonce": "x", "now": CLOUD_MS}, key=bytes(32)),
    ],
)
def test_a_time_that_is_forged_or_was_not_asked_for_sets_nothing(token: str) -> None:
    rig = Rig()
    rig.boot(dated=False)
    rig.down("time", time=token)
    assert not rig.bank.base.trusted


def test_the_time_is_unknown_again_after_a_reboot() -> None:
    rig = ready()
    assert rig.bank.base.trusted
    rig.boot(dated=False)
    assert not rig.bank.base.trusted


def test_reports_are_numbered_without_a_gap_within_a_boot() -> None:
    rig = Rig()
    rig.boot()
    rig.bank.on_alarm(AlarmKind.TAMPER, rig.now())
    rig.move(2, is_open=True)
    rig.boot()
    rig.move(3, is_open=True)
    numbered = sorted(set(seqs(rig.all)))
    assert numbered == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]


def test_a_report_is_repeated_as_it_was_with_a_grown_age_until_it_is_acknowledged() -> None:
    rig = ready()
    first = rig.sent(rig.bank.on_alarm(AlarmKind.TAMPER, rig.now()), "alarm")[0]
    repeats = rig.sent(rig.wait(20), "alarm")
    assert len(repeats) == 2
    assert all(repeat | {"age_ms": 0} == first for repeat in repeats)
    assert [repeat["age_ms"] for repeat in repeats] == [5_000, 15_000]
    (forgotten,) = only(rig.down("ack", re=None, ids=[first["id"]]), Forgotten)
    assert forgotten == Forgotten(ids=(first["id"],), rejected={})
    assert rig.sent(rig.wait(250), "alarm") == []


def test_a_rejected_report_is_forgotten_too() -> None:
    rig = ready()
    sent = rig.sent(rig.bank.on_alarm(AlarmKind.TAMPER, rig.now()), "alarm")[0]
    (forgotten,) = only(rig.down("ack", re=None, ids=[], rejected=[{"id": sent["id"], "code": "bad"}]), Forgotten)
    assert forgotten.rejected == {sent["id"]: "bad"}
    assert rig.journal.depth() == 0


def test_an_empty_ack_changes_nothing() -> None:
    assert ready().down("ack", re=None) == []


def test_reports_wait_in_the_journal_while_disconnected_and_go_out_in_order() -> None:
    rig = ready()
    rig.bank.on_disconnected(rig.now())
    rig.move(2, is_open=True)
    rig.wait(600)
    rig.bank.on_alarm(AlarmKind.TAMPER, rig.now())
    rig.wait(600)
    actions = rig.connect()
    kinds = [send.kind for send in only(actions, Send)]
    assert kinds == ["time", "door", "alarm", "status"]
    assert rig.sent(actions, "door")[0]["age_ms"] == 1_200_000
    assert rig.sent(actions, "status")[0]["journal_depth"] == 2


def test_a_long_backlog_drains_completely_in_batches() -> None:
    rig = ready()
    rig.bank.on_disconnected(rig.now())
    for _ in range(100):
        rig.bank.on_alarm(AlarmKind.TAMPER, rig.now())
    actions = rig.connect()
    rig.ack(actions)
    for _ in range(20):
        actions = rig.wait(1)
        rig.ack(actions)
    assert rig.journal.depth() == 0


def test_reports_of_an_earlier_boot_wait_for_the_time_and_then_tell_their_true_age() -> None:
    rig = ready()
    rig.bank.on_disconnected(rig.now())
    rig.bank.on_alarm(AlarmKind.TAMPER, rig.now())
    rig.wait(3_600)
    booted = rig.boot(dated=False)
    assert rig.sent(booted, "alarm") == []
    (alarm,) = rig.sent(rig.date(booted), "alarm")
    assert (alarm["boot"], alarm["age_ms"] // 1000) == (1, 3_600)


def test_a_report_of_a_boot_that_never_knew_the_time_is_as_old_as_this_boot_at_least() -> None:
    rig = Rig()
    rig.boot(connect=False)
    rig.bank.on_alarm(AlarmKind.TAMPER, rig.now())
    rig.wait(100)
    rig.boot(connect=False)
    rig.wait(7)
    actions = rig.connect()
    (alarm,) = rig.sent(rig.date(actions), "alarm")
    assert (alarm["boot"], alarm["age_ms"] // 1000) == (1, 7)


def test_reports_made_before_the_time_was_known_keep_their_age_over_a_reboot() -> None:
    rig = Rig()
    rig.boot(connect=False)
    rig.bank.on_alarm(AlarmKind.TAMPER, rig.now())
    rig.wait(100)
    rig.date(rig.connect())
    rig.wait(100)
    (alarm,) = rig.sent(rig.boot(), "alarm")
    assert alarm["age_ms"] // 1000 == 200


def test_alarms_and_faults_are_reports() -> None:
    rig = ready()
    (alarm,) = rig.sent(rig.bank.on_alarm(AlarmKind.POWER_LOST, rig.now()), "alarm")
    fault = FaultReport(severity=Severity.CRITICAL, door=3, text="smells")
    (told,) = rig.sent(rig.bank.on_fault(fault, rig.now()), "fault")
    assert (alarm["kind"], alarm["seq"]) == ("power_lost", 2)
    assert (told["severity"], told["door"], told["photo"], told["seq"]) == ("critical", 3, False, 3)
    assert "asset" not in told


def test_a_depth_counts_the_used_grant_until_its_story_is_acknowledged() -> None:
    rig = ready()
    rig.tap_and_open()
    assert rig.journal.depth() == 1
    rig.ack(rig.move(3, is_open=True))
    assert rig.journal.depth() == 1
    rig.ack(rig.move(3, is_open=False))
    assert rig.journal.depth() == 0


@pytest.mark.parametrize("kind", ["open", "session", "notice", "ack", "time", "roster", "fetch", "x"])
def test_noise_on_any_topic_changes_nothing(kind: str) -> None:
    rig = ready()
    assert rig.bank.on_message(kind, b"\x00garbage", rig.now()) == []


def test_a_jammed_door_is_faulty_in_the_status_until_it_opens_again() -> None:
    rig = ready()
    rig.tap_and_open()
    rig.bank.on_jammed(3, rig.now())
    assert rig.sent(rig.wait(301), "status")[-1]["doors"]["3"] == "fault"


def test_tags_are_told_of_a_door_whose_bolt_is_stuck_and_not_of_one_whose_sensors_are_not_to_be_trusted() -> None:
    rig = ready()
    rig.seen[2] = Observation(is_open=False, tags=("CD",), fault=True)
    rig.seen[3] = Observation(is_open=False, tags=("AB",))
    rig.tap_and_open()
    rig.bank.on_jammed(3, rig.now())
    status = rig.sent(rig.wait(301), "status")[-1]
    assert (status["doors"]["2"], status["tags"]["2"]) == ("fault", None)
    assert (status["doors"]["3"], status["tags"]["3"]) == ("fault", ["AB"])


def test_real_ids_and_nonces_are_not_repeated() -> None:
    chance = Chance()
    assert len({chance.new_id() for _ in range(100)}) == 100
    assert len({chance.new_nonce() for _ in range(100)}) == 100
    assert all(0 <= chance.jitter() < 1 for _ in range(100))


def test_a_bank_is_idle_while_nobody_waits_and_no_door_is_in_use() -> None:
    rig = ready()
    assert rig.bank.idle(rig.now())
    upload = rig.tap()
    assert not rig.bank.idle(rig.now())  # somebody waits for an answer
    rig.command(upload)
    assert not rig.bank.idle(rig.now())  # a door is unlocked
    rig.move(1, is_open=True)
    assert not rig.bank.idle(rig.now())


def test_a_bank_is_not_idle_while_a_session_may_be_chosen_from() -> None:
    rig = ready()
    rig.down("session", re=rig.tap(), session="s", person={"display": "M. L."}, options=[])
    assert not rig.bank.idle(rig.now())
    rig.wait(120)
    assert rig.bank.idle(rig.now())
