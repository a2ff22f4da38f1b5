"""The kiosk of a running bank: what it tells pages, and when it forgets."""

from collections.abc import Iterator

import pytest

from edge.kiosk import acts
from edge.uploads import Severity
from tests.support.kiosk_scenes import OPTIONS
from tests.support.kiosks import Stage, a_session, an_option, on_stage


@pytest.fixture
def stage() -> Iterator[Stage]:
    with on_stage() as stage:
        yield stage


def shows(stage: Stage, screen: str) -> None:
    stage.until(lambda: stage.kiosk.view.screen == screen)


def choosing(stage: Stage) -> None:
    stage.tap()
    stage.cloud("session", **a_session(*OPTIONS))
    shows(stage, "choice")


def test_a_page_is_told_of_changes_only(stage: Stage) -> None:
    rung = stage.kiosk.bell.rung
    stage.do(stage.kiosk.changed)
    assert stage.kiosk.bell.rung == rung
    choosing(stage)
    assert stage.kiosk.bell.rung > rung


def test_after_20_s_the_session_is_gone_at_the_bank_too(stage: Stage) -> None:
    choosing(stage)
    stage.passes(21)
    shows(stage, "idle")
    assert stage.bank._counter.display.session(mono_ms=stage.clock().mono_ms) is None


def test_a_touch_keeps_it_for_20_s_more(stage: Stage) -> None:
    choosing(stage)
    stage.passes(19)
    stage.do(lambda: stage.kiosk.act(acts.Touch()))
    stage.passes(19)
    assert stage.kiosk.view.screen == "choice"


def test_a_command_for_who_left_opens_nothing(stage: Stage) -> None:
    stage.tap()
    shows(stage, "working")
    stage.do(lambda: stage.kiosk.act(acts.Leave()))
    stage.opens(3)
    stage.until(lambda: stage.uploads("door"))
    assert stage.cabinet.pulsed == []
    assert [report["outcome"] for report in stage.uploads("door")] == ["not_opened"]


def test_a_session_for_who_left_shows_nobodys_name(stage: Stage) -> None:
    stage.tap()
    stage.do(lambda: stage.kiosk.act(acts.Leave()))
    stage.cloud("session", **a_session(*OPTIONS))
    assert stage.kiosk.view.screen == "idle"


def test_a_door_in_use_is_not_forgotten(stage: Stage) -> None:
    stage.tap()
    stage.opens(3)
    stage.door(3, is_open=True)
    shows(stage, "open")
    stage.passes(40)
    assert stage.kiosk.view.screen == "open"


def test_the_reader_works_without_a_page(stage: Stage) -> None:
    stage.tap()
    stage.opens(3)
    stage.until(lambda: stage.cabinet.pulsed == [3])


def test_without_a_bank_it_is_out_of_service_and_acts_do_nothing(stage: Stage) -> None:
    choosing(stage)
    stage.do(stage.kiosk.detach)
    stage.do(lambda: stage.kiosk.act(acts.Pick(option="take:Take Laptop")))
    assert (stage.kiosk.view.screen, stage.kiosk.view.greeting) == ("out_of_service", "")
    assert stage.uploads("choice") == []


def test_the_next_badge_joins_only_while_another_is_asked_for(stage: Stage) -> None:
    assert not stage.kiosk.wants_further_badge()
    stage.tap()
    stage.cloud("session", **a_session(an_option("take", "Camera", needs=["authoriser"])))
    stage.do(lambda: stage.kiosk.act(acts.Pick(option="take:Camera")))
    assert stage.kiosk.wants_further_badge()
    stage.do(lambda: stage.kiosk.act(acts.Back()))
    assert not stage.kiosk.wants_further_badge()


def a_fault(stage: Stage, *, photo: bytes | None) -> dict[str, object]:
    def tell() -> None:
        if photo is not None:
            stage.kiosk.photo(photo)
        for act in (acts.Fault(), acts.About(door=2), acts.Kind(what="dirty")):
            stage.kiosk.act(act)
        stage.kiosk.act(acts.Describe(severity=Severity.MINOR, photo=True))

    stage.do(tell)
    stage.until(lambda: stage.uploads("fault"))
    return stage.uploads("fault")[-1]


def test_a_photo_that_was_never_taken_is_not_announced(stage: Stage) -> None:
    assert a_fault(stage, photo=None)["photo"] is False


@pytest.mark.parametrize(
    "form",
    [{"url": 7, "fields": {}}, {"fields": {}}, {"url": "https://x.example/" + "x" * 5_000, "fields": {}}],
    ids=["no address", "none at all", "too long"],
)
def test_a_form_that_cannot_be_read_takes_the_photo_nowhere(stage: Stage, form: dict[str, object]) -> None:
    fault = a_fault(stage, photo=b"\xff\xd8\xff picture")
    notice = {"re": fault["id"], "level": "info", "code": "photo_wanted", "text": "Now."}
    stage.do(lambda: stage.line.says("notice", **notice, upload=form))
    assert stage.photos == []


def test_nobody_elses_report_gets_the_photo(stage: Stage) -> None:
    fault = a_fault(stage, photo=b"\xff\xd8\xff picture")
    form = {"url": "https://photos.example/", "fields": {}}
    told = {"level": "info", "code": "photo_wanted", "text": "Now.", "upload": form}
    stage.do(lambda: stage.line.says("notice", re="01ARZ3NDEKTSV4RRFFQ69G5FAV", **told))
    assert stage.photos == []
    stage.do(lambda: stage.line.says("notice", re=fault["id"], **told))
    stage.until(lambda: stage.photos)
    stage.do(lambda: stage.line.says("notice", re=fault["id"], **told))
    assert len(stage.photos) == 1
