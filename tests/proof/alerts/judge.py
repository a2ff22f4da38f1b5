"""What a month came to: every record there once, everybody told in time, nobody too often or after a return (I10)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from tests.proof.alerts import mails
from tests.proof.alerts.channels import Heard
from tests.proof.alerts.month import COOLDOWN, Month
from toolcrib.domain.cooling import LEASH, cools, in_time
from toolcrib.domain.durations import iso
from toolcrib.domain.loans import Loan
from toolcrib.domain.notices import UNDELIVERED, Notice, NoticeState
from toolcrib.domain.policies import To

NOTHING = timedelta()
Name = tuple[str, str, int, str, str]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`wrong` says what did not hold; `slowest_s` is the longest anybody waited for word after Slack was back.

    `back` are mails that came back, `words` what was said of mails, `again_s` the longest that anybody who could be
    reached another way waited for that after we knew.
    """

    loans: int
    records: int
    messages: int
    sweeps: int
    throttled: int
    refused: int
    waited: int
    slowest_s: float
    back: int
    words: int
    again_s: float
    wrong: tuple[str, ...]


def judged(month: Month) -> Verdict:
    """Hold a month that was played against what it should have come to."""
    notices = {notice.id: notice for notice in month.here.notices()}
    slowest = list(_waited(month, notices))
    wrong = [*_records(month, notices), *_deliveries(month, notices), *_after_return(month), *_too_often(month)]
    wrong += [*mails.wrong(month, notices)]
    wrong += [f"{each.id} still waits" for each in notices.values() if each.state in UNDELIVERED]
    return Verdict(
        loans=len(month.loans),
        records=sum(not notice.parts for notice in notices.values()),
        messages=len(month.channels.heard),
        sweeps=len(month.swept),
        throttled=month.channels.throttled,
        refused=month.channels.refused,
        waited=len(slowest),
        slowest_s=max(slowest, default=NOTHING).total_seconds(),
        back=sum(each.back for each in month.channels.heard),
        words=len(month.hearing.heard),
        again_s=max(mails.told_again(month, notices), default=NOTHING).total_seconds(),
        wrong=tuple(wrong[:20]),
    )


def _records(month: Month, notices: dict[str, Notice]) -> Iterator[str]:
    """One record for each step of each loan that fell due before it came back, and none for any other."""
    there = Counter(_name(each) for each in notices.values() if each.loan is not None)
    yield from (f"{name} is there {times} times" for name, times in there.items() if times > 1)
    may, must = set[Name](), set[Name]()
    for loan in month.loans.values():
        closed = month.closed.get(loan.id)
        for name, moment in _steps(loan):
            swept = _first(month.swept, moment)
            if closed is None or moment <= closed:
                may.add(name)
            if swept is not None and (closed is None or swept < closed):
                must.add(name)
    yield from (f"{name} has no record" for name in must - there.keys())
    yield from (f"{name} was never due" for name in there.keys() - may)


def _steps(loan: Loan) -> Iterator[tuple[Name, datetime]]:
    to = {To.HOLDER: loan.person, To.SUPERVISOR: f"s-{loan.site}", To.CHANNEL: f"#{loan.site}", To.MANAGER: "boss"}
    for step in loan.terms.ladder:
        times = 1 if step.repeat is None else 1 + step.repeat.until // step.repeat.every
        for number in range(times):
            moment = loan.due_at + step.offset + (step.repeat.every * number if step.repeat else NOTHING)
            yield (loan.id, iso(step.offset), number, to[step.to], step.via), moment


def _name(notice: Notice) -> Name:
    return str(notice.loan), notice.step, notice.occurrence, notice.recipient, notice.via


def _first(moments: list[datetime], since: datetime) -> datetime | None:
    from bisect import bisect_left

    index = bisect_left(moments, since)
    return moments[index] if index < len(moments) else None


def _deliveries(month: Month, notices: dict[str, Notice]) -> Iterator[str]:
    """What is sent was heard; and once, but for sends whose answer was lost. A mail that came back nobody heard."""
    heard, lost = Counter[str](), Counter[str]()
    for each in month.channels.arrived:
        for told in each.letter.told:
            heard[told.id] += 1
            lost[told.id] += each.lost
    for notice in notices.values():
        if notice.parts:
            continue
        if notice.state is NoticeState.SENT and not heard[notice.id]:
            yield f"{notice.id} is sent, and nobody heard it"
        if heard[notice.id] > 1 + lost[notice.id]:
            yield f"{notice.id} was heard {heard[notice.id]} times"
        if notice.state is NoticeState.GIVEN_UP and not mails.out_of_reach(month, notice):
            yield f"{notice.id} was given up: {notice.last_error}"


def _after_return(month: Month) -> Iterator[str]:
    for each in month.channels.heard:
        for told in each.letter.told:
            closed = month.closed.get(str(told.loan))
            if closed is not None and closed < each.at:
                yield f"{told.id} was told at {each.at}, and was over at {closed}"


def _too_often(month: Month) -> Iterator[str]:
    """Between two messages to somebody in a channel lies the cooldown, unless nobody knew of the first."""
    ordinary: defaultdict[str, list[Heard]] = defaultdict(list)
    timely: defaultdict[str, list[Heard]] = defaultdict(list)
    for each in month.channels.arrived:
        notice, kinds = each.letter.notice, {in_time(told) for told in each.letter.told}
        if cools(notice):
            who = f"{notice.via} {notice.recipient}"
            for kind, where in ((False, ordinary), (True, timely)):
                if kind in kinds:
                    where[who].append(each)
    for told, pause in ((ordinary, COOLDOWN), (timely, LEASH)):
        for who, messages in told.items():
            for first, second in pairwise(messages):
                if second.at - first.at < pause - timedelta(minutes=1) and not first.lost:
                    yield f"{who} heard at {first.at} and again at {second.at}"


def _waited(month: Month, notices: dict[str, Notice]) -> Iterator[timedelta]:
    """Yield how long after Slack was back those were told who had waited for that."""
    for recovered, waiting in month.waiting.items():
        for name in waiting:
            notice = notices[name]
            if notice.due_at <= recovered and not notice.parts and notice.state is NoticeState.SENT:
                moments = (each.at for each in mails.messages_of(month, name) if each.at >= recovered)
                yield max(next(moments, recovered) - recovered, NOTHING)
