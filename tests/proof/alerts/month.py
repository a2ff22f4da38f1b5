"""A month in a few seconds: real sweeps and senders over a strict store, wherever something is due."""

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import patch

import time_machine

from tests.proof.alerts.channels import Channels
from tests.proof.alerts.hearing import Hearing
from tests.proof.alerts.provider import Provider
from tests.support.dynamo import Change
from tests.support.workplace import NOW, ORG, person, put_person, rules
from tests.support.world import Context, World, app, world
from toolcrib import telemetry
from toolcrib.domain import change
from toolcrib.domain.assets import AssetType
from toolcrib.domain.ladder import aimed, begin
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Person
from toolcrib.domain.policies import Match, Period, Policy, Repeat, Site, Step, Terms, To, Via
from toolcrib.domain.record import replace
from toolcrib.flows import sweep
from toolcrib.settings import settings
from toolcrib.store import mapping
from toolcrib.store.commit import commit
from toolcrib.store.loans import load_loan

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
COOLDOWN = 15 * MINUTE
LADDER = (
    Step(offset=-30 * MINUTE, to=To.HOLDER, via=Via.SLACK),
    Step(offset=timedelta(), to=To.HOLDER, via=Via.SLACK),
    Step(offset=2 * HOUR, to=To.SUPERVISOR, via=Via.EMAIL),
    Step(offset=4 * HOUR, to=To.CHANNEL, via=Via.SLACK),
    Step(offset=DAY, to=To.HOLDER, via=Via.SLACK, repeat=Repeat(every=DAY, until=3 * DAY)),
    Step(offset=2 * DAY, to=To.MANAGER, via=Via.EMAIL, urgent=True),
)
SITES = ("hq", "dock", "yard")
IN_SLACK = {"s-hq": "USHQ", "s-dock": "USDOCK"}
"""Of those who are told by mail; the others can be reached by nothing else."""
Act = tuple[datetime, int, str]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How large a month is, and how bad: chances are of each sweep, `dead` is that of an address.

    Slack is `down` for so long.
    """

    seed: int
    loans: int
    days: int
    people: int = 60
    missed: float = 0.08
    doubled: float = 0.08
    overlapping: float = 0.08
    dead: float = 0.2
    down: timedelta = DAY


@dataclass
class Month:
    """`swept` are the moments of sweeps that ran, `closed` when loans came back."""

    plan: Plan
    here: World
    channels: Channels
    hearing: Hearing
    chance: Random
    loans: dict[str, Loan] = field(default_factory=dict)
    swept: list[datetime] = field(default_factory=list)
    closed: dict[str, datetime] = field(default_factory=dict)
    waiting: dict[datetime, list[str]] = field(default_factory=dict)
    _ticked: datetime | None = None
    _due: list[tuple[str, str]] = field(default_factory=list)
    _returns: list[tuple[datetime, str]] = field(default_factory=list)
    _read: int = 0

    def run(self) -> None:
        """Play it, and a few days more in which nothing is taken any more."""
        self.fill()
        for number in range(self.plan.loans):
            self._take(f"l-{number:05d}")
        self._drain()
        self.play(self.here.now + (self.plan.days + 6) * DAY)

    def play(self, end: datetime) -> None:
        """Let happen whatever is due up to a moment."""
        recoveries = [until for _, until in self.channels.slack_down]
        self._drain()
        while (moment := self._next()) is not None and moment <= end:
            while recoveries and recoveries[0] <= moment:
                self.waiting[recoveries.pop(0)] = [each.id for each in self.here.notices() if each.wake_at is not None]
            self.here.now = max(self.here.now, moment)
            heard_at = self.hearing.next()
            if heard_at is not None and heard_at <= moment:
                self.hearing.go_on(self.here.now)
            elif self._returns and self._returns[0][0] <= moment:
                self._give_back(*heapq.heappop(self._returns))
            else:
                self._sweep()
            self._drain()

    def pass_over(self) -> None:
        """Let the stream have brought what was written so far."""
        assert self.here.dynamo is not None
        self._read = len(self.here.dynamo.stream)

    def fill(self) -> None:
        """Put sites, rules and people into the record."""
        sites = [
            Site(id=each, name=each, time_zone="UTC", supervisors=(f"s-{each}",), channel=f"#{each}") for each in SITES
        ]
        policy = Policy(id="f", match=Match(), period=Period(after=HOUR))
        rules(*sites, AssetType(id="drill", name="Drill", category="tools"), policy)
        for name in (*(f"s-{each}" for each in SITES), "boss"):
            self.meet(person(id=name, name=name, email=f"{name}@acme.example", slack_id=IN_SLACK.get(name)))
        for number in range(self.plan.people):
            mail = f"p{number}@acme.example" if number % 2 else None  # half of them have no other way than Slack
            self.meet(person(number, slack_id=f"U{number}", email=mail, manager="boss"))

    def meet(self, one: Person) -> None:
        """Put somebody into the record, and whose address theirs is."""
        put_person(one)
        if one.email is not None:
            self.hearing.people[one.email] = one.id

    def a_loan(self, name: str, who: str, due: datetime) -> Loan:
        """Return a loan that was taken eight hours before it is due."""
        taken = due - 8 * HOUR
        return Loan(
            id=name,
            asset=f"a-{name}",
            type="drill",
            person=who,
            site=self.chance.choice(SITES),
            bank="hq-01",
            door=1,
            state=LoanState.OPEN,
            authorised_at=taken,
            taken_at=taken,
            due_at=due,
            terms=Terms(policy="f", period=Period(after=8 * HOUR), ladder=LADDER),
        )

    def _take(self, name: str) -> None:
        taken = NOW + self.chance.random() * self.plan.days * DAY
        due = taken + 8 * HOUR
        late = self.chance.choice((-1, -1, -1, 0.2, 3, 30, 80)) * self.chance.random() * HOUR
        self.loans[name] = begin(self.a_loan(name, f"p-{self.chance.randrange(self.plan.people)}", due), taken)
        mapping.loan_item(ORG, self.loans[name]).save()
        heapq.heappush(self._returns, (due + late, name))

    def _next(self) -> datetime | None:
        """Return when something happens next: a return, word of a mail, or a sweep when something is due."""
        while self._due and not self._stands(*self._due[0]):
            heapq.heappop(self._due)
        moments = [*(at for at, _ in self._returns[:1]), *filter(None, [self.hearing.next()])]
        if self._due:
            at = datetime.fromisoformat(self._due[0][0])
            last = self._ticked or NOW - MINUTE
            minute = at.replace(second=0, microsecond=0)
            moments.append(max(minute if minute == at else minute + MINUTE, last + MINUTE))
        return min(moments, default=None)

    def _stands(self, at: str, pk: str) -> bool:
        item = self._items.get((pk, "LOAN" if "#LOAN#" in pk else "NOTICE"))
        return item is not None and item.get("agenda_at", {}).get("S") == at

    @property
    def _items(self) -> Any:
        assert self.here.dynamo is not None
        return self.here.dynamo.tables["state"].items

    def _give_back(self, at: datetime, name: str) -> None:
        loan = load_loan(ORG, name)
        back = aimed(replace(loan, state=LoanState.CLOSED, returned_at=at, version=loan.version + 1))
        commit(ORG, change.Change(op=f"back-{name}", at=at, loans=(back,)))
        self.closed[name] = self.here.now

    def _sweep(self) -> None:
        self._ticked = self.here.now
        manner, plan = self.chance.random(), self.plan
        if manner < plan.missed:
            return
        self.swept.append(self.here.now)
        if manner < plan.missed + plan.overlapping:
            with self._overlapped():
                self._run_once()
        else:
            self._run_once()
        if manner > 1 - plan.doubled:
            self._run_once()

    def _run_once(self) -> None:
        """Sweep without the heartbeat, which is told apart from what is told to people."""
        with _at(self.here.now):
            sweep.handle(now=self.here.now, time_left_s=lambda: 60.0)

    @contextmanager
    def _overlapped(self) -> Iterator[None]:
        """Let another sweep run as a whole in the midst of one, before some call of the store."""
        dynamo, left = self.here.dynamo, self.chance.randrange(60)
        assert dynamo is not None

        def before(*_: Any) -> None:
            nonlocal left
            left -= 1
            if left == -1:
                self._run_once()

        dynamo.before.append(before)
        yield
        dynamo.before.remove(before)

    def _drain(self) -> None:
        """Bring whatever was written to the functions that the stream wakes, until nothing is left."""
        assert self.here.dynamo is not None
        stream: Sequence[Change] = self.here.dynamo.stream
        while self._read < len(stream):
            each = stream[self._read]
            self._read += 1
            new = each.new
            if each.table != "state" or new is None:
                continue
            if "agenda_at" in new:
                heapq.heappush(self._due, (new["agenda_at"]["S"], new["pk"]["S"]))
            if _heard(each):
                self._bring(each)

    def _bring(self, each: Change) -> None:
        images = {"NewImage": each.new, **({"OldImage": each.old} if each.old else {})}
        record = {"eventName": "MODIFY" if each.old else "INSERT", "dynamodb": {"SequenceNumber": "1", **images}}
        for _ in range(3):
            with _at(self.here.now):
                answer = app("notices").deliver({"Records": [record]}, Context())
            if not answer["batchItemFailures"]:
                return
        raise AssertionError("the stream gave a record up")


def _heard(each: Change) -> bool:
    """Whether the mapping of infra/apps/notices.yaml lets a record through."""
    assert each.new is not None
    if each.new["sk"]["S"] == "NOTICE":
        outdated = "outdated_at" in each.new.get("about", {}).get("M", {})
        return each.old is None or "wake" in each.new or outdated
    was_open = each.old is not None and each.old.get("state") == {"S": "open"}
    return each.new["sk"]["S"] == "LOAN" and was_open


@contextmanager
def _at(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@contextmanager
def month(plan: Plan) -> Iterator[Month]:
    """Open a month; nothing of it is logged or counted."""
    chance = Random(plan.seed)
    with ExitStack() as stack:
        here = stack.enter_context(world(check=False, rules=False))
        stack.enter_context(patch.dict("os.environ", {"MAIL_RATE": "1"}))
        settings.cache_clear()
        began = NOW + chance.random() * max(plan.days - 2, 0) * DAY
        provider = Provider(Random(plan.seed + 2), dead=plan.dead)
        hearing = Hearing(here, provider, Random(plan.seed + 3))
        channels = Channels(here, Random(plan.seed + 1), provider, slack_down=((began, began + plan.down),))
        assert here.dynamo is not None
        here.dynamo.before.append(hearing.in_between)

        def sleep(seconds: float) -> None:
            here.now += timedelta(seconds=seconds)

        stack.enter_context(patch("chalicelib.notices.turns.time.sleep", sleep))
        stack.enter_context(patch("chalicelib.notices.sending._posted", channels.posted))
        stack.enter_context(patch("chalicelib.notices.slack.amend"))
        stack.enter_context(patch.object(telemetry, "count", lambda *_, **__: None))
        yield Month(plan, here, channels, hearing, chance)
