"""What goes wrong between us and the table, under a name that does not say how the table is reached."""

from pynamodb.exceptions import PynamoDBException

StoreError = PynamoDBException


def code_of(error: PynamoDBException) -> str | None:
    """Return DynamoDB's own code of what went wrong; None where no answer came at all.

    PynamoDB's `cause_response_code` fails on exactly those, since botocore gives them a response of None.
    """
    answer = getattr(error.cause, "response", None) or {}
    code: str | None = answer.get("Error", {}).get("Code")
    return code
