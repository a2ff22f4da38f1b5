"""How a policy that the API wrote becomes the domain's record, and back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import msgspec

from chalicelib.api.policy_fields import (
    END_OF_SHIFT,
    ZERO,
    AllowanceFields,
    CurfewFields,
    MatchFields,
    PolicyFields,
    PolicyView,
    StepFields,
    Until,
)
from chalicelib.web.fields import clock, shown
from toolcrib.domain.assets import MAX_LOAN
from toolcrib.domain.durations import iso
from toolcrib.domain.ladder import MAX_OCCURRENCES, times
from toolcrib.domain.policies import Allowance, Curfew, Match, Period, Policy, Repeat, Step
from toolcrib.domain.refusals import Invalid

SHORTEST_REPEAT: Final = timedelta(minutes=1)  # the sweeper runs once a minute


def to_policy(policy_id: str, fields: PolicyFields, revision: int = 1) -> Policy:
    """Return the record of a policy; raises `Invalid` for durations that make no sense."""
    wrong = dict(_wrong(fields))
    if wrong:
        raise Invalid(detail="the body does not fit", fields=wrong)
    return Policy(
        id=policy_id,
        name=fields.name,
        priority=fields.priority,
        closed=fields.closed,
        grace=fields.grace,
        match=Match(**msgspec.structs.asdict(fields.match)),
        period=_period(fields.loan_period),
        revision=revision,
        curfew=_curfew(fields.curfew),
        allowance=Allowance(**msgspec.structs.asdict(fields.allowance)),
        ladder=tuple(map(_step, fields.ladder)),
    )


def fields(policy: Policy) -> PolicyFields:
    """Return what can be set of a policy, as it is."""
    return PolicyFields(**_values(policy))


def view(policy: Policy) -> PolicyView:
    """Return what is shown of a policy."""
    return PolicyView(id=policy.id, **_values(policy))


def _values(policy: Policy) -> dict[str, Any]:
    at = policy.curfew.at
    return {
        "name": policy.name,
        "priority": policy.priority,
        "closed": policy.closed,
        "grace": policy.grace,
        "match": shown(policy.match, MatchFields),
        "loan_period": _period_text(policy.period),
        "curfew": CurfewFields(at=None if at is None else f"{at:%H:%M}", after=policy.curfew.after),
        "allowance": shown(policy.allowance, AllowanceFields),
        "ladder": tuple(shown(step, StepFields) for step in policy.ladder),
    }


def _curfew(written: CurfewFields) -> Curfew:
    return Curfew(at=None if written.at is None else clock(written.at), after=written.after)


def _period(written: str | Until) -> Period:
    if isinstance(written, Until):
        return Period(until=clock(written.until))
    return Period(end_of_shift=True) if written == END_OF_SHIFT else Period(after=_duration(written))


def _period_text(period: Period) -> str | Until:
    if period.until is not None:
        return Until(until=f"{period.until:%H:%M}")
    return END_OF_SHIFT if period.after is None else iso(period.after)


def _duration(text: str) -> timedelta | None:
    """Return a duration, None for a text that is none."""
    try:
        return msgspec.convert(text, timedelta)
    except msgspec.ValidationError:
        return None


def _step(step: StepFields) -> Step:
    repeat = None if step.repeat is None else Repeat(every=step.repeat.every, until=step.repeat.until)
    return Step(offset=step.offset, to=step.to, via=step.via, repeat=repeat, urgent=step.urgent)


def _wrong(fields: PolicyFields) -> Iterator[tuple[str, str]]:
    """Yield the durations that are too short, too long or none at all."""
    period, after = fields.loan_period, fields.curfew.after
    if isinstance(period, str) and period != END_OF_SHIFT and not ZERO < (_duration(period) or ZERO) <= MAX_LOAN:
        yield "loan_period", f"is not a duration of up to {MAX_LOAN.days} days, without months or years"
    if after is not None and not ZERO < after <= MAX_LOAN:
        yield "curfew.after", f"is not between 0 and {MAX_LOAN.days} days"
    if not ZERO <= fields.grace <= MAX_LOAN:
        yield "grace", f"is not between 0 and {MAX_LOAN.days} days"
    for number, step in enumerate(fields.ladder):
        if abs(step.offset) > MAX_LOAN:
            yield f"ladder[{number}].offset", f"is more than {MAX_LOAN.days} days away"
        if step.repeat is not None and step.repeat.every < SHORTEST_REPEAT:
            yield f"ladder[{number}].repeat.every", "is shorter than a minute"
        elif times(_step(step)) > MAX_OCCURRENCES:
            yield f"ladder[{number}].repeat", f"repeats more than {MAX_OCCURRENCES} times"
