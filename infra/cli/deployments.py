"""Which deployment a verb is about: the local stack, or one on AWS by the prefix of its stacks' names."""

from dataclasses import dataclass
from typing import Annotated

import boto3
import typer
from botocore.exceptions import ClientError

from infra.cli.errors import CommandError
from infra.cli.target import Target
from infra.local import ministack
from infra.local.home import home
from infra.local.running import running

Stack = Annotated[
    str | None,
    typer.Option(metavar="PREFIX", help="A deployment on AWS, such as toolcrib-acme. Without it: the local stack."),
]


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """A deployment: `prefix` begins the names of its stacks, `environment` is what our own code reads it with."""

    target: Target
    prefix: str
    environment: dict[str, str]

    @property
    def org(self) -> str:
        """The organisation it serves."""
        return self.prefix.removeprefix("toolcrib-")

    def outputs(self, stack: str) -> dict[str, str]:
        """Return the outputs of one of its stacks; raises `CommandError` where there is no such stack."""
        name = f"{self.prefix}-{stack}"
        try:
            found = self.target.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            raise CommandError(f"There is no stack {name} here: {error}") from error
        return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}

    def resource(self, stack: str, logical_id: str) -> str:
        """Return the physical id of something in one of its stacks."""
        found = self.target.client("cloudformation").describe_stack_resource(
            StackName=f"{self.prefix}-{stack}", LogicalResourceId=logical_id
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])


def deployment(prefix: str | None) -> Deployment:
    """Return the deployment with this prefix in the account of your credentials, or without one the local stack.

    Raises:
        LocalStackError: when the local stack does not run.
    """
    if prefix is not None:
        session = boto3.Session()
        return Deployment(target=Target(session), prefix=prefix, environment={"AWS_REGION": str(session.region_name)})
    there = running(home())
    keys = there.stack["credentials"]
    return Deployment(
        target=ministack.target(there.home),
        prefix=f"toolcrib-{there.stack['org']}",
        environment={
            "AWS_REGION": there.stack["region"],
            "AWS_ENDPOINT_URL": there.stack["endpoint"],
            "AWS_ACCESS_KEY_ID": keys["access_key_id"],
            "AWS_SECRET_ACCESS_KEY": keys["secret_access_key"],
        },
    )
