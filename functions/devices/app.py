"""What banks send: one function per kind of upload."""

from typing import Any

from chalice.app import Chalice

app = Chalice(app_name="toolcrib-devices")


def _print(event: dict[str, Any]) -> None:
    print(event)


@app.lambda_function(name="on_tap")
def on_tap(event: dict[str, Any], context: object) -> None:
    _print(event)


@app.lambda_function(name="on_choice")
def on_choice(event: dict[str, Any], context: object) -> None:
    _print(event)


@app.lambda_function(name="on_door")
def on_door(event: dict[str, Any], context: object) -> None:
    _print(event)


@app.lambda_function(name="on_fault")
def on_fault(event: dict[str, Any], context: object) -> None:
    _print(event)


@app.lambda_function(name="on_status")
def on_status(event: dict[str, Any], context: object) -> None:
    _print(event)


@app.lambda_function(name="on_alarm")
def on_alarm(event: dict[str, Any], context: object) -> None:
    _print(event)


@app.lambda_function(name="on_time")
def on_time(event: dict[str, Any], context: object) -> None:
    _print(event)
