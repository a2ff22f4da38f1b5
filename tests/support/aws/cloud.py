"""The services together, and the one place where botocore's requests leave for them.

    with reached(Cloud(dynamo=dynamo)):
        boto3.client("dynamodb").put_item(...)

Requests are caught at botocore's `before-send`, after signing and before any socket, and answered as on the wire: what
botocore makes of the answer, tries again or gives up is its own doing. It never really sleeps between its attempts.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from botocore import endpoint, handlers
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from tests.support.aws import tables
from tests.support.aws.bucket import Bucket
from tests.support.aws.clockwork import Clockwork
from tests.support.aws.http import Asked, No, no, yes
from tests.support.aws.things import Things
from tests.support.dynamo import Dynamo
from tests.support.tables import ANSWERS, BADGE_KEY, MASTER

Proceed = Callable[[], AWSResponse]
Around = Callable[[Asked, Proceed], AWSResponse]

SECRETS = {
    "master": {"hex": MASTER},
    "badge": {"version": "1", "hex": BADGE_KEY},
    "answers": {"hex": ANSWERS},
    "slack": {"bot_token": "xoxb-test", "signing_secret": "8f742231b10e8888abcd99yyyzzz85a5"},
}


def undisturbed(_: Asked, proceed: Proceed) -> AWSResponse:
    """Let everything through."""
    return proceed()


@dataclass
class Cloud:
    """Everything the product calls at AWS. `around` stands in the way of every attempt; `mails` went out."""

    dynamo: Dynamo = field(default_factory=Dynamo.from_template)
    things: Things = field(default_factory=Things)
    bucket: Bucket = field(default_factory=Bucket)
    clockwork: Clockwork = field(default_factory=Clockwork)
    mails: list[dict[str, Any]] = field(default_factory=list)
    around: Around = undisturbed

    def answer(self, asked: Asked) -> AWSResponse:
        """Answer one attempt of a call."""
        return self.around(asked, lambda: self._answer(asked))

    def _answer(self, asked: Asked) -> AWSResponse:
        try:
            return self._services[asked.service](asked)
        except No as why:
            return no(asked, why)

    @property
    def _services(self) -> dict[str, Callable[[Asked], AWSResponse]]:
        return {
            "dynamodb": lambda asked: tables.answer(self.dynamo, asked),
            "iot-data-plane": self.things.data,
            "iot": self.things.registry,
            "secrets-manager": self._secret,
            "sesv2": self._mail,
            "s3": self.bucket.answer,
            "scheduler": self.clockwork.scheduler,
            "lambda": self.clockwork.functions,
        }

    def _secret(self, asked: Asked) -> AWSResponse:
        name = asked.json["SecretId"]
        return yes(asked, {"Name": name, "SecretString": json.dumps(SECRETS[name])})

    def _mail(self, asked: Asked) -> AWSResponse:
        self.mails.append(asked.json)
        return yes(asked, {"MessageId": f"mail-{len(self.mails)}"})


@contextmanager
def reached(cloud: Cloud) -> Iterator[Cloud]:
    """Let every botocore client that is made from now on reach this cloud and nothing else."""

    def send(request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse:
        _, service, operation = event_name.split(".")
        return cloud.answer(Asked(service, operation, request))

    handler: Any = ("before-send", send)
    handlers.BUILTIN_HANDLERS.append(handler)
    try:
        with patch.object(endpoint, "time", SimpleNamespace(sleep=lambda _: None)):
            yield cloud
    finally:
        handlers.BUILTIN_HANDLERS.remove(handler)
