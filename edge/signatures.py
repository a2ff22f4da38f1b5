"""Verify what the cloud signed for this bank: compact JWS, HS256 only, key chosen by `kid`."""

import re
from collections.abc import Mapping
from typing import Final, TypeVar

import jwt
import msgspec
from jwt.utils import base64url_decode, base64url_encode

Claims = TypeVar("Claims", bound=msgspec.Struct)
MAX_TOKEN_CHARS: Final = 4096
_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}", re.ASCII)


class NotAuthenticError(ValueError):
    """Nobody who holds this bank's key signed these claims. Says why, never what was in them."""


def verified(token: str, keys: Mapping[str, bytes], claims: type[Claims]) -> Claims:
    """Return the claims of `token` when one of `keys` (by `kid`) signed exactly these characters.

    Raises NotAuthenticError for anything else: other algorithms, unknown `kid`, altered bits (also the unused bits of
    the last base64 character, which decoders ignore), claims of another shape, or that are no strict JSON. Time and
    audience are judged by the caller, on the bank's own time base.
    """
    if len(token) > MAX_TOKEN_CHARS or not _COMPACT.fullmatch(token):
        raise NotAuthenticError("not a compact JWS")
    signature = token.rpartition(".")[2]
    if base64url_encode(base64url_decode(signature)).decode("ascii") != signature:
        raise NotAuthenticError("signature is not canonical base64url")
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise NotAuthenticError("no key of that generation")
        signed: bytes = jwt.api_jws.decode(token, key, algorithms=["HS256"])
        return msgspec.json.decode(signed, type=claims)  # strict where json is not: no NaN, no half surrogates
    except (jwt.PyJWTError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotAuthenticError(type(error).__name__) from error
