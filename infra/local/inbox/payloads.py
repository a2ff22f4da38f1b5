"""What Slack sends an app: a pressed button, a slash command, an opened home; in the shapes of Slack's reference."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from infra.local.inbox.blocks import Button
from infra.local.inbox.members import TEAM, Member, is_person

APP: Final = "A0TOOLCRIB"
FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
COMMAND: Final = "/toolcrib"


def pressed(member: Member, button: Button, block: int, container: Mapping[str, Any], at: float) -> str:
    """Return the form of a pressed button; `container` tells what it stands in (`in_message`, `in_home`)."""
    action = {
        "type": "button",
        "action_id": button.action_id,
        "block_id": f"b{block}",
        "text": {"type": "plain_text", "text": button.text.text, "emoji": False},
        "value": button.value,
        "action_ts": f"{at:.6f}",
        **({"style": button.style} if button.style else {}),
    }
    payload = {
        "type": "block_actions",
        "user": {"id": member.id, "username": member.id.lower(), "name": member.id.lower(), "team_id": TEAM["id"]},
        "api_app_id": APP,
        "token": "not-used-any-more",
        "trigger_id": _trigger(at),
        "team": TEAM,
        "enterprise": None,
        "is_enterprise_install": False,
        "actions": [action],
        **container,
    }
    return urlencode({"payload": json.dumps(payload)})


def in_message(conversation: str, message: Mapping[str, Any], url: str) -> dict[str, Any]:
    """Return what is told of a message in which something was pressed; `url` is where to answer."""
    channel = {"id": conversation, "name": "directmessage" if is_person(conversation) else conversation.lstrip("#")}
    where = {"type": "message", "message_ts": message["ts"], "channel_id": conversation, "is_ephemeral": False}
    shown = {name: message[name] for name in ("text", "blocks", "ts") if name in message}
    return {
        "container": where,
        "channel": channel,
        "message": {"type": "message", "app_id": APP, **shown},
        "state": {"values": {}},
        "response_url": url,
    }


def in_home(member: Member, view: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of a home in which something was pressed: there is no address to answer at."""
    shown = {"id": f"V{member.id}", "team_id": TEAM["id"], "type": "home", "blocks": view.get("blocks", [])}
    return {"container": {"type": "view", "view_id": shown["id"]}, "view": {**shown, "state": {"values": {}}}}


def command(member: Member, conversation: str, text: str, at: float, url: str) -> str:
    """Return the form of a slash command; `text` is what follows its name."""
    form = {
        "token": "not-used-any-more",
        "team_id": TEAM["id"],
        "team_domain": TEAM["domain"],
        "channel_id": conversation,
        "channel_name": "directmessage" if is_person(conversation) else conversation.lstrip("#"),
        "user_id": member.id,
        "user_name": member.id.lower(),
        "command": COMMAND,
        "text": text,
        "api_app_id": APP,
        "is_enterprise_install": "false",
        "response_url": url,
        "trigger_id": _trigger(at),
    }
    return urlencode(form)


def home_opened(member: Member, at: float) -> str:
    """Return the event of somebody who opens the app's home."""
    event = {
        "type": "app_home_opened",
        "user": member.id,
        "channel": f"D{member.id}",
        "tab": "home",
        "event_ts": f"{at:.6f}",
    }
    body = {
        "token": "not-used-any-more",
        "team_id": TEAM["id"],
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{round(at * 1_000_000)}",
        "event_time": int(at),
    }
    return json.dumps(body)


def _trigger(at: float) -> str:
    return f"{round(at * 1_000_000)}.{TEAM['id']}"
