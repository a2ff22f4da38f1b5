"""Banks, their doors and their enrolment over HTTP."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from moto import mock_aws

from chalicelib.flows import enrol_bank, remote_open, revoke_bank
from tests.support.admins import asked
from tests.support.http import Client, enter
from tests.support.tables import BADGE_KEY, MASTER
from tests.support.workplace import DRILL, FALLBACK, NOW, ORG, bank, drill, person, put_bank, put_person, rules, site
from tests.support.world import World, world
from toolcrib import clients, settings
from toolcrib.clients import client
from toolcrib.domain.doors import Bank, BankState, Door, Grant, GrantState, Purpose
from toolcrib.domain.loans import Loan, LoanState
from toolcrib.domain.people import Holding
from toolcrib.domain.policies import Period, Terms
from toolcrib.domain.record import replace
from toolcrib.domain.states import State
from toolcrib.send.signing import command_key
from toolcrib.store import certificates, mapping
from toolcrib.store.assets import load_asset
from toolcrib.store.banks import find_door, load_bank
from toolcrib.store.ledger import list_events
from toolcrib.store.loans import load_loan

NEW = {"id": "hq-02", "site": "hq", "evidence": "presence", "mode": "express", "doors": 8}
POLICY = "banks"


@dataclass
class _WithIot:
    """A session that has IoT Core's registry as well."""

    inner: Any
    iot: Any

    def create_client(self, service: str, **more: Any) -> Any:
        return self.iot if service == "iot" else self.inner.create_client(service, **more)


ON_AWS = {"IOT_POLICY": POLICY, "IOT_MQTT_HOST": "mqtt.example", "LOCAL_STACK": ""}


@pytest.fixture
def here() -> Iterator[World]:
    with mock_aws(), world(rules=False) as opened, patch.dict("os.environ", ON_AWS):
        settings.settings.cache_clear()
        both = _WithIot(clients.session(), boto3.client("iot"))
        both.iot.create_policy(policyName=POLICY, policyDocument="{}")
        with patch.object(clients, "session", lambda: both):
            yield opened


@pytest.fixture
def cuts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose session was cut; moto cannot."""
    made: list[str] = []
    monkeypatch.setattr(certificates, "cut", made.append)
    return made


@pytest.fixture
def admin(here: World, cuts: list[str]) -> Client:
    enter("admin", "admin")
    rules(site(), site(id="dock"), DRILL, FALLBACK)
    put_bank(bank(state=BankState.PLANNED, generation=0), doors=4, stowed={1: drill()})
    return Client()


def csr(key: Any = None) -> str:
    key = key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "controller")])
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, algorithm)
    return request.public_bytes(Encoding.PEM).decode()


def enrol(admin: Client, **more: Any) -> Any:
    return admin.post("/banks/hq-01/enrolment", {"csr": csr()}, **more)


def principals() -> list[str]:
    found: list[str] = boto3.client("iot").list_thing_principals(thingName="acme:hq-01")["principals"]
    return found


def able(certificate: str) -> bool:
    found = boto3.client("iot").list_attached_policies(target=certificate)["policies"]
    return [policy["policyName"] for policy in found] == [POLICY]


def status(certificate: str) -> str:
    described = boto3.client("iot").describe_certificate(certificateId=certificate.rsplit("/", 1)[1])
    return str(described["certificateDescription"]["status"])


# -- describing ------------------------------------------------------------------------------------------------------


def test_a_bank_is_set_up_with_its_doors_read_changed_and_listed(admin: Client) -> None:
    made = admin.post("/banks", NEW)
    assert (made.status, made.headers["Location"]) == (201, "/v1/banks/hq-02"), made.text
    assert made.json == {**NEW, "name": None, "state": "planned", "last_seen_at": None, "firmware": None}
    changed = admin.patch("/banks/hq-02", {"name": "By the dock", "mode": "kiosk"}, made.etag)
    assert changed.json == {**made.json, "name": "By the dock", "mode": "kiosk"}
    assert admin.patch("/banks/hq-02", {"name": None}, changed.etag).json["name"] is None
    assert admin.patch("/banks/hq-02", {"mode": "express"}, made.etag).status == 412
    assert [item["id"] for item in admin.get("/banks").json["items"]] == ["hq-01", "hq-02"]
    doors = admin.get("/banks/hq-02/doors").json["items"]
    assert [(door["number"], door["size"], door["contents"]) for door in doors] == [(n, "M", []) for n in range(1, 9)]


def test_doors_can_be_described_one_by_one(admin: Client) -> None:
    doors = [{"number": 7, "size": "XL", "features": ["charging"], "capacity": 2}, {"number": 3}]
    assert admin.post("/banks", {**NEW, "doors": doors}).json["doors"] == 2
    shown = admin.get("/banks/hq-02/doors/7").json
    assert (shown["size"], shown["features"], shown["capacity"], shown["grant"]) == ("XL", ["charging"], 2, None)
    assert admin.get("/banks/hq-02/doors/1").status == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"doors": 0},
        {"doors": 65},
        {"doors": []},
        {"doors": [{"number": 1}, {"number": 1}]},
        {"site": "moon"},
        {"evidence": "declared"},
        {"mode": "quiet"},
        {"state": "active"},
        {"generation": 9},
        {"certificate": "arn"},
    ],
)
def test_a_bank_that_makes_no_sense_is_400(admin: Client, wrong: dict[str, Any]) -> None:
    assert admin.post("/banks", {**NEW, **wrong}).status == 400
    assert admin.get("/banks/hq-02").status == 404


def test_an_id_that_is_taken_is_refused_but_a_repeat_is_not(admin: Client) -> None:
    made = admin.post("/banks", NEW, key="k1")
    assert admin.post("/banks", NEW, key="k1").text == made.text
    assert admin.post("/banks", NEW, key="k2").json["code"] == "already_exists"


def test_supervisors_see_banks_and_doors_of_their_sites_only(admin: Client) -> None:
    admin.post("/banks", {**NEW, "site": "dock"})
    enter("boss", "supervisor", sites=("dock",))
    boss = Client(subject="boss")
    assert [item["id"] for item in boss.get("/banks").json["items"]] == ["hq-02"]
    for path in ("/banks/hq-01", "/banks/hq-01/doors", "/banks/hq-01/doors/1"):
        missing = boss.get(path.replace("hq-01", "hq-77"))
        assert (boss.get(path).status, boss.get(path).json) == (404, missing.json)


# -- enrolment -------------------------------------------------------------------------------------------------------


def test_enrolment_hands_out_exactly_what_a_controller_needs(admin: Client) -> None:
    given = enrol(admin)
    assert given.status == 201, given.text
    body = given.json
    assert body.keys() == {"thing", "certificate", "ca", "kid", "command_key", "badge_key", "mqtt"}
    assert (body["thing"], body["kid"], body["mqtt"]) == ("acme:hq-01", "1", {"host": "mqtt.example", "port": 8883})
    assert body["badge_key"] == {"version": "1", "hex": BADGE_KEY}
    key = command_key(bytes.fromhex(MASTER), org=ORG, bank="hq-01", generation=1)
    assert body["command_key"] == key.hex()
    assert "CN=Amazon Root CA 1" in x509.load_pem_x509_certificate(body["ca"].encode()).subject.rfc4514_string()
    assert x509.load_pem_x509_certificate(body["certificate"].encode())
    assert admin.get("/banks/hq-01").json["state"] == "active"
    (certificate,) = principals()
    assert (able(certificate), status(certificate)) == (True, "ACTIVE")
    assert load_bank(ORG, "hq-01").certificate == certificate


def test_enrolling_anew_ends_the_earlier_certificate_and_its_key(admin: Client, cuts: list[str]) -> None:
    first = enrol(admin).json
    (old,) = principals()
    second = enrol(admin).json
    (new,) = principals()
    assert (second["kid"], first["command_key"] == second["command_key"]) == ("2", False)
    assert (able(old), status(old), able(new), status(new)) == (False, "INACTIVE", True, "ACTIVE")
    assert cuts == ["acme:hq-01"]


def test_keys_are_never_kept_for_a_repeat(admin: Client, here: World) -> None:
    given = enrol(admin, key="k1")
    again = enrol(admin, key="k1")
    assert again.status in {409, 422}
    kept = [item.attribute_values for item in here.items()]
    for secret in (given.json["command_key"], given.json["badge_key"]["hex"], given.json["certificate"]):
        assert secret not in str(kept)


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (lambda: "hello", "PEM"),
        (lambda: csr(ec.generate_private_key(ec.SECP384R1())), "P-256"),
        (lambda: csr(rsa.generate_private_key(65537, 1024)), "1024 bits"),  # noqa: S505 - that is the point
        (lambda: csr(ed25519.Ed25519PrivateKey.generate()), "neither"),
        (lambda: _broken(csr()), ""),
        (lambda: _of_another_version(csr()), "PEM"),
    ],
    ids=["no csr", "another curve", "a short key", "another kind of key", "a broken signature", "another version"],
)
def test_a_csr_that_is_not_good_enough_is_refused_and_nothing_is_made(admin: Client, request_: Any, why: str) -> None:
    answer = admin.post("/banks/hq-01/enrolment", {"csr": request_()})
    assert (answer.status, answer.json["code"]) == (400, "bad_csr")
    assert why in answer.json["detail"]
    assert boto3.client("iot").list_things()["things"] == []


def _broken(pem: str) -> str:
    lines = pem.splitlines()
    lines[-2] = ("A" if lines[-2][0] != "A" else "B") + lines[-2][1:]
    return "\n".join(lines)


def _of_another_version(pem: str) -> str:
    der = x509.load_pem_x509_csr(pem.encode()).public_bytes(Encoding.DER)
    other = b64encode(der.replace(b"\x02\x01\x00", b"\x02\x01\x01", 1)).decode()
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{other}\n-----END CERTIFICATE REQUEST-----\n"


STEPS = [
    "create_certificate_from_csr",
    "attach_thing_principal",
    "attach_policy",
    "detach_policy",
    "update_certificate",
    "detach_thing_principal",
]


@pytest.mark.parametrize("step", STEPS)
def test_wherever_enrolment_breaks_off_asking_again_mends_it(
    admin: Client, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(admin)
    iot = client("iot")

    def fail(**_: object) -> None:
        raise ConnectionError(step)

    with monkeypatch.context() as broken:
        broken.setattr(iot, step, fail)
        with pytest.raises(ConnectionError):
            enrol_bank.handle(asked("again"), "hq-01", csr())
    given = enrol_bank.handle(asked("third"), "hq-01", csr())
    (certificate,) = principals()
    assert able(certificate)
    now = load_bank(ORG, "hq-01")
    assert (now.certificate, str(now.generation), now.state) == (certificate, given.keys.kid, BankState.ACTIVE)
    made = {each["certificateArn"] for each in boto3.client("iot").list_certificates()["certificates"]}
    assert not any(map(able, made - {certificate}))


def test_revoking_ends_everything_in_one_call_and_may_be_repeated(admin: Client, cuts: list[str]) -> None:
    enrol(admin)
    (certificate,) = principals()
    for _ in range(2):
        assert admin.delete("/banks/hq-01/enrolment").status == 204
        assert (principals(), able(certificate), status(certificate)) == ([], False, "INACTIVE")
    assert admin.get("/banks/hq-01").json["state"] == "revoked"
    assert {door["unlendable"] for door in admin.get("/banks/hq-01/doors").json["items"]} == {"bank_revoked"}
    assert cuts == ["acme:hq-01", "acme:hq-01"]


def test_what_was_never_enrolled_cannot_be_revoked(admin: Client) -> None:
    assert admin.delete("/banks/hq-01/enrolment").json["code"] == "not_enrolled"
    assert admin.delete("/banks/hq-77/enrolment").status == 404


def test_supervisors_hand_out_no_keys(admin: Client) -> None:
    enter("boss", "supervisor", sites=("hq",))
    boss = Client(subject="boss")
    assert enrol(boss).status == boss.delete("/banks/hq-01/enrolment").status == 403
    assert admin.get("/banks/hq-01").json["state"] == "planned"


def take_in_flight(state: GrantState = GrantState.ISSUED) -> None:
    """Somebody was let in at door 1 and nothing was reported yet."""
    until = NOW + timedelta(seconds=30)
    held = Holding(
        asset="drill-1",
        type="drill",
        name="Drill 1",
        tag="E2000001",
        state="pending",
        bank="hq-01",
        door=1,
        site="hq",
        since=NOW,
        until=until,
    )
    put_person(person(holdings={"g-1": held}))
    terms = Terms(policy="fallback", period=Period(after=timedelta(hours=8)))
    loan = Loan(
        id="g-1",
        asset="drill-1",
        type="drill",
        person="p-1",
        site="hq",
        bank="hq-01",
        door=1,
        state=LoanState.PENDING,
        authorised_at=NOW,
        due_at=NOW,
        terms=terms,
        grants={"g-1": state},
    )
    mapping.loan_item(ORG, loan).save()
    live = Grant(
        id="g-1",
        purpose=Purpose.TAKE,
        state=state,
        person="p-1",
        asset="drill-1",
        loan="g-1",
        authorised_at=NOW,
        expires_at=until,
    )
    found = find_door(ORG, "hq-01", 1)
    assert found is not None
    mapping.door_item(ORG, replace(found, grant=live)).save()


def now() -> tuple[Bank, Door]:
    found = load_bank(ORG, "hq-01")
    return found, found.doors[0]


def test_what_was_in_flight_when_a_bank_is_revoked_is_unconfirmed_with_a_case(admin: Client) -> None:
    enrol(admin)
    take_in_flight()
    assert admin.delete("/banks/hq-01/enrolment").status == 204
    _, door = now()
    asset, loan = load_asset(ORG, "drill-1"), load_loan(ORG, "g-1")
    assert door.grant is not None
    assert (door.grant.state, door.unlendable, door.contents) == (GrantState.UNRESOLVED, "bank_revoked", ())
    assert (asset.state, asset.unsettled_by, asset.custodian.id) == (State.UNCONFIRMED, "g-1", "p-1")
    assert (loan.state, loan.grants["g-1"]) == (LoanState.PENDING, GrantState.UNRESOLVED)
    (case,) = admin.get("/cases").json["items"]
    assert (case["kind"], case["asset"], case["door"]) == ("revoked_bank", "drill-1", 1)


def test_a_revocation_that_breaks_off_has_its_effect_and_a_repeat_does_the_rest(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(admin)
    take_in_flight()

    def fail(*_: object, **__: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(client("iot"), "detach_policy", fail)
        with pytest.raises(ConnectionError):
            revoke_bank.handle(asked("r1"), "hq-01")
    bank_, door = now()
    assert (bank_.state, door.busy) == (BankState.REVOKED, False)
    revoke_bank.handle(asked("r2"), "hq-01")
    revoke_bank.handle(asked("r3"), "hq-01")
    assert load_asset(ORG, "drill-1").state is State.UNCONFIRMED
    assert [str(event.move) for event in list_events(ORG, "drill-1")] == ["create", "stow", "unresolved"]
    assert len(admin.get("/cases").json["items"]) == 1


# -- opening from afar -----------------------------------------------------------------------------------------------


def open_(who: Client, number: int = 1, **more: Any) -> Any:
    return who.post(f"/banks/hq-01/doors/{number}/open", {"reason": "charger swap"}, **more)


def test_a_remote_opening_is_a_signed_service_command(admin: Client, here: World) -> None:
    enrol(admin)
    answer = open_(admin)
    assert (answer.status, answer.json["state"]) == (202, "issued")
    (command,) = here.published
    assert (command.bank, command.kind, command.body["re"]) == ("hq-01", "open", None)
    claims = command.claims  # its signature and audience are checked
    assert (claims["jti"], claims["door"]) == (answer.json["grant"], 1)
    assert (claims["purpose"], claims["re"]) == ("service", None)
    assert 0 < claims["exp"] - claims["iat"] <= 30
    polled = admin.get("/banks/hq-01/doors/1").json
    assert (polled["grant"], polled["state"], polled["purpose"]) == (answer.json["grant"], "issued", "service")


def test_a_repeat_signs_the_same_grant_while_it_may_be_used_and_never_a_second_one(admin: Client, here: World) -> None:
    enrol(admin)
    first = remote_open.handle(asked("op"), "hq-01", 1, reason="charger swap")
    assert remote_open.handle(asked("op", later=timedelta(seconds=5)), "hq-01", 1, reason="charger swap") == first
    assert [command.grant for command in here.published] == [first.id, first.id]
    later = asked("op", later=timedelta(minutes=5))
    assert remote_open.handle(later, "hq-01", 1, reason="charger swap").id == first.id
    other = remote_open.handle(asked("op2", later=timedelta(minutes=6)), "hq-01", 1, reason="again")
    years = asked("op", later=timedelta(days=400))
    assert remote_open.handle(years, "hq-01", 1, reason="charger swap").id == first.id
    assert [command.grant for command in here.published] == [first.id, first.id, other.id]
    assert now()[1].grant == other


@pytest.mark.parametrize("state", [GrantState.ISSUED, GrantState.OPENED])
def test_a_live_grant_refuses_until_it_ends_and_is_superseded_then(
    admin: Client, here: World, state: GrantState
) -> None:
    enrol(admin)
    take_in_flight(state)
    assert (open_(admin).status, open_(admin).json["code"]) == (409, "door_busy")
    assert here.published == []
    late = Client(at=NOW + timedelta(seconds=31))
    answer = open_(late)
    assert answer.status == 202, answer.text
    _, door = now()
    assert door.grant is not None
    assert (door.grant.id, door.grant.purpose) == (answer.json["grant"], Purpose.SERVICE)
    asset = load_asset(ORG, "drill-1")
    assert (asset.state, asset.unsettled_by, asset.custodian.id) == (State.UNCONFIRMED, "g-1", "p-1")
    assert load_loan(ORG, "g-1").state is LoanState.PENDING
    assert [case["kind"] for case in admin.get("/cases").json["items"]] == ["unresolved"]


def test_a_bank_that_would_not_obey_refuses(admin: Client, here: World) -> None:
    assert open_(admin).json["code"] == "not_enrolled"
    enrol(admin)
    admin.delete("/banks/hq-01/enrolment")
    assert open_(admin).json["code"] == "bank_revoked"
    assert here.published == []


def test_only_who_looks_after_the_site_opens_its_doors(admin: Client, here: World) -> None:
    enrol(admin)
    for subject, role, sites in (("aud", "auditor", ()), ("me", "self", ()), ("bot", "machine", ())):
        enter(subject, role, sites=sites)
        assert open_(Client(subject=subject)).status == 403
    enter("far", "supervisor", sites=("dock",))
    assert open_(Client(subject="far")).status == 404
    enter("stranger", "admin", org="globex")
    assert open_(Client(subject="stranger")).json == open_(Client(subject="stranger"), 99).json
    assert here.published == []
    enter("near", "supervisor", sites=("hq",))
    assert open_(Client(subject="near")).status == 202


@pytest.mark.parametrize("number", ["0", "9", "65", "x", "1.5", "01x"])
def test_a_door_that_is_not_there_is_404(admin: Client, number: str) -> None:
    assert admin.get(f"/banks/hq-01/doors/{number}").status == 404
    assert admin.post(f"/banks/hq-01/doors/{number}/open", {"reason": "x"}).status == 404


# -- looking inside --------------------------------------------------------------------------------------------------


def look(admin: Client, *contents: str) -> Any:
    return admin.post("/banks/hq-01/doors/1/inspect", {"contents": list(contents)})


def test_looking_inside_lets_a_door_lend_again_if_the_record_is_right(admin: Client) -> None:
    enrol(admin)
    admin.delete("/banks/hq-01/enrolment")
    assert look(admin, "drill-1").json["code"] == "bank_revoked"
    enrol(admin)
    assert admin.get("/banks/hq-01/doors/1").json["unlendable"] == "bank_revoked"
    assert (look(admin).status, look(admin).json["code"]) == (409, "contents_differ")
    assert look(admin, "drill-1").json["unlendable"] is None


def test_looking_inside_does_not_heal_what_is_in_repair(admin: Client) -> None:
    enrol(admin)
    admin.post("/assets/drill-1/move", {"move": "send_to_repair", "reason": "smokes"})
    assert look(admin, "drill-1").json["code"] == "in_repair"
