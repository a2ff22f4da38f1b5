"""The thin thread: one tap, one door, one loan, over real MQTT and the production templates."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from infra.local import ministack
from infra.local.home import Home
from tests.support import workplace
from tests.support.player import Player
from tests.support.tables import forget
from toolcrib.domain.states import State
from toolcrib.send.signing import command_key
from toolcrib.store.assets import load_asset
from toolcrib.store.ledger import list_events
from toolcrib.store.loans import load_loan

pytestmark = pytest.mark.journey


@pytest.fixture
def bank(stack: dict[str, Any], home: Home, tmp_path: Path) -> Iterator[Player]:
    target = ministack.target(home)
    iot = target.client("iot")
    iot.create_thing(thingName="acme:hq-01")
    keys = iot.create_keys_and_certificate(setAsActive=True)
    policy = iot.list_policies()["policies"][0]["policyName"]
    iot.attach_policy(policyName=policy, target=keys["certificateArn"])
    iot.attach_thing_principal(thingName="acme:hq-01", principal=keys["certificateArn"])
    (tmp_path / "cert.pem").write_text(keys["certificatePem"])
    (tmp_path / "key.pem").write_text(keys["keyPair"]["PrivateKey"])
    vault = target.client("secretsmanager")
    named = {each["Name"]: each for each in vault.list_secrets()["SecretList"]}
    master = next(name for name in named if "Master" in name)
    secret = json.loads(vault.get_secret_value(SecretId=master)["SecretString"])
    known = {"thing": "acme:hq-01", "cert": str(tmp_path / "cert.pem"), "key": str(tmp_path / "key.pem"), "kid": "1",
             "command_key": command_key(bytes.fromhex(secret["hex"]), org="acme", bank="hq-01", generation=1).hex()}  # fmt: skip
    player = Player({**stack, "banks": {"hq-01": known}}, "hq-01")
    yield player
    player.close()


def test_a_tap_opens_a_door_and_the_thing_is_on_record_as_theirs(stack: dict[str, Any], bank: Player, home: Home) -> None:
    root = ministack.target(home).session.get_credentials()
    environment = {
        "AWS_ENDPOINT_URL": stack["endpoint"], "AWS_ACCESS_KEY_ID": root.access_key,
        "AWS_SECRET_ACCESS_KEY": root.secret_key, "AWS_REGION": stack["region"],
        "STATE_TABLE": stack["tables"]["state"], "LEDGER_TABLE": stack["tables"]["ledger"],
    }  # fmt: skip
    with patch.dict("os.environ", environment):
        forget()
        workplace.rules(workplace.site(), workplace.DRILL, workplace.CREW, workplace.FALLBACK)
        workplace.put_bank(workplace.bank(), stowed={1: workplace.drill(1)})
        workplace.put_person(workplace.person(1), workplace.TOKEN)

        tap = bank.tap(workplace.TOKEN)
        claims = bank.command(bank.wait("open", re=tap))
        assert (claims["door"], claims["purpose"]) == (1, "take")
        bank.acknowledged(bank.closed(1, claims["jti"], tags=[]))

        loan, asset = load_loan("acme", claims["jti"]), load_asset("acme", "drill-1")
        assert (loan.state, loan.person, loan.evidence) == ("open", "p-1", "tags")
        assert (asset.state, asset.custodian.id) == (State.ON_LOAN, "p-1")
        assert [event.move for event in list_events("acme", "drill-1")] == ["create", "stow", "taken"]
    forget()
