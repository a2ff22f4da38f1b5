"""What the product says of itself: its lines and metrics are counted here, and go nowhere else."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from tests.simulation.hub import Hub
from toolcrib import telemetry

TOLD = {"tap": "tap: ", "door_report": "report: ", "choice": "choice: ", "status": "status: ", "notice": "notice: "}


@dataclass
class Telemetry:
    """Stands in for the logger and the metrics."""

    hub: Hub

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen for as long as this lasts."""
        with ExitStack() as stack:
            telemetry.logger.cache_clear()
            stack.callback(telemetry.logger.cache_clear)
            stack.enter_context(patch("aws_lambda_powertools.Logger", lambda: self))
            stack.enter_context(patch("aws_lambda_powertools.metrics.single_metric", _nowhere))
            yield

    def info(self, event: str, *, extra: Mapping[str, Any]) -> None:
        """Take a line."""
        if event in TOLD:
            self.hub.tally[TOLD[event] + str(extra.get("outcome"))] += 1
        task = self.hub.task
        if event == "request" and task is not None and task.request is not None and "op" in extra:
            task.request.op = extra["op"]
        self.hub.note(f"log {event} {extra.get('outcome', '')}")

    error = warning = info


@contextmanager
def _nowhere(**_: Any) -> Iterator["_Metric"]:
    yield _Metric()


class _Metric:
    """Counts nothing."""

    def add_dimension(self, *_: Any) -> None:
        """Take no notice."""
