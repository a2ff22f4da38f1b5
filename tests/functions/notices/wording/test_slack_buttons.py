"""Buttons as Slack takes them: what is pressed, about what, asked once more where it is grave; and who did what."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.notices.wording import word
from infra.local.inbox.blocks import parsed
from tests.support.stories import DUE, about_a_loan
from toolcrib.domain.languages import SPOKEN
from toolcrib.domain.notices import Acted
from toolcrib.domain.reactions import Reaction
from toolcrib.domain.record import replace as changed


def blocks(language: str = "en", **more: Any) -> list[dict[str, Any]]:
    facts = replace(about_a_loan(DUE, language=language), org="acme", actions=tuple(Reaction))
    return word(replace(facts, **more)).blocks


def buttons(of: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [element for block in of if block["type"] == "actions" for element in block["elements"]]


@pytest.mark.parametrize("language", SPOKEN)
def test_slack_takes_them_in_every_language(language: str) -> None:
    made = blocks(language)
    parsed(made)
    assert [button["action_id"] for button in buttons(made)] == [str(each) for each in Reaction]


def test_what_is_pressed_names_the_org_and_the_notice() -> None:
    facts = about_a_loan(DUE)
    assert {button["value"] for button in buttons(blocks())} == {f"acme/{facts.notice.id}"}


def test_what_is_grave_is_asked_once_more() -> None:
    asked = {button["action_id"] for button in buttons(blocks()) if "confirm" in button}
    assert asked == {"lost", "quarantine", "case", "repair"}


def test_without_anything_to_press_there_are_no_buttons() -> None:
    made = blocks(actions=())
    parsed(made)
    assert buttons(made) == []


def test_who_did_what_stands_below() -> None:
    facts = about_a_loan(DUE)
    acted = Acted(reaction="snooze_hour", by="p-9", at=DUE, op="o", until=DUE + timedelta(hours=1))
    made = blocks(notice=changed(facts.notice, acted=acted), acted_by="Grace")
    lines = [block["elements"][0]["text"] for block in made if block["type"] == "context"]
    assert lines[0] == ("✔ Grace: Again in an hour · Fri 20 November 2026, 17:30 CET → Fri 20 November 2026, 18:30 CET")


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60).map(lambda text: f"<!channel> *{text}* <@U1|x>"))
def test_a_name_full_of_markup_is_plain_text_wherever_it_stands(name: str) -> None:
    facts = about_a_loan(DUE)
    acted = Acted(reaction="lost", by="p-9", at=DUE, op="o")
    made = blocks(notice=changed(facts.notice, acted=acted), acted_by=name, thing=name, holder=name)

    for text in _texts(made):
        assert text["type"] == "plain_text"
        assert "<" not in text["text"]


def _texts(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if not isinstance(value, dict):
        return []
    own = [value] if isinstance(value.get("text"), str) and value.get("type") != "button" else []
    return [*own, *(text for each in value.values() for text in _texts(each))]
