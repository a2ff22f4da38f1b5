"""Requests that only look like ours: forged, altered, late and replayed, of what Slack signs and of links in mails."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Final
from urllib.parse import quote, unquote_plus

from slack_sdk.signature import SignatureVerifier

from tests.support.slack import FORM, SIGNING

KINDS: Final = ("forged", "altered", "late", "replayed")
ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
WINDOW_S: Final = 300


@dataclass(frozen=True)
class Callback:
    """A request as Slack signs it."""

    path: str
    body: str
    stamp: str
    signature: str
    kind: str = FORM

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Slack-Request-Timestamp": self.stamp, "X-Slack-Signature": self.signature}


def signed(path: str, body: str, at_s: int, *, secret: str = SIGNING, kind: str = FORM) -> Callback:
    """Return a request with its signature."""
    signature = SignatureVerifier(secret).generate_signature(timestamp=str(at_s), body=body)
    return Callback(path, body, str(at_s), str(signature), kind)


def callbacks(good: Callback, heard: list[Callback], chance: Random) -> Iterator[tuple[str, Callback]]:
    """Yield false ones for ever, by their kind: made of a good one that was never sent, and of those that were heard.

    What was heard counts as replayed for as long as its timestamp is good.
    """
    now = int(good.stamp)
    while True:
        yield "forged", signed(good.path, good.body, now, secret=chance.randbytes(16).hex(), kind=good.kind)
        yield "forged", replace(good, signature=f"v0={chance.randbytes(32).hex()}")
        yield "altered", chance.choice(_ALTERED)(good, chance)
        yield "altered", chance.choice(_ALTERED)(good, chance)
        off_s = chance.choice((-1, 1)) * chance.choice((chance.randint(WINDOW_S + 1, 400), chance.randint(401, 10**8)))
        yield "late", signed(good.path, good.body, now + off_s, kind=good.kind)
        if heard:
            yield "replayed", chance.choice(heard)


def _bit_of_body(good: Callback, chance: Random) -> Callback:
    raw = bytearray(good.body.encode())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(7)
    return replace(good, body=raw.decode())


def _bit_of_signature(good: Callback, chance: Random) -> Callback:
    digest = bytearray.fromhex(good.signature[3:])
    digest[chance.randrange(32)] ^= 1 << chance.randrange(8)
    return replace(good, signature=f"v0={digest.hex()}")


def _other_stamp(good: Callback, chance: Random) -> Callback:
    stamp = int(good.stamp) + chance.choice((-1, 1)) * chance.randint(1, WINDOW_S)
    return replace(good, stamp=chance.choice((str(stamp), f"0{good.stamp}", f" {good.stamp}", f"{good.stamp}.0", "")))


def _cut_off(good: Callback, chance: Random) -> Callback:
    if chance.random() < 0.5:
        return replace(good, body=good.body[: chance.randrange(len(good.body))])
    return replace(good, signature=good.signature[: chance.randrange(len(good.signature))])


def _other_writing(good: Callback, chance: Random) -> Callback:
    """The same to whoever reads it, but not the bytes that were signed."""
    name, _, value = good.body.partition("=")
    bodies = (f"{name}={quote(unquote_plus(value), safe='')}&", f"{good.body}&x=", f"&{good.body}", f"{good.body}\n")
    signatures = (good.signature.upper(), good.signature.replace("v0", "v1"), f"{good.signature} ", good.signature[3:])
    if chance.random() < 0.5:
        return replace(good, body=chance.choice(bodies))
    return replace(good, signature=chance.choice(signatures))


_ALTERED: Final[tuple[Callable[[Callback, Random], Callback], ...]] = (
    _bit_of_body,
    _bit_of_signature,
    _other_stamp,
    _cut_off,
    _other_writing,
)


@dataclass(frozen=True)
class Link:
    """A link in a mail: which page it leads to, its token, and how much later than now it is opened."""

    page: str
    token: str
    later: timedelta = timedelta()


@dataclass
class Links:
    """Makes false ones of a page's good token.

    `sign` makes a token with another secret, `foreign` are those that other keys of ours signed, `used` good ones that
    were pressed; from `too_late` on the good one is too old.
    """

    page: str
    good: str
    sign: Callable[[bytes], str]
    foreign: tuple[str, ...]
    too_late: timedelta
    used: list[str] = field(default_factory=list)

    def false(self, chance: Random) -> Iterator[tuple[str, Link]]:
        """Yield false ones for ever, by their kind."""
        said = self.good.rpartition(".")[0]
        while True:
            yield "forged", Link(self.page, self.sign(chance.randbytes(32)))
            made = urlsafe_b64encode(chance.randbytes(32)).decode().rstrip("=")
            yield "forged", Link(self.page, chance.choice((f"{said}.{made}", *self.foreign)))
            for alter in (_bit, _character, chance.choice((_shortened, _rewritten))):
                yield "altered", Link(self.page, alter(self.good, chance))
            more = chance.choice((timedelta(), timedelta(seconds=chance.randrange(10**8))))
            yield "late", Link(self.page, self.good, self.too_late + more)
            if self.used:
                yield "replayed", Link(self.page, chance.choice(self.used), timedelta(hours=chance.randrange(100)))


def _bit(token: str, chance: Random) -> str:
    """Alter one bit of what a part of a token stands for."""
    parts = token.split(".")
    which = chance.randrange(3)
    raw = bytearray(urlsafe_b64decode(parts[which] + "=" * (-len(parts[which]) % 4)))
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    parts[which] = urlsafe_b64encode(raw).decode().rstrip("=")
    return ".".join(parts)


def _character(token: str, chance: Random) -> str:
    """Alter one character, the last one of a part as often as all others: not all of its bits count."""
    ends = [place - 1 for place in range(1, len(token) + 1) if place == len(token) or token[place] == "."]
    place = chance.choice((chance.choice(ends), chance.randrange(len(token))))
    return token[:place] + chance.choice(ALPHABET.replace(token[place], "")) + token[place + 1 :]


def _shortened(token: str, chance: Random) -> str:
    return token[: chance.randrange(1, len(token))]


def _rewritten(token: str, chance: Random) -> str:
    """Write it so that a lenient reader finds the same in it."""
    place = chance.randrange(len(token))
    more = (
        token + "=",
        token + "==",
        token + ".",
        f"{token} ",
        token.swapcase(),
        f"{token[:place]}!!!!{token[place:]}",
    )
    return chance.choice((*more, token.replace(".", "..", 1), f"{token[:place]}\n{token[place:]}", token + "A"))
