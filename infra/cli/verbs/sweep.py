"""`toolcrib sweep`."""

import os
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from infra.cli.deployments import Deployment, Stack, deployment
from infra.cli.errors import CommandError
from infra.cli.steps import console, counting
from infra.cli.tables import bind
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
QUIETLY = {"POWERTOOLS_METRICS_DISABLED": "true", "POWERTOOLS_LOG_LEVEL": "CRITICAL"}  # lines for CloudWatch

At = Annotated[str, typer.Option(metavar="INSTANT", help="The moment it is taken to be, such as 2026-11-21T18:00:00Z.")]


Dry = Annotated[bool, typer.Option("--dry-run", help="Only show what would be sent to whom; nothing is written.")]


def sweep(*, at: At, dry_run: Dry = False, stack: Stack = None) -> None:
    """Drain the agenda as of a moment: what is overdue then is noticed, and who must know is told."""
    when = _instant(at)
    if dry_run:
        _rehearse(when, deployment(stack))
        return
    if stack is not None:
        raise CommandError("On AWS the clock sweeps every minute. Say --dry-run to see what it would send at a moment.")
    there = running(home())
    changes = Changes(ministack.target(there.home), there.stack["tables"]["state"])
    swept = _drain(there, _event(when, there.stack["region"]))
    counted = _follow(changes)
    console.print(f"Swept as of {moment(when)}: {_listed(swept) or 'nothing was due'}.")
    if counted:
        console.print(f"That made: {_listed(counted)}.")
    if counted["notice sent"]:
        console.print(f"Read them in the inbox: {there.stack['inbox']}/")


def _rehearse(when: datetime, of: Deployment) -> None:
    """Run the same sweep here, with its writes left out, and tell what it would have sent."""
    known = of.outputs("foundation")
    bind(of, state=known["StateTable"], ledger=known["LedgerTable"], anchors=known["AnchorBucket"])
    os.environ.update(QUIETLY)
    from infra.cli.rehearsing import rehearse

    with counting("Looking", 0) as count:
        done, notices = rehearse(of.org, when, lambda seen: count(seen, f"{seen:,} looked at"))
    for each in notices:
        console.print(_told(each), soft_wrap=True, highlight=False)
    console.print(f"As of {moment(when)} this would be done: {_listed(Counter(done)) or 'nothing is due'}.")
    console.print("Nothing was written. Who is asleep, away or off duty is judged when each is sent.")


def _told(notice: Notice) -> str:
    about = notice.loan or notice.case or notice.person or f"{len(notice.parts)} parts"
    urgent = ", urgent" if notice.urgent else ""
    who = f"{notice.to} {notice.recipient} by {notice.via}{urgent}"
    return escape(f"{instant(notice.due_at)}  {notice.step} of {about} to {who}")


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
