"""Back on line: reports go up in order, one at a time, and until the last is acknowledged the bank goes on alone."""

import json

import pytest

from edge import display
from edge.actions import Send
from edge.display import Opening
from edge.uploads import AlarmKind, Choice
from tests.edge.rig import only, ready
from tests.edge.rosters import ANA, BEN, DRILL, EXPRESS, SAW, OfflineRig, alone, body, content, person, right


def told(actions: list[object]) -> list[str]:
    """The offline reports among what was sent: outcome and kind."""
    sends = [json.loads(send.payload) for send in only(actions, Send)]
    return [f"{each['offline']['kind']} {each['outcome']}" for each in sends if "offline" in each]


def busy() -> OfflineRig:
    """Ana took, Ben returned, Ana tapped and did not open; a door was forced in between."""
    rig = alone(told=body(rights=[[right(most=2)], []]))
    rig.shows(ANA)
    rig.use(1)
    rig.move(2, is_open=True)
    rig.move(2, is_open=False)
    rig.shows(BEN)
    rig.use(4, SAW)
    return rig


def test_one_offline_report_is_on_its_way_at_a_time_in_the_order_of_the_events() -> None:
    rig = busy()
    seen = told(rig.back())
    while rig.bank.offline:
        rig.down("ack", re=None, ids=[send.id for send in only(rig.all, Send)])
        now = told(rig.wait(0.1))
        assert len(now) <= 1
        seen += now
    assert seen == ["take opened", "take closed", "return opened", "return closed"]


def test_the_next_waits_for_a_polite_moment() -> None:
    rig = busy()
    rig.ack(rig.back())
    assert told(rig.wait(0.09)) == []
    assert told(rig.wait(0.01)) == ["take closed"]


def test_an_unacknowledged_one_is_repeated_with_growing_pauses_and_holds_back_those_behind_it() -> None:
    rig = busy()
    assert told(rig.back()) == ["take opened"]
    assert told(rig.wait(4.9)) == []
    assert told(rig.wait(0.2)) == ["take opened"]
    assert set(told(rig.wait(3_600))) == {"take opened"}
    assert len(told(rig.wait(3_600))) <= 12


def test_ordinary_reports_go_beside_them() -> None:
    rig = busy()
    rig.bank.on_alarm(AlarmKind.TAMPER, rig.now())
    actions = rig.back()
    outcomes = [each["outcome"] for each in rig.sent(actions, "door") if "offline" not in each]
    assert outcomes == ["forced"]
    assert len(rig.sent(actions, "alarm")) == 1


def test_a_rejected_one_counts_as_acknowledged() -> None:
    rig = busy()
    first = only(rig.back(), Send)
    offline = [send.id for send in first if "offline" in json.loads(send.payload)]
    rig.down("ack", re=None, rejected=[{"id": offline[0], "code": "bank_revoked"}])
    assert told(rig.wait(1)) == ["take closed"]


@pytest.mark.parametrize("share", [0, 1, 2, 3])
def test_a_reboot_in_the_middle_keeps_the_order(share: int) -> None:
    rig = busy()
    seen = told(rig.back())
    for _ in range(share):
        rig.down("ack", re=None, ids=[send.id for send in only(rig.all, Send)])
        seen += told(rig.wait(0.2))
    booted = rig.boot(dated=False)
    assert told(booted) == []  # their age cannot be told before the time is known
    seen += told(rig.date(booted))
    rig.down("ack", re=None, ids=[send.id for send in only(rig.all, Send)])
    seen += told(rig.settle())
    assert list(dict.fromkeys(seen)) == ["take opened", "take closed", "return opened", "return closed"]


def test_what_happens_while_catching_up_queues_behind() -> None:
    rig = busy()
    rig.back()
    assert rig.bank.connected
    rig.shows(ANA)
    assert told(rig.use(1, DRILL)) == []
    rig.down("ack", re=None, ids=[send.id for send in only(rig.all, Send)])
    assert told(rig.settle())[-2:] == ["return opened", "return closed"]


def test_until_the_last_is_acknowledged_taps_are_judged_by_the_roster() -> None:
    rig = busy()
    rig.back()
    actions = rig.shows(BEN)
    assert rig.sent(actions, "tap") == []
    assert rig.screens(actions) == [display.OFFLINE_NO_ACCESS]
    rig.settle()
    assert not rig.bank.offline
    assert len(rig.sent(rig.shows(BEN), "tap")) == 1


def test_a_door_still_open_when_the_line_is_back_keeps_the_bank_offline() -> None:
    rig = alone()
    rig.shows(ANA)
    rig.move(1, is_open=True)
    rig.back()
    rig.settle()
    assert rig.bank.offline
    rig.move(1, is_open=False)
    rig.settle()
    assert not rig.bank.offline


def test_without_a_roster_a_bank_that_catches_up_says_so() -> None:
    rig = busy()
    with rig.db:
        rig.db.execute("DELETE FROM roster")
    rig.boot()
    assert rig.bank.roster is None
    assert rig.bank.offline
    assert rig.screens(rig.shows(ANA)) == [display.CATCHING_UP]
    rig.settle()
    assert len(rig.sent(rig.shows(ANA), "tap")) == 1


def test_nothing_to_catch_up_with_means_on_line_at_once() -> None:
    rig = alone()
    assert rig.bank.offline
    rig.back()
    assert not rig.bank.offline


@pytest.mark.parametrize("purpose", ["take", "return", "collect", "deposit"])
def test_a_command_is_not_obeyed_while_the_bank_decides_by_itself(purpose: str) -> None:
    rig = alone()
    rig.connect()
    upload = rig.tap(BEN)
    rig.lose_line()
    rig.shows(ANA)
    rig.back()
    actions = rig.command(upload, door=4, purpose=purpose)
    assert rig.pulses(actions) == []
    assert rig.screens(actions) == [display.TAP_AGAIN]
    assert rig.told(actions) == [(4, "not_opened", None)]
    rig.settle()
    rig.wait(16)
    rig.settle()
    assert rig.command(rig.tap(BEN), door=4, purpose=purpose) == []  # burnt: the same grant never opens


def test_a_remote_opening_is_obeyed_while_the_door_is_at_rest() -> None:
    rig = alone()
    rig.shows(ANA)
    rig.back()
    assert rig.pulses(rig.command(None, door=4, purpose="service")) == [4]
    actions = rig.command(None, jti="g2", door=1, purpose="service")
    assert rig.pulses(actions) == []
    assert rig.told(actions) == [(1, "not_opened", None)]


def test_a_command_after_a_short_loss_of_the_line_is_obeyed_when_nothing_was_decided_alone() -> None:
    rig = alone()
    rig.back()
    upload = rig.tap(BEN)
    rig.lose_line()
    rig.back()
    assert rig.pulses(rig.command(upload)) == [3]


def test_a_visit_that_began_on_line_ends_as_such_when_the_line_goes_in_its_middle() -> None:
    rig = alone()
    rig.back()
    rig.tap_and_open()
    rig.move(3, is_open=True)
    rig.lose_line()
    rig.move(3, is_open=False)
    actions = rig.back()
    assert [(each["grant"], each["outcome"]) for each in rig.sent(actions, "door")] == [
        ("g1", "opened"),
        ("g1", "closed"),
    ]
    assert not rig.bank.offline


def test_an_offline_grant_never_equals_one_of_the_cloud() -> None:
    rig = alone()
    (opening,) = rig.screens(rig.shows(ANA))
    assert isinstance(opening, Opening)
    rig.wait(16)
    rig.back()
    rig.settle()
    assert rig.pulses(rig.command(rig.tap(ANA), jti=opening.grant)) == []


def test_a_bank_that_never_had_a_roster_is_offline_only_while_it_has_no_connection() -> None:
    rig = ready()
    assert not rig.bank.offline
    rig.bank.on_disconnected(rig.now())
    assert rig.bank.offline


def test_a_take_counts_until_a_roster_was_made_after_the_cloud_knew_it() -> None:
    rig = alone(EXPRESS, body(doors={"1": [content()], "2": [content("drill-2", tag="E200AA03")]}))
    rig.shows(ANA)
    rig.use(1)
    rig.back()
    before_ms = rig.bank_ms()
    rig.settle()
    assert [dealt.known_ms is not None for dealt in rig.journal.dealings()] == [True]
    stale = body(version="r2", made_ms=before_ms, doors={"2": [content("drill-2", tag="E200AA03")]})
    rig.give(stale)
    assert len(rig.journal.dealings()) == 1
    rig.lose_line()
    (screen,) = rig.screens(rig.shows(ANA))
    assert isinstance(screen, Opening)
    assert screen.purpose == "return"  # what that roster does not know of, and no second drill
    rig.wait(16)
    rig.back()
    rig.settle()
    fresh = body(version="r3", made_ms=rig.bank_ms() + 1, doors={"2": [content("drill-2", tag="E200AA03")]})
    rig.give(fresh)
    assert rig.journal.dealings() == []
    rig.lose_line()
    assert rig.pulses(rig.shows(ANA)) == [2]


def test_a_choice_made_on_line_goes_to_the_cloud() -> None:
    rig = alone(told=body(people=[person(), person()]))
    rig.back()
    rig.down("session", re=rig.tap(ANA), session="S", options=[{"option": "1", "kind": "take"}])
    actions = rig.did(rig.bank.on_choice(Choice(session="S", option="1"), rig.now()))
    assert len(rig.sent(actions, "choice")) == 1
