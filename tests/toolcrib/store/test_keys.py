"""Every key begins with its org, so that none reaches another's (safety.md, I13); no two things share one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from inspect import getmembers, isfunction, signature
from typing import Any

import pytest

from toolcrib.store import keys

SAMPLE: dict[str, Any] = {"str": "x", "int": 7, "datetime": datetime(2026, 11, 20, tzinfo=UTC)}
BUILDERS = [
    build
    for name, build in getmembers(keys, isfunction)
    if build.__module__ == keys.__name__ and "org" in signature(build).parameters
]


def built(build: Callable[..., Any], org: str, other: str = "x") -> Any:
    given = [org]
    for name, parameter in list(signature(build).parameters.items())[1:]:
        if parameter.kind is parameter.VAR_POSITIONAL:
            continue
        kind = parameter.annotation if isinstance(parameter.annotation, str) else parameter.annotation.__name__
        given.append(SAMPLE[kind] if kind != "str" else other + name)
    return build(*given)


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
def test_a_key_begins_with_its_org(build: Callable[..., Any]) -> None:
    key = built(build, "acme")
    assert (key if isinstance(key, str) else key[0]).startswith("acme#")
    assert keys.org_of(key if isinstance(key, str) else key[0]) == "acme"


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
def test_another_org_or_another_id_is_another_key(build: Callable[..., Any]) -> None:
    found = {built(build, "acme"), built(build, "globex"), built(build, "acme", "y")}
    assert len(found) == (2 if build is keys.rules_stamp else 3)


def test_no_two_kinds_of_thing_share_a_key() -> None:
    found = [built(build, "acme") for build in BUILDERS if not isinstance(built(build, "acme"), str)]
    assert len(set(found)) == len(found)


def test_a_principal_is_the_one_key_without_an_org_because_the_org_is_found_there() -> None:
    assert keys.principal("sub-1") == ("PRINCIPAL#sub-1", "PRINCIPAL")


def test_doors_and_events_sort_by_their_numbers() -> None:
    doors = [keys.door("acme", "hq-01", number)[1] for number in range(1, 65)]
    assert doors == sorted(doors)
    events = [keys.event("acme", "a", seq)[1] for seq in (1, 9, 10, 99, 10**6, 10**11)]
    assert events == sorted(events)


def test_moments_sort_by_time_to_the_millisecond() -> None:
    start = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    moments = [keys.moment(start + timedelta(milliseconds=ms)) for ms in (0, 1, 10, 999, 1000, 60_000)]
    assert moments == sorted(moments)
    assert moments[1] == "2026-11-20T09:00:00.001Z"


def test_what_is_due_is_spread_over_all_shards() -> None:
    used = {keys.agenda_shard(f"acme#LOAN#{number}") for number in range(200)}
    assert used == set(keys.agenda_shards())
    assert len(used) == keys.AGENDA_SHARDS


def test_an_idempotency_key_is_kept_as_a_hash_and_never_as_it_was_sent() -> None:
    assert "secret-key" not in "".join(keys.idempotency("acme", "p", "secret-key"))
