"""Buttons of a message in the local inbox, pressed as Slack would tell of it."""

from typing import Any

import httpx

from tests.journeys.corner import Corner, Person
from tests.support.player import PATIENCE_S


def press(corner: Corner, message: dict[str, Any], reaction: str, who: Person) -> None:
    """Press a button of a message as Slack would tell of it: the inbox signs it and calls the app."""
    (place,) = (
        {"block": block, "element": element}
        for block, one in enumerate(message["raw"]["blocks"])
        for element, button in enumerate(one.get("elements", []))
        if button.get("action_id") == reaction
    )
    pressed = {"user": who.slack, "ts": message["raw"]["ts"], **place, "action": reaction}
    answer = httpx.post(f"{corner.stack['inbox']}/_press", json=pressed, timeout=PATIENCE_S, trust_env=False)
    assert answer.status_code == 200, answer.text
