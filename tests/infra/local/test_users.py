"""Signing in answers the second factor, and survives a code that runs out on its way."""

from typing import Any

import pyotp
import pytest
from tenacity import wait_none

from infra.local import users

USER = {"username": "admin", "password": "p", "totp": pyotp.random_base32()}


class CodeMismatchError(Exception): ...


class Cognito:
    """Refuses the first `refusals` codes."""

    class exceptions:  # noqa: N801 - botocore's name
        CodeMismatchException = CodeMismatchError

    def __init__(self, refusals: int = 0) -> None:
        self.refusals, self.codes = refusals, list[str]()

    def client(self, _: str) -> "Cognito":
        return self

    def initiate_auth(self, **asked: Any) -> dict[str, Any]:
        assert asked["AuthParameters"] == {"USERNAME": "admin", "PASSWORD": "p"}
        return {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "s"}

    def respond_to_auth_challenge(self, **asked: Any) -> dict[str, Any]:
        self.codes.append(asked["ChallengeResponses"]["SOFTWARE_TOKEN_MFA_CODE"])
        if len(self.codes) <= self.refusals:
            raise CodeMismatchError
        return {"AuthenticationResult": {"AccessToken": "token"}}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(users, "wait_fixed", lambda _: wait_none())


def sign_in(cognito: Any) -> dict[str, Any]:
    return users.sign_in(cognito, "client", USER)


def test_the_second_factor_is_answered() -> None:
    cognito = Cognito()
    assert sign_in(cognito) == {"AccessToken": "token"}
    assert all(pyotp.TOTP(USER["totp"]).verify(code, valid_window=1) for code in cognito.codes)


def test_a_code_that_ran_out_is_followed_by_another() -> None:
    cognito = Cognito(refusals=2)
    assert sign_in(cognito) == {"AccessToken": "token"}
    assert len(cognito.codes) == 3


def test_a_wrong_secret_is_not_tried_for_ever() -> None:
    cognito = Cognito(refusals=99)
    with pytest.raises(CodeMismatchError):
        sign_in(cognito)
    assert len(cognito.codes) == users.ATTEMPTS
