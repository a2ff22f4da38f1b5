"""Commands with one thing wrong with each; everything else is as it should be, so that only this one thing saves us.

A family is an endless supply of attempts. An attempt hands the bank what it must not obey and returns what it did.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache, partial
from itertools import cycle
from random import Random
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from edge.actions import Action
from tests.proof.commands.stage import Stage
from tests.proof.commands.target import Target
from toolcrib.send.signing import sign

Attempt = Callable[[], Sequence[Action]]
Family = Callable[[Stage, Random], Iterator[Attempt]]

YEAR_S = 365 * 86_400
LATE_S = (0, 1, 5, 31, 60, 600, 3_600, 86_400, YEAR_S)
ABSENT = object()


def wrong(stage: Target, **claims: Any) -> Attempt:
    """Somebody waits, the door is at rest, the time is known: a command for them, but for what is wrong."""
    return partial(stage.hears, stage.token(stage.tap(), **claims))


def replayed(stage: Stage, rng: Random) -> Iterator[Attempt]:
    """A command that opened its door once: again at every moment, and signed anew for somebody who waits."""
    while True:
        door, grant = rng.randint(1, 4), next(stage.grants)
        token = stage.token(stage.tap(), jti=grant, door=door)
        assert stage.opens(token) == 1
        again = partial(stage.hears, token)
        yield again
        stage.move(door, is_open=True)
        yield again
        stage.move(door, is_open=False)
        stage.settle()
        yield again
        yield wrong(stage, jti=grant, door=door)
        yield wrong(stage, jti=grant, door=door % 4 + 1, purpose="service")
        stage.wait(rng.choice(LATE_S[:6]))
        stage.settle()
        yield again


def altered(stage: Stage, rng: Random) -> Iterator[Attempt]:
    """Every single bit of a good command; unaltered it opens its door in the end."""
    while True:
        door = rng.randint(1, 4)
        token = stage.token(stage.tap(), door=door)
        yield from flipped(stage, rng, token)
        assert stage.opens(token) == 1
        stage.ends(door)


def flipped(stage: Target, rng: Random, token: str) -> Iterator[Attempt]:
    """A command with each of its bits altered, one at a time."""
    for bit in rng.sample(range(len(token) * 8), len(token) * 8):
        other = bytearray(token, "ascii")
        other[bit // 8] ^= 1 << bit % 8
        yield partial(stage.hears, other.decode("latin-1"))


def too_late(stage: Target, rng: Random) -> Iterator[Attempt]:
    """Signed too long ago."""
    for late_s in LATE_S:
        iat = int(stage.cloud_s) - 30 - late_s
        yield wrong(stage, iat=iat, exp=iat + rng.randint(1, 30))


def expired(stage: Stage, rng: Random) -> Iterator[Attempt]:
    """Signed for somebody who waits, but too long ago; and one that runs out while they wait."""
    while True:
        yield from too_late(stage, rng)
        runs_out = wrong(stage)
        stage.wait(30)
        yield runs_out


def early(stage: Target, rng: Random) -> Iterator[Attempt]:
    """Signed by a cloud whose clock is ahead."""
    while True:
        for ahead_s in LATE_S:
            iat = int(stage.cloud_s) + 7 + ahead_s
            yield wrong(stage, iat=iat, exp=iat + rng.randint(1, 30))


def foreign_bank(stage: Target, rng: Random) -> Iterator[Attempt]:
    """For another bank of the org, with its key or ours."""
    while True:
        for name in ("hq-02", stage.name[:-1], stage.name.upper(), f"{stage.name} ", "", f"{stage.name}\n"):
            yield wrong(stage, aud=f"{stage.org}:{name}")
            yield wrong(stage, key=stage.key_of(bank=name))
            yield wrong(stage, aud=f"{stage.org}:{name}", key=stage.key_of(bank=name))


def foreign_org(stage: Target, rng: Random) -> Iterator[Attempt]:
    """For the bank of that name of another org, with its key or ours."""
    while True:
        for name in ("other", stage.org.title(), stage.org[:-1], "", f"{stage.org}:{stage.name}"):
            yield wrong(stage, aud=f"{name}:{stage.name}")
            yield wrong(stage, key=stage.key_of(org=name))
            yield wrong(stage, aud=f"{name}:{stage.name}", key=stage.key_of(org=name))


def foreign_door(stage: Target, rng: Random) -> Iterator[Attempt]:
    """For a door that this bank does not have."""
    for door in cycle((5, 64, 65, 2**40, 2**63, 10**40, 0, -1, "3", "03", 3.5, True, None, [3], {"door": 3})):
        yield wrong(stage, door=door)


def other_generations(stage: Target, rng: Random) -> Iterator[Attempt]:
    """With the key of an enrolment that is over or has not come, under its number or the present one."""
    while True:
        for generation in (stage.generation - 1, stage.generation + 1, 0, -stage.generation, 10 * stage.generation):
            old = stage.key_of(generation=generation)
            yield wrong(stage, key=old, kid=generation)
            yield wrong(stage, key=old)
            yield wrong(stage, kid=generation)
        yield partial(stage.hears, jwt.encode(_claims(stage), stage.key_of(), algorithm="HS256"))


def other_algorithms(stage: Target, rng: Random) -> Iterator[Attempt]:
    """With any other algorithm than HS256, none included; by whoever has our key, or none."""
    while True:
        for algorithm, key in _keys(stage).items():
            header = {"kid": str(stage.generation)}
            yield partial(stage.hears, jwt.encode(_claims(stage), key, algorithm=algorithm, headers=header))
        claims, signature = stage.token(stage.tap()).split(".")[1:]
        for name in ("none", "None", "HS512", "RS256", "", "hs256"):
            header = jwt.utils.base64url_encode(f'{{"alg":"{name}","kid":"{stage.generation}"}}'.encode()).decode()
            yield partial(stage.hears, f"{header}.{claims}.{signature}")
            yield partial(stage.hears, f"{header}.{claims}.")


def _keys(stage: Target) -> Mapping[str, Any]:
    ours, pair = stage.key_of() * 2, _rsa()
    elliptic = ec.generate_private_key(ec.SECP256R1())
    return {"none": None, "HS384": ours, "HS512": ours, "RS256": pair, "PS256": pair, "ES256": elliptic}


@cache
def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def life_too_long(stage: Target, rng: Random) -> Iterator[Attempt]:
    """That would live for longer than 30 s, or not at all."""
    while True:
        iat = int(stage.cloud_s)
        for life_s in (31, 60, 3_600, YEAR_S, 0, -1, float("inf"), float("nan"), 10**300):
            yield wrong(stage, iat=iat, exp=iat + life_s)
        yield wrong(stage, iat=0, exp=iat + 30)
        yield wrong(stage, iat=float("-inf"), exp=iat + 30)


def malformed(stage: Target, rng: Random) -> Iterator[Attempt]:
    """With claims that are missing or of another type, and with what is no command at all."""
    misfits: tuple[Any, ...] = (ABSENT, None, 2**40, "", "x" * 129, [], {}, True, -1.5)
    while True:
        for claim in ("jti", "aud", "door", "purpose", "iat", "exp"):
            for misfit in misfits:
                claims = _claims(stage) | {claim: misfit}
                kept = {name: value for name, value in claims.items() if value is not ABSENT}
                yield partial(stage.hears, sign(stage.key_of(), kid=stage.generation, claims=kept))
        for text in ("", ".", "..", "a.b.c", "\x00", "é" * 40, "x" * 5_000):
            yield partial(stage.hears, text)


def nobody_waits(stage: Stage, rng: Random) -> Iterator[Attempt]:
    """For nobody in particular, for a stranger, for who left; its grant is burnt, and stays so when somebody waits."""
    while True:
        gone = stage.tap()
        stage.wait(31)
        for re in (None, "", "01J0000000000000000000000Z", gone):
            grant = next(stage.grants)
            purpose = rng.choice(("take", "return", "collect", "deposit"))
            yield partial(stage.hears, stage.token(re, jti=grant, purpose=purpose))
            yield wrong(stage, jti=grant, purpose=purpose)
            stage.settle()


def untrusted_time(stage: Stage, rng: Random) -> Iterator[Attempt]:
    """To a bank that does not know the time: never told, told another question's, told wrongly, told too late."""
    nonce = ""
    while True:
        before, nonce = nonce, stage.sent(_reboot_undated(stage), "time")[-1]["nonce"]
        yield wrong(stage)
        yield wrong(stage, purpose="service")
        for answer in (
            stage.time(before or "nobody-asked"),
            stage.time(nonce, key=stage.key_of(generation=1)),
            stage.time(nonce)[:-1] + "=",
        ):
            stage.down("time", time=answer)
            yield wrong(stage)
        stage.mono_ms += 10_001
        stage.down("time", time=stage.time(nonce, off_ms=-10_001))
        yield wrong(stage)
        stage.boot()


def _reboot_undated(stage: Stage) -> list[Action]:
    return stage.boot(dated=False)


def clock_jumps(stage: Stage, rng: Random) -> Iterator[Attempt]:
    """Used, expired and early ones while the wall clock jumps between a year ago and a year from now."""
    used = stage.token(stage.tap(), door=1)
    assert stage.opens(used) == 1
    stage.ends(1)
    while True:
        stage.wall_ahead = timedelta(seconds=rng.choice((-1, 1)) * rng.choice(LATE_S))
        iat = int(stage.cloud_s) + round(stage.wall_ahead.total_seconds())
        yield partial(stage.hears, used)
        if abs(stage.wall_ahead) > timedelta(minutes=1):
            yield wrong(stage, iat=iat, exp=iat + 30)
        if rng.random() < 0.05:
            stage.boot()
            yield partial(stage.hears, used)


def _claims(stage: Target) -> dict[str, Any]:
    """Return the claims of a good command for somebody who waits."""
    return jwt.decode(stage.token(stage.tap()), options={"verify_signature": False})
