"""Where a story plays: a workplace over botocore that can be put back to where the story begins."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from unittest.mock import patch

import time_machine
from botocore.exceptions import BotoCoreError, ClientError
from botocore.retries.quota import RetryQuota
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString
from pynamodb.connection.base import Connection
from pynamodb.exceptions import PynamoDBException

from chalicelib.notices import turns
from tests.proof.faults import ends
from tests.proof.faults.injector import Injector
from tests.proof.faults.ways import Killed
from tests.support import banks, invariants, orgs
from tests.support.aws.clockwork import Clockwork
from tests.support.aws.cloud import Cloud, undisturbed
from tests.support.aws.workplace import workplace
from tests.support.http import module
from tests.support.workplace import ORG
from tests.support.world import Context, Heard, World, app
from toolcrib import secrets
from toolcrib.flows import serving
from toolcrib.send import slack_clients, slow_hash
from toolcrib.settings import settings
from toolcrib.store import rulebook

BROKE_OFF = (Killed, ClientError, BotoCoreError, PynamoDBException)
"""How a handler ends when a call to AWS went wrong; anything else is a fault of the handler."""


@dataclass
class Stage:
    """`sound` tells whether the record as a whole makes sense in this setting, `told` is what was definitely said."""

    here: World
    cloud: Cloud
    injector: Injector = field(default_factory=Injector)
    sound: bool = True
    known: str = ""
    told: list[str] = field(default_factory=list)
    posted: list[Any] = field(default_factory=list)
    ignored: frozenset[str] = frozenset()
    _empty: Any = None
    _retained: dict[str, bytes] = field(default_factory=dict)
    _beginning: Any = None
    _checked: set[str] = field(default_factory=set)

    def clear(self) -> None:
        """Put away whatever the last scenario left."""
        self.cloud.around = undisturbed
        self.cloud.dynamo.before.clear()
        self._beginning = self._empty = self._empty or self._now()
        self._retained = {}
        self.restore()
        self.here.banks.clear()
        self.here.retained.clear()
        self.ignored = frozenset()
        banks._numbers = count(1)

    def begins(self) -> None:
        """Here the story begins."""
        self.cloud.around = self.injector
        self._beginning = self._now()
        self._retained = dict(self.here.retained)
        self.known = str(self.cloud.dynamo.snapshot())

    def restore(self) -> None:
        """Go back to where the story begins, with nothing remembered."""
        tables, objects, things, now = self._beginning
        self.cloud.dynamo.restore(tables)
        self.cloud.bucket.objects = dict(objects)
        self.cloud.things.certificates, self.cloud.things.things = deepcopy(things)
        self.cloud.mails.clear()
        self.cloud.clockwork = Clockwork()
        self.posted.clear()
        self.told.clear()
        self.here.now = now
        self.here.published.clear()
        self.here.retained.clear()
        self.here.retained.update(self._retained)
        banks._numbers = count(10**6)  # apart from those of the setting

    def _now(self) -> Any:
        things = deepcopy((self.cloud.things.certificates, self.cloud.things.things))
        return self.cloud.dynamo.snapshot(), dict(self.cloud.bucket.objects), things, self.here.now

    @property
    def began(self) -> datetime:
        """When the story begins."""
        began: datetime = self._beginning[3]
        return began

    def later(self, **more: float) -> datetime:
        """Let it be so long after the beginning; returns the moment."""
        self.here.now = self.began + timedelta(**more)
        return self.here.now

    def invoke(self, name: str, function: str, event: Mapping[str, Any]) -> tuple[Any, list[Heard], bool]:
        """Start a function cold; returns its answer, what was published meanwhile, and whether it broke off."""
        before, answer = len(self.here.published), None
        self.injector.function = "api" if function == "app" else function
        cold()
        try:
            with time_machine.travel(self.here.now, tick=False):
                answer = getattr(module() if name == "api" else app(name), function)(dict(event), Context())
        except BROKE_OFF:
            return None, self._heard_since(before), True
        finally:
            self.injector.function = ""
        return answer, self._heard_since(before), False

    def settle(self) -> None:
        """Let the second reader finish: what it still reads is nobody's."""
        serving._second_reader().submit(int).result()

    def _heard_since(self, before: int) -> list[Heard]:
        self.settle()
        return self.here.published[before:]

    def end(self) -> list[str]:
        """Return what the record says now, as text; checks that it makes sense."""
        lines = ends.end(self.cloud, self.known, self.ignored)
        text = "\n".join(lines)
        if self.sound and text not in self._checked:
            with aside(self.cloud):
                invariants.check()
            self._checked.add(text)
        return lines


def cold() -> None:
    """Forget what a function keeps between two calls."""
    rulebook._kept.clear()
    secrets._kept.clear()


@contextmanager
def aside(cloud: Cloud) -> Iterator[None]:
    """Look at the tables past botocore, unseen by whoever counts calls."""
    with patch.object(Connection, "client", property(lambda _: cloud.dynamo)):
        yield


@contextmanager
def staged(*, filled: bool, **environment: str) -> Iterator[Stage]:
    """Open a workplace with nobody in it yet; or `filled` with one of everything, which makes no sense as a whole."""
    posted: list[Any] = []

    def post(request: Any, _timeout_s: float) -> tuple[int, dict[str, str], str]:
        if not request.full_url.endswith("chat.update"):
            posted.append(request)
        user = '{"is_email_confirmed": true, "profile": {"email": "ann@acme.example"}}'
        return 200, {}, f'{{"ok": true, "channel": "C1", "ts": "1.000000", "user": {user}}}'

    with (
        workplace(check=False, rules=not filled) as (here, cloud),
        patch.dict(os.environ, environment),
        patch.object(slack_clients, "_ask", post),
        patch.object(turns, "time"),  # nobody really waits for a turn
        # each function has its own quota of retries, which one fault never uses up; here thousands share a client
        patch.object(RetryQuota, "acquire", lambda *_: True),
        patch.multiple(slow_hash, MEMORY_KIB=8, ITERATIONS=1),  # thousands of PINs are compared
        # a quarter of the time, and nobody checks or reads it
        patch.object(RequestSigner, "sign", lambda *_, **__: None),
        patch.object(UserAgentString, "to_string", lambda _: "stub"),
    ):
        settings.cache_clear()
        if filled:
            orgs.fill(ORG)
        yield Stage(here=here, cloud=cloud, sound=not filled, posted=posted)
