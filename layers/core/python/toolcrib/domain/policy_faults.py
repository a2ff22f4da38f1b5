"""Whether a policy makes sense by itself; whether it clashes with another is `matching.conflicts`."""

from collections.abc import Iterator
from datetime import timedelta

from toolcrib.domain.assets import MAX_LOAN
from toolcrib.domain.durations import iso
from toolcrib.domain.ladder import MAX_OCCURRENCES, MAX_STEPS, times
from toolcrib.domain.policies import Period, Policy, Step, To, Via
from toolcrib.domain.refusals import Invalid

MIN_PERIOD = timedelta(minutes=1)  # shorter than a walk to the door is a slip of the pen
MIN_EVERY = timedelta(minutes=1)  # the sweeper runs once a minute


def check(policy: Policy) -> None:
    """Raise `Invalid` with a message for each field, named as in the HTTP contract, that makes no sense."""
    fields = dict((*_limits(policy), *_ladder(policy.ladder)))
    if fields:
        raise Invalid(
            detail=f"policy {policy.id}: {', '.join(fields)}",
            advice="Correct the fields that are named.",
            fields=fields,
        )


def _limits(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with periods and numbers."""
    period, curfew = policy.period, policy.curfew
    if _ways(period) != 1:
        yield "loan_period", "set exactly one of a duration, a local time and end_of_shift"
    if period.after is not None and not MIN_PERIOD <= period.after <= MAX_LOAN:
        yield "loan_period", f"must be {iso(MIN_PERIOD)} to {iso(MAX_LOAN)}, not {iso(period.after)}"
    if curfew.after is not None and not MIN_PERIOD <= curfew.after <= MAX_LOAN:
        yield "curfew.after", f"must be {iso(MIN_PERIOD)} to {iso(MAX_LOAN)}, not {iso(curfew.after)}"
    if not timedelta() <= policy.grace <= MAX_LOAN:
        yield "grace", f"must be {iso(timedelta())} to {iso(MAX_LOAN)}, not {iso(policy.grace)}"
    for kind in ("type", "category", "total"):
        most = getattr(policy.allowance, kind)
        if most is not None and most < 0:
            yield f"allowance.{kind}", f"must be 0 or more, not {most}; leave it out for no limit"


def _ways(period: Period) -> int:
    return (period.after is not None) + (period.until is not None) + period.end_of_shift


def _ladder(ladder: tuple[Step, ...]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the ladder."""
    if len(ladder) > MAX_STEPS:
        yield "ladder", f"at most {MAX_STEPS} steps, not {len(ladder)}"
    for index, step in enumerate(ladder[:MAX_STEPS]):
        for name, message in _step(step):
            yield f"ladder[{index}].{name}", message


def _step(step: Step) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one step."""
    if not -MAX_LOAN <= step.offset <= MAX_LOAN:
        yield "offset", f"must be {iso(-MAX_LOAN)} to {iso(MAX_LOAN)}, not {iso(step.offset)}"
    if step.to is To.CHANNEL and step.via is not Via.SLACK:
        yield "via", "a channel is told by slack"
    if step.repeat is None:
        return
    if step.repeat.every < MIN_EVERY:
        yield "repeat.every", f"must be {iso(MIN_EVERY)} or more, not {iso(step.repeat.every)}"
    elif times(step) > MAX_OCCURRENCES:
        yield "repeat.until", f"at most {MAX_OCCURRENCES} times, not {times(step)}"
    if not timedelta() <= step.repeat.until <= MAX_LOAN:
        yield "repeat.until", f"must be {iso(timedelta())} to {iso(MAX_LOAN)}, not {iso(step.repeat.until)}"
