"""Who may do what, read from the packaged templates: a wider role is a failing test (safety.md, threats 6, 31, 33)."""

import pytest

from tests.support.stacks import as_list, functions, of_kind, resources, statements, who_may

STATE, LEDGER = "StateTableArn", "LedgerTableArn"
TAPS = {"on_tap", "on_choice"}
REPORTS = {"on_door", "on_fault", "on_status", "on_alarm"}
SWEEPS = {"sweep", "sweep_at"}
ENROLS = {"api", "provision"}
COMMITTERS = {*TAPS, *REPORTS, *SWEEPS, *ENROLS, "on_connected", "watch_banks"}
READERS = {*COMMITTERS, "on_time", "on_fetch", "deliver", "digests", "rosters", "feedback", "take_inventory"}
EVERYBODY = {*READERS, "anchor_heads", "arrange", "pre_token"}
IOT = "arn:aws:iot:eu-central-1:123456789012"
SCHEDULER = "arn:aws:scheduler:eu-central-1:123456789012"

ALLOWED = [
    # the record
    ("dynamodb:GetItem", STATE, {*READERS, "pre_token"}),
    ("dynamodb:BatchGetItem", STATE, {*READERS, "anchor_heads"}),
    ("dynamodb:Query", STATE, READERS),
    (
        "dynamodb:PutItem",
        STATE,
        {*COMMITTERS, "deliver", "digests", "rosters", "feedback", "take_inventory"},
    ),
    ("dynamodb:UpdateItem", STATE, {*COMMITTERS, "feedback"}),
    ("dynamodb:ConditionCheckItem", STATE, COMMITTERS),
    ("dynamodb:DeleteItem", STATE, {"api"}),
    ("dynamodb:Query", f"{STATE}/index/agenda", SWEEPS),
    (
        "dynamodb:Query",
        f"{STATE}/index/listing",
        {"api", "on_tap", "watch_banks", "rosters", "take_inventory", "anchor_heads", "deliver"},
    ),
    ("dynamodb:Scan", STATE, set()),
    ("dynamodb:BatchWriteItem", STATE, set()),
    # the ledger: only ever added to
    ("dynamodb:PutItem", LEDGER, COMMITTERS),
    ("dynamodb:Query", LEDGER, COMMITTERS),
    ("dynamodb:UpdateItem", LEDGER, set()),
    ("dynamodb:DeleteItem", LEDGER, set()),
    ("dynamodb:BatchWriteItem", LEDGER, set()),
    ("dynamodb:PartiQLUpdate", LEDGER, set()),
    ("dynamodb:PartiQLDelete", LEDGER, set()),
    ("dynamodb:DeleteTable", LEDGER, set()),
    ("dynamodb:UpdateTimeToLive", LEDGER, set()),
    ("dynamodb:DeleteResourcePolicy", LEDGER, set()),
    # keys
    ("secretsmanager:GetSecretValue", "MasterSecret", {*TAPS, *ENROLS, "on_time", "on_fault", "rosters"}),
    ("secretsmanager:GetSecretValue", "BadgeSecret", ENROLS),
    ("secretsmanager:GetSecretValue", "SlackSecret", {"deliver", "api"}),
    ("secretsmanager:GetSecretValue", "AnswerSecret", {"deliver", "api"}),
    ("secretsmanager:PutSecretValue", "MasterSecret", set()),
    # banks
    ("iot:Publish", f"{IOT}:topic/toolcrib/v1/acme:hq-01/down/open", {*TAPS, *REPORTS, "on_time", "on_fetch", "api"}),
    (
        "iot:Publish",
        f"{IOT}:topic/toolcrib/v1/acme:hq-01/down/roster",
        {*TAPS, *REPORTS, "on_time", "on_fetch", "rosters", "api"},
    ),
    ("iot:Publish", f"{IOT}:topic/toolcrib/v1/acme:hq-01/up/door", set()),
    ("iot:Publish", f"{IOT}:topic/toolcrib/v1/other:hq-01/down/open", set()),
    ("iot:RetainPublish", f"{IOT}:topic/toolcrib/v1/acme:hq-01/down/open", set()),
    ("iot:RetainPublish", f"{IOT}:topic/toolcrib/v1/acme:hq-01/down/roster", {"rosters"}),
    ("iot:RetainPublish", f"{IOT}:topic/toolcrib/v1/other:hq-01/down/roster", set()),
    ("iot:CreateThing", f"{IOT}:thing/acme:hq-01", ENROLS),
    ("iot:CreateThing", f"{IOT}:thing/other:hq-01", set()),
    ("iot:CreateCertificateFromCsr", "*", {"api"}),
    ("iot:AttachPolicy", f"{IOT}:cert/0a1b", ENROLS),
    ("iot:AttachPolicy", f"{IOT}:thinggroup/all", set()),
    ("iot:AttachThingPrincipal", f"{IOT}:cert/0a1b", ENROLS),
    ("iot:UpdateCertificate", f"{IOT}:cert/0a1b", {*ENROLS, "on_connected"}),
    ("iot:DetachPolicy", f"{IOT}:cert/0a1b", {*ENROLS, "on_connected"}),
    ("iot:CreateProvisioningClaim", f"{IOT}:provisioningtemplate/acme-bank", {"api"}),
    ("iot:CreateProvisioningClaim", f"{IOT}:provisioningtemplate/other-bank", set()),
    ("iot:DeleteConnection", f"{IOT}:client/acme:hq-01", ENROLS),
    ("iot:DeleteConnection", f"{IOT}:client/other:hq-01", set()),
    ("iot:CreatePolicy", f"{IOT}:policy/any", set()),
    ("iot:CreatePolicyVersion", f"{IOT}:policy/toolcrib-acme-bank", set()),
    # anchors
    ("s3:PutObject", "arn:aws:s3:::AnchorBucket/2026-11-21.json", {"anchor_heads"}),
    ("s3:GetObject", "arn:aws:s3:::AnchorBucket/2026-11-21.json", {"anchor_heads"}),
    ("s3:ListBucket", "arn:aws:s3:::AnchorBucket", {"anchor_heads"}),
    ("s3:PutObjectRetention", "arn:aws:s3:::AnchorBucket/2026-11-21.json", set()),
    ("s3:DeleteObject", "arn:aws:s3:::AnchorBucket/2026-11-21.json", set()),
    ("s3:DeleteObjectVersion", "arn:aws:s3:::AnchorBucket/2026-11-21.json", set()),
    ("s3:BypassGovernanceRetention", "arn:aws:s3:::AnchorBucket/2026-11-21.json", set()),
    ("s3:PutBucketPolicy", "arn:aws:s3:::AnchorBucket", set()),
    # photos of faults
    ("s3:PutObject", "arn:aws:s3:::PhotoBucket/acme/case/photo.jpg", {"on_fault", "api"}),
    ("s3:GetObject", "arn:aws:s3:::PhotoBucket/acme/case/photo.jpg", {"api"}),
    ("s3:GetObject", "arn:aws:s3:::PhotoBucket/other/case/photo.jpg", set()),
    ("s3:PutObject", "arn:aws:s3:::PhotoBucket/other/case/photo.jpg", set()),
    ("s3:ListBucket", "arn:aws:s3:::PhotoBucket", {"api"}),
    ("s3:DeleteObject", "arn:aws:s3:::PhotoBucket/acme/case/photo.jpg", set()),
    ("s3:PutBucketPolicy", "arn:aws:s3:::PhotoBucket", set()),
    # rosters
    ("s3:PutObject", "arn:aws:s3:::RosterBucket/acme/hq-01/v.json", {"rosters"}),
    ("s3:GetObject", "arn:aws:s3:::RosterBucket/acme/hq-01/v.json", {"on_fetch", "on_door"}),
    ("s3:GetObject", "arn:aws:s3:::RosterBucket/other/hq-01/v.json", set()),
    ("s3:ListBucket", "arn:aws:s3:::RosterBucket", {"on_door"}),
    ("s3:DeleteObject", "arn:aws:s3:::RosterBucket/acme/hq-01/v.json", set()),
    # outwards
    ("ses:SendEmail", "arn:aws:ses:eu-central-1:123456789012:identity/example.com", {"deliver"}),
    ("ses:SendEmail", "arn:aws:ses:eu-central-1:123456789012:configuration-set/toolcrib-acme", {"deliver"}),
    ("sqs:SendMessage", "arn:of:DeadReports", {*REPORTS, "on_connected"}),
    ("sqs:SendMessage", "arn:of:DeadNotices", {"deliver"}),
    (
        "sqs:SendMessage",
        "arn:of:DeadRuns",
        {*SWEEPS, "arrange", "watch_banks", "rosters", "digests", "take_inventory", "anchor_heads"},
    ),
    # one-time starts
    ("scheduler:CreateSchedule", f"{SCHEDULER}:schedule/toolcrib-acme/any", {"arrange"}),
    ("scheduler:CreateSchedule", f"{SCHEDULER}:schedule/default/any", set()),
    ("scheduler:DeleteSchedule", f"{SCHEDULER}:schedule/toolcrib-acme/any", set()),
    ("iam:PassRole", "arn:of:OneShotRole", {"arrange"}),
    ("iam:PassRole", "arn:of:SweepRole", set()),
    ("lambda:InvokeFunction", "arn:of:SweepAt", {"arrange"}),
    ("lambda:InvokeFunction", "arn:of:OnTap", set()),
    ("lambda:InvokeFunction", "arn:of:OnDoor", set()),
    ("sts:AssumeRole", "arn:of:APIHandlerRole", set()),
    ("iam:PassRole", "arn:of:APIHandlerRole", set()),
]

NAMES_NO_RESOURCE = {  # actions AWS allows on everything or on nothing
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "iot:CreateCertificateFromCsr",
}


@pytest.mark.parametrize(("action", "resource", "who"), ALLOWED)
def test_these_may_and_nobody_else(action: str, resource: str, who: set[str]) -> None:
    assert who_may(action, resource) == who


def test_these_are_all_functions() -> None:
    assert functions().keys() == EVERYBODY


@pytest.mark.parametrize("function", sorted(EVERYBODY))
def test_every_action_is_named_and_was_thought_of_here(function: str) -> None:
    known = {action for action, _, _ in ALLOWED} | NAMES_NO_RESOURCE | ELSEWHERE
    for statement in statements(function):
        assert set(as_list(statement["Action"])) <= known, statement


ELSEWHERE = {
    "logs:CreateLogStream",  # the app's own group
    "logs:PutLogEvents",
    "dynamodb:GetRecords",  # of the stream
    "dynamodb:GetShardIterator",
    "dynamodb:DescribeStream",
    "dynamodb:ListStreams",
    "iot:ListThingPrincipals",  # of the organisation's things
    "iot:AttachThingPrincipal",  # certificates
    "iot:DetachThingPrincipal",
    "iot:DetachPolicy",
}


@pytest.mark.parametrize("function", sorted(EVERYBODY))
def test_no_action_or_resource_is_everything_unless_aws_knows_no_less(function: str) -> None:
    for statement in statements(function):
        actions, named = as_list(statement["Action"]), as_list(statement["Resource"])
        assert not [action for action in actions if "*" in action], statement
        if "*" in named:
            assert set(actions) <= NAMES_NO_RESOURCE, statement


def test_roles_are_taken_on_by_lambda_alone_but_for_those_that_schedules_and_provisioning_act_as() -> None:
    roles = of_kind("AWS::IAM::Role")
    (trust,) = roles.pop("OneShotRole").properties["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    (provisioning,) = roles.pop("BankTemplateRole").properties["AssumeRolePolicyDocument"]["Statement"]
    assert provisioning["Principal"] == {"Service": "iot.amazonaws.com"}
    assert provisioning["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    for role in roles.values():
        (trust,) = role.properties["AssumeRolePolicyDocument"]["Statement"]
        assert trust == {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }, role.name


def test_a_sender_of_notices_writes_notices_and_where_they_stand_only() -> None:
    (put,) = [each for each in statements("deliver") if "dynamodb:PutItem" in as_list(each["Action"])]
    keys = ["acme#NOTICE#*", "acme#SAID#*", "acme#PACE#*"]
    assert put["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}}


def test_who_hears_of_mails_writes_notices_people_and_cooldowns_only() -> None:
    (put,) = [each for each in statements("feedback") if "dynamodb:PutItem" in as_list(each["Action"])]
    keys = ["acme#NOTICE#*", "acme#PACE#*", "acme#PERSON#*", "acme#EDIT#*", "acme#STAFF#*"]
    assert put["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}}


def test_who_makes_rosters_writes_nothing_but_those() -> None:
    (put,) = [each for each in statements("rosters") if "dynamodb:PutItem" in as_list(each["Action"])]
    assert put["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["acme#ALONE#*"]}}


def test_who_puts_scopes_into_tokens_reads_principals_only() -> None:
    (read,) = [each for each in statements("pre_token") if "dynamodb:GetItem" in as_list(each["Action"])]
    assert read["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["PRINCIPAL#*"]}}


PROVISIONING = ("$aws/certificates/create-from-csr/json", "$aws/provisioning-templates/acme-bank/provision/json")
NOTHING_LEFT_BEHIND = {"Effect": "Deny", "Action": "iot:RetainPublish", "Resource": f"{IOT}:topic/*"}


def test_a_bank_may_be_itself_and_nobody_else() -> None:
    policy = of_kind("AWS::IoT::Policy")["BankPolicy"]
    me = "${iot:Connection.Thing.ThingName}"
    jobs = f"$aws/things/{me}/jobs/"
    heard = [f"toolcrib/v1/{me}/down/*", *(f"{each}/*" for each in PROVISIONING), f"{jobs}*"]
    asked = [*(f"{each}*" for each in PROVISIONING), f"{jobs}*"]
    assert policy.properties["PolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Action": "iot:Connect", "Resource": f"{IOT}:client/{me}"},
        {"Effect": "Allow", "Action": "iot:Publish", "Resource": f"{IOT}:topic/toolcrib/v1/{me}/up/*"},
        {"Effect": "Allow", "Action": "iot:Subscribe", "Resource": [f"{IOT}:topicfilter/{each}" for each in heard]},
        {"Effect": "Allow", "Action": "iot:Receive", "Resource": f"{IOT}:topic/toolcrib/v1/{me}/down/*"},
        {
            "Effect": "Allow",
            "Action": ["iot:Publish", "iot:Receive"],
            "Resource": [f"{IOT}:topic/{each}" for each in asked],
        },
        NOTHING_LEFT_BEHIND,
    ]


def test_a_claim_certificate_may_ask_to_become_a_bank_and_nothing_else() -> None:
    policy = of_kind("AWS::IoT::Policy")["ClaimPolicy"]
    assert policy.properties["PolicyDocument"]["Statement"] == [
        {"Effect": "Allow", "Action": "iot:Connect", "Resource": f"{IOT}:client/_claim:acme:*"},
        {
            "Effect": "Allow",
            "Action": "iot:Subscribe",
            "Resource": [f"{IOT}:topicfilter/{each}/*" for each in PROVISIONING],
        },
        {
            "Effect": "Allow",
            "Action": ["iot:Publish", "iot:Receive"],
            "Resource": [f"{IOT}:topic/{each}*" for each in PROVISIONING],
        },
        NOTHING_LEFT_BEHIND,
    ]


def test_the_provisioning_template_acts_as_somebody_who_touches_this_orgs_things_and_certificates_only() -> None:
    role = of_kind("AWS::IAM::Role")["BankTemplateRole"].properties
    assert "ManagedPolicyArns" not in role
    (policy,) = role["Policies"]
    things, certificates = policy["PolicyDocument"]["Statement"]
    assert (things["Resource"], certificates["Resource"]) == (f"{IOT}:thing/acme:*", f"{IOT}:cert/*")
    assert not {"iot:AttachPolicy", "iot:CreatePolicy"} & {*things["Action"], *certificates["Action"]}


def test_nothing_else_hands_out_permissions() -> None:
    assert not {each.kind for each in resources()} & {"AWS::IAM::User", "AWS::IAM::Policy", "AWS::IAM::Group"}
