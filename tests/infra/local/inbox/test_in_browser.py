"""The inbox in a real browser, before the real API and sender: read, press, see it change; by keyboard, too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect

from tests.support.browser import a_page, chromium
from tests.support.talking import CHANNEL, LOAN, NOW, Talk, talking
from tests.support.workplace import ORG
from toolcrib.domain.policies import To, Via
from toolcrib.domain.record import replace
from toolcrib.store.loans import load_loan
from toolcrib.store.notices import load_notice
from toolcrib.store.people import load_person

TO_OMAR = {"to": To.SUPERVISOR, "recipient": "p-9"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Talk]:
    with talking(tmp_path) as here:
        yield here


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with a_page(browser, at=NOW) as page:
        yield page


def message(page: Page, of: str = "Overdue by 2 hours") -> Locator:
    return page.get_by_role("article").filter(has_text=of)


def button(within: Page | Locator, name: str) -> Locator:
    return within.get_by_role("button", name=name, exact=True)


def test_a_press_changes_the_message_in_place_and_says_who(here: Talk, page: Page) -> None:
    here.tell("PT2H", **TO_OMAR, via=Via.SLACK)
    page.goto(f"{here.inbox}/?as=U0OMAR")
    expect(message(page).get_by_role("heading")).to_have_text("Overdue by 2 hours: Thermal camera 2, with Maya Lind")
    button(message(page), "I see to it").click()
    expect(message(page)).to_contain_text("Omar Haddad: I see to it")
    expect(button(message(page), "I see to it")).to_have_count(0)
    expect(page.get_by_role("article")).to_have_count(1)
    assert load_notice(ORG, "notice-1").acted.by == "p-9"


def test_it_is_snoozed_by_keyboard_alone(here: Talk, page: Page) -> None:
    here.tell("PT2H", **TO_OMAR, via=Via.SLACK)
    page.goto(f"{here.inbox}/?as=U0OMAR")
    button(message(page), "Again in an hour").focus()
    page.keyboard.press("Enter")
    expect(message(page)).to_contain_text("Omar Haddad: Again in an hour")
    focused = page.evaluate("document.activeElement.closest('article') !== null")
    assert focused, "whoever pressed stays where they were"


def test_a_grave_button_asks_first(here: Talk, page: Page) -> None:
    here.tell("PT2H", **TO_OMAR, via=Via.SLACK)
    page.goto(f"{here.inbox}/?as=U0OMAR")
    lost, dialog = button(message(page), "Declare it lost"), page.get_by_role("dialog")
    lost.click()
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Overdue by 2 hours")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(lost).to_be_focused()
    assert load_notice(ORG, "notice-1").acted is None
    lost.click()
    button(dialog, "Declare it lost").click()
    expect(page.get_by_role("article")).to_contain_text("Omar Haddad: Declare it lost")


def test_after_a_return_it_says_so_and_nothing_is_left_to_press(here: Talk, page: Page) -> None:
    here.tell("PT2H", **TO_OMAR, via=Via.SLACK)
    page.goto(f"{here.inbox}/?as=U0OMAR")
    expect(button(message(page), "I see to it")).to_be_visible()
    here.bring_back()
    expect(page.get_by_role("article")).to_contain_text("19:42")
    expect(page.get_by_role("article").get_by_role("button")).to_have_count(0)
    expect(page.locator("#news")).to_contain_text("Changed:")


def test_in_a_channel_somebody_has_to_be_chosen(here: Talk, page: Page) -> None:
    here.tell("PT2H", to=To.CHANNEL, recipient=CHANNEL, via=Via.SLACK)
    page.goto(here.inbox)
    button(message(page), "I see to it").click(force=True)
    expect(message(page).get_by_role("alert")).to_contain_text("Choose whom you act as")
    page.get_by_label("Acting as").select_option(label="Omar Haddad")
    button(message(page), "I see to it").click()
    expect(message(page)).to_contain_text("Omar Haddad: I see to it")


def test_who_may_not_is_told_alone(here: Talk, page: Page) -> None:
    here.tell("PT2H", to=To.CHANNEL, recipient=CHANNEL, via=Via.SLACK)
    page.goto(f"{here.inbox}/?as=U0MAYA")
    button(message(page), "Remind the holder now").click()
    whisper = page.get_by_role("article").filter(has_text="only visible to you")
    expect(whisper).to_have_count(1)
    assert load_notice(ORG, "notice-1").acted is None


def test_a_command_is_answered(here: Talk, page: Page) -> None:
    page.goto(f"{here.inbox}/?as=U0MAYA")
    typed = page.get_by_label("Command as Maya Lind")
    typed.fill("/toolcrib mine")
    typed.press("Enter")
    answer = page.get_by_role("article").filter(has_text="only visible to you")
    expect(answer).to_contain_text("Thermal camera 2")
    expect(typed).to_have_value("")
    typed.fill("hello")
    typed.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="one command")).to_be_visible()


def test_the_home_is_shown_and_its_button_works(here: Talk, page: Page) -> None:
    page.goto(f"{here.inbox}/?as=U0MAYA")
    page.get_by_role("link", name="Home").click()
    home = page.get_by_role("article")
    expect(home.get_by_role("heading", name="What you have")).to_be_visible()
    expect(home).to_contain_text("Thermal camera 2")
    button(home, "Keep it longer").click()
    expect(home).to_contain_text("That was not done")


def test_a_mails_link_shows_a_page_and_counts_after_a_press(here: Talk, page: Page) -> None:
    here.tell("PT2H", **TO_OMAR, via=Via.EMAIL)
    page.goto(here.inbox)
    mail = page.frame_locator("iframe")
    expect(mail.get_by_role("heading", name="Overdue by 2 hours")).to_be_visible()
    with page.context.expect_page() as opened:
        mail.get_by_role("link", name="I see to it").click()
    answer = opened.value
    expect(answer.get_by_role("button")).to_have_count(1)
    assert load_notice(ORG, "notice-1").acted is None
    answer.get_by_role("button").click()
    expect(answer.get_by_role("button")).to_have_count(0)
    assert load_notice(ORG, "notice-1").acted.by == "p-9"
    answer.goto(answer.url)
    expect(answer.get_by_role("button")).to_have_count(0)


def test_a_mail_can_be_read_as_text_with_its_headers(here: Talk, page: Page) -> None:
    here.tell("PT2H", **TO_OMAR, via=Via.EMAIL)
    page.goto(here.inbox)
    page.get_by_text("Headers", exact=True).click()
    expect(page.get_by_text("auto-generated")).to_be_visible()
    page.get_by_role("link", name="As text").click()
    text = page.get_by_label("The mail as text")
    expect(text).to_contain_text("Thermal camera 2 was due back")
    expect(text.get_by_role("link").first).to_have_attribute("href", f"{_base(here)}")


def _base(here: Talk) -> str:
    from re import search

    return search(r"https?://\S+/v1/answers/\S+", here.mails[0]["BodyText"]).group()


def test_names_full_of_markup_change_nothing(here: Talk, page: Page) -> None:
    evil = "<img src=x onerror=alert(1)> *b* <!channel> <https://evil.example|x> &lt;"
    from toolcrib.store.assets import load_asset
    from toolcrib.store.mapping import asset_item

    asset_item(ORG, replace(load_asset(ORG, "cam-2"), name=evil)).save()
    here.tell("PT2H", **TO_OMAR, via=Via.SLACK)
    here.tell("PT2H", **TO_OMAR, via=Via.EMAIL)
    alerts: list[str] = []

    def asked(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", asked)
    page.goto(f"{here.inbox}/?as=U0OMAR")
    shown = page.get_by_role("article")
    expect(shown.get_by_role("heading")).to_contain_text("<img src=x onerror=alert(1)> *b* <!channel>")
    expect(shown.get_by_role("link")).to_have_count(0)
    expect(page.frame_locator("iframe").get_by_role("heading").first).to_contain_text("<img src=x")
    assert alerts == []


def test_what_is_typed_and_opened_stays_while_messages_arrive(here: Talk, page: Page) -> None:
    here.tell("PT2H", **TO_OMAR, via=Via.EMAIL)
    page.goto(f"{here.inbox}/?as=U0OMAR&mail=0")
    page.get_by_label("Command as Omar Haddad").fill("/toolcrib la")
    page.frame_locator("iframe").get_by_role("heading").first.wait_for()
    page.evaluate("window.frame = document.querySelector('iframe')")
    here.tell("PT2H", **TO_OMAR, via=Via.SLACK)
    expect(message(page)).to_be_visible()
    expect(page.get_by_label("Command as Omar Haddad")).to_have_value("/toolcrib la")
    expect(page.get_by_label("Command as Omar Haddad")).to_be_focused()
    assert page.evaluate("window.frame === document.querySelector('iframe')")


def test_it_says_when_it_is_not_live(here: Talk, page: Page) -> None:
    page.goto(here.inbox)
    expect(page.locator("#live")).to_have_text("live")
    page.route("**/panes*", lambda route: route.abort())
    expect(page.locator("#live")).to_have_text("stopped")


def test_the_loan_is_what_it_was_until_somebody_presses(here: Talk, page: Page) -> None:
    here.tell("PT2H", **TO_OMAR, via=Via.SLACK)
    before = load_loan(ORG, LOAN), load_person(ORG, "p-1")
    page.goto(f"{here.inbox}/?as=U0OMAR")
    expect(message(page)).to_be_visible()
    assert (load_loan(ORG, LOAN), load_person(ORG, "p-1")) == before
