"""Session tokens: what was known at the tap, sealed, for two minutes (design.md, `session`)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from tests.support.workplace import NOW, TOKEN
from tests.support.world import world
from toolcrib.send.sessions import LIFE, Joined, Session, seal, unseal

SESSION = Session(
    org="acme",
    bank="hq-01",
    generation=1,
    person="p-1",
    badge=TOKEN,
    upload="01J",
    begun_at=NOW,
    authorisers=(Joined("p-2", TOKEN, NOW), Joined("p-3", TOKEN, NOW)),
)


@pytest.fixture(autouse=True)
def secrets() -> Iterator[None]:
    with world(rules=False):
        yield


def test_what_was_sealed_is_read_again() -> None:
    assert unseal(seal(SESSION), now=NOW) == SESSION


@pytest.mark.parametrize(("later", "lives"), [(LIFE, True), (LIFE + timedelta(seconds=1), False)])
def test_it_lives_for_two_minutes(later: timedelta, *, lives: bool) -> None:
    assert (unseal(seal(SESSION), now=NOW + later) is not None) == lives


def test_nothing_of_it_can_be_read_without_the_key() -> None:
    token = seal(SESSION)
    for word in ("acme", "hq-01", "p-1", TOKEN):
        assert word not in token


def test_it_fits_the_contract_even_where_every_id_is_as_long_as_it_may_be() -> None:
    longest = Session(
        org="o" * 31,
        bank="b" * 64,
        generation=10**6,
        person="p" * 64,
        badge=TOKEN,
        upload="0" * 26,
        begun_at=NOW,
        terms="f" * 64,
        authorisers=tuple(Joined(f"{each}" * 64, TOKEN, NOW) for each in range(3)),
    )
    assert len(seal(longest)) <= 2048


@pytest.mark.parametrize("token", ["", "x", "gAAAAA==", "\u00e9" * 10, "\x00"])
def test_what_is_no_token_is_no_session(token: str) -> None:
    assert unseal(token, now=NOW) is None


def test_a_token_of_another_key_is_no_session() -> None:
    other = Fernet(Fernet.generate_key())
    assert unseal(other.encrypt_at_time(b"{}", int(NOW.timestamp())).decode(), now=NOW) is None
