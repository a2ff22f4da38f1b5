"""What banks send: one function per kind of upload. Each handler is parse, call, answer."""

from datetime import UTC, datetime
from typing import Any

from chalice.app import Chalice
from toolcrib.flows import badge_tap, door_report
from toolcrib.wire import uploads
from toolcrib.wire.arrivals import arrival

app = Chalice(app_name="toolcrib-devices")


@app.lambda_function(name="on_tap")
def on_tap(event: dict[str, Any], context: object) -> None:
    """A badge at a reader."""
    badge_tap.handle(arrival(event, uploads.Tap), now=datetime.now(UTC))


@app.lambda_function(name="on_door")
def on_door(event: dict[str, Any], context: object) -> None:
    """What a door did."""
    door_report.handle(arrival(event, uploads.Door))
