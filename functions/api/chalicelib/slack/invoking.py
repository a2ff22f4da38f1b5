"""The second half of a request from Slack: this very function is invoked anew, after Slack has its answer.

That second invocation carries a mark in the gateway's own part of the event, which no request from outside can set: it
needs no signature, and a header that says the same is worth nothing.
"""

import json
from collections.abc import Callable
from logging import Logger
from typing import Any, Final

from slack_bolt.kwargs_injection import build_required_kwargs
from slack_bolt.lazy_listener import LazyListenerRunner
from slack_bolt.request import BoltRequest
from slack_bolt.util.utils import get_arg_names_of_callable

from toolcrib.clients import client

MARK: Final = "toolcrib_second_half"
LAZY_ONLY: Final = "x-slack-bolt-lazy-only"
LAZY_NAME: Final = "x-slack-bolt-lazy-function-name"


class Invoker(LazyListenerRunner):
    """Starts a listener's work in an invocation of its own, and runs it there; what breaks there is seen to break."""

    def __init__(self, logger: Logger) -> None:
        self.logger = logger

    def start(self, function: Callable[..., None], request: BoltRequest) -> None:  # noqa: ARG002 - bolt's
        """Invoke this function anew, for one listener."""
        given: dict[str, Any] = request.context["chalice_request"]
        headers = {name: values[0] for name, values in request.headers.items()}
        event = {
            "headers": {**headers, LAZY_ONLY: "1", LAZY_NAME: request.lazy_function_name},
            "multiValueQueryStringParameters": None,
            "pathParameters": None,
            "stageVariables": None,
            "requestContext": {**given["context"], MARK: True},
            "body": request.raw_body,
            "isBase64Encoded": False,
        }
        client("lambda").invoke(
            FunctionName=request.context["aws_lambda_function_name"],
            InvocationType="Event",
            Payload=json.dumps(event).encode(),
        )

    def run(self, function: Callable[..., None], request: BoltRequest) -> None:
        """Do the work; bolt's own runner would swallow what the store raises, and nobody would try again."""
        names = get_arg_names_of_callable(function)
        function(
            **build_required_kwargs(
                logger=self.logger,
                required_arg_names=names,
                request=request,
                response=None,
                this_func=function,
            )
        )
