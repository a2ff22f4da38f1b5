"""Deploys one CloudFormation stack by a change set, and only when template or parameters changed."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from infra.cli.artifacts import Artifacts
from infra.cli.errors import DeployError
from infra.cli.reading import read_template
from infra.cli.target import Target

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
SETTLED = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}
TEMPLATE_TAG = "toolcrib:template"  # on the local stack only: on AWS every resource would bear it
NOTHING_TO_DO = ("didn't contain changes", "No updates are to be performed")


class StackError(DeployError):
    """A stack did not come to rest; carries CloudFormation's reasons."""


@dataclass(frozen=True)
class Stacks:
    """The stacks of one deployment."""

    target: Target
    artifacts: Artifacts

    def deploy(self, name: str, template: str, known: dict[str, str]) -> dict[str, str]:
        """Bring a stack to `template`, with those of the `known` values it declares as parameters; return its outputs.

        Raises:
            StackError: when a required parameter is unknown or CloudFormation gave up; the stack is rolled back.
        """
        wanted = _parameters(name, template, known)
        current = self._find(name)
        if current is None or not self._matches(current, template, wanted):
            self._change(name, template, wanted, current)
            current = self._find(name) or {}
        return {output["OutputKey"]: output["OutputValue"] for output in current.get("Outputs", [])}

    def outputs(self, name: str) -> dict[str, str]:
        """Return a stack's outputs, none when it does not exist."""
        return {output["OutputKey"]: output["OutputValue"] for output in (self._find(name) or {}).get("Outputs", [])}

    def functions(self, name: str) -> dict[str, str]:
        """Return the Lambda functions of a stack: logical id to physical name."""
        pages = self.target.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=name)
        resources = [resource for page in pages for resource in page["StackResourceSummaries"]]
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for resource in resources
            if resource["ResourceType"] == "AWS::Lambda::Function"
        }

    def _find(self, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self.target.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        return None if found["StackStatus"] in {"REVIEW_IN_PROGRESS", "DELETE_COMPLETE"} else found

    def _matches(self, current: dict[str, Any], template: str, wanted: dict[str, str]) -> bool:
        if current["StackStatus"] not in SETTLED:
            return False
        given = {entry["ParameterKey"]: entry["ParameterValue"] for entry in current.get("Parameters", [])}
        return given == wanted and self._has(current, template)

    def _has(self, current: dict[str, Any], template: str) -> bool:
        if self.target.is_local:  # MiniStack 1.5.33 forgets the text of a SAM template when it restarts
            return {"Key": TEMPLATE_TAG, "Value": _digest(template)} in current.get("Tags", [])
        stored = self.target.client("cloudformation").get_template(StackName=current["StackName"])["TemplateBody"]
        return bool(stored == template)

    def _change(self, name: str, template: str, wanted: dict[str, str], current: dict[str, Any] | None) -> None:
        cloudformation = self.target.client("cloudformation")
        if current and current["StackStatus"] == "ROLLBACK_COMPLETE":  # a first attempt that failed: nothing to keep
            cloudformation.delete_stack(StackName=name)
            cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig=self._pace)
            current = None
        digest = _digest(template + repr(sorted(wanted.items())))
        tags = [{"Key": TEMPLATE_TAG, "Value": _digest(template)}] if self.target.is_local else []
        change = cloudformation.create_change_set(
            StackName=name,
            ChangeSetName=f"toolcrib-{digest}-{secrets.token_hex(4)}",  # an earlier attempt's may still stand
            ChangeSetType="UPDATE" if current else "CREATE",
            TemplateURL=self.artifacts.put(f"templates/{name}-{digest}.yaml", template.encode()),
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in wanted.items()],
            Capabilities=CAPABILITIES,
            Tags=tags,
        )["Id"]
        if self._is_empty(cloudformation, change):
            cloudformation.delete_change_set(ChangeSetName=change)
            return
        cloudformation.execute_change_set(ChangeSetName=change)
        self._wait(cloudformation, "stack_update_complete" if current else "stack_create_complete", name)

    def _is_empty(self, cloudformation: Any, change: str) -> bool:
        try:
            cloudformation.get_waiter("change_set_create_complete").wait(ChangeSetName=change, WaiterConfig=self._pace)
        except WaiterError as error:
            reason = cloudformation.describe_change_set(ChangeSetName=change).get("StatusReason", str(error))
            if any(known in reason for known in NOTHING_TO_DO):
                return True
            raise StackError(f"CloudFormation refuses the template: {reason}") from error
        return False

    def _wait(self, cloudformation: Any, waiter: str, name: str) -> None:
        try:
            cloudformation.get_waiter(waiter).wait(StackName=name, WaiterConfig=self._pace)
        except WaiterError as error:
            reasons = "\n".join(self._reasons(cloudformation, name))
            raise StackError(f"Stack {name} was rolled back:\n{reasons}") from error

    def _reasons(self, cloudformation: Any, name: str) -> list[str]:
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        return [
            f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"
            for event in events
            if event.get("ResourceStatus", "").endswith("FAILED")
        ]

    @property
    def _pace(self) -> dict[str, int]:
        """Seconds between looks and how many: the local stack answers at once, AWS gets up to an hour."""
        return {"Delay": 1, "MaxAttempts": 120} if self.target.is_local else {"Delay": 5, "MaxAttempts": 720}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _parameters(name: str, template: str, known: dict[str, str]) -> dict[str, str]:
    declared: dict[str, dict[str, Any]] = read_template(template).get("Parameters", {})
    values = {key: known.get(key, declaration.get("Default")) for key, declaration in declared.items()}
    missing = sorted(key for key, value in values.items() if value is None)
    if missing:
        raise StackError(f"Stack {name} needs values nobody gave: {', '.join(missing)}")
    return {key: str(value) for key, value in values.items()}
