"""The credentials other programs get: they may read tables and anchors and invoke the functions, nothing else."""

import json
from contextlib import suppress

from infra.cli.target import Target

NAME = "toolcrib-reader"


def credentials(target: Target, outputs: dict[str, str], known: dict[str, str]) -> dict[str, str]:
    """Return the reader's key, made once; its permissions follow the deployed tables."""
    iam = target.client("iam")
    if not known:
        with suppress(iam.exceptions.EntityAlreadyExistsException):  # an earlier start broke off half-way
            iam.create_user(UserName=NAME)
        made = iam.create_access_key(UserName=NAME)["AccessKey"]
        known = {"access_key_id": made["AccessKeyId"], "secret_access_key": made["SecretAccessKey"]}
    tables = [outputs["StateTableArn"], outputs["LedgerTableArn"]]
    statements = [
        {
            "Effect": "Allow",
            "Action": [
                f"dynamodb:{action}" for action in ("GetItem", "BatchGetItem", "Query", "Scan", "DescribeTable")
            ],
            "Resource": [*tables, *(f"{table}/index/*" for table in tables)],
        },
        {
            "Effect": "Allow",
            "Action": [
                f"s3:{action}" for action in ("GetObject", "GetObjectVersion", "ListBucket", "ListBucketVersions")
            ],
            "Resource": [f"arn:aws:s3:::{outputs['AnchorBucket']}", f"arn:aws:s3:::{outputs['AnchorBucket']}/*"],
        },
        {
            "Effect": "Allow",
            "Action": "lambda:InvokeFunction",
            "Resource": f"arn:aws:lambda:{target.region}:{target.account}:function:toolcrib-*",
        },
    ]
    policy = {"Version": "2012-10-17", "Statement": statements}
    iam.put_user_policy(UserName=NAME, PolicyName="read-and-invoke", PolicyDocument=json.dumps(policy))
    return known
