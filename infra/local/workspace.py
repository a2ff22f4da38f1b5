"""Tells the inbox who is in its Slack workspace: the sample's people, whose mail addresses Slack has verified."""

from collections.abc import Iterable, Mapping
from typing import Any

from infra.local.loopback import client


def enter(inbox: str, people: Iterable[Mapping[str, Any]]) -> None:
    """Enter people by their Slack id, name and address; entering them again changes nothing."""
    for person in people:
        member = {"id": person["slack_id"], "name": person["name"], "email": person["email"]}
        client().post(f"{inbox}/_members", json=member).raise_for_status()
