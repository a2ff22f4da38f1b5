"""DynamoDB's wire over a strict store: its answers and errors go out as JSON 1.0, cancellation reasons included."""

import zlib
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from tests.support.aws.http import Asked, No, yes
from tests.support.dynamo import Dynamo


def answer(dynamo: Dynamo, asked: Asked) -> AWSResponse:
    """Do what is asked of the store; raises `No` as DynamoDB would say it."""
    try:
        done = dynamo._make_api_call(asked.operation, asked.json)
    except ClientError as error:
        raise refused(error.response) from error
    response = yes(asked, done)
    response.headers["x-amz-crc32"] = str(zlib.crc32(response.content))
    return response


def refused(response: Any) -> No:
    """Return a botocore error's answer as it stood on the wire."""
    error = response["Error"]
    more: dict[str, Any] = {name: value for name, value in response.items() if name in {"CancellationReasons", "Item"}}
    return No(error["Code"], 500 if error["Code"] == "InternalServerError" else 400, error.get("Message", ""), **more)
