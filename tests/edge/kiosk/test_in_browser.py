"""Every state of the kiosk in a real browser: at both sizes, by axe, by keyboard, with and without motion and sight."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import a_page
from tests.support.kiosk_scenes import OPTIONS, SCENES, TAKE, fault_report, pin, plays, press, screen, session, thanks
from tests.support.kiosks import Stage, a_session, an_option

SIZES = {"small": (800, 480), "tall": (1080, 1920)}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SMALLEST_TARGET = 56
TARGETS = "button, textarea, .tile"


def a_picture() -> bytes:
    body = BytesIO()
    Image.new("RGB", (4000, 3000), "teal").save(body, "PNG")
    return body.getvalue()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with a_page(browser, size=SIZES["small"]) as page:
        yield page


def here(page: Page, stage: Stage) -> None:
    page.goto(stage.url)
    screen(page, "idle")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCENES)
def test_every_state_can_be_used_by_everybody(browser: Browser, stage: Stage, name: str, size: str) -> None:
    with a_page(browser, size=SIZES[size]) as page:
        plays(name, stage, page)
        found = Axe().run(page, options={**RULES, "resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()
        whole = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert whole == list(SIZES[size]), "nothing hangs out of the screen"
        for target in page.locator(TARGETS).all():
            box = target.bounding_box()
            if box is not None:
                smallest = min(box["width"], box["height"])
                assert smallest >= SMALLEST_TARGET - 0.5, (target.inner_text(), box)
        assert page.locator("h1").count() == 1


def test_what_is_pressed_while_the_screen_changes_is_pressed(page: Page, stage: Stage) -> None:
    here(page, stage)
    thanks(stage, page)
    page.get_by_role("button", name="Something is wrong with it").hover()
    page.mouse.down()
    report = stage.uploads("door")[-1]["id"]
    stage.do(lambda: stage.line.says("notice", re=report, level="info", code="taken", text="It is yours till five."))
    stage.until(lambda: stage.kiosk.view.text == "It is yours till five.")
    page.wait_for_timeout(200)  # for the page to hear of it; it must not show it yet
    page.mouse.up()
    screen(page, "fault")


def test_a_take_with_a_pin_by_keyboard_alone(page: Page, stage: Stage) -> None:
    here(page, stage)
    session(stage, {**TAKE, "needs": ["pin"]})
    screen(page, "choice")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    tab_to(page, "Take Laptop")
    page.keyboard.press("Enter")
    screen(page, "pin")
    page.keyboard.type("471")
    page.keyboard.press("Backspace")
    page.keyboard.type("11")
    page.keyboard.press("Enter")
    stage.until(lambda: stage.uploads("choice"))
    (choice,) = stage.uploads("choice")
    assert choice["pin"] == "1.k2Hcgk3ueNiyLFwdYiI4goDR-79oBkIfRvpz58OX86A", "the contract's vector for 4711"
    assert "4711" not in page.content()


def tab_to(page: Page, name: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        if name in str(page.evaluate("document.activeElement.textContent")):
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def test_escape_ends_it_and_nothing_is_left(page: Page, stage: Stage) -> None:
    here(page, stage)
    pin(stage, page)
    page.keyboard.press("Escape")
    screen(page, "idle")
    assert "Lena" not in page.content()


def test_what_is_new_is_told_to_a_screen_reader(page: Page, stage: Stage) -> None:
    here(page, stage)
    thanks(stage, page)
    expect(page.locator("#news")).to_have_text("Thank you. ThinkPad T14 #3 is yours until Mon 23 Nov, 17:30.")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_where_a_door_is_is_told_to_who_does_not_see_the_drawing(page: Page, stage: Stage) -> None:
    here(page, stage)
    stage.tap()
    stage.opens(7)
    expect(page.get_by_role("img", name="Door 7: column 2 from the left, number 3 from the top.")).to_be_visible()
    expect(page.get_by_role("timer")).to_contain_text("seconds")


def test_the_door_that_opens_is_the_door_on_the_screen(page: Page, stage: Stage) -> None:
    here(page, stage)
    stage.tap()
    stage.opens(7)
    expect(page.locator(".bay.mine.ready")).to_have_attribute("data-door", "7")
    drawn = page.locator(".cabinet").element_handle()
    stage.door(7, is_open=True)
    expect(page.locator(".bay.mine.open")).to_have_attribute("data-door", "7")
    assert page.evaluate("drawn => drawn.isConnected", drawn), (
        "the same drawing goes on, so that the door is seen to move"
    )


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_motion_is_for_who_wants_it(browser: Browser, stage: Stage, motion: str) -> None:
    context = browser.new_context(reduced_motion=motion, viewport={"width": 800, "height": 480})
    page = context.new_page()
    here(page, stage)
    stage.tap()
    stage.opens(7)
    screen(page, "opening")
    moving = page.evaluate("document.getAnimations().length")
    context.close()
    assert (moving > 0) == (motion == "no-preference")


def test_the_persons_language_is_spoken_and_named(page: Page, stage: Stage) -> None:
    here(page, stage)
    plays("german", stage, page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Geben Sie Ihre PIN ein")
    assert page.evaluate("document.documentElement.lang") == "de"
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hold your badge to the reader")


def test_another_language_is_one_touch_away_until_it_is_forgotten(page: Page, stage: Stage) -> None:
    here(page, stage)
    press(page, "Polski")
    expect(page.get_by_role("heading", level=1)).to_have_text("Przyłóż kartę do czytnika")
    session(stage, *OPTIONS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Co chcesz zrobić?")
    stage.passes(21)
    expect(page.get_by_role("heading", level=1)).to_have_text("Hold your badge to the reader")


def test_after_20_s_without_a_touch_all_is_forgotten_on_both_sides(page: Page, stage: Stage) -> None:
    here(page, stage)
    session(stage, *OPTIONS)
    screen(page, "choice")
    stage.passes(19)
    screen(page, "choice")
    before_ms = stage.kiosk.view.forget_at_ms or 0
    page.mouse.click(400, 470)
    stage.until(lambda: (stage.kiosk.view.forget_at_ms or 0) > before_ms)
    expect(page.get_by_role("alert")).to_be_hidden()
    stage.passes(19)
    screen(page, "choice")
    stage.passes(2)
    screen(page, "idle")
    assert "Lena" not in page.content()
    assert stage.bank._counter.display.session(mono_ms=stage.clock().mono_ms) is None
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_a_page_that_lost_its_bank_shows_nothing_of_anybody(page: Page, stage: Stage) -> None:
    here(page, stage)
    session(stage, *OPTIONS)
    screen(page, "choice")
    stage.stop()
    screen(page, "lost")
    assert "Lena" not in page.content()
    assert "Laptop" not in page.content()


def test_a_wrong_pin_is_asked_for_again_with_the_clouds_words(page: Page, stage: Stage) -> None:
    here(page, stage)
    pin(stage, page)
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    stage.until(lambda: stage.uploads("choice"))
    stage.cloud("notice", level="warn", code="pin_wrong", text="That PIN was wrong. You have 4 more tries.")
    expect(page.get_by_role("alert").first).to_have_text("That PIN was wrong. You have 4 more tries.")
    page.keyboard.type("4711")
    page.keyboard.press("Enter")
    stage.until(lambda: len(stage.uploads("choice")) == 2)


def test_a_further_badge_joins_and_what_was_picked_goes_on(page: Page, stage: Stage) -> None:
    here(page, stage)
    camera = an_option("take", "Take Thermal camera", door=9, needs=["authoriser"])
    session(stage, camera)
    press(page, "Take Thermal camera")
    screen(page, "authoriser")
    stage.tap("045E1A72C41190")
    assert stage.uploads("tap")[-1]["session"] == "s-Lena H.-1"
    stage.cloud("session", **a_session({**camera, "needs": []}))
    stage.until(lambda: stage.uploads("choice"))
    assert stage.uploads("choice")[-1]["option"] == "take:Take Thermal camera"


def test_long_lists_are_turned_by_large_keys(page: Page, stage: Stage) -> None:
    plays("many", stage, page)
    last = page.get_by_text("Thermography level 1")
    expect(last).not_to_be_in_viewport()
    for _ in range(8):
        page.get_by_role("button", name="Show more").click(force=True)
    expect(last).to_be_in_viewport()


def test_a_fault_goes_out_with_words_and_a_photo(page: Page, stage: Stage) -> None:
    here(page, stage)
    fault_report(stage, page)
    page.get_by_role("button", name="Keyboard").click()
    for letter in "hinge":
        page.get_by_role("button", name=letter, exact=True).click()
    page.locator("input[type=file]").set_input_files({"name": "p.png", "mimeType": "image/png", "buffer": a_picture()})
    expect(page.get_by_role("img", name="The photo goes with your report.")).to_be_visible()
    press(page, "Send the report")
    stage.until(lambda: stage.uploads("fault"))
    (fault,) = stage.uploads("fault")
    told = {name: fault.get(name) for name in ("door", "severity", "text", "photo", "answers", "grant")}
    assert told == {
        "door": 4,
        "severity": "critical",
        "text": "hinge",
        "photo": True,
        "answers": {"what": "damaged"},
        "grant": None,
    }
    form = {"url": "https://photos.example/", "fields": {"key": "k"}}
    notice = {"re": fault["id"], "level": "info", "code": "photo_wanted", "text": "Now the photo.", "upload": form}
    stage.do(lambda: stage.line.says("notice", **notice))
    stage.until(lambda: stage.photos)
    ((where, photo),) = stage.photos
    assert max(Image.open(BytesIO(photo)).size) == 1600
    assert (where.url, where.fields, photo[:3]) == ("https://photos.example/", {"key": "k"}, b"\xff\xd8\xff")
    screen(page, "thanks")
