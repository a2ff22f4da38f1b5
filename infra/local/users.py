"""Sample users, one a role: signed up as an administrator would do it, with a password and a TOTP device each."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pyotp
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_fixed

from infra.cli.target import Target

ATTEMPTS = 3
ROLES = ("admin", "supervisor", "auditor", "self")
User = dict[str, str]  # `username`, `password`, `totp` (base32)


def create_user(target: Target, outputs: dict[str, str], username: str, enter: Callable[[str], None]) -> User:
    """Create a user who can sign in at once, and return what they need to do so.

    `enter` is called with the user's `sub` before the first sign-in, to write down who that is; a user of an earlier
    attempt that broke off is replaced.
    """
    cognito, pool = target.client("cognito-idp"), outputs["UserPool"]
    password = f"{secrets.token_urlsafe(18)}aA1!"
    with suppress(cognito.exceptions.UserNotFoundException):
        cognito.admin_delete_user(UserPoolId=pool, Username=username)
    made = cognito.admin_create_user(
        UserPoolId=pool, Username=username, TemporaryPassword=password, MessageAction="SUPPRESS"
    )
    cognito.admin_set_user_password(UserPoolId=pool, Username=username, Password=password, Permanent=True)
    enter(next(entry["Value"] for entry in made["User"]["Attributes"] if entry["Name"] == "sub"))
    return {"username": username, "password": password, "totp": _enrol_device(cognito, outputs, username, password)}


def _enrol_device(cognito: Any, outputs: dict[str, str], username: str, password: str) -> str:
    answer = _begin(cognito, outputs["PeopleClient"], username, password)
    if "Session" not in answer:  # MiniStack lets a user without a device in; Cognito asks for one (MFA_SETUP)
        access = answer["AuthenticationResult"]["AccessToken"]
        secret = str(cognito.associate_software_token(AccessToken=access)["SecretCode"])
        cognito.verify_software_token(AccessToken=access, UserCode=pyotp.TOTP(secret).now())
        return secret
    offered = cognito.associate_software_token(Session=answer["Session"])
    secret = str(offered["SecretCode"])
    verified = cognito.verify_software_token(Session=offered["Session"], UserCode=pyotp.TOTP(secret).now())
    cognito.respond_to_auth_challenge(
        ClientId=outputs["PeopleClient"],
        ChallengeName="MFA_SETUP",
        Session=verified["Session"],
        ChallengeResponses={"USERNAME": username},
    )
    return secret


def sign_in(target: Target, client_id: str, user: User) -> dict[str, Any]:
    """Sign a user in, answering the TOTP challenge; return Cognito's tokens (`AccessToken`, `ExpiresIn`, ...).

    A code may run out on its way; then another one is tried.
    """
    cognito = target.client("cognito-idp")
    too_late = retry_if_exception_type(cognito.exceptions.CodeMismatchException)
    patiently = Retrying(retry=too_late, stop=stop_after_attempt(ATTEMPTS), wait=wait_fixed(1), reraise=True)
    return patiently(_sign_in, cognito, client_id, user)


def _sign_in(cognito: Any, client_id: str, user: User) -> dict[str, Any]:
    challenge = _begin(cognito, client_id, user["username"], user["password"])
    code = pyotp.TOTP(user["totp"]).now()
    answer = cognito.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName=challenge["ChallengeName"],
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": user["username"], "SOFTWARE_TOKEN_MFA_CODE": code},
    )
    tokens: dict[str, Any] = answer["AuthenticationResult"]
    return tokens


def _begin(cognito: Any, client_id: str, username: str, password: str) -> dict[str, Any]:
    answer: dict[str, Any] = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )
    return answer
