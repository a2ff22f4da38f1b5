"""What banks send: one function per kind of upload. Each handler is parse, call, answer.

Conversation (tap, choice, fetch, time): someone is waiting; never retried, dropped when older than 10 s. Reports (door,
fault, status, alarm): retried, and what no retry can apply goes to the queue of dead reports (docs/runbook.md).
"""

from datetime import UTC, datetime
from typing import Any

from chalice.app import Chalice

from toolcrib.flows import (
    badge_tap,
    bank_alarm,
    bank_status,
    change_over,
    choice,
    door_report,
    fault_report,
    fetch_roster,
    tell_time,
)
from toolcrib.flows.clock import to_the_millisecond
from toolcrib.flows.intake import conversation, report
from toolcrib.settings import settings
from toolcrib.wire import uploads
from toolcrib.wire.presence import connected

app = Chalice(app_name="toolcrib-devices")


@app.lambda_function(name="on_tap")
def on_tap(event: dict[str, Any], context: object) -> None:
    """A badge at a reader."""
    now = to_the_millisecond(datetime.now(UTC))
    if tap := conversation(event, uploads.Tap, now=now):
        badge_tap.handle(tap, now=now)


@app.lambda_function(name="on_choice")
def on_choice(event: dict[str, Any], context: object) -> None:
    """What was picked on the screen."""
    now = to_the_millisecond(datetime.now(UTC))
    if picked := conversation(event, uploads.Choice, now=now):
        choice.handle(picked, now=now)


@app.lambda_function(name="on_time")
def on_time(event: dict[str, Any], context: object) -> None:
    """A bank asks what time it is."""
    now = to_the_millisecond(datetime.now(UTC))
    if asked := conversation(event, uploads.Time, now=now):
        tell_time.handle(asked, now=now)


@app.lambda_function(name="on_fetch")
def on_fetch(event: dict[str, Any], context: object) -> None:
    """A bank wants the body of its roster."""
    now = to_the_millisecond(datetime.now(UTC))
    if wanted := conversation(event, uploads.Fetch, now=now):
        fetch_roster.handle(wanted, now=now)


@app.lambda_function(name="on_door")
def on_door(event: dict[str, Any], context: object) -> None:
    """What a door did."""
    if arrived := report(event, uploads.Door):
        door_report.handle(arrived)


@app.lambda_function(name="on_fault")
def on_fault(event: dict[str, Any], context: object) -> None:
    """A person says that something is broken."""
    if arrived := report(event, uploads.Fault):
        fault_report.handle(arrived)


@app.lambda_function(name="on_status")
def on_status(event: dict[str, Any], context: object) -> None:
    """How the bank and its doors are."""
    if arrived := report(event, uploads.Status):
        bank_status.handle(arrived)


@app.lambda_function(name="on_alarm")
def on_alarm(event: dict[str, Any], context: object) -> None:
    """Something about the cabinet itself."""
    if arrived := report(event, uploads.Alarm):
        bank_alarm.handle(arrived)


@app.lambda_function(name="on_connected")
def on_connected(event: dict[str, Any], context: object) -> None:
    """A bank came in, perhaps with a new certificate."""
    if came := connected(event):
        change_over.handle(settings().toolcrib_org, came.thing, came.certificate, at=datetime.now(UTC))
