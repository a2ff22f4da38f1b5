"""What a deployment to AWS is set to: what is asked for, else what the last one had, else the templates' defaults."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from infra.cli.target import Target

# option → template parameter, and the stack that remembers it
PARAMETERS: dict[str, tuple[str, str]] = {
    "alarm_email": ("AlarmEmail", "foundation"),
    "mail_identity": ("MailIdentity", "foundation"),
    "anchor_lock_days": ("AnchorLockDays", "foundation"),
    "mail_from": ("MailFrom", "notices"),
    "mail_rate": ("MailRate", "notices"),
    "track_opens": ("TrackOpens", "notices"),
    "mail_sender": ("MailSender", "notices"),
    "reserve_concurrency": ("ReserveConcurrency", "api"),
    "log_days": ("LogDays", "api"),
}


def settings(target: Target, org: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Return the template parameters of this deployment; options that are None are as they were."""
    found = {"Org": org}
    for option, (parameter, stack) in PARAMETERS.items():
        value = given.get(option)
        value = _remembered(target, f"toolcrib-{org}-{stack}", parameter) if value is None else _text(value)
        if value is not None:
            found[parameter] = value
    return found


def _remembered(target: Target, stack: str, parameter: str) -> str | None:
    try:
        found = target.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    known = {entry["ParameterKey"]: entry["ParameterValue"] for entry in found.get("Parameters", [])}
    return known.get(parameter)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
