"""What the table's stream starts: deliver notices that were just written, or woken again; change those that are out."""

from datetime import UTC, datetime
from traceback import extract_tb
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from chalice.app import Chalice

from chalicelib.notices import amend_notice, deliver_notice, hear_feedback, mail_events
from chalicelib.notices.set_aside import left_to_the_agenda
from chalicelib.notices.stream import Moved, heard
from chalicelib.notices.urgent_first import as_they_came, urgent_first
from toolcrib import telemetry
from toolcrib.settings import settings

app = Chalice(app_name="toolcrib-notices")


@app.lambda_function(name="deliver")
def deliver(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Deliver a batch, each record for itself; answer which ones failed, so that the stream brings them again."""
    processor = BatchProcessor(event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)
    batch = {"Records": urgent_first(event["Records"])}
    answer = process_partial_response(event=batch, record_handler=_deliver, processor=processor)
    records = {str(record["dynamodb"].get("SequenceNumber")): record for record in event["Records"]}
    again = []
    for failed, (_, error, trace) in zip(answer["batchItemFailures"], processor.exceptions, strict=True):
        sequence, last = str(failed["itemIdentifier"]), extract_tb(trace)[-1]
        _tell(sequence, type(error).__name__, f"{last.name}:{last.lineno}")
        if not left_to_the_agenda(records[sequence], error, trace, datetime.now(UTC)):
            again.append(failed)
    return {**answer, "batchItemFailures": as_they_came(again, event["Records"])}


@app.lambda_function(name="feedback")
def feedback(event: dict[str, Any], context: object) -> None:
    """Note what SES says of a mail. What cannot be read, or comes before the sender's own word, is brought again."""
    said = mail_events.heard(event, org=settings().toolcrib_org)
    if said is not None:
        hear_feedback.hear(said, settings().toolcrib_org, datetime.now(UTC))


def _deliver(record: DynamoDBRecord) -> None:
    call, now = heard(record.raw_event), datetime.now(UTC)
    if call is None:
        return
    if isinstance(call, Moved):
        amend_notice.outdate(call.about, call.org, now)
        return
    act = amend_notice.amend if call.outdated else deliver_notice.deliver
    act(call.notice, call.org, max(now, call.moment or now))


def _tell(sequence: str, code: str, where: str) -> None:
    """Log why a record failed by kind and place only: an exception's text may hold an address."""
    telemetry.logger().error("record", extra={"op": sequence, "outcome": "failed", "code": code, "where": where})
    telemetry.count("FailedRecords", code=code)
