"""How DynamoDB says no."""

from collections.abc import Iterable
from typing import Any

from botocore.exceptions import ClientError


class Refused(ClientError):  # noqa: N818 - an answer, not an error
    """An answer of DynamoDB that says no; `reasons` are a cancelled transaction's codes, or all there is to each.

    `item` is the one that a condition failed on, where that was asked for.
    """

    def __init__(
        self,
        operation: str,
        code: str,
        message: str = "",
        reasons: Iterable[str | dict[str, Any]] = (),
        item: dict[str, Any] | None = None,
    ) -> None:
        body: Any = {"Error": {"Code": code, "Message": message or code}, "ResponseMetadata": {"HTTPHeaders": {}}}
        if reasons:
            body["CancellationReasons"] = [
                {"Code": each, "Message": each} if isinstance(each, str) else each for each in reasons
            ]
        if item is not None:
            body["Item"] = item
        super().__init__(body, operation)

    @property
    def code(self) -> str:
        return str(self.response["Error"]["Code"])


class Invalid(Exception):  # noqa: N818 - becomes an answer
    """The request makes no sense, whatever the table holds: a ValidationException."""


class Unfit(Invalid):
    """The request makes no sense for this item; in a transaction the reason ValidationError."""


def cancelled(operation: str, reasons: list[dict[str, Any]]) -> Refused:
    """Return the answer of a cancelled transaction, its reasons in the order of what was sent."""
    codes = ", ".join(reason["Code"] for reason in reasons)
    message = f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]"
    return Refused(operation, "TransactionCanceledException", message, reasons)
