"""A visit to a simulated bank in plain words. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rich.markup import escape

from infra.local.lines import moment

OUTCOME = {
    "opened": "[yellow]Door {door} is open; its end is not known yet.[/yellow]",
    "closed": "[green]Door {door} opened and closed again.[/green] {seen}",
    "not_opened": "Door {door} was unlocked, and nobody opened it.",
    "left_open": "[yellow]Door {door} stands open.[/yellow]",
    "jammed": "[red]Door {door} is jammed.[/red]",
    "forced": "[red]Door {door} was forced.[/red]",
    "unresolved": "[yellow]Door {door}: nobody saw how it ended.[/yellow]",
}
SILENCE = {
    "offline": "[red]{bank} has no connection.[/red]",
    "none": "[red]{bank} got no answer.[/red] Its log and the functions' logs may say why.",
}
COLOUR = {"info": "green", "warn": "yellow", "error": "red"}


def option(each: dict[str, Any]) -> tuple[str, str, str]:
    """Return an option's title, door and due time."""
    due = moment(datetime.fromisoformat(each["due_at"])) if each["due_at"] else ""
    title = plain(each["title"]) + (f" [dim]({plain(each['note'])})[/dim]" if each["note"] else "")
    if each.get("needs"):
        title += f" [yellow]needs {', '.join(map(plain, each['needs']))}[/yellow]"
    return title, "" if each["door"] is None else str(each["door"]), due


def refusal(each: dict[str, Any]) -> str:
    """Return what is not for this person now, and why."""
    return f"[dim]not now: {plain(each['title'])}: {plain(each['text'])} ({plain(each['code'])})[/dim]"


def happened(bank: str, visit: dict[str, Any]) -> Iterator[str]:
    """Yield what the person saw after the tap: sentences on the screen, the door, and whether the cloud knows."""
    if visit["answer"] in SILENCE:
        yield SILENCE[visit["answer"]].format(bank=plain(bank))
    for message in visit["notices"]:
        colour = COLOUR.get(message["level"], "white")
        yield f"[{colour}]{plain(message['text'])}[/{colour}] [dim]({plain(message['code'])})[/dim]"
    if visit["door"] is None:
        return
    outcome = visit["outcome"]
    if outcome is None:
        yield f"Door {visit['door']} was unlocked."
        return
    yield OUTCOME[outcome].format(door=visit["door"], seen=_seen(visit)).rstrip()
    if visit["rejected"]:
        yield f"[red]The report was rejected ({plain(visit['rejected'])}); a case is open.[/red]"
    elif not visit["acknowledged"]:
        yield "[yellow]The report is not acknowledged yet; the bank repeats it until it is.[/yellow]"


def plain(text: object) -> str:
    """Return text in which nothing is markup."""
    return escape(str(text).replace("_", " "))


def _seen(visit: dict[str, Any]) -> str:
    """Return what the sensors saw behind the closed door."""
    if visit["tags"] is not None:
        tags = len(visit["tags"])
        return f"The reader sees {tags} tag{'' if tags == 1 else 's'} inside."
    if visit["present"] is not None:
        return "Something is inside." if visit["present"] else "It is empty."
    return "No sensor looks inside."
