"""What the clock calls. *Now* is the event's `time`; outside the local stack it has to be the clock's, too."""

from datetime import UTC, datetime
from typing import Any

from chalice.app import Chalice

from toolcrib.flows import anchor_heads as anchoring
from toolcrib.flows import heartbeat
from toolcrib.flows import sweep as sweeping
from toolcrib.flows import watch_banks as watching
from toolcrib.flows.clock import moment_of
from toolcrib.settings import settings

app = Chalice(app_name="toolcrib-schedules")


@app.lambda_function(name="sweep")
def sweep(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Every minute: drain the agenda, and say that this was done."""
    now = moment_of(event, clock=datetime.now(UTC))
    done = sweeping.handle(now=now, time_left_s=lambda: context.get_remaining_time_in_millis() / 1000)
    heartbeat.handle(settings().toolcrib_org, now=now)
    return done


@app.lambda_function(name="watch_banks")
def watch_banks(event: dict[str, Any], context: object) -> dict[str, int]:
    """Every five minutes: silent banks, missing reports."""
    return watching.handle(settings().toolcrib_org, now=moment_of(event, clock=datetime.now(UTC)))


@app.lambda_function(name="anchor_heads")
def anchor_heads(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Every day: put the ledger's heads where nobody can change them."""
    now = moment_of(event, clock=datetime.now(UTC))
    return anchoring.handle(
        settings().toolcrib_org, now=now, time_left_s=lambda: context.get_remaining_time_in_millis() / 1000
    )
