"""The examples of the guides are run as they stand there; each section in a fresh workplace."""

from pathlib import Path

import pytest

from tests.docs.examples.page import Section, sections
from tests.docs.examples.stage import stage

RULES = Path("docs/rules.md")
SECTIONS = {section.title: section for section in sections(RULES)}


@pytest.mark.parametrize("title", SECTIONS)
def test_what_the_rules_page_shows_is_what_happens(title: str) -> None:
    section: Section = SECTIONS[title]
    with stage() as here:
        for step in section.steps:
            here.take(step)
