"""Where a bank's trust comes from, and cutting its session."""

from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from toolcrib import settings
from toolcrib.store import certificates

# https://www.amazontrust.com/repository/, Amazon Root CA 1
FINGERPRINT = "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e"


@pytest.fixture
def local(monkeypatch: pytest.MonkeyPatch) -> Any:
    def say(value: str) -> None:
        monkeypatch.setenv("LOCAL_STACK", value)
        monkeypatch.setenv("IOT_DATA_ENDPOINT", "http://127.0.0.1:4566")
        settings.settings.cache_clear()

    yield say
    monkeypatch.undo()
    settings.settings.cache_clear()


def test_on_aws_the_authority_is_amazons_own_root(local: Any) -> None:
    local("")
    with patch("urllib3.request", side_effect=AssertionError("nothing is fetched")):
        root = x509.load_pem_x509_certificate(certificates.authority().encode())
    assert root.fingerprint(SHA256()).hex() == FINGERPRINT


def test_the_local_stack_is_asked_for_its_own(local: Any) -> None:
    local("1")
    answer = SimpleNamespace(status=200, data=b"-----BEGIN CERTIFICATE-----")
    with patch("urllib3.request", return_value=answer) as asked:
        assert certificates.authority() == "-----BEGIN CERTIFICATE-----"
    assert asked.call_args.args == ("GET", "http://127.0.0.1:4566/_ministack/iot/ca.pem")


def test_an_authority_that_cannot_be_read_is_not_handed_out(local: Any) -> None:
    local("1")
    with (
        patch("urllib3.request", return_value=SimpleNamespace(status=404, data=b"not found")),
        pytest.raises(ConnectionError, match="404"),
    ):
        certificates.authority()


class NotConnectedError(ClientError):
    """IoT Core knows no such client."""


class Data:
    """IoT Core's data plane."""

    exceptions = SimpleNamespace(ResourceNotFoundException=NotConnectedError)

    def __init__(self, error: type[ClientError] | None) -> None:
        self.error, self.cut = error, list[str]()

    def delete_connection(self, *, clientId: str, cleanSession: bool) -> None:  # noqa: N803 - as botocore has it
        assert cleanSession
        self.cut.append(clientId)
        if self.error is not None:
            raise self.error({"Error": {"Code": "NotImplemented"}}, "DeleteConnection")


@pytest.mark.parametrize(
    ("where", "error", "fails"),
    [("", None, False), ("", NotConnectedError, False), ("", ClientError, True), ("1", ClientError, False)],
    ids=["connected", "not connected", "refused on AWS", "not there on the local stack"],
)
def test_a_session_is_cut_and_only_the_local_stack_may_not_know_how(
    local: Any, where: str, error: type[ClientError] | None, fails: bool
) -> None:
    local(where)
    data = Data(error)
    with patch.object(certificates, "client", lambda *_: data):
        if fails:
            with pytest.raises(ClientError):
                certificates.cut("acme:hq-01")
        else:
            certificates.cut("acme:hq-01")
    assert data.cut == ["acme:hq-01"]
