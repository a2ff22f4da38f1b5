import sqlite3
from dataclasses import replace

import pytest

from edge.actions import Lock, Send, Sound
from edge.commands import Purpose
from edge.display import DONE, DOOR_JAMMED, DOOR_STUCK_OPEN, NOT_OPENED, TOO_LATE, Opening, please_close
from edge.drivers.base import Observation
from tests.edge.rig import BADGE_KEY, COMMAND_KEY, CONFIG, Rig, only, ready, sign

TAGGED = Observation(is_open=False, present=True, tags=("E2000000000000000000AA01",))


def reports(rig: Rig, actions: list[object]) -> list[tuple[int, str | None, str]]:
    return [(each["door"], each["grant"], each["outcome"]) for each in rig.sent(actions, "door")]  # type: ignore[arg-type]


def test_a_command_pulses_its_door_once_and_the_story_is_reported_to_its_end() -> None:
    rig = ready()
    rig.seen[3] = TAGGED
    opening = rig.tap_and_open()
    assert rig.pulses(opening) == [3]
    assert rig.screens(opening) == [Opening(door=3, purpose=Purpose.TAKE, grant="g1")]
    rig.wait(2)
    assert reports(rig, rig.move(3, is_open=True)) == [(3, "g1", "opened")]
    rig.wait(4)
    rig.seen[3] = replace(TAGGED, present=False, tags=())
    closing = rig.move(3, is_open=False)
    (closed,) = rig.sent(closing, "door")
    assert (closed["outcome"], closed["evidence"], closed["present"], closed["tags"]) == ("closed", "tags", False, [])
    assert (closed["opened_ms"], closed["closed_ms"], closed["age_ms"]) == (4_000, 0, 0)
    assert rig.screens(closing) == [DONE]


@pytest.mark.parametrize(
    ("seen", "evidence"),
    [
        (TAGGED, "tags"),
        (Observation(is_open=False, present=True), "presence"),
        (Observation(is_open=False), "door_only"),
        (Observation(is_open=False, fault=True), "door_only"),
    ],
)
def test_the_evidence_is_what_the_sensors_really_said(seen: Observation, evidence: str) -> None:
    rig = ready()
    rig.tap_and_open()
    rig.move(3, is_open=True)
    rig.seen[3] = seen
    (closed,) = rig.sent(rig.move(3, is_open=False), "door")
    assert (closed["evidence"], closed["present"]) == (evidence, seen.present)


def test_the_same_command_again_is_silence() -> None:
    rig = ready()
    upload = rig.tap()
    token = sign(rig.claims(upload))
    rig.down("open", re=upload, command=token)
    assert rig.down("open", re=upload, command=token) == []


def test_the_same_grant_signed_again_for_a_second_tap_opens_once() -> None:
    rig = ready()
    first, second = rig.tap(), rig.tap()
    assert rig.pulses(rig.command(second)) == [3]
    assert rig.pulses(rig.command(first)) == []


def test_an_answer_is_consumed_so_a_second_grant_for_the_same_tap_is_burnt() -> None:
    rig = ready()
    upload = rig.tap()
    rig.command(upload, jti="g1", door=3)
    second = rig.command(upload, jti="g2", door=4)
    assert rig.pulses(second) == []
    assert reports(rig, second) == [(4, "g2", "not_opened")]


def test_a_genuine_command_nobody_waits_for_is_burnt_and_reported_once() -> None:
    rig = ready()
    upload = rig.tap()
    rig.wait(31)
    late = rig.command(upload)
    assert rig.pulses(late) == []
    assert reports(rig, late) == [(3, "g1", "not_opened")]
    assert rig.command(rig.tap()) == []


def test_a_notice_consumes_the_tap_so_the_command_after_it_is_burnt() -> None:
    rig = ready()
    upload = rig.tap()
    rig.down("notice", re=upload, level="warn", code="door_busy", text="Busy.")
    assert reports(rig, rig.command(upload)) == [(3, "g1", "not_opened")]


def test_a_command_is_not_kept_for_a_bank_that_was_away() -> None:
    rig = ready()
    upload = rig.tap()
    token = sign(rig.claims(upload))
    rig.bank.on_disconnected(rig.now())
    rig.wait(31)
    rig.connect()
    assert rig.down("open", re=upload, command=token) == []


def test_a_remote_opening_needs_nobody_to_wait() -> None:
    rig = ready()
    assert rig.pulses(rig.command(None, purpose="service")) == [3]


def test_before_the_time_is_known_nothing_opens_and_the_person_may_tap_again() -> None:
    rig = Rig()
    actions = rig.boot(dated=False)
    refused = rig.tap_and_open()
    assert rig.pulses(refused) == []
    assert rig.screens(refused) == [TOO_LATE]
    rig.date(actions)
    assert rig.pulses(rig.tap_and_open()) == [3]


def test_a_forged_command_is_noise_and_leaves_the_person_waiting_for_the_genuine_one() -> None:
    rig = ready()
    upload = rig.tap()
    assert rig.down("open", re=upload, command=sign(rig.claims(upload), key=bytes(32))) == []
    assert rig.pulses(rig.command(upload)) == [3]


def test_a_door_that_stands_open_is_not_pulsed_and_the_grant_is_burnt() -> None:
    rig = ready()
    rig.move(3, is_open=True)
    actions = rig.tap_and_open()
    assert rig.pulses(actions) == []
    assert reports(rig, actions) == [(3, "g1", "not_opened")]
    assert rig.screens(actions) == [DOOR_STUCK_OPEN]


def test_nobody_opens_so_the_door_locks_and_says_so() -> None:
    rig = ready()
    rig.tap_and_open()
    actions = rig.wait(16)
    assert only(actions, Lock) == [Lock(door=3)]
    assert reports(rig, actions) == [(3, "g1", "not_opened")]
    assert NOT_OPENED in rig.screens(actions)


def test_a_door_left_open_is_reported_once_then_sounds_then_ends_with_closed() -> None:
    rig = ready()
    rig.tap_and_open()
    rig.ack(rig.move(3, is_open=True))
    actions = rig.wait(61)
    assert reports(rig, actions)[0] == (3, "g1", "left_open")
    assert rig.screens(actions) == [please_close(3)]
    rig.ack(actions)
    assert Sound(door=3, on=True) in rig.wait(61)
    assert reports(rig, rig.move(3, is_open=False)) == [(3, "g1", "closed")]


def test_a_jam_ends_the_grant_and_is_shown() -> None:
    rig = ready()
    rig.tap_and_open()
    actions = rig.bank.on_jammed(3, rig.now())
    assert reports(rig, actions) == [(3, "g1", "jammed")]
    assert rig.screens(actions) == [DOOR_JAMMED]
    assert rig.bank.on_jammed(3, rig.now()) == []


def test_a_forced_door_is_reported_and_its_closing_makes_a_status() -> None:
    rig = ready()
    opening = rig.move(2, is_open=True)
    assert reports(rig, opening) == [(2, None, "forced")]
    rig.wait(5)
    closing = rig.move(2, is_open=False)
    assert rig.sent(closing, "status")
    assert reports(rig, closing) == []


def test_a_sensor_of_no_door_is_ignored() -> None:
    rig = ready()
    assert rig.bank.on_moved(9, rig.now(), is_open=True) == []


@pytest.mark.parametrize("is_open", [False, True])
def test_a_boot_reports_every_used_grant_without_an_end_as_unresolved(is_open: bool) -> None:
    rig = ready()
    rig.tap_and_open()
    rig.move(3, is_open=True)
    rig.seen[3] = replace(TAGGED, is_open=is_open)
    actions = rig.boot()
    (unresolved,) = [each for each in rig.sent(actions, "door") if each["boot"] == 2]
    assert (unresolved["door"], unresolved["grant"], unresolved["outcome"]) == (3, "g1", "unresolved")
    assert (unresolved["evidence"], unresolved["tags"]) == ("tags", list(TAGGED.tags or ()))
    assert all(each["outcome"] != "forced" for each in rig.sent(actions, "door"))
    assert [each for each in rig.sent(rig.boot(), "door") if each["boot"] == 3] == []


def test_a_used_grant_stays_used_over_a_reboot() -> None:
    rig = ready()
    upload = rig.tap()
    rig.command(upload)
    rig.boot()
    assert rig.command(rig.tap()) == []


def test_after_a_reboot_nobody_waits_so_a_command_in_flight_is_burnt() -> None:
    rig = ready()
    upload = rig.tap()
    rig.boot()
    actions = rig.command(upload)
    assert rig.pulses(actions) == []
    assert reports(rig, actions) == [(3, "g1", "not_opened")]


def test_a_door_forced_while_the_power_was_off_is_reported_at_boot_and_only_once() -> None:
    rig = ready()
    rig.seen[2] = Observation(is_open=True)
    assert (2, None, "forced") in reports(rig, rig.boot())
    second = rig.boot()
    assert [each for each in rig.sent(second, "door") if each["boot"] == 3] == []


def test_a_door_that_was_closed_while_the_power_was_off_may_be_forced_again() -> None:
    rig = ready()
    rig.move(2, is_open=True)
    rig.seen[2] = Observation(is_open=False)
    rig.boot()
    rig.seen[2] = Observation(is_open=True)
    fresh = [each for each in rig.sent(rig.boot(), "door") if each["boot"] == 3]
    assert [each["outcome"] for each in fresh] == ["forced"]


def test_a_door_found_open_at_boot_sounds_in_time_and_is_surveyed_when_it_closes() -> None:
    rig = ready()
    rig.seen[2] = Observation(is_open=True)
    rig.boot()
    assert Sound(door=2, on=True) in rig.wait(121)
    assert rig.sent(rig.move(2, is_open=False), "status")
    assert rig.journal.open_doors() == frozenset()


def test_a_sensor_that_fails_at_boot_changes_nothing_that_is_known() -> None:
    rig = ready()
    rig.move(2, is_open=True)
    rig.seen[2] = Observation(is_open=False, fault=True)
    rig.boot()
    assert rig.journal.open_doors() == {2}


def test_a_bank_with_two_generations_obeys_both_keys_by_their_kid() -> None:
    newer = bytes(range(64, 96))
    rig = Rig(replace(CONFIG, command_keys={"1": COMMAND_KEY, "2": newer}, badge_keys=(BADGE_KEY,)))
    rig.boot()
    upload = rig.tap()
    actions = rig.down("open", re=upload, command=sign(rig.claims(upload), key=newer, kid="2"))
    assert rig.pulses(actions) == [3]
    upload = rig.tap()
    mixed = sign(rig.claims(upload, jti="g2", door=4), key=newer, kid="1")
    assert only(rig.down("open", re=upload, command=mixed), Send) == []


def test_a_thousand_replays_over_reboots_open_nothing() -> None:
    rig = ready()
    upload = rig.tap()
    token = sign(rig.claims(upload))
    assert rig.pulses(rig.down("open", re=upload, command=token)) == [3]
    pulses: list[int] = []
    for round_ in range(10):
        for _ in range(100):
            pulses += rig.pulses(rig.down("open", re=upload, command=token))
        rig.wait(10 * round_)
        pulses += rig.pulses(rig.boot())
    assert pulses == []


def test_the_journal_handle_may_be_new_and_the_grant_is_still_used() -> None:
    db = sqlite3.connect(":memory:")
    first = Rig(db=db)
    first.boot()
    first.tap_and_open()
    second = Rig(db=db)
    second.boot()
    assert second.tap_and_open() == []
