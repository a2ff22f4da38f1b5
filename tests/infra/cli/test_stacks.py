"""A stack is changed only when its template or its parameters did, and failures say what CloudFormation said."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from infra.cli import stacks
from infra.cli.reading import read_template
from infra.cli.stacks import StackError, Stacks

TEMPLATE = "Parameters: {Org: {Type: String}, Days: {Type: Number, Default: 90}}\nResources: {}\n"


class CloudFormation:
    """One stack, by change sets; `verdict` is what becomes of a change, `empty` says there is none."""

    def __init__(self, *, status: str = "", verdict: str = "COMPLETE", empty: str = "") -> None:
        self.status, self.verdict, self.empty = status, verdict, empty
        self.template, self.parameters, self.tags = "", list[dict[str, str]](), list[dict[str, str]]()
        self.calls: list[str] = []

    def client(self, _: str) -> "CloudFormation":
        return self

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        if not self.status:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "s does not exist"}}, "DescribeStacks")
        outputs = [{"OutputKey": "Table", "OutputValue": "t-1"}]
        stack = {"StackName": "s", "StackStatus": self.status, "Parameters": self.parameters, "Tags": self.tags}
        return {"Stacks": [stack | {"Outputs": outputs}]}

    def get_template(self, **_: str) -> dict[str, str]:
        return {"TemplateBody": self.template}

    def create_change_set(self, **asked: Any) -> dict[str, str]:
        self.calls.append(asked["ChangeSetType"])
        self.parameters, self.tags = asked["Parameters"], asked["Tags"]
        return {"Id": "change-1"}

    def delete_change_set(self, **_: str) -> None:
        self.calls.append("delete change set")

    def execute_change_set(self, **_: str) -> None:
        self.calls.append("execute")

    def delete_stack(self, **_: str) -> None:
        self.calls.append("delete stack")
        self.status = ""

    def describe_change_set(self, **_: str) -> dict[str, str]:
        return {"StatusReason": self.empty}

    def describe_stack_events(self, **_: str) -> dict[str, Any]:
        failed = {"LogicalResourceId": "Table", "ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": "no quota"}
        return {"StackEvents": [failed, {"LogicalResourceId": "s", "ResourceStatus": "ROLLBACK_COMPLETE"}]}

    def get_waiter(self, name: str) -> Any:
        outer = self

        class Waiter:
            def wait(self, **_: Any) -> None:
                if name == "change_set_create_complete" and outer.empty:
                    raise WaiterError(name, "FAILED", {})
                if name.startswith("stack_") and "delete" not in name:
                    if outer.verdict != "COMPLETE":
                        raise WaiterError(name, "ROLLBACK", {})
                    outer.status = "CREATE_COMPLETE" if "create" in name else "UPDATE_COMPLETE"

        return Waiter()


class Bucket:
    def put(self, key: str, body: bytes) -> str:
        assert key.startswith("templates/s-")
        return f"https://bucket/{body[:0].decode()}{key}"


def deploying(cloud: Any, *, local: bool = False) -> Stacks:
    cloud.is_local = local
    bucket: Any = Bucket()
    return Stacks(cloud, bucket)


def test_a_new_stack_is_created_with_the_parameters_it_declares() -> None:
    cloud = CloudFormation()
    outputs = deploying(cloud).deploy("s", TEMPLATE, {"Org": "acme", "Other": "x"})
    assert outputs == {"Table": "t-1"}
    assert cloud.calls == ["CREATE", "execute"]
    assert {each["ParameterKey"]: each["ParameterValue"] for each in cloud.parameters} == {"Org": "acme", "Days": "90"}


def test_what_did_not_change_is_left_alone() -> None:
    cloud = CloudFormation()
    deploying(cloud).deploy("s", TEMPLATE, {"Org": "acme"})
    cloud.template, cloud.calls = TEMPLATE, []
    assert deploying(cloud).deploy("s", TEMPLATE, {"Org": "acme"}) == {"Table": "t-1"}
    assert cloud.calls == []


def test_the_local_stack_knows_its_templates_though_their_text_is_forgotten() -> None:
    cloud = CloudFormation()
    deploying(cloud, local=True).deploy("s", TEMPLATE, {"Org": "acme"})
    cloud.template, cloud.calls = "null", []
    deploying(cloud, local=True).deploy("s", TEMPLATE, {"Org": "acme"})
    assert cloud.calls == []
    deploying(cloud, local=True).deploy("s", TEMPLATE + "# new\n", {"Org": "acme"})
    assert cloud.calls == ["UPDATE", "execute"]


def test_on_aws_stacks_bear_no_tag_of_ours() -> None:
    cloud = CloudFormation()
    deploying(cloud).deploy("s", TEMPLATE, {"Org": "acme"})
    assert cloud.tags == []


@pytest.mark.parametrize("change", ["template", "parameter", "unsettled"])
def test_what_changed_is_updated(change: str) -> None:
    cloud = CloudFormation()
    deploying(cloud).deploy("s", TEMPLATE, {"Org": "acme"})
    cloud.template, cloud.calls = TEMPLATE, []
    cloud.status = "UPDATE_FAILED" if change == "unsettled" else cloud.status
    template = TEMPLATE + "# new\n" if change == "template" else TEMPLATE
    deploying(cloud).deploy("s", template, {"Org": "globex" if change == "parameter" else "acme"})
    assert cloud.calls == ["UPDATE", "execute"]


def test_a_change_that_changes_nothing_is_dropped() -> None:
    cloud = CloudFormation(status="CREATE_COMPLETE", empty=stacks.NOTHING_TO_DO[0])
    deploying(cloud).deploy("s", TEMPLATE, {"Org": "acme"})
    assert cloud.calls == ["UPDATE", "delete change set"]


def test_a_first_attempt_that_failed_is_cleared_away() -> None:
    cloud = CloudFormation(status="ROLLBACK_COMPLETE")
    deploying(cloud).deploy("s", TEMPLATE, {"Org": "acme"})
    assert cloud.calls == ["delete stack", "CREATE", "execute"]


def test_a_refused_template_and_a_rollback_say_why() -> None:
    with pytest.raises(StackError, match="refuses the template: Unresolved"):
        deploying(CloudFormation(empty="Unresolved resource")).deploy("s", TEMPLATE, {"Org": "acme"})
    with pytest.raises(StackError, match=r"s was rolled back:\n  Table: no quota"):
        deploying(CloudFormation(verdict="ROLLBACK")).deploy("s", TEMPLATE, {"Org": "acme"})


def test_a_value_nobody_gave_is_named_before_anything_is_asked() -> None:
    cloud = CloudFormation()
    with pytest.raises(StackError, match="Stack s needs values nobody gave: Org"):
        deploying(cloud).deploy("s", TEMPLATE, {})
    assert cloud.calls == []


def test_functions_in_templates_are_read_as_values() -> None:
    found = read_template("A: !Ref B\nC: !Sub [x, {y: !GetAtt Z.Arn}]\nD: !If {a: 1}\n")
    assert found == {"A": {"Ref": "B"}, "C": {"Sub": ["x", {"y": {"GetAtt": "Z.Arn"}}]}, "D": {"If": {"a": 1}}}
