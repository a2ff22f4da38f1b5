"""A workplace in this process: the real functions of the devices app, DynamoDB and IoT Core in memory, a clock to turn.

    with world() as here:
        here.place(bank(), stowed={1: drill()})
        here.meet(person(), TOKEN)
        hq = here.bank("hq-01")
        answer = hq.tap()
        hq.saw(answer.grant, "closed", door=answer.door, tags=[]); hq.send()

When the scenario is over, every invariant of `tests/support/invariants.py` has to hold.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jwt
import time_machine
from botocore.exceptions import ClientError
from botocore.session import get_session
from pynamodb.connection.base import Connection

from chalicelib.deciding.enrolment import revoked
from chalicelib.flows import remote_open
from chalicelib.flows.doubts import settle_given_up
from tests.support import invariants, workplace
from tests.support.admins import ADMIN, asked
from tests.support.banks import FakeBank
from tests.support.dynamo import Dynamo
from tests.support.tables import ANSWERS, BADGE_KEY, ENVIRONMENT, MASTER, forget
from tests.support.workplace import CREW, DRILL, FALLBACK, NOW, ORG, site
from toolcrib import clients
from toolcrib.domain.assets import Asset
from toolcrib.domain.cases import Case
from toolcrib.domain.doors import Bank, Door, Grant
from toolcrib.domain.events import CustodyEvent
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import Notice
from toolcrib.domain.people import Person
from toolcrib.domain.principals import Principal
from toolcrib.domain.record import replace
from toolcrib.flows import serving
from toolcrib.send.signing import command_key
from toolcrib.store import items, mapping, rulebook
from toolcrib.store.assets import load_asset
from toolcrib.store.banks import find_door, load_bank
from toolcrib.store.commit import commit
from toolcrib.store.ledger import list_events
from toolcrib.store.loans import load_loan
from toolcrib.store.people import describe_person, load_person
from toolcrib.store.tables import StateItem, connection

SECRETS = {"master": {"hex": MASTER}, "badge": {"version": "1", "hex": BADGE_KEY}, "answers": {"hex": ANSWERS}}


@dataclass(frozen=True)
class Heard:
    """A message that was published to a bank."""

    bank: str
    kind: str
    body: Mapping[str, Any]

    @property
    def code(self) -> str | None:
        """The code of a notice."""
        return self.body.get("code")

    @property
    def claims(self) -> dict[str, Any]:
        """What an `open` commands; its signature and audience are checked, its times are not."""
        generation = int(jwt.get_unverified_header(self.body["command"])["kid"])
        key = command_key(bytes.fromhex(MASTER), org=ORG, bank=self.bank, generation=generation)
        unchecked: Any = {"verify_exp": False, "verify_iat": False}
        audience, command = f"{ORG}:{self.bank}", self.body["command"]
        return jwt.decode(command, key, algorithms=["HS256"], audience=audience, options=unchecked)

    @property
    def grant(self) -> str:
        """The grant of an `open`."""
        return str(self.claims["jti"])

    @property
    def door(self) -> int:
        """The door of an `open`."""
        return int(self.claims["door"])


@dataclass
class World:
    """What a scenario plays in. `published` is what every bank was sent, oldest first.

    `photos` are sizes by key, `bodies` those of rosters, `retained` is what each bank hears first when it connects.
    """

    dynamo: Dynamo | None
    now: datetime = NOW
    published: list[Heard] = field(default_factory=list)
    banks: dict[str, FakeBank] = field(default_factory=dict)
    publish_fails: list[Exception] = field(default_factory=list)
    photos: dict[str, int] = field(default_factory=dict)
    retained: dict[str, bytes] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)

    def place(self, of: Bank, doors: int = 4, stowed: dict[int, Asset] | None = None, **door: Any) -> FakeBank:
        """Put a bank with its doors into the record and return its controller; `door` are fields of every door."""
        workplace.put_bank(of, doors=doors, stowed=stowed, **door)
        return self.bank(of.id)

    def meet(self, of: Person, *tokens: str) -> None:
        """Put a person with their badges into the record."""
        workplace.put_person(of, *tokens)

    def bank(self, bank_id: str) -> FakeBank:
        """Return a bank's controller, the same one every time."""
        return self.banks.setdefault(bank_id, FakeBank(id=bank_id, world=self))

    def later(self, **more: float) -> datetime:
        """Let time pass; returns the new moment."""
        self.now += timedelta(**more)
        return self.now

    def publish(self, *, topic: str, qos: int, payload: bytes, retain: bool = False) -> None:
        """Be IoT Core. Nothing but a roster is ever retained; an empty message is the end of that."""
        assert qos == 1
        assert retain == topic.endswith("/down/roster")
        if self.publish_fails:
            raise self.publish_fails.pop(0)
        _, _, thing, down, kind = topic.split("/")
        assert down == "down"
        bank = thing.removeprefix(f"{ORG}:")
        if retain:
            self.retained[bank] = payload
        self.published.append(Heard(bank, kind, json.loads(payload) if payload else {}))

    def deliver(self, kind: str, event: dict[str, Any]) -> list[Heard]:
        """Hand a rule's event to its function and return what was published meanwhile."""
        return self.wake("devices", f"on_{kind}", event)

    def wake(self, name: str, function: str, event: dict[str, Any]) -> list[Heard]:
        """Call a function of an app now; returns what was published meanwhile."""
        before = len(self.published)
        with time_machine.travel(self.now, tick=False):
            getattr(app(name), function)(event, Context())
        return self.published[before:]

    def sweep(self) -> list[Heard]:
        """Let the sweeper run now."""
        return self.wake("schedules", "sweep", {"time": self.now.isoformat()})

    def bank_record(self, bank_id: str = "hq-01") -> Bank:
        return load_bank(ORG, bank_id)

    def revoke(self, bank_id: str = "hq-01") -> None:
        """End a bank's effect, as far as it is on record."""
        commit(ORG, revoked(load_bank(ORG, bank_id), op="revoke", at=self.now))
        settle_given_up(ORG, bank_id, self.now)

    def open_remotely(self, number: int = 1, *, op: str = "r-1", by: Principal = ADMIN, bank: str = "hq-01") -> Heard:
        """Open a door from afar; returns the command."""
        before = len(self.published)
        remote_open.handle(asked(op, by=by, at=self.now), bank, number, reason="cleaning")
        return self.published[before]

    def asset(self, asset_id: str = "drill-1") -> Asset:
        return load_asset(ORG, asset_id)

    def loan(self, loan_id: str) -> Loan:
        return load_loan(ORG, loan_id)

    def person(self, person_id: str = "p-1") -> Person:
        return load_person(ORG, person_id)

    def door(self, number: int = 1, bank: str = "hq-01") -> Door:
        found = find_door(ORG, bank, number)
        assert found is not None
        return found

    def grant(self, number: int = 1, bank: str = "hq-01") -> Grant:
        """Return the live or last grant of a door."""
        grant = self.door(number, bank).grant
        assert grant is not None
        return grant

    def grant_or_none(self, number: int = 1, bank: str = "hq-01") -> Grant | None:
        return self.door(number, bank).grant

    def how_many(self, sk: str) -> int:
        """Return how many items have a sort key: `LOAN`, `CASE`."""
        return sum(1 for item in self.items() if item.sk == sk)

    def change_person(self, to: Person) -> None:
        """Let an admin describe a person anew; what they hold stays."""
        now = self.person(to.id)
        describe_person(ORG, f"edit-{now.version}", self.now, replace(to, version=now.version + 1))

    def calls(self, operation: str) -> list[tuple[str, dict[str, Any]]]:
        """Return the calls of one operation so far."""
        assert self.dynamo is not None
        return [call for call in self.dynamo.calls if call[0] == operation]

    def cases(self) -> list[Case]:
        """Return every case, oldest first."""
        found = [mapping.to_case(item) for item in self.items() if isinstance(item, items.CaseItem)]
        return sorted(found, key=lambda case: (case.opened_at, case.kind, case.id))

    def notices(self) -> list[Notice]:
        """Return every notice record."""
        return [mapping.to_notice(item) for item in self.items() if isinstance(item, items.NoticeItem)]

    def site_has(self, **more: Any) -> None:
        """Describe the site anew; functions read it afresh."""
        workplace.rules(site(**more))
        rulebook._kept.clear()

    def events(self, asset_id: str = "drill-1") -> list[CustodyEvent]:
        """Return an asset's events after those of the setup."""
        return [event for event in list_events(ORG, asset_id) if not workplace.is_setup(event.op)]

    def items(self) -> list[StateItem]:
        connection()
        return list(StateItem.scan(consistent_read=True))


os.register_at_fork(after_in_child=serving._second_reader.cache_clear)
"""Whoever forks, as mutation testing does, leaves the reader's thread behind and would wait for it for ever."""


class Context:
    """As much of Lambda's context as the functions look at."""

    function_name = "test"
    memory_limit_in_mb = 128
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:test"
    aws_request_id = "test"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


@cache
def app(name: str) -> Any:
    """Return an app's module."""
    path = Path(f"functions/{name}/app.py")
    spec = importlib.util.spec_from_file_location(f"toolcrib_{name}_app", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class _Vault:
    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803 - as botocore has it
        return {"SecretString": json.dumps(SECRETS[SecretId])}


@dataclass
class _Session:
    here: World

    def create_client(self, service: str, **given: Any) -> Any:
        if service == "s3":
            return _Storage(get_session().create_client("s3", **given), self.here)
        return {"iot-data": self.here, "secretsmanager": _Vault()}[service]


class _Storage:
    """S3 with the photos that were sent, and the rosters; what it signs it signs truly."""

    def __init__(self, signing: Any, here: World) -> None:
        self.generate_presigned_post = signing.generate_presigned_post
        self.generate_presigned_url = signing.generate_presigned_url
        self._here = here

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, **_: str) -> None:  # noqa: N803 - as botocore has it
        assert Bucket == "rosters"
        self._here.bodies[Key] = Body

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803 - as botocore has it
        assert Bucket == "rosters"
        if Key not in self._here.bodies:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "gone"}}, "GetObject")
        return {"Body": BytesIO(self._here.bodies[Key])}

    def list_objects_v2(self, *, Bucket: str, Prefix: str) -> dict[str, Any]:  # noqa: N803 - as botocore has it
        assert Bucket == "photos"
        kept = {key: size for key, size in self._here.photos.items() if key.startswith(Prefix)}
        return {"Contents": [{"Key": key, "Size": size, "LastModified": NOW} for key, size in kept.items()]}


@contextmanager
def at_hand(here: World) -> Iterator[None]:
    """Reach the services of a workplace without any of botocore: quick, and no call is tried again."""
    with (
        patch.object(Connection, "client", property(lambda _: here.dynamo)),
        patch.object(clients, "session", lambda: _Session(here)),
    ):
        yield


@contextmanager
def world(
    *,
    dynamo: Dynamo | None = None,
    rules: bool = True,
    check: bool = True,
    services: Callable[[World], AbstractContextManager[Any]] = at_hand,
) -> Iterator[World]:
    """Open a workplace with one site, a crew and drills; check the invariants when it closes.

    `services` is how the functions reach AWS; `tests/support/aws` has another way.
    """
    here = World(dynamo=dynamo or Dynamo.from_template())
    with ExitStack() as stack:
        stack.enter_context(patch.dict("os.environ", ENVIRONMENT))
        forget()
        stack.callback(forget)
        stack.enter_context(services(here))
        if rules:
            workplace.rules(site(), DRILL, CREW, FALLBACK)
        yield here
        if check:
            invariants.check()
