"""`toolcrib sweep`."""

import time
from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from infra.cli.errors import CommandError
from infra.cli.steps import console
from infra.local import ministack
from infra.local.changes import Changes
from infra.local.home import home
from infra.local.lines import line, moment
from infra.local.running import Running, running
from toolcrib.domain.events import instant
from toolcrib.domain.notices import UNDELIVERED, Notice

QUIET_S = 3.0  # so long without a change, and nothing more comes
PATIENCE_S = 60.0
PAUSE_S = 0.2
MOST_RUNS = 20

At = Annotated[str, typer.Option(metavar="INSTANT", help="The moment it is taken to be, such as 2026-11-21T18:00:00Z.")]


def sweep(at: At) -> None:
    """Drain the agenda as of a moment: what is overdue then is noticed, and who must know is told."""
    when = _instant(at)
    there = running(home())
    changes = Changes(ministack.target(there.home), there.stack["tables"]["state"])
    swept = _drain(there, _event(when, there.stack["region"]))
    counted = _follow(changes)
    console.print(f"Swept as of {moment(when)}: {_listed(swept) or 'nothing was due'}.")
    if counted:
        console.print(f"That made: {_listed(counted)}.")
    if counted["notice sent"]:
        console.print(f"Read them in the inbox: {there.stack['inbox']}/")


def _drain(there: Running, event: dict[str, Any]) -> Counter[str]:
    """Let the sweeper run until it leaves nothing for the next time; return how much of what it did."""
    done: Counter[str] = Counter()
    for _ in range(MOST_RUNS):
        answer: dict[str, int] = there.invoke("sweep", event) or {}
        left = answer.pop("left_for_next_run", 0)
        done.update(answer)
        if not left:
            break
    return done


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{count} × {name.replace('_', ' ')}" for name, count in sorted(counted.items()))


def _instant(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is no instant. Write it like 2026-11-21T18:00:00Z.") from error
    if when.tzinfo is None:
        raise CommandError(f"{text} does not say in which time zone. Add Z for UTC: {text}Z.")
    return when.astimezone(UTC)


def _event(at: datetime, region: str) -> dict[str, Any]:
    """Return what EventBridge would send at that moment."""
    return {
        "version": "0",
        "id": f"sweep-{at.timestamp():.0f}",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": instant(at),
        "region": region,
        "resources": [],
        "detail": {},
    }


def _follow(changes: Changes) -> Counter[str]:
    """Print what changes until nothing more is under way; return how often what was told."""
    counted: Counter[str] = Counter()
    on_the_way: set[str] = set()
    begun = quiet_since = time.monotonic()
    while time.monotonic() - begun < PATIENCE_S:
        for changed in changes.read() or ():
            quiet_since = time.monotonic()
            told = line(changed)
            if told:
                console.print(told[1], soft_wrap=True)
                counted[f"{told[0]} {changed.after.state}"] += 1
            if isinstance(changed.after, Notice):
                (on_the_way.add if _under_way(changed.after) else on_the_way.discard)(changed.after.id)
        if not on_the_way and time.monotonic() - quiet_since >= QUIET_S:
            break
        time.sleep(PAUSE_S)
    return counted


def _under_way(notice: Notice) -> bool:
    """Whether it will go out any moment; one that failed is tried again later."""
    return notice.state in UNDELIVERED and notice.last_error is None
