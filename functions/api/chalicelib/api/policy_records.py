"""How a policy that the API wrote becomes the domain's record, and back."""

from typing import Any, Final, TypeVar

import msgspec

from chalicelib.api.policy_checks import duration, wrong
from chalicelib.api.policy_fields import (
    END_OF_SHIFT,
    AllowanceFields,
    AuthorisersFields,
    BlocksFields,
    CurfewFields,
    MatchFields,
    PolicyFields,
    PolicyView,
    RecallFields,
    RenewalsFields,
    StepFields,
    Until,
)
from chalicelib.api.weeks import to_week, week_fields
from chalicelib.web.fields import clock, shown
from toolcrib.domain.durations import iso
from toolcrib.domain.policies import (
    Allowance,
    Authorisers,
    Blocks,
    Curfew,
    Match,
    Period,
    Policy,
    Recall,
    Renewals,
    Step,
)
from toolcrib.domain.refusals import Invalid

Nested = TypeVar("Nested", bound=msgspec.Struct)

AS_IT_IS: Final = ("name", "priority", "closed", "grace", "lost_after", "min_evidence", "second_factor")
"""Fields that mean the same on both sides."""

ALIKE: Final[dict[str, tuple[type[msgspec.Struct], type[msgspec.Struct]]]] = {
    "match": (MatchFields, Match),
    "allowance": (AllowanceFields, Allowance),
    "renewals": (RenewalsFields, Renewals),
    "recall": (RecallFields, Recall),
    "blocks": (BlocksFields, Blocks),
    "authorisers": (AuthorisersFields, Authorisers),
}
"""Fields with members of the same names on both sides."""


def to_policy(policy_id: str, fields: PolicyFields, revision: int = 1) -> Policy:
    """Return the record of a policy; raises `Invalid` for what makes no sense."""
    misfits = dict(wrong(fields))
    if misfits:
        raise Invalid(detail="the body does not fit", fields=misfits)
    values: dict[str, Any] = {name: getattr(fields, name) for name in AS_IT_IS}
    values |= {name: _converted(getattr(fields, name), record) for name, (_, record) in ALIKE.items()}
    return Policy(
        id=policy_id,
        revision=revision,
        period=_period(fields.loan_period),
        curfew=_curfew(fields.curfew),
        ladder=tuple(_converted(step, Step) for step in fields.ladder),
        schedule=to_week("schedule", fields.schedule),
        **values,
    )


def fields(policy: Policy) -> PolicyFields:
    """Return what can be set of a policy, as it is."""
    return PolicyFields(**_values(policy))


def view(policy: Policy) -> PolicyView:
    """Return what is shown of a policy."""
    return PolicyView(id=policy.id, revision=policy.revision, **_values(policy))


def _values(policy: Policy) -> dict[str, Any]:
    at = policy.curfew.at
    return {
        **{name: getattr(policy, name) for name in AS_IT_IS},
        **{name: shown(getattr(policy, name), written) for name, (written, _) in ALIKE.items()},
        "loan_period": _period_text(policy.period),
        "curfew": CurfewFields(at=None if at is None else f"{at:%H:%M}", after=policy.curfew.after),
        "ladder": tuple(shown(step, StepFields) for step in policy.ladder),
        "schedule": week_fields(policy.schedule),
    }


def _converted(written: msgspec.Struct, record: type[Nested]) -> Nested:
    return msgspec.convert(written, record, from_attributes=True)


def _curfew(written: CurfewFields) -> Curfew:
    return Curfew(at=None if written.at is None else clock(written.at), after=written.after)


def _period(written: str | Until) -> Period:
    if isinstance(written, Until):
        return Period(until=clock(written.until))
    return Period(end_of_shift=True) if written == END_OF_SHIFT else Period(after=duration(written))


def _period_text(period: Period) -> str | Until:
    if period.until is not None:
        return Until(until=f"{period.until:%H:%M}")
    return END_OF_SHIFT if period.after is None else iso(period.after)
