"""The examples of the guides are run as they stand there; each section in a fresh workplace."""

from pathlib import Path

import pytest

from tests.docs.examples.page import Reply, Request, Section, Shown, Tap, sections
from tests.docs.examples.stage import stage

RULES = Path("docs/rules.md")
SECTIONS = {section.title: section for section in sections(RULES)}


@pytest.mark.parametrize("title", SECTIONS)
def test_what_the_rules_page_shows_is_what_happens(title: str) -> None:
    section: Section = SECTIONS[title]
    with stage() as here:
        for step in section.steps:
            here.take(step)


REFUSE_CODES = [
    "person_frozen",
    "person_not_yet_valid",
    "person_expired",
    "badge_revoked",
    "badge_unknown",
    "badge_elsewhere",
    "blocked",
    "no_access",
    "certification_missing",
    "certification_expired",
    "outside_schedule",
    "kit_incomplete",
    "faulty",
    "service_due",
    "charge_low",
    "allowance_reached",
    "reserved",
    "held_for_other",
    "pin_required",
    "pin_locked",
    "authorisation_required",
    "terms_required",
]
"""The refuse codes of the take rules, by row."""


@pytest.mark.parametrize("code", REFUSE_CODES)
def test_every_refuse_code_is_on_the_rules_page(code: str) -> None:
    assert f"`{code}`" in RULES.read_text()


def test_an_example_that_is_wrong_is_noticed() -> None:
    with stage() as here:
        here.take(Request("POST", "/policies/dry-run", {}, {"person": "ana", "bank": "hq-01", "type": "drill"}))
        with pytest.raises(AssertionError):
            here.take(Reply({"allowed": False}))
        here.take(Tap("hq-01", "DEADBEEF", {}))
        with pytest.raises(AssertionError):
            here.take(Shown(("Welcome.",)))


def test_a_refusal_that_the_page_does_not_show_is_noticed() -> None:
    with stage() as here:
        here.take(Request("GET", "/people/nobody", {}, None))
        with pytest.raises(AssertionError):
            here.take(Tap("hq-01", "DEADBEEF", {}))
