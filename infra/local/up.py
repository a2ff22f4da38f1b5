"""`toolcrib up`: start, deploy, make users, and say where everything is."""

import json
import shutil
from collections.abc import Callable
from typing import Any

import httpx

from infra.cli.deployment import Deployed, deploy
from infra.cli.steps import step
from infra.cli.target import Target
from infra.local import gateway, ministack, processes, reader, users
from infra.local.home import Home

ORG = "acme"
SETTINGS = {
    "Org": ORG,
    "DeletionProtection": "false",  # --empty starts anew
    "MailFrom": "toolcrib@acme.example",
    "MailSender": "toolcrib@acme.example",
}


def up(home: Home, *, port: int | None, mqtt_port: int | None, empty: bool) -> dict[str, Any]:
    """Bring the local stack up and return what `stack.json` holds then."""
    if empty:
        down(home)
        shutil.rmtree(home.folder, ignore_errors=True)
    with step("Local AWS: install"):
        ministack.install()
    with step("Local AWS: start"):
        target = ministack.start(home, port=port, mqtt_port=mqtt_port)
    deployed = deploy(target, SETTINGS, step)
    with step("Keys and users"):
        gateway.put_responses(target, deployed.outputs["RestAPIId"])
        stack = _describe(home, target, deployed)
        home.write("stack.json", stack)
    return stack


def down(home: Home) -> list[str]:
    """Stop everything `up` started and return the names of what was running."""
    return [name for name in ("ministack",) if processes.stop(home, name)]


def _describe(home: Home, target: Target, deployed: Deployed) -> dict[str, Any]:
    known, outputs = home.read("stack.json"), deployed.outputs
    ca = home.folder / "ca.pem"
    ca.write_bytes(httpx.get(f"{target.endpoint}/_ministack/iot/ca.pem").raise_for_status().content)
    return {
        "org": ORG,
        "region": target.region,
        "endpoint": target.endpoint,
        "credentials": reader.credentials(target, outputs, known.get("credentials", {})),
        "api": f"{target.endpoint}/restapis/{outputs['RestAPIId']}/api/_user_request_",
        "user_pool": outputs["UserPool"],
        "client_id": outputs["PeopleClient"],
        "mqtt": {"host": target.mqtt.host, "port": target.mqtt.port, "ca": str(ca)},
        "tables": {"state": outputs["StateTable"], "ledger": outputs["LedgerTable"]},
        "functions": deployed.functions,
        "badge_key": _secret(target, outputs["BadgeSecret"]),
        "banks": known.get("banks", {}),
        "inbox": known.get("inbox", ""),
        "users": known.get("users") or _make_users(target, outputs),
        "badges": known.get("badges", {}),
    }


def _secret(target: Target, secret: str) -> dict[str, str]:
    value: dict[str, str] = json.loads(
        target.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
    )
    return value


def _make_users(target: Target, outputs: dict[str, str]) -> dict[str, users.User]:
    return {role: users.create_user(target, outputs, role, _principal(target, outputs, role)) for role in users.ROLES}


def _principal(target: Target, outputs: dict[str, str], role: str) -> Callable[[str], None]:
    table = target.session.resource("dynamodb", endpoint_url=target.endpoint).Table(outputs["StateTable"])

    def enter(sub: str) -> None:
        table.put_item(Item={"pk": f"PRINCIPAL#{sub}", "sk": "PRINCIPAL", "org": ORG, "person": role, "role": role})

    return enter
