"""Taking without a network, rule by rule, and everything that refuses it (safety.md I12, I17)."""

from datetime import timedelta

import msgspec
import pytest

from edge import display
from edge.actions import Send, Show
from edge.clock import Now
from edge.commands import Purpose
from edge.display import Choosing, Opening
from edge.drivers.base import Observation
from edge.offline import lending
from edge.uploads import Choice
from tests.edge.rig import CLOUD_MS, EPOCH, only
from tests.edge.rosters import (
    ANA,
    BEN,
    CEM,
    DOOR_ONLY,
    DRILL,
    EXPRESS,
    HOUR_MS,
    LASER,
    NOBODY,
    PRESENCE,
    SAW,
    OfflineRig,
    alone,
    body,
    content,
    person,
    right,
    token,
)
from toolcrib.wire import uploads as wire


def two_types(**changes: object) -> dict[str, object]:
    return body(rights=[[right(), right("saw")], []], doors={"1": [content()], "2": [content("saw-9", "saw", LASER)]})


def test_whoever_has_a_right_takes_from_a_door_that_nothing_moved_since() -> None:
    rig = alone()
    actions = rig.shows(ANA)
    (opening,) = rig.screens(actions)
    assert isinstance(opening, Opening)
    assert (opening.door, opening.purpose, rig.pulses(actions)) == (1, Purpose.TAKE, [1])
    assert rig.bank.offline


def test_its_reports_name_no_grant_and_say_what_the_bank_decided() -> None:
    rig = alone()
    rig.shows(ANA)
    rig.use(1)
    rig.back()
    (opened,) = rig.sent(rig.all, "door")
    assert (opened["grant"], opened["outcome"]) == (None, "opened")
    assert opened["offline"] == {"kind": "take", "badge": token(ANA), "asset": "drill-1", "roster": "r1"}


def test_the_mark_and_the_dealing_are_durable_before_the_pulse() -> None:
    rig = alone()
    (opening,) = rig.screens(rig.shows(ANA))
    assert isinstance(opening, Opening)
    assert rig.journal.is_used(opening.grant)
    assert [dealt.grant for dealt in rig.journal.dealings()] == [opening.grant]
    assert ":" in opening.grant  # which no grant of the cloud has


@pytest.mark.parametrize("uid", [NOBODY, CEM])
def test_an_unknown_badge_is_nobody(uid: str) -> None:
    rig = alone()
    actions = rig.shows(uid)
    assert rig.screens(actions) == [display.OFFLINE_UNKNOWN_BADGE]
    assert rig.pulses(actions) == []


def test_without_a_roster_a_bank_says_that_it_has_no_connection() -> None:
    rig = OfflineRig()
    rig.ack(rig.boot())
    rig.lose_line()
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE]


def test_somebody_without_a_right_takes_nothing() -> None:
    rig = alone(told=body(people=[person(rights=1), person(rights=1)]))
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_NO_ACCESS]


def test_a_reboot_without_a_network_ends_taking_because_no_end_of_a_right_could_be_judged() -> None:
    rig = alone()
    rig.boot(connect=False)
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_NO_TIME]
    rig.back()
    rig.settle()
    rig.lose_line()
    assert rig.pulses(rig.shows(ANA)) == [1]


@pytest.mark.parametrize("off_h", [-10_000, -1, 1, 10_000])
def test_the_wall_clock_decides_nothing(off_h: int) -> None:
    rig = alone(told=body(rights=[[right(hours=(-1, 2))], []]))
    for elapsed_ms, screens in ((2 * HOUR_MS, [display.OFFLINE_ROSTER_OVER]), (0, [])):
        now = Now(mono_ms=rig.mono_ms + elapsed_ms, wall=EPOCH + timedelta(hours=off_h))
        shown = rig.screens(rig.did(rig.bank.on_tap(ANA, now)))
        assert [screen for screen in shown if not isinstance(screen, Opening)] == screens


@pytest.mark.parametrize(
    ("hours", "screen"),
    [
        ((1, 2), display.OFFLINE_NOT_NOW),
        ((-2, -1), display.OFFLINE_ROSTER_OVER),
        ((-1, 0), display.OFFLINE_ROSTER_OVER),
    ],
)
def test_outside_its_windows_a_right_is_none(hours: tuple[float, float], screen: display.Message) -> None:
    rig = alone(told=body(rights=[[right(hours=hours)], []]))
    assert rig.screens(rig.shows(ANA)) == [screen]


def test_a_right_begins_and_ends_to_the_millisecond() -> None:
    rig = alone(told=body(rights=[[right(hours=(1, 2))], []]))
    ahead_ms = rig.bank_ms() - CLOUD_MS - rig.mono_ms  # a bank is never behind the cloud
    seen = []
    for mono_ms in (HOUR_MS - 1, 2 * HOUR_MS, HOUR_MS):
        rig.mono_ms = mono_ms - ahead_ms
        seen.append(rig.pulses(rig.shows(ANA)))
    assert seen == [[], [], [1]]


def test_after_the_manifest_ended_the_roster_only_knows_people() -> None:
    rig = OfflineRig()
    rig.ack(rig.boot())
    rig.give(exp_ms=CLOUD_MS + HOUR_MS)
    rig.lose_line()
    rig.mono_ms = HOUR_MS
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_ROSTER_OVER]
    assert rig.pulses(rig.shows(BEN)) == [4]


def test_a_roster_whose_end_is_past_when_it_comes_knows_people_too() -> None:
    rig = OfflineRig()
    rig.ack(rig.boot())
    rig.give(exp_ms=CLOUD_MS - HOUR_MS)
    rig.lose_line()
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_ROSTER_OVER]
    assert rig.pulses(rig.shows(BEN)) == [4]


def test_a_right_counts_down_and_not_up_when_the_thing_comes_back() -> None:
    rig = alone()
    rig.shows(ANA)
    rig.use(1)
    (screen,) = rig.screens(rig.shows(ANA))
    assert isinstance(screen, Opening)
    assert screen.purpose is Purpose.RETURN
    rig.use(screen.door, DRILL)
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_ENOUGH]


@pytest.mark.parametrize(
    ("most", "of_type", "taken"), [(1, 9, 1), (9, 1, 1), (2, 9, 2), (9, 3, 3), (0, 9, 0), (9, 0, 0)]
)
def test_the_lower_of_both_counts_holds(most: int, of_type: int, taken: int) -> None:
    rig = alone(EXPRESS, body(people=[person(most=most), person(rights=1)], rights=[[right(most=of_type)], []]))
    for _ in range(9):  # whoever brings a thing back at once may take another until the count is reached
        for door in rig.pulses(rig.shows(ANA)):
            rig.use(door, *(() if rig.seen[door].tags else (DRILL,)))
    takes = [kind for _, outcome, kind in rig.told() if outcome == "closed" and kind == "take"]
    assert len(takes) == taken


def test_a_second_badge_of_the_same_person_has_no_second_count() -> None:
    rig = alone(EXPRESS, body(badges={token(ANA): 0, token(CEM): 0, token(BEN): 1}))
    rig.shows(ANA)
    rig.use(1)
    (screen,) = rig.screens(rig.shows(CEM))
    assert isinstance(screen, Opening)
    assert screen.purpose is Purpose.RETURN


def test_counts_survive_reboots() -> None:
    rig = alone()
    rig.shows(ANA)
    rig.use(1)
    rig.boot()
    rig.lose_line()
    (screen,) = rig.screens(rig.shows(ANA))
    assert isinstance(screen, Opening)
    assert screen.purpose is Purpose.RETURN


def test_a_tap_while_the_own_door_is_unlocked_shows_it_again_and_pulses_nothing() -> None:
    rig = alone()
    first = rig.shows(ANA)
    second = rig.shows(ANA)
    assert rig.screens(second) == rig.screens(first)
    assert rig.pulses(second) == []
    rig.move(1, is_open=True)
    assert rig.screens(rig.shows(ANA)) == [display.please_close(1)]


def test_others_may_take_while_a_door_is_open() -> None:
    rig = alone(told=body(people=[person(), person()]))
    rig.shows(ANA)
    rig.move(1, is_open=True)
    assert rig.pulses(rig.shows(BEN)) == [2]


def test_a_door_that_was_not_opened_gives_the_count_back_and_stays_lendable() -> None:
    rig = alone()
    rig.shows(ANA)
    actions = rig.wait(16)
    assert rig.told(actions) == [(1, "not_opened", "take")]
    assert rig.pulses(rig.shows(ANA)) == [1]


def test_a_bolt_that_stuck_gives_the_count_back_and_its_door_lends_nothing() -> None:
    rig = alone()
    rig.shows(ANA)
    rig.did(rig.bank.on_jammed(1, rig.now()))
    assert rig.pulses(rig.shows(ANA)) == [2]


def test_what_the_tags_still_see_was_not_taken() -> None:
    rig = alone()
    rig.shows(ANA)
    rig.use(1, DRILL)
    assert rig.pulses(rig.shows(ANA)) == [1]


def test_without_a_tag_reader_a_presence_sensor_says_that_it_was_not_taken() -> None:
    rig = alone(PRESENCE)
    rig.shows(ANA)
    rig.use(1, DRILL)
    assert rig.pulses(rig.shows(ANA)) == [2]  # door 1 moved, and presence does not tell what lies there


def test_where_nobody_can_tell_a_closed_door_counts() -> None:
    rig = alone(DOOR_ONLY)
    rig.shows(ANA)
    rig.use(1, DRILL)
    (screen,) = rig.screens(rig.shows(ANA))
    assert isinstance(screen, Opening)
    assert (screen.purpose, screen.door) == (Purpose.RETURN, 1)  # it left that door empty, and nothing moved since


@pytest.mark.parametrize("config", [DOOR_ONLY, PRESENCE])
def test_a_door_that_moved_since_lends_nothing_where_no_tag_tells_what_is_inside(config: object) -> None:
    rig = alone(config, body(doors={"1": [content()]}))  # type: ignore[arg-type]
    rig.move(1, is_open=True)
    rig.move(1, is_open=False)
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_NOTHING]


def test_a_door_that_moved_lends_what_its_tags_name() -> None:
    rig = alone()
    rig.move(1, is_open=True)
    rig.see(1, LASER, is_open=True)
    rig.move(1, is_open=False)
    rig.see(2, is_open=True)
    rig.move(2, is_open=True)
    rig.move(2, is_open=False)
    rig.shows(ANA)
    rig.use(1)
    rig.back()
    assert rig.sent(rig.settle(), "door")[-1]["offline"]["asset"] == "drill-2"


@pytest.mark.parametrize("tags", [(SAW,), (DRILL, SAW), ("E2FF",), ()])
def test_a_door_that_moved_lends_nothing_when_its_tags_name_anything_else(tags: tuple[str, ...]) -> None:
    rig = alone(told=body(doors={"1": [content()]}))
    rig.move(1, is_open=True)
    rig.see(1, *tags, is_open=True)
    rig.move(1, is_open=False)
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_NOTHING]


@pytest.mark.parametrize(
    "seen",
    [
        Observation(is_open=False, present=False, tags=()),
        Observation(is_open=False, present=False, tags=(DRILL,)),
        Observation(is_open=False, present=True, tags=()),
        Observation(is_open=False, present=True, tags=(SAW,)),
        Observation(is_open=False, present=True, tags=(DRILL, SAW)),
        Observation(is_open=False, present=True, tags=None),
        Observation(is_open=False, present=True, tags=(DRILL,), fault=True),
        Observation(is_open=True, present=True, tags=(DRILL,)),
    ],
)
def test_a_door_whose_sensors_do_not_agree_lends_nothing(seen: Observation) -> None:
    rig = OfflineRig()
    rig.seen[1] = seen
    rig.ack(rig.boot())
    rig.give(body(doors={"1": [content()]}))
    rig.lose_line()
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_NOTHING]


@pytest.mark.parametrize("present", [False, None])
def test_a_presence_sensor_that_sees_nothing_or_is_silent_lends_nothing(present: bool | None) -> None:
    rig = OfflineRig(PRESENCE)
    rig.seen[1] = Observation(is_open=False, present=present)
    rig.ack(rig.boot())
    rig.give(body(doors={"1": [content()]}))
    rig.lose_line()
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_NOTHING]


def test_an_open_door_lends_nothing() -> None:
    rig = alone(told=body(doors={"1": [content()]}))
    rig.move(1, is_open=True)
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_NOTHING]


def test_a_door_opens_only_for_who_may_take_all_that_lies_in_it() -> None:
    both = {"1": [content(), content("laser-1", "laser", LASER)]}
    rig = OfflineRig()
    rig.see(1, DRILL, LASER)
    rig.ack(rig.boot())
    rig.give(body(doors=both))
    rig.lose_line()
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_NOTHING]


def test_what_happened_before_the_cloud_knew_it_is_not_in_a_roster_that_was_made_meanwhile() -> None:
    """Connected, but the report of the movement waits: a roster made now still tells of the door as it was."""
    rig = OfflineRig(DOOR_ONLY)
    rig.ack(rig.boot())
    rig.move(1, is_open=True)
    rig.move(1, is_open=False)
    rig.mono_ms += 60_000
    rig.give(body(doors={"1": [content()]}, made_ms=CLOUD_MS + rig.mono_ms))
    rig.lose_line()
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_NOTHING]


def test_a_roster_that_was_made_after_the_cloud_knew_lends_from_that_door_again() -> None:
    rig = OfflineRig(DOOR_ONLY)
    rig.ack(rig.boot())
    rig.move(1, is_open=True)
    rig.move(1, is_open=False)
    rig.settle()
    rig.mono_ms += 60_000
    rig.give(body(doors={"1": [content()]}, made_ms=CLOUD_MS + rig.mono_ms))
    rig.lose_line()
    assert rig.pulses(rig.shows(ANA)) == [1]


def test_above_its_limit_the_journal_lends_nothing_and_takes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lending, "MAX_REPORTS", 3)
    rig = alone()
    for _ in range(3):
        rig.move(2, is_open=True)
        rig.move(2, is_open=False)
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_FULL]
    assert rig.pulses(rig.shows(BEN)) == [4]


def test_at_a_screen_several_types_are_a_session_of_the_banks_own() -> None:
    rig = alone(told=two_types())
    (screen,) = rig.screens(rig.shows(ANA))
    assert isinstance(screen, Choosing)
    session = screen.session
    assert [(each.option, each.kind, each.door) for each in session.options] == [
        ("take:drill-1", "take", 1),
        ("take:saw-9", "take", 2),
    ]
    assert (session.person.display, session.person.language) == ("Ana", "de")
    actions = rig.did(rig.bank.on_choice(Choice(session=session.session, option="take:saw-9"), rig.now()))
    assert rig.pulses(actions) == [2]
    again = rig.did(rig.bank.on_choice(Choice(session=session.session, option="take:saw-9"), rig.now()))
    assert again == []


def test_without_a_screen_several_types_are_too_many() -> None:
    rig = alone(EXPRESS, two_types())
    assert rig.screens(rig.shows(ANA)) == [display.OFFLINE_CHOOSE]


def test_a_choice_is_judged_afresh() -> None:
    rig = alone(told=two_types())
    (screen,) = rig.screens(rig.shows(ANA))
    rig.move(2, is_open=True)
    choice = Choice(session=screen.session.session, option="take:saw-9")
    assert rig.screens(rig.did(rig.bank.on_choice(choice, rig.now()))) == [display.OFFLINE_GONE]


@pytest.mark.parametrize("option", ["take:laser-1", "return:saw-1", "not_taken", "", 1])
def test_what_was_not_offered_cannot_be_chosen(option: str | int) -> None:
    rig = alone(told=two_types())
    (screen,) = rig.screens(rig.shows(ANA))
    actions = rig.did(rig.bank.on_choice(Choice(session=screen.session.session, option=option), rig.now()))
    assert rig.screens(actions) == [display.OFFLINE_GONE]
    assert rig.pulses(actions) == []


@pytest.mark.parametrize("session", ["offline:other", "S"])
def test_a_choice_of_no_session_on_display_is_over(session: str) -> None:
    rig = alone(told=two_types())
    rig.shows(ANA)
    actions = rig.did(rig.bank.on_choice(Choice(session=session, option="take:drill-1"), rig.now()))
    assert rig.screens(actions) == [display.SESSION_OVER]


def test_a_choice_after_two_minutes_is_over() -> None:
    rig = alone(told=two_types())
    (screen,) = rig.screens(rig.shows(ANA))
    rig.wait(120)
    choice = Choice(session=screen.session.session, option="take:drill-1")
    assert rig.screens(rig.did(rig.bank.on_choice(choice, rig.now()))) == [display.SESSION_OVER]


def test_when_the_line_comes_back_while_somebody_chooses_they_tap_again() -> None:
    rig = alone(told=two_types())
    (screen,) = rig.screens(rig.shows(ANA))
    rig.connect()
    choice = Choice(session=screen.session.session, option="take:drill-1")
    actions = rig.did(rig.bank.on_choice(choice, rig.now()))
    assert rig.screens(actions) == [display.TAP_AGAIN]
    assert rig.sent(actions, "choice") == []


def test_when_the_line_goes_while_somebody_chooses_they_tap_again() -> None:
    rig = OfflineRig()
    rig.ack(rig.boot())
    rig.give()
    rig.down("session", re=rig.tap(ANA), session="S", options=[{"option": "1", "kind": "take"}])
    rig.lose_line()
    actions = rig.did(rig.bank.on_choice(Choice(session="S", option="1"), rig.now()))
    assert rig.screens(actions) == [display.TAP_AGAIN]


def test_a_code_cannot_be_judged_without_a_network() -> None:
    rig = alone()
    assert rig.screens(rig.did(rig.bank.on_code("4711", rig.now()))) == [display.OFFLINE]


def test_a_card_that_is_no_card_is_unreadable_here_too() -> None:
    rig = alone()
    assert rig.screens(rig.shows("nonsense")) == [display.UNREADABLE]


def test_a_forced_door_is_reported_as_ever() -> None:
    rig = alone()
    actions = rig.move(3, is_open=True)
    assert rig.told(actions) == [(3, "forced", None)]


def test_the_cloud_accepts_what_such_a_report_looks_like() -> None:
    rig = alone()
    rig.shows(ANA)
    rig.use(1)
    rig.back()
    rig.settle()
    for send in only(rig.all, Send):
        if send.kind == "door":
            told = msgspec.json.decode(send.payload, type=wire.Door)
            assert told.offline == wire.Offline(kind="take", badge=token(ANA), asset="drill-1", roster="r1")


@pytest.mark.parametrize("uid", [ANA, BEN])
def test_whom_it_knows_is_spoken_to_in_their_language(uid: str) -> None:
    """Ana opens a door at once, Ben may take nothing."""
    full = body(people=[person(), person(rights=1)])
    (shows,) = only(alone(told=full).shows(uid), Show)
    assert shows.language == "de"


def test_whom_it_does_not_know_is_spoken_to_as_everybody() -> None:
    (shows,) = only(alone().shows(NOBODY), Show)
    assert shows.language is None
