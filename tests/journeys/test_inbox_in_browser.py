"""The conversation on the local stack, in a real browser: what is pressed is signed, believed, done and shown."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.asking import eventually
from tests.journeys.corner import Corner, Person
from tests.support.browser import a_page, chromium

pytestmark = pytest.mark.journey

LADDER = [
    {"offset": "PT1H", "to": "supervisor", "via": "slack"},
    {"offset": "PT1H", "to": "supervisor", "via": "email"},
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with a_page(browser) as page:
        yield page


def late(corner: Corner) -> tuple[str, Person]:
    """Let a laptop be taken, and its supervisor be told an hour after it was due."""
    corner.policy("laptop", loan_period="PT1H", ladder=LADDER)
    bank, ada = corner.bank("tags", "express"), corner.person("ada")
    corner.thing("laptop", bank, door=1)
    taking = bank.opens(ada.token)
    assert bank.closes(taking, inside=[]) == "taken"
    loan = str(taking["jti"])
    due = datetime.fromisoformat(corner.loan(loan)["due_at"])
    corner.sweep((due + timedelta(hours=1, minutes=1)).isoformat())
    for via in ("slack", "email"):
        assert corner.told(via, loan=loan)
    return loan, ada


def message(page: Page, loan: str) -> Locator:
    return page.get_by_role("article").filter(has_text=loan)


def reactions(corner: Corner, loan: str, via: str) -> list[str]:
    """Return what somebody did with a loan's notices; what was snoozed is a notice of its own."""
    notices = [each for each in corner.web.get("/notices", loan=loan)["items"] if each["via"] == via]
    return [each["acted"]["reaction"] for each in notices if each.get("acted")]


@pytest.mark.parametrize(("pressed", "done"), [("I see to it", "acknowledge"), ("Again in an hour", "snooze_hour")])
def test_a_supervisor_answers_a_message(corner: Corner, page: Page, pressed: str, done: str) -> None:
    loan, _ = late(corner)
    page.goto(f"{corner.stack['inbox']}/?as={corner.supervisor.slack}")
    expect(message(page, loan)).to_contain_text("Overdue by 1 hour")
    message(page, loan).get_by_role("button", name=pressed, exact=True).click()
    expect(message(page, loan)).to_contain_text(f"Supervisor: {pressed}")
    assert reactions(corner, loan, "slack") == [done]


def test_a_mails_link_counts_once_it_is_confirmed(corner: Corner, page: Page) -> None:
    loan, _ = late(corner)
    page.goto(corner.stack["inbox"])
    page.get_by_role("navigation", name="Mails").get_by_text(corner.supervisor.mail).click()
    mail = page.frame_locator("iframe")
    with page.context.expect_page() as opened:
        mail.get_by_role("link", name="I see to it").click()
    answer = opened.value
    expect(answer.get_by_role("button")).to_have_count(1)
    assert reactions(corner, loan, "email") == []
    answer.get_by_role("button").click()
    expect(answer.get_by_role("button")).to_have_count(0)
    assert eventually(reactions, corner, loan, "email") == ["acknowledge"]


def test_a_command_and_the_home_show_what_somebody_has(corner: Corner, page: Page) -> None:
    _, ada = late(corner)
    member = {"id": ada.slack, "name": "Ada", "email": ada.mail}
    httpx.post(f"{corner.stack['inbox']}/_members", json=member).raise_for_status()
    page.goto(corner.stack["inbox"])
    page.get_by_label("Acting as").select_option(value=ada.slack)
    typed = page.get_by_label("Command as")
    typed.fill("/toolcrib mine")
    typed.press("Enter")
    expect(page.get_by_role("article").filter(has_text="only visible to you")).to_contain_text("Laptop")
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("article")).to_contain_text("Laptop")
