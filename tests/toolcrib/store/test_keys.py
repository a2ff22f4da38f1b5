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
    if build.__module__ == keys.__name__
    and "org" in signature(build).parameters
    and not name.startswith("x_")  # mutation testing keeps its variants beside what they are of
]
LAYOUT: dict[str, Any] = {
    "badge": (("1.h",), ("acme#BADGE#1.h", "BADGE")),
    "person": (("p-1",), ("acme#PERSON#p-1", "PROFILE")),
    "pin": (("p-1",), ("acme#PERSON#p-1", "PIN")),
    "bank": (("hq-01",), ("acme#BANK#hq-01", "CONFIG")),
    "door": (("hq-01", 3), ("acme#BANK#hq-01", "DOOR#03")),
    "asset": (("a-1",), ("acme#ASSET#a-1", "STATE")),
    "tag": (("E2",), ("acme#TAG#E2", "TAG")),
    "loan": (("l-1",), ("acme#LOAN#l-1", "LOAN")),
    "case": (("c-1",), ("acme#CASE#c-1", "CASE")),
    "notice": (("n-1",), ("acme#NOTICE#n-1", "NOTICE")),
    "authorisation": (("r-1",), ("acme#AUTHORISATION#r-1", "AUTHORISATION")),
    "imported": (("i-1",), ("acme#IMPORT#i-1", "IMPORT")),
    "roster": (("i-1",), ("acme#IMPORT#i-1", "ROSTER")),
    "rule": (("policy", "x"), ("acme#RULES", "POLICY#x")),
    "revision": (("policy", "x", 2), ("acme#POLICY#x", "REVISION#00000002")),
    "texts": (("house", 3), ("acme#TERMS#house", "VERSION#000003")),
    "agreed": (("p-1", "s-1", "p-2", "joined"), ("acme#PERSON#p-1", "AGREED#s-1#p-2#joined")),
    "rules_stamp": ((), ("acme#STAMP", "STAMP")),
    "idempotency": (
        ("p", "key"),
        ("acme#IDEMPOTENCY#p#2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683", "ANSWER"),
    ),
    "edit": (("o-1",), ("acme#EDIT#o-1", "EDIT")),
    "event": (("a-1", 7), ("acme#ASSET#a-1", "EVENT#000000000007")),
    "operation": (("a-1", "o-1"), ("acme#ASSET#a-1", "OP#o-1")),
    "opening": (("hq-01", "g-1"), ("acme#BANK#hq-01", "OPENING#g-1")),
    "override": (("p-1", "o-1"), ("acme#PERSON#p-1", "OVERRIDE#o-1")),
    "override_used": (("p-1", "o-1"), ("acme#PERSON#p-1", "OVERRIDE#o-1#USED")),
    "pace": (("slack#p-1",), ("acme#PACE#slack#p-1", "PACE")),
    "said": (("l-1", "n-1"), ("acme#SAID#l-1", "NOTICE#n-1")),
    "heartbeat": ((), ("acme#HEARTBEAT", "HEARTBEAT")),
    "principal_of": (("p-1",), ("acme#PERSON#p-1", "PRINCIPAL")),
    "known_as": (
        ("slack", "U0ADA"),
        ("acme#KNOWN#slack#56c560a2ca7fbd593078b83a6fb2d33333cee17721973afad5665e432b2d6089", "KNOWN"),
    ),
    "heard": (("slack", "0a1b"), ("acme#HEARD#slack#0a1b", "HEARD")),
    "issued": (("hq-01", "v-1"), ("acme#ALONE#hq-01", "ROSTER#v-1")),
    "latest_roster": (("hq-01",), ("acme#ALONE#hq-01", "LATEST")),
    "told_alone": (("hq-01", "01J"), ("acme#ALONE#hq-01", "REPORT#01J")),
    "staff": ((), ("acme#STAFF#EDITED", "STAFF")),
    "view": (("hq-01", 2), ("acme#VIEW#hq-01", "PART#02")),
    "inventory": (("hq",), ("acme#INVENTORY#hq", "LATEST")),
    "inventory_under_way": (("hq",), ("acme#INVENTORY#hq", "UNDER_WAY")),
    "listing": (("loans", "open"), "acme#LOANS#open"),
}
"""What lies where in tables that are there already (design.md, *Data*): a key that moves loses what lies under it."""


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
def test_what_is_in_the_tables_is_found_where_it_was_put(build: Callable[..., Any]) -> None:
    given, expected = LAYOUT[build.__name__]
    assert build("acme", *given) == expected


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
    assert len(found) == (2 if build in {keys.rules_stamp, keys.heartbeat, keys.staff} else 3)


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
    assert keys.moment(start + timedelta(microseconds=1999)) == "2026-11-20T09:00:00.001Z"
    assert keys.moment(start.replace(microsecond=999_999)) == "2026-11-20T09:00:00.999Z"


def test_an_org_is_read_off_a_key_of_any_depth() -> None:
    assert keys.org_of("acme#ASSET#a#b") == "acme"


def test_what_is_due_is_spread_over_all_shards() -> None:
    used = {keys.agenda_shard(f"acme#LOAN#{number}") for number in range(200)}
    assert used == set(keys.agenda_shards())
    assert len(used) == keys.AGENDA_SHARDS
    assert keys.agenda_shards() == tuple(f"AGENDA#{number}" for number in range(8))
    assert keys.agenda_shard("acme#LOAN#1") == "AGENDA#3"


def test_an_idempotency_key_is_kept_as_a_hash_and_never_as_it_was_sent() -> None:
    assert "secret-key" not in "".join(keys.idempotency("acme", "p", "secret-key"))
