"""Mail through SES's real client against moto; a throttled mail is a mail that was not sent."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from chalicelib.notices import email
from chalicelib.notices.notsent import NotSent
from chalicelib.notices.wording import word
from tests.support.stories import DUE, about_a_loan
from tests.support.tables import ENVIRONMENT, forget
from toolcrib.clients import client
from toolcrib.settings import Settings

MESSAGE = word(about_a_loan(DUE, thing="Müller's <camera>"))
MAYA = "maya@acme.example"


@pytest.fixture(autouse=True)
def ses() -> Iterator[None]:
    with patch.dict("os.environ", ENVIRONMENT), mock_aws():
        forget()
        boto3.client("sesv2").create_email_identity(EmailIdentity="toolcrib@example.com")
        yield
    forget()


def test_a_mail_has_both_halves() -> None:
    email.send(MAYA, MESSAGE)
    sent: Any = ses_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].sent_messages[-1]
    assert sent.destinations["ToAddresses"] == [MAYA]
    assert sent.subject == "Due now: Müller's <camera>"


def test_the_request_carries_text_html_and_the_way_back_to_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(client("sesv2", attempts=1), "send_email", asked.update)
    email.send(MAYA, MESSAGE)
    simple = asked["Content"]["Simple"]
    assert {part["Charset"] for part in simple["Body"].values()} == {"UTF-8"}
    assert "Müller's <camera>" in simple["Body"]["Text"]["Data"]
    assert "M&uuml;ller" not in simple["Body"]["Html"]["Data"]
    assert "Müller&#39;s &lt;camera&gt;" in simple["Body"]["Html"]["Data"]
    assert {header["Name"]: header["Value"] for header in simple["Headers"]} == {
        "X-Toolcrib-Notice": "notice-1",
        "X-Toolcrib-Loan": "loan-1",
        "X-Toolcrib-Step": "PT2H",
        "Auto-Submitted": "auto-generated",
    }


def test_what_somebody_is_subscribed_to_is_ended_with_one_click(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr(client("sesv2", attempts=1), "send_email", asked.update)
    email.send(MAYA, replace(MESSAGE, unsubscribe="https://api.example/v1/answers/abc"))
    headers = {header["Name"]: header["Value"] for header in asked["Content"]["Simple"]["Headers"]}
    assert headers["List-Unsubscribe"] == "<https://api.example/v1/answers/abc>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> str:
    def refuse(**_: Any) -> None:
        raise error

    monkeypatch.setattr(client("sesv2", attempts=1), "send_email", refuse)
    with pytest.raises(NotSent) as raised:
        email.send(MAYA, MESSAGE)
    return raised.value.code


@pytest.mark.parametrize("code", ["TooManyRequestsException", "ThrottlingException", "LimitExceededException"])
def test_throttled_is_not_sent(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": f"slow down, {MAYA}"}}, "SendEmail")
    assert failing(monkeypatch, error) == "mail_throttled"


def test_refused_is_not_sent_and_the_reason_names_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    error = ClientError({"Error": {"Code": "MessageRejected", "Message": f"not verified: {MAYA}"}}, "SendEmail")
    assert failing(monkeypatch, error) == "mail_message_rejected"


def test_no_answer_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failing(monkeypatch, ReadTimeoutError(endpoint_url="https://ses")) == "mail_read_timeout_error"


def test_a_lost_answer_is_never_repeated_silently() -> None:
    """The client itself tries once; what is tried again is counted on the record."""
    assert client("sesv2", attempts=1).meta.config.retries["total_max_attempts"] == 1


def test_without_a_sender_another_channel_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email, "settings", lambda: Settings(mail_from=""))
    with pytest.raises(NotSent) as raised:
        email.send(MAYA, MESSAGE)
    assert (raised.value.code, raised.value.unreachable) == ("mail_not_set_up", True)
