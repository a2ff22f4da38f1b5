"""Writes `stack.json`, from which other programs learn where everything is (design.md, *Local stack*)."""

import json
from collections.abc import Callable

from infra.cli.deployment import Deployed
from infra.cli.first_admin import enter
from infra.cli.target import Target
from infra.local import reader, users
from infra.local.home import Home
from infra.local.loopback import client
from infra.local.principals import NOBODY_YET
from toolcrib.domain.principals import Principal, Role

BOT_TOKEN = "xoxb-local-stack"  # noqa: S105 - the inbox takes any
SIGNING_SECRET = "local-stack-signing"  # noqa: S105 - with it the inbox signs what is pressed there


def write(home: Home, target: Target, deployed: Deployed, *, org: str, inbox: str) -> None:
    """Write the file anew; users, banks and badges stay what they were."""
    known, outputs = home.read("stack.json"), deployed.outputs
    ca = home.folder / "ca.pem"
    ca.write_bytes(client().get(f"{target.endpoint}/_ministack/iot/ca.pem").raise_for_status().content)
    _put_bot_token(target, outputs["SlackSecret"])
    facts = {
        "org": org,
        "region": target.region,
        "endpoint": target.endpoint,
        "credentials": reader.credentials(target, outputs, known.get("credentials", {})),
        "api": outputs["ApiBase"],
        "user_pool": outputs["UserPool"],
        "client_id": outputs["PeopleClient"],
        "mqtt": {"host": target.mqtt.host, "port": target.mqtt.port, "ca": str(ca)},
        "tables": {"state": outputs["StateTable"], "ledger": outputs["LedgerTable"]},
        "functions": deployed.functions,
        "badge_key": _secret(target, outputs["BadgeSecret"]),
        "banks": known.get("banks", {}),
        "inbox": inbox,
        "users": known.get("users") or _make_users(target, outputs, org),
        "badges": known.get("badges", {}),
    }
    home.write("stack.json", facts)


def _put_bot_token(target: Target, secret: str) -> None:
    """Let notices go out as a bot, and what is pressed come back; on AWS the operator puts real ones here."""
    if not _secret(target, secret):
        known = json.dumps({"bot_token": BOT_TOKEN, "signing_secret": SIGNING_SECRET})
        target.client("secretsmanager").put_secret_value(SecretId=secret, SecretString=known)


def _secret(target: Target, secret: str) -> dict[str, str]:
    value: dict[str, str] = json.loads(
        target.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    )
    return value


def _make_users(target: Target, outputs: dict[str, str], org: str) -> dict[str, users.User]:
    return {
        role: users.create_user(target, outputs, role, _entry(target, outputs["StateTable"], org, role))
        for role in users.ROLES
    }


def _entry(target: Target, table: str, org: str, role: str) -> Callable[[str], None]:
    person, sites = NOBODY_YET[role]

    def write_down(subject: str) -> None:
        enter(target, table, Principal(subject=subject, org=org, role=Role(role), person=person, sites=sites))

    return write_down
