"""What the clock calls. *Now* is the event's `time`; outside the local stack it has to be the clock's, too.

Where a minute is too long, `arrange` hears of a loan's next step from the table's stream, and `sweep_at` waits for it.
"""

from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from chalice.app import Chalice

from chalicelib.schedules import anchor_heads as anchoring
from chalicelib.schedules import digests as digesting
from chalicelib.schedules import heartbeat, nightly, renew_rosters, tell_in_time
from chalicelib.schedules import watch_banks as watching
from chalicelib.schedules.stream import next_step
from toolcrib.domain.prompting import LONGEST_WAIT
from toolcrib.flows import sweep as sweeping
from toolcrib.flows.clock import moment_of
from toolcrib.settings import settings

app = Chalice(app_name="toolcrib-schedules")

NO_TIME = timedelta()


@app.lambda_function(name="sweep")
def sweep(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Every minute: drain the agenda, and say that this was done."""
    now = moment_of(event, clock=datetime.now(UTC))
    done = sweeping.handle(now=now, time_left_s=lambda: context.get_remaining_time_in_millis() / 1000)
    heartbeat.handle(settings().toolcrib_org, now=now)
    return done


@app.lambda_function(name="arrange")
def arrange(event: dict[str, Any], context: object) -> dict[str, Any]:
    """A loan's next step was set, and people are to be told within seconds: have somebody wait for its moment."""
    processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(event=event, record_handler=_arrange, processor=processor))


def _arrange(record: DynamoDBRecord) -> None:
    step = next_step(record.raw_event)
    if step is not None:
        tell_in_time.arrange(step.org, step.loan, step.moment, now=datetime.now(UTC))


@app.lambda_function(name="sweep_at")
def sweep_at(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Wait for a moment that is at most two minutes away, and drain the agenda when it has come."""
    clock = datetime.now(UTC)
    moment = moment_of(event, clock=clock)
    sleep(min(max(moment - clock, NO_TIME), LONGEST_WAIT).total_seconds())
    return sweeping.handle(now=moment, time_left_s=lambda: context.get_remaining_time_in_millis() / 1000)


@app.lambda_function(name="watch_banks")
def watch_banks(event: dict[str, Any], context: object) -> dict[str, int]:
    """Every five minutes: silent banks, missing reports."""
    return watching.handle(settings().toolcrib_org, now=moment_of(event, clock=datetime.now(UTC)))


@app.lambda_function(name="rosters")
def rosters(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Every five minutes: what banks may lend while they are alone is brought up to date."""
    now = moment_of(event, clock=datetime.now(UTC))
    return renew_rosters.handle(
        settings().toolcrib_org, now=now, time_left_s=lambda: context.get_remaining_time_in_millis() / 1000
    )


@app.lambda_function(name="digests")
def digests(event: dict[str, Any], context: object) -> dict[str, int]:
    """Every five minutes: sites whose hour has come, and owners whose week has begun, are told how things stand."""
    return digesting.handle(settings().toolcrib_org, now=moment_of(event, clock=datetime.now(UTC)))


@app.lambda_function(name="take_inventory")
def take_inventory(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Every quarter of an hour: sites whose night has come are held against what their readers see."""
    now = moment_of(event, clock=datetime.now(UTC))
    return nightly.handle(
        settings().toolcrib_org, now=now, time_left_s=lambda: context.get_remaining_time_in_millis() / 1000
    )


@app.lambda_function(name="anchor_heads")
def anchor_heads(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Every day: put the ledger's heads where nobody can change them."""
    now = moment_of(event, clock=datetime.now(UTC))
    return anchoring.handle(
        settings().toolcrib_org, now=now, time_left_s=lambda: context.get_remaining_time_in_millis() / 1000
    )
