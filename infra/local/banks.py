"""Banks of the local stack: made through the API, enrolled with a key that never leaves this machine."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.cli.errors import CommandError
from infra.local.api import Api, part
from infra.local.home import Home
from infra.local.panel import Panel


class BankError(CommandError):
    """The bank cannot be had as asked; the text says what is in the way."""


@dataclass(frozen=True, kw_only=True)
class Cabinet:
    """A bank to be set up. `evidence` is tags, presence or door_only; `mode` kiosk or express; doors are alike."""

    id: str
    site: str
    doors: int
    evidence: str
    mode: str
    size: str = "M"


def create(api: Api, cabinet: Cabinet) -> None:
    """Make the bank unless it is there.

    Raises:
        BankError: when one is there that is another kind of cabinet.
        ApiError: when the API refuses, for instance because there is no such site.
    """
    found = api.find(f"/banks/{part(cabinet.id)}")
    if found is None:
        api.post("/banks", _body(cabinet), key=f"bank-{cabinet.id}-{secrets.token_hex(8)}")
        return
    wanted = {"site": cabinet.site, "doors": cabinet.doors, "evidence": cabinet.evidence, "mode": cabinet.mode}
    other = [f"{name} {found[name]} instead of {value}" for name, value in wanted.items() if found[name] != value]
    if other:
        raise BankError(f"There is a bank {cabinet.id} already, with {', '.join(other)}. Choose another name.")


def enrol(home: Home, api: Api, cabinet: Cabinet) -> dict[str, Any]:
    """Give the bank a new certificate and command key, write them down, and return its entry of `stack.json`.

    An earlier enrolment ends with this. Nobody plays the bank yet.
    """
    thing = f"{home.read('stack.json')['org']}:{cabinet.id}"
    key = ec.generate_private_key(ec.SECP256R1())
    path = f"/banks/{part(cabinet.id)}/enrolment"
    given = api.post(path, {"csr": _request(thing, key)}, key=f"enrol-{secrets.token_hex(16)}")
    entry = {
        "thing": given["thing"],
        "cert": home.write_private(f"banks/{cabinet.id}.crt", given["certificate"].encode()),
        "key": home.write_private(f"banks/{cabinet.id}.key", _pem(key)),
        "command_key": given["command_key"],
        "kid": str(given["kid"]),
        "kiosk": cabinet.mode == "kiosk",
        "simulated": False,
        "doors": cabinet.doors,
        "evidence": cabinet.evidence,
        "mode": cabinet.mode,
    }
    home.update("stack.json", lambda stack: stack["banks"].update({cabinet.id: entry}))
    return entry


def play(home: Home, panel: Panel, bank: str, contents: Mapping[int, Sequence[str]]) -> None:
    """Simulate an enrolled bank from now on, with these things (by their tags) behind its doors."""
    panel.add(bank, contents)
    home.update("stack.json", lambda stack: stack["banks"][bank].update(simulated=True))


def known(home: Home, bank: str) -> dict[str, Any]:
    """Return a bank's entry of `stack.json`; raises `BankError` when it has none."""
    banks = home.read("stack.json").get("banks", {})
    if bank not in banks:
        there = f"There are: {', '.join(sorted(banks))}." if banks else "There are none yet: toolcrib bank add --help"
        raise BankError(f"This stack has no bank {bank}. {there}")
    entry: dict[str, Any] = banks[bank]
    return entry


def contents(api: Api, bank: str) -> dict[int, list[str]]:
    """Return what the record says is behind each door: tags of assets, `#id` for one without a tag."""
    found: dict[int, list[str]] = {}
    for door in api.get(f"/banks/{part(bank)}/doors")["items"]:  # all at once: there are no pages to ask for
        assets = [api.get(f"/assets/{part(each['asset'])}") for each in door["contents"]]
        found[door["number"]] = [asset["tag"] or f"#{asset['id']}" for asset in assets]
    return found


def _body(cabinet: Cabinet) -> dict[str, Any]:
    doors = [{"number": number, "size": cabinet.size} for number in range(1, cabinet.doors + 1)]
    return {
        "id": cabinet.id,
        "site": cabinet.site,
        "doors": doors,
        "evidence": cabinet.evidence,
        "mode": cabinet.mode,
    }


def _request(thing: str, key: ec.EllipticCurvePrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, thing)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
