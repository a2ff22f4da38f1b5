"""What a bank's controller reads: messages of the cloud, signatures, cards, its settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import jwt
import msgspec

from edge import uploads
from edge.badges import ReaderProfile, UnreadableBadgeError, canonical_uid, is_canonical
from edge.commands import judge
from edge.display import Choosing
from edge.messages import TimeClaims
from edge.signatures import NotAuthenticError, verified
from edge.stack import BadStackError, NoSuchBankError, bank_config, load_stack
from tests.edge.rig import CLOUD_MS, COMMAND_KEY, ready
from tests.edge.test_commands import CLAIMS, STANDING, TOKEN
from tests.proof.fuzzing.parser import Feed, Parser, pure, text

DOWN = ("session", "open", "notice", "ack", "time", "roster")
ASKED, NONCE = "@re", "@nonce"  # in a payload: what the bank waits for
PROFILES = tuple(ReaderProfile)


def _signed(payload: bytes) -> str:
    """Return any bytes as a compact JWS that the bank's own key signed."""
    return jwt.api_jws.encode(payload, COMMAND_KEY, algorithm="HS256", headers={"kid": "1"})


@contextmanager
def _messages() -> Iterator[Feed]:
    """The whole machine, with somebody who waits and picks the first option of whatever session is shown."""

    def feed(data: bytes) -> None:
        rig = ready()
        re = rig.tap()
        kind, payload = DOWN[data[0] % len(DOWN)] if data else "", data[1:].replace(ASKED.encode(), re.encode())
        rig.did(rig.bank.on_message(kind, payload, rig.now()))
        screen = rig.bank.screen
        if isinstance(screen, Choosing) and screen.session.options:
            picked = uploads.Choice(session=screen.session.session, option=screen.session.options[0].option)
            rig.did(rig.bank.on_choice(picked, rig.now()))

    yield feed


def _time(data: bytes) -> None:
    """A time that the cloud signed, whatever it says, to a bank that asked for it."""
    rig = ready()
    nonce = rig.sent(rig.connect(), "time")[-1]["nonce"]
    rig.down("time", time=_signed(data.replace(NONCE.encode(), nonce.encode())))
    rig.wait(60)


def _card(data: bytes) -> None:
    assert is_canonical(canonical_uid(text(data[1:]), PROFILES[data[0] % len(PROFILES)] if data else PROFILES[0]))


@contextmanager
def _stack() -> Iterator[Feed]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stack.json"

        def feed(data: bytes) -> None:
            path.write_bytes(data)
            stack = load_stack(path)
            for name, entry in stack.banks.items():
                bank_config(stack, name, entry, Path(folder))

        yield feed


MESSAGES = (
    b'\x00{"re":"@re","session":"s","options":[{"option":"o","kind":"take","title":"t","door":1,"needs":["pin"]}]}',
    b'\x00{"re":"@re","session":"s","options":[{"option":7,"kind":"take"}],"questions":{"q":[1]},"expires_at":"soon"}',
    b'\x01{"re":"@re","command":"' + TOKEN.encode() + b'"}',
    b'\x02{"re":"@re","level":"warn","code":"door_busy","text":"wait","upload":{"url":"u","fields":{}}}',
    b'\x03{"re":null,"ids":["@re"],"rejected":[{"id":"x","code":"bad"}]}',
    b'\x04{"re":"@re","time":"' + TOKEN.encode() + b'"}',
)
CARDS = (
    (ReaderProfile.HEX_MSB, "04A2246B1F9080"),
    (ReaderProfile.HEX_LSB, "de-ad be:EF"),
    (ReaderProfile.WIEGAND26, "0" * 25 + "1"),
    (ReaderProfile.WIEGAND34, "0" * 33 + "1"),
    (ReaderProfile.WIEGAND37, "0" * 36 + "1"),
)
STACK = b"""{"mqtt":{"host":"h","port":1,"ca":"ca"},"badge_key":{"version":"1","hex":"00ff"},
"banks":{"b":{"thing":"acme:b","cert":"c","key":"k","command_key":"00","kid":"1","windows":{"open_ms":1}}}}"""

PARSERS = (
    Parser(name="down message", opened=_messages, refusals=(), seeds=MESSAGES),
    Parser(
        name="command token",
        opened=pure(lambda data: judge(text(data), STANDING)),
        refusals=(),
        seeds=(TOKEN.encode(), b"e30.e30." + b"A" * 43),
    ),
    Parser(
        name="signed command",
        opened=pure(lambda data: judge(_signed(data), STANDING)),
        refusals=(),
        seeds=(msgspec.json.encode(CLAIMS), msgspec.json.encode(CLAIMS | {"iat": 1e300})),
    ),
    Parser(
        name="signed time",
        opened=pure(_time),
        refusals=(),
        seeds=(msgspec.json.encode({"nonce": NONCE, "now": CLOUD_MS}),),
    ),
    Parser(
        name="time token",
        opened=pure(lambda data: verified(text(data), {"1": COMMAND_KEY}, TimeClaims)),
        refusals=(NotAuthenticError,),
        seeds=(_signed(b'{"nonce":"n","now":1}').encode(),),
    ),
    Parser(
        name="card",
        opened=pure(_card),
        refusals=(UnreadableBadgeError,),
        seeds=tuple(bytes([PROFILES.index(profile)]) + each.encode() for profile, each in CARDS),
    ),
    Parser(
        name="stack file",
        opened=_stack,
        refusals=(BadStackError, NoSuchBankError, ValueError),
        seeds=(STACK,),
    ),
)
