"""The one place for logs and metrics: JSON lines, loaded on first use. Tracing is the function's own X-Ray setting.

A line tells org, bank, op and outcome, and never a badge, a name, an address or a key (safety.md, I14).
"""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

NAMESPACE = "Toolcrib"


@cache
def logger() -> "Logger":
    """Return the process's logger; the service's name comes from POWERTOOLS_SERVICE_NAME."""
    from aws_lambda_powertools import Logger

    return Logger()


def count(name: str, value: float = 1, **dimensions: str) -> None:
    """Count `value` of a metric at once, so that nothing is lost with a killed function."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(name=name, unit=MetricUnit.Count, value=value, namespace=NAMESPACE) as metric:
        for key, text in dimensions.items():
            metric.add_dimension(key, text)


def record(event: str, *, org: str, outcome: str, bank: str | None = None, op: str | None = None) -> None:
    """Write the one line of an operation: an event's name, where, which, and how it ended."""
    facts = {"org": org, "bank": bank, "op": op, "outcome": outcome}
    logger().info(event, extra={key: value for key, value in facts.items() if value is not None})
