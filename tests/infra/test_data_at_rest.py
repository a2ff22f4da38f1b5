"""What outlives every deployment: tables, anchors, keys, sign-in (safety.md, threats 33 and 35)."""

import pytest

from tests.support.stacks import Resource, Statements, as_list, effects, of_kind

LASTING = ["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret", "AWS::Cognito::UserPool"]


def _foundation(name: str) -> Resource:
    return next(each for kind in LASTING for each in of_kind(kind).values() if each.name == name)


@pytest.mark.parametrize("table", ["StateTable", "LedgerTable"])
def test_tables_are_encrypted_recoverable_and_protected(table: str) -> None:
    given = _foundation(table).properties
    assert given["SSESpecification"] == {"SSEEnabled": True}
    assert given["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert given["DeletionProtectionEnabled"] is True
    assert given["BillingMode"] == "PAY_PER_REQUEST"


def test_these_are_all_tables() -> None:
    assert of_kind("AWS::DynamoDB::Table").keys() == {"StateTable", "LedgerTable"}


@pytest.mark.parametrize("kind", LASTING)
def test_what_lasts_is_kept_even_when_its_stack_goes(kind: str) -> None:
    for each in of_kind(kind).values():
        assert (each.whole["DeletionPolicy"], each.whole["UpdateReplacePolicy"]) == ("Retain", "Retain"), each.name


def test_only_the_state_table_forgets_and_streams() -> None:
    assert _foundation("StateTable").properties["TimeToLiveSpecification"] == {
        "AttributeName": "expires_at",
        "Enabled": True,
    }
    assert _foundation("StateTable").properties["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert not {"TimeToLiveSpecification", "StreamSpecification"} & _foundation("LedgerTable").properties.keys()


@pytest.mark.parametrize("action", ["UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLUpdate", "PartiQLDelete"])
def test_the_ledger_refuses_everybody_who_would_change_what_happened(action: str) -> None:
    policy = _foundation("LedgerTable").properties["ResourcePolicy"]["PolicyDocument"]["Statement"]
    assert effects(policy, f"dynamodb:{action}", "any") == {"Deny"}
    assert {each["Principal"] for each in policy} == {"*"}


def test_the_ledger_lets_committers_put_and_anybody_allowed_read() -> None:
    policy = _foundation("LedgerTable").properties["ResourcePolicy"]["PolicyDocument"]["Statement"]
    for action in ("PutItem", "Query", "GetItem"):
        assert effects(policy, f"dynamodb:{action}", "any") == set()


def test_anchors_are_locked_for_a_year_private_and_encrypted() -> None:
    given = _foundation("AnchorBucket").properties
    assert given["ObjectLockEnabled"] is True
    lock = given["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": 365}
    assert given["VersioningConfiguration"] == {"Status": "Enabled"}
    assert set(given["PublicAccessBlockConfiguration"].values()) == {True}
    assert given["BucketEncryption"]


@pytest.mark.parametrize("action", ["DeleteObject", "DeleteObjectVersion", "BypassGovernanceRetention"])
def test_nobody_may_delete_an_anchor(action: str) -> None:
    statements = _anchor_policy()
    assert [each["Sid"] for each in statements if f"s3:{action}" in as_list(each["Action"])] == ["NobodyDeletes"]
    assert effects(statements, f"s3:{action}", "arn:of:AnchorBucket/2026-11-21") == {"Deny"}


def test_only_one_role_may_put_an_anchor() -> None:
    writer = next(each for each in _anchor_policy() if each["Sid"] == "OneWriter")
    role = of_kind("AWS::IAM::Role")["AnchorHeadsRole"].properties["RoleName"]
    assert writer["Effect"] == "Deny"
    assert set(writer["Action"]) == {"s3:PutObject", "s3:PutObjectRetention", "s3:PutObjectLegalHold"}
    assert writer["Condition"] == {
        "ArnNotLike": {
            "aws:PrincipalArn": [
                f"arn:aws:iam::123456789012:role/{role}",
                f"arn:aws:sts::123456789012:assumed-role/{role}/*",
            ]
        }
    }


def test_anchors_are_reached_encrypted_only() -> None:
    (statement,) = [each for each in _anchor_policy() if each["Sid"] == "EncryptedOnTheWay"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_photos_are_private_encrypted_and_forgotten() -> None:
    given = _foundation("PhotoBucket").properties
    assert set(given["PublicAccessBlockConfiguration"].values()) == {True}
    assert given["BucketEncryption"]
    assert given["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    rules = {name: value for rule in given["LifecycleConfiguration"]["Rules"] for name, value in rule.items()}
    assert int(rules["ExpirationInDays"]) == 400
    assert rules["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}


def test_photos_are_reached_encrypted_and_by_what_was_signed_just_now_only() -> None:
    policy = of_kind("AWS::S3::BucketPolicy")["PhotoBucketPolicy"].properties["PolicyDocument"]["Statement"]
    conditions = {each["Sid"]: (each["Effect"], each["Principal"], each["Condition"]) for each in policy}
    assert conditions == {
        "EncryptedOnTheWay": ("Deny", "*", {"Bool": {"aws:SecureTransport": "false"}}),
        "SignedForMinutesOnly": ("Deny", "*", {"NumericGreaterThan": {"s3:signatureAge": "300000"}}),
    }


def test_rosters_are_private_encrypted_and_forgotten() -> None:
    given = _foundation("RosterBucket").properties
    assert set(given["PublicAccessBlockConfiguration"].values()) == {True}
    assert given["BucketEncryption"]
    assert given["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    rules = {name: value for rule in given["LifecycleConfiguration"]["Rules"] for name, value in rule.items()}
    assert int(rules["ExpirationInDays"]) == 14
    assert rules["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


def test_rosters_are_reached_encrypted_and_by_what_was_signed_this_minute_only() -> None:
    policy = of_kind("AWS::S3::BucketPolicy")["RosterBucketPolicy"].properties["PolicyDocument"]["Statement"]
    conditions = {each["Sid"]: (each["Effect"], each["Principal"], each["Condition"]) for each in policy}
    assert conditions == {
        "EncryptedOnTheWay": ("Deny", "*", {"Bool": {"aws:SecureTransport": "false"}}),
        "SignedForAMinuteOnly": ("Deny", "*", {"NumericGreaterThan": {"s3:signatureAge": "60000"}}),
    }


def test_people_sign_in_with_a_second_factor_and_nobody_signs_up() -> None:
    given = _foundation("UserPool").properties
    assert (given["MfaConfiguration"], given["EnabledMfas"]) == ("ON", ["SOFTWARE_TOKEN_MFA"])
    assert given["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert given["DeletionProtection"] == "ACTIVE"
    assert given["LambdaConfig"]["PreTokenGenerationConfig"]["LambdaVersion"] == "V2_0"


def test_machines_may_read_and_write_and_never_administer() -> None:
    machines = of_kind("AWS::Cognito::UserPoolClient")["MachineClient"].properties
    assert machines["AllowedOAuthScopes"] == ["toolcrib/read", "toolcrib/write"]
    assert machines["AllowedOAuthFlows"] == ["client_credentials"]


@pytest.mark.parametrize("secret", ["MasterSecret", "BadgeSecret", "AnswerSecret"])
def test_keys_are_made_where_they_are_kept_and_have_256_bits(secret: str) -> None:
    made = _foundation(secret).properties["GenerateSecretString"]
    assert (made["PasswordLength"], made["GenerateStringKey"]) == (64, "hex")
    allowed = {chr(code) for code in range(33, 127)} - set(made["ExcludeCharacters"])
    assert allowed == set("0123456789abcdef")


def _anchor_policy() -> Statements:
    policy = of_kind("AWS::S3::BucketPolicy")["AnchorBucketPolicy"].properties["PolicyDocument"]
    statements: Statements = policy["Statement"]
    return statements
