"""Leave to send mail, put by hand: MiniStack 1.5.33 asks whether a role may send as anybody (`*`), not as its identity.

AWS judges by the identity, as infra/apps/notices.yaml has it. This module can go once MiniStack does.
"""

import json

from infra.cli.target import Target


def allow(target: Target, prefix: str) -> None:
    """Let the function that delivers notices send mail; asking again changes nothing."""
    role = target.client("cloudformation").describe_stack_resource(
        StackName=f"{prefix}-notices", LogicalResourceId="DeliverRole"
    )["StackResourceDetail"]["PhysicalResourceId"]
    statement = {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    target.client("iam").put_role_policy(RoleName=role, PolicyName="mail-on-ministack", PolicyDocument=document)
