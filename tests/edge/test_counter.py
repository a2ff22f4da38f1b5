import logging

import pytest

from edge import display
from edge.actions import PhotoWanted, Send
from edge.display import NO_ANSWER, OFFLINE, SESSION_OVER, UNREADABLE, Choosing, Message, Opening, Working
from edge.tokens import token
from edge.uploads import Choice, FaultReport, Severity
from tests.edge.rig import BADGE_KEY, UID, Rig, only, ready

SESSION = {"session": "S", "options": [{"option": "1", "kind": "take", "title": "Drill", "door": 3}]}


def notice(re: str | None, code: str = "no_access") -> dict[str, object]:
    return {"re": re, "level": "warn", "code": code, "text": "Ask your supervisor."}


def test_a_tap_goes_out_at_once_as_a_token_with_the_depth_of_the_journal() -> None:
    rig = ready()
    actions = rig.bank.on_tap(UID, rig.now())
    (tap,) = rig.sent(actions, "tap")
    assert tap["badges"] == [token(UID, BADGE_KEY)]
    assert (tap["journal_depth"], tap["age_ms"], tap["boot"]) == (0, 0, 1)
    assert "session" not in tap
    assert rig.screens(actions) == [Working()]


def test_neither_the_uid_nor_a_token_shows_in_what_is_logged_or_printed(caplog: pytest.LogCaptureFixture) -> None:
    rig = ready()
    with caplog.at_level(logging.DEBUG):
        actions = rig.bank.on_tap(UID, rig.now())
    for text in (caplog.text, repr(actions)):
        assert UID not in text
        assert token(UID, BADGE_KEY) not in text


def test_a_tap_without_connection_sends_nothing_and_says_so() -> None:
    rig = ready()
    rig.bank.on_disconnected(rig.now())
    actions = rig.bank.on_tap(UID, rig.now())
    assert rig.screens(actions) == [OFFLINE]
    assert only(actions, Send) == []
    rig.mono_ms += 1
    assert rig.sent(rig.connect(), "tap") == []


def test_a_card_that_is_no_card_sends_nothing() -> None:
    rig = ready()
    assert rig.screens(rig.bank.on_tap("nonsense", rig.now())) == [UNREADABLE]


def test_an_unanswered_tap_is_never_repeated_and_the_person_is_told() -> None:
    rig = ready()
    rig.tap()
    actions = rig.wait(31)
    assert rig.sent(actions, "tap") == []
    assert rig.screens(actions) == [NO_ANSWER]
    assert rig.screens(rig.wait(100)) == []


def test_a_tap_the_broker_did_not_take_is_told_at_once() -> None:
    rig = ready()
    upload = rig.tap()
    assert rig.screens(rig.bank.on_unsent(upload, rig.now())) == [OFFLINE]
    assert rig.screens(rig.bank.on_unsent(upload, rig.now())) == []


def test_a_notice_is_shown_to_whoever_waits_and_once() -> None:
    rig = ready()
    upload = rig.tap()
    shown = rig.screens(rig.down("notice", **notice(upload)))
    assert shown == [Message(level="warn", code="no_access", text="Ask your supervisor.", re=upload)]
    assert rig.screens(rig.down("notice", **notice(upload))) == []
    assert rig.screens(rig.wait(31)) == []


def test_a_notice_for_nobody_in_particular_is_shown_and_one_for_somebody_else_is_not() -> None:
    rig = ready()
    assert len(rig.screens(rig.down("notice", **notice(None)))) == 1
    assert rig.screens(rig.down("notice", **notice("01ARZ3NDEKTSV4RRFFQ69G5FAV"))) == []


def test_a_session_is_shown_and_its_choice_waits_for_an_answer_of_its_own() -> None:
    rig = ready()
    (screen,) = rig.screens(rig.down("session", re=rig.tap(), **SESSION))
    assert isinstance(screen, Choosing)
    actions = rig.bank.on_choice(Choice(session="S", option="1"), rig.now())
    (choice,) = rig.sent(actions, "choice")
    assert (choice["session"], choice["option"], choice["journal_depth"]) == ("S", "1", 0)
    assert "pin" not in choice
    opened = rig.command(choice["id"])
    assert isinstance(rig.screens(opened)[-1], Opening)


def test_a_session_nobody_waits_for_is_not_shown() -> None:
    rig = ready()
    upload = rig.tap()
    rig.wait(31)
    assert rig.screens(rig.down("session", re=upload, **SESSION)) == []


@pytest.mark.parametrize(("session", "after_s"), [("other", 0), ("S", 120)])
def test_a_choice_in_a_session_that_is_not_on_display_any_more_is_not_sent(session: str, after_s: int) -> None:
    rig = ready()
    rig.down("session", re=rig.tap(), **SESSION)
    rig.wait(after_s)
    actions = rig.bank.on_choice(Choice(session=session, option="1"), rig.now())
    assert rig.screens(actions) == [SESSION_OVER]
    assert only(actions, Send) == []


def test_a_further_badge_joins_the_running_session_only_when_asked_for() -> None:
    rig = ready()
    assert rig.screens(rig.bank.on_tap("DEADBEEF", rig.now(), joins=True)) == [SESSION_OVER]
    rig.down("session", re=rig.tap(), **SESSION)
    (joining,) = rig.sent(rig.bank.on_tap("DEADBEEF", rig.now(), joins=True), "tap")
    (fresh,) = rig.sent(rig.bank.on_tap("DEADBEEF", rig.now()), "tap")
    assert joining["session"] == "S"
    assert "session" not in fresh


def test_a_code_travels_as_its_token() -> None:
    rig = ready()
    (code,) = rig.sent(rig.bank.on_code("4711", rig.now()), "code")
    assert code["code"] == token("code:4711", BADGE_KEY)


def test_the_display_remembers_what_it_shows() -> None:
    rig: Rig = ready()
    rig.tap()
    assert rig.bank.screen == Working()


def test_a_notice_about_what_a_door_just_reported_is_shown() -> None:
    rig = ready()
    rig.tap_and_open()
    (opened,) = rig.sent(rig.move(3, is_open=True), "door")
    rig.down("ack", re=None, ids=[opened["id"]])
    assert len(rig.screens(rig.down("notice", **notice(opened["id"], "nothing_inside")))) == 1


def test_who_left_is_forgotten_and_a_late_command_opens_nothing() -> None:
    rig = ready()
    re = rig.tap()
    actions = rig.did(rig.bank.on_left(rig.now()))
    assert rig.screens(actions) == [display.Idle()]
    late = rig.command(re)
    assert rig.pulses(late) == []
    assert [report["outcome"] for report in rig.sent(late, "door")] == ["not_opened"]


def test_a_session_that_was_left_cannot_be_chosen_from() -> None:
    rig = ready()
    rig.down("session", re=rig.tap(), session="s1", options=[{"option": "a", "kind": "take"}])
    rig.did(rig.bank.on_left(rig.now()))
    chosen = rig.did(rig.bank.on_choice(Choice(session="s1", option="a"), rig.now()))
    assert rig.screens(chosen) == [display.SESSION_OVER]
    assert rig.sent(chosen, "choice") == []


def test_where_a_photo_goes_is_told_for_a_report_of_this_bank_only() -> None:
    rig = ready()
    fault = FaultReport(severity=Severity.MINOR, door=3, photo=True)
    (report,) = rig.sent(rig.did(rig.bank.on_fault(fault, rig.now())), "fault")
    form = {"url": "https://photos.example/", "fields": {}}
    told = {"level": "info", "code": "photo_wanted", "text": "Now.", "upload": form}
    assert only(rig.down("notice", re=report["id"], **told), PhotoWanted) == [
        PhotoWanted(report=report["id"], form=form)
    ]
    assert only(rig.down("notice", re=None, **told), PhotoWanted) == []
    assert only(rig.down("notice", re=rig.tap(), **told), PhotoWanted) == []


def test_a_fault_may_name_the_grant_it_is_about() -> None:
    rig = ready()
    fault = FaultReport(severity=Severity.MINOR, grant="g1")
    (report,) = rig.sent(rig.did(rig.bank.on_fault(fault, rig.now())), "fault")
    assert (report["grant"], "door" in report, "asset" in report) == ("g1", False, False)
