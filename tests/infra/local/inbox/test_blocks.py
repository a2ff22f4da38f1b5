"""Blocks as Slack documents them: what is taken, what is refused, and what a reader sees."""

from typing import Any

import msgspec
import pytest

from infra.local.inbox.blocks import IN_HOME, button, lines, parsed

PLAIN = {"type": "plain_text", "text": "Forced open", "emoji": True}
MARKED = {"type": "mrkdwn", "text": "*Forced* open", "verbatim": False}
IMAGE = {"type": "image", "image_url": "https://example.com/cat.png", "alt_text": "a cat"}
ASK = {"title": PLAIN, "text": MARKED, "confirm": {**PLAIN, "text": "Yes"}, "deny": {**PLAIN, "text": "No"}}
BUTTON = {"type": "button", "text": PLAIN, "action_id": "go", "value": "1", "style": "danger", "confirm": ASK}

SHAPES: list[tuple[dict[str, Any], list[str]]] = [
    ({"type": "header", "text": PLAIN, "block_id": "h"}, ["Forced open"]),
    ({"type": "section", "text": MARKED}, ["*Forced* open"]),
    ({"type": "section", "fields": [PLAIN, MARKED]}, ["Forced open", "*Forced* open"]),
    ({"type": "section", "text": PLAIN, "accessory": BUTTON}, ["Forced open", "[Forced open]"]),
    ({"type": "section", "text": PLAIN, "accessory": IMAGE}, ["Forced open", "a cat"]),
    ({"type": "context", "elements": [IMAGE, MARKED, PLAIN]}, ["a cat", "*Forced* open", "Forced open"]),
    ({"type": "actions", "elements": [BUTTON, {**BUTTON, "style": "primary"}]}, ["[Forced open]", "[Forced open]"]),
    ({"type": "divider"}, []),
    ({**IMAGE, "title": PLAIN}, ["a cat"]),
]


@pytest.mark.parametrize(("block", "shown"), SHAPES)
def test_a_documented_shape_is_taken(block: dict[str, Any], shown: list[str]) -> None:
    assert lines(parsed([block])) == shown


def long(text: dict[str, Any], length: int) -> dict[str, Any]:
    return {**text, "text": "x" * length}


@pytest.mark.parametrize(
    "block",
    [
        {"type": "carousel"},
        {"type": "section"},
        {"type": "section", "text": {"type": "plain_text", "text": ""}},
        {"type": "section", "text": long(MARKED, 3001)},
        {"type": "section", "fields": [long(PLAIN, 2001)]},
        {"type": "section", "fields": [PLAIN] * 11},
        {"type": "header", "text": MARKED},
        {"type": "header", "text": long(PLAIN, 151)},
        {"type": "context", "elements": []},
        {"type": "context", "elements": [PLAIN] * 11},
        {"type": "actions", "elements": [BUTTON] * 26},
        {"type": "actions", "elements": [{**BUTTON, "text": long(PLAIN, 76)}]},
        {"type": "actions", "elements": [{**BUTTON, "text": MARKED}]},
        {"type": "actions", "elements": [{**BUTTON, "style": "loud"}]},
        {"type": "actions", "elements": [{**BUTTON, "value": "x" * 2001}]},
        {"type": "actions", "elements": [{**BUTTON, "confirm": {**ASK, "title": long(PLAIN, 101)}}]},
        {"type": "actions", "elements": [{**BUTTON, "confirm": {**ASK, "text": long(PLAIN, 301)}}]},
        {"type": "actions", "elements": [{**BUTTON, "confirm": {**ASK, "deny": long(PLAIN, 31)}}]},
        {"type": "image", "image_url": "https://example.com/cat.png"},
    ],
)
def test_what_slack_refuses_is_refused(block: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        parsed([block])


def test_a_home_holds_more_blocks_than_a_message() -> None:
    many = [{"type": "divider"}] * 100
    assert len(parsed(many, IN_HOME)) == 100
    for blocks, most in ((many, 50), ([*many, many[0]], IN_HOME)):
        with pytest.raises(msgspec.ValidationError):
            parsed(blocks, most)


def test_a_button_is_found_by_its_place() -> None:
    actions, section, line = parsed(
        [
            {"type": "actions", "elements": [BUTTON, {**BUTTON, "action_id": "stop"}]},
            {"type": "section", "text": PLAIN, "accessory": BUTTON},
            {"type": "divider"},
        ]
    )
    places = [(actions, 1), (actions, 2), (actions, -1), (actions, None), (section, None), (section, 0), (line, None)]
    found = [button(block, element) for block, element in places]
    assert [each and each.action_id for each in found] == ["stop", None, None, None, "go", None, None]
