"""A board claims its bank with a key it made, and a bank renews its certificate: what IoT Core asks, and who may."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from moto import mock_aws

from chalicelib.banks import provisioning
from edge.enrolment.keys import UnreadableError, opened, signing_request
from tests.support.certificates import csr, key, signed
from tests.support.filled import provisioning_claim
from tests.support.http import Client, enter
from tests.support.tables import BADGE_KEY, MASTER
from tests.support.workplace import DRILL, FALLBACK, NOW, ORG, bank, drill, put_bank, rules, site
from tests.support.world import World, world
from toolcrib import clients, settings
from toolcrib.domain.doors import Bank, BankState
from toolcrib.flows import change_over
from toolcrib.send.signing import command_key
from toolcrib.store import certificates
from toolcrib.store.banks import load_bank

ON_AWS = {
    "IOT_POLICY": "banks",
    "IOT_MQTT_HOST": "mqtt.example",
    "LOCAL_STACK": "",
    "TOOLCRIB_ORG": ORG,
    "PROVISIONING_TEMPLATE": "acme-bank",
}
TEMPLATE = "arn:aws:iot:us-east-1:123456789012:provisioningtemplate/acme-bank"
NO = {"allowProvisioning": False}
CLAIMS = "/banks/hq-01/enrolment/claims"


class _WithIot:
    """A session that has IoT Core's registry as well."""

    def __init__(self, inner: Any, iot: Any) -> None:
        self.inner, self.iot = inner, iot

    def create_client(self, service: str, **more: Any) -> Any:
        return self.iot if service == "iot" else self.inner.create_client(service, **more)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with mock_aws(), world(rules=False) as opened_world, patch.dict("os.environ", ON_AWS):
        settings.settings.cache_clear()
        both = _WithIot(clients.session(), boto3.client("iot"))
        both.iot.create_policy(policyName="banks", policyDocument="{}")
        monkeypatch.setattr(certificates, "cut", lambda _: None)
        monkeypatch.setattr(certificates, "claim", provisioning_claim)
        with patch.object(clients, "session", lambda: both):
            yield opened_world


@pytest.fixture
def admin(here: World) -> Client:
    enter("admin", "admin")
    rules(site(), DRILL, FALLBACK)
    put_bank(bank(state=BankState.PLANNED, generation=0), doors=4, stowed={1: drill()})
    return Client()


def token(admin: Client, **body: Any) -> str:
    given = admin.post(CLAIMS, body)
    assert given.status == 201, given.text
    return str(given.json["token"])


SERIALS = count(1)


def new(board: str = "board", request: str | None = None, *, since: datetime = NOW) -> tuple[str, str]:
    """Have IoT Core sign a board's request; return the certificate's id and PEM. It may do nothing yet.

    moto signs with keys of its own: so it is told of a certificate that was signed here.
    """
    pem = signed(request or csr(board), next(SERIALS), since=since)
    made = boto3.client("iot").register_certificate_without_ca(certificatePem=pem, status="INACTIVE")
    return made["certificateId"], pem


def asked(certificate: tuple[str, str], *, at: datetime = NOW, **more: Any) -> dict[str, Any]:
    event = {
        "claimCertificateId": "c" * 64,
        "certificateId": certificate[0],
        "certificatePem": certificate[1],
        "templateArn": TEMPLATE,
        "clientId": "_claim:acme:1",
        "parameters": {},
        **more,
    }
    return provisioning.answer(event, at=at)


def claims(certificate: tuple[str, str], secret: str, *, at: datetime = NOW, of: str = "hq-01") -> dict[str, Any]:
    return asked(certificate, at=at, parameters={"Bank": of, "Token": secret})


def renews(certificate: tuple[str, str], by: str, thing: str = "acme:hq-01") -> dict[str, Any]:
    return asked(certificate, claimCertificateId=by, clientId=thing)


def private(board: str) -> bytes:
    return key(board).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def told(answer: dict[str, Any], certificate: tuple[str, str], board: str = "board") -> dict[str, Any]:
    """Open what was sealed, as the board does."""
    given = answer["parameterOverrides"]
    plain = opened(given["Sealed"], private(board), thing=given["Thing"], certificate_id=certificate[0])
    found: dict[str, Any] = json.loads(plain)
    return found


def able() -> set[str]:
    """Return the ids of the certificates that may do what banks may."""
    iot = boto3.client("iot")
    found = {each["certificateArn"] for each in iot.list_certificates()["certificates"]}
    return {arn.rsplit("/", 1)[1] for arn in found if iot.list_attached_policies(target=arn)["policies"]}


def hung() -> set[str]:
    found = boto3.client("iot").list_thing_principals(thingName="acme:hq-01")["principals"]
    return {arn.rsplit("/", 1)[1] for arn in found}


def now() -> Bank:
    return load_bank(ORG, "hq-01")


# -- claims ----------------------------------------------------------------------------------------------------------


def test_a_claim_says_all_a_board_needs_and_is_kept_nowhere(admin: Client, here: World) -> None:
    given = admin.post(CLAIMS, {"valid_for": "PT2H"}, key="k")
    body = given.json
    assert (body["thing"], body["template"], body["mqtt"]["host"]) == ("acme:hq-01", "acme-bank", "mqtt.example")
    assert body["expires_at"] == "2026-11-20T11:00:00.000Z"
    assert set(body["claim"]) == {"certificate", "private_key", "expires_at"}
    assert admin.post(CLAIMS, {"valid_for": "PT2H"}, key="k").json["code"] == "answer_not_kept"
    assert body["token"] not in str(now())
    assert now().state is BankState.PLANNED


@pytest.mark.parametrize("wrong", [{"valid_for": "PT4M"}, {"valid_for": "P8D"}, {"valid_for": "soon"}, {"token": "x"}])
def test_a_claim_that_is_too_short_or_too_long_or_chosen_by_the_asker_is_400(
    admin: Client, wrong: dict[str, Any]
) -> None:
    assert admin.post(CLAIMS, wrong).status == 400
    assert now().claim is None


def test_a_bank_that_is_not_there_awaits_nobody(admin: Client) -> None:
    for method in (admin.post, lambda path, _: admin.delete(path)):
        assert method("/banks/nowhere/enrolment/claims", {}).status == 404


# -- boards ----------------------------------------------------------------------------------------------------------


def test_a_board_becomes_the_bank_and_only_it_can_read_the_keys(admin: Client) -> None:
    secret, certificate = token(admin), new()
    answer = claims(certificate, secret)
    assert answer["allowProvisioning"] is True
    assert answer["parameterOverrides"]["Thing"] == "acme:hq-01"
    wanted = command_key(bytes.fromhex(MASTER), org=ORG, bank="hq-01", generation=1).hex()
    assert told(answer, certificate) == {
        "thing": "acme:hq-01",
        "kid": "1",
        "command_key": wanted,
        "badge_key": {"version": "1", "hex": BADGE_KEY},
        "mqtt": {"host": "mqtt.example", "port": 8883},
    }
    for another in (BADGE_KEY, wanted, secret):
        assert another not in str(answer)
    with pytest.raises(UnreadableError):
        told(answer, certificate, "thief")
    assert (now().state, now().generation) == (BankState.ACTIVE, 1)
    assert able() == hung() == {certificate[0]}
    assert admin.get("/banks/hq-01").json["state"] == "active"


def test_the_same_question_twice_begins_one_generation(admin: Client) -> None:
    secret, certificate = token(admin), new()
    first, second = claims(certificate, secret), claims(certificate, secret)
    assert told(first, certificate) == told(second, certificate)
    assert now().generation == 1


def test_a_board_that_never_heard_the_answer_asks_again_with_its_key_and_the_first_attempt_is_taken_back(
    admin: Client,
) -> None:
    secret, lost, again = token(admin), new(), new(request=signing_request(private("board"), "again"))
    claims(lost, secret)
    answer = claims(again, secret)
    assert told(answer, again)["kid"] == "2"
    assert able() == hung() == {again[0]}


def test_nobody_else_gets_anything_for_a_token_that_was_used(admin: Client) -> None:
    secret, mine = token(admin), new()
    claims(mine, secret)
    assert claims(new("thief"), secret) == NO
    assert able() == hung() == {mine[0]}
    assert now().generation == 1


def test_a_new_board_ends_the_one_before_as_any_enrolment_does(admin: Client) -> None:
    old = new("old")
    claims(old, token(admin))
    secret = token(admin)
    assert able() == {old[0]}, "the controller works on until the new one comes"
    mine = new("new")
    assert told(claims(mine, secret), mine, "new")["kid"] == "2"
    assert able() == hung() == {mine[0]}


def late(admin: Client) -> tuple[str, str, datetime]:
    return "hq-01", token(admin, valid_for="PT1H"), NOW + timedelta(hours=1)


def taken_back(admin: Client) -> tuple[str, str, datetime]:
    secret = token(admin)
    assert admin.delete(CLAIMS).status == 204
    return "hq-01", secret, NOW


def replaced(admin: Client) -> tuple[str, str, datetime]:
    secret = token(admin)
    token(admin)
    return "hq-01", secret, NOW


def guessed(admin: Client) -> tuple[str, str, datetime]:
    token(admin)
    return "hq-01", "x" * 43, NOW


def not_awaited(_: Client) -> tuple[str, str, datetime]:
    return "hq-01", "x" * 43, NOW


def for_another_bank(admin: Client) -> tuple[str, str, datetime]:
    return "hq-77", token(admin), NOW


def with_a_path(admin: Client) -> tuple[str, str, datetime]:
    return "../hq-01", token(admin), NOW


def cut_short(admin: Client) -> tuple[str, str, datetime]:
    return "hq-01", token(admin)[:8], NOW


@pytest.mark.parametrize(
    "why", [late, taken_back, replaced, guessed, not_awaited, for_another_bank, with_a_path, cut_short]
)
def test_a_board_without_a_right_gets_nothing_and_changes_nothing(admin: Client, why: Any) -> None:
    of, secret, at = why(admin)
    assert claims(new(), secret, at=at, of=of) == NO
    assert (able(), now().state, now().generation) == (set(), BankState.PLANNED, 0)


def test_a_key_that_nothing_can_be_sealed_to_is_refused(admin: Client) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    pem = request.sign(rsa.generate_private_key(65537, 2048), SHA256()).public_bytes(Encoding.PEM).decode()
    assert claims(new(request=pem), token(admin)) == NO
    assert able() == set()


def test_revoking_and_enrolling_by_hand_take_the_claim_back(admin: Client) -> None:
    claims(new("old"), token(admin))
    secret = token(admin)
    assert admin.delete("/banks/hq-01/enrolment").status == 204
    assert (claims(new(), secret), able()) == (NO, set())
    secret = token(admin)
    assert admin.post("/banks/hq-01/enrolment", {"csr": csr("hand")}).status == 201
    by_hand = able()
    assert claims(new(), secret) == NO
    assert able() == by_hand


def test_a_revoked_bank_that_awaits_a_board_awaits_none_after_it_is_revoked_again(admin: Client) -> None:
    claims(new("old"), token(admin))
    admin.delete("/banks/hq-01/enrolment")
    secret = token(admin)
    assert admin.delete("/banks/hq-01/enrolment").status == 204
    assert (claims(new(), secret), now().state) == (NO, BankState.REVOKED)


STEPS = ["create_thing", "attach_thing_principal", "attach_policy", "list_thing_principals", "detach_policy"]


@pytest.mark.parametrize("step", [*STEPS, "update_certificate", "detach_thing_principal"])
def test_wherever_a_claim_breaks_off_the_board_asks_again_and_nothing_else_is_left(
    admin: Client, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims(new("old"), token(admin))
    secret, broken_off = token(admin), new()

    def fail(*_: object, **__: object) -> None:
        raise ConnectionError(step)

    with monkeypatch.context() as broken:
        broken.setattr(clients.session().iot, step, fail) if step != "list_thing_principals" else broken.setattr(
            certificates, "_certificates", fail
        )
        with pytest.raises(ConnectionError):
            claims(broken_off, secret)
    again = new(request=signing_request(private("board"), "again"))
    answer = claims(again, secret)
    assert told(answer, again)["kid"] == str(now().generation)
    assert able() == hung() == {again[0]}


def test_an_attempt_that_is_answered_after_the_next_one_gives_way(admin: Client) -> None:
    secret, first = token(admin), new()
    second = new(request=signing_request(private("board"), "again"), since=NOW + timedelta(seconds=7))
    assert claims(second, secret)["allowProvisioning"] is True
    assert claims(first, secret) == NO
    assert able() == hung() == {second[0]}
    assert now().generation == 1


def test_an_earlier_board_made_later_does_not_stand_in_the_way_of_a_new_claim(admin: Client) -> None:
    claims(new("old", since=NOW + timedelta(hours=1)), token(admin))
    mine = new()
    assert claims(mine, token(admin))["allowProvisioning"] is True
    assert able() == {mine[0]}


def test_a_renewal_that_is_answered_after_the_next_one_gives_way(mine: tuple[str, str]) -> None:
    first, second = new("next"), new("next again", since=NOW + timedelta(seconds=7))
    assert renews(second, mine[0])["allowProvisioning"] is True
    assert renews(first, mine[0]) == NO
    assert able() == hung() == {mine[0], second[0]}


def test_an_attempt_that_is_slow_does_not_shut_out_the_one_that_overtook_it(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """IoT Core gives up after five seconds and the board asks again, while the first attempt still tidies up."""
    secret = token(admin)
    slow, quick = new(), new(request=signing_request(private("board"), "again"))
    certificates.adopt("acme:hq-01", f"{TEMPLATE.rsplit(':', 1)[0]}:cert/{quick[0]}")
    real, answers = certificates.drop, list[dict[str, Any]]()

    def drop(thing: str, certificate: str) -> None:
        if not answers:
            answers.append(NO)
            answers.append(claims(quick, secret))
        real(thing, certificate)

    monkeypatch.setattr(certificates, "drop", drop)
    assert claims(slow, secret) == NO
    assert told(answers[1], quick)["kid"] == str(now().generation)
    assert able() == hung() == {quick[0]}
    described = boto3.client("iot").describe_certificate(certificateId=quick[0])
    assert described["certificateDescription"]["status"] == "ACTIVE"


@pytest.mark.parametrize(
    "noise",
    [
        {},
        {"certificateId": "no hex"},
        {"certificateId": "a" * 64, "certificatePem": 5},
        {"parameters": {"Bank": ["hq-01"]}},
        {"claimCertificateId": None},
    ],
)
def test_a_question_that_is_none_is_a_no(admin: Client, noise: dict[str, Any]) -> None:
    assert provisioning.answer(noise, at=NOW) == NO


# -- renewals --------------------------------------------------------------------------------------------------------


@pytest.fixture
def mine(admin: Client) -> tuple[str, str]:
    """The certificate of a bank in service."""
    certificate = new("present")
    claims(certificate, token(admin))
    return certificate


def comes(certificate: tuple[str, str]) -> bool:
    return change_over.handle(ORG, "acme:hq-01", certificate[0], at=NOW)


def test_a_bank_renews_beside_the_certificate_it_has_which_goes_when_it_came_with_the_new_one(
    mine: tuple[str, str],
) -> None:
    following = new("next")
    answer = renews(following, mine[0])
    assert answer["parameterOverrides"] == {"Thing": "acme:hq-01", "Sealed": "-"}
    assert able() == hung() == {mine[0], following[0]}
    assert not comes(mine)
    assert able() == {mine[0], following[0]}
    assert comes(following)
    assert able() == hung() == {following[0]}
    bank_now = now()
    assert (bank_now.generation, bank_now.renewal, bank_now.state) == (1, None, BankState.ACTIVE)
    assert bank_now.certificate is not None
    assert bank_now.certificate.endswith(following[0])
    assert not comes(following), "told twice, it changes nothing"


def test_a_bank_that_lost_the_answer_asks_anew_and_the_first_one_goes(mine: tuple[str, str]) -> None:
    lost, following = new("next"), new("next again")
    renews(lost, mine[0])
    assert renews(following, mine[0])["allowProvisioning"] is True
    assert able() == hung() == {mine[0], following[0]}
    assert not comes(lost)


def test_the_same_renewal_twice_is_one(mine: tuple[str, str]) -> None:
    following = new("next")
    assert renews(following, mine[0]) == renews(following, mine[0])
    assert able() == {mine[0], following[0]}


@pytest.mark.parametrize(
    ("by", "thing"),
    [
        ("c" * 64, "acme:hq-01"),  # a claim certificate without a token
        (None, "acme:hq-77"),
        (None, "other:hq-01"),
        (None, "hq-01"),
        (None, "_claim:acme:1"),
        (None, "acme:"),
    ],
)
def test_nobody_renews_for_a_bank_but_itself(mine: tuple[str, str], by: str | None, thing: str) -> None:
    assert renews(new("next"), by or mine[0], thing) == NO
    assert able() == {mine[0]}


def test_a_certificate_that_was_renewed_away_renews_nothing_and_neither_does_a_revoked_bank(
    admin: Client, mine: tuple[str, str]
) -> None:
    following = new("next")
    renews(following, mine[0])
    comes(following)
    assert renews(new("again"), mine[0]) == NO
    admin.delete("/banks/hq-01/enrolment")
    assert renews(new("again"), following[0]) == NO
    assert able() == set()


def test_revoking_a_bank_that_changes_over_takes_both_certificates(admin: Client, mine: tuple[str, str]) -> None:
    following = new("next")
    renews(following, mine[0])
    admin.delete("/banks/hq-01/enrolment")
    assert able() == hung() == set()
    assert not comes(following)
    assert now().state is BankState.REVOKED


@pytest.mark.parametrize("step", ["create_thing", "attach_thing_principal", "attach_policy"])
def test_wherever_a_renewal_breaks_off_the_bank_works_on_and_asks_again(
    mine: tuple[str, str], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ConnectionError(step)

    with monkeypatch.context() as broken:
        broken.setattr(clients.session().iot, step, fail)
        with pytest.raises(ConnectionError):
            renews(new("next"), mine[0])
    assert mine[0] in able()
    following = new("again")
    assert renews(following, mine[0])["allowProvisioning"] is True
    assert able() == {mine[0], following[0]}
    assert comes(following)
    assert able() == {following[0]}


@pytest.mark.parametrize("step", ["detach_policy", "update_certificate", "detach_thing_principal"])
def test_wherever_a_change_over_breaks_off_the_next_connection_ends_it(
    mine: tuple[str, str], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    following = new("next")
    renews(following, mine[0])

    def fail(*_: object, **__: object) -> None:
        raise ConnectionError(step)

    with monkeypatch.context() as broken:
        broken.setattr(clients.session().iot, step, fail)
        with pytest.raises(ConnectionError):
            comes(following)
    assert following[0] in able()
    assert comes(following)
    assert able() == hung() == {following[0]}


@pytest.mark.parametrize("thing", ["other:hq-01", "acme:hq-77", "_claim:acme:1", "console", ""])
def test_connections_of_others_change_nothing(mine: tuple[str, str], thing: str) -> None:
    before = now()
    assert not change_over.handle(ORG, thing, mine[0], at=NOW)
    assert now() == before
