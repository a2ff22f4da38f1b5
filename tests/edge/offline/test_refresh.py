"""From a signed manifest to a roster that survives a power cut: what is taken over, and what never is."""

import itertools
import json
import logging
from dataclasses import replace
from typing import Any

import pytest

from edge.actions import Fetch, Rostered
from edge.offline.refresh import is_safe
from tests.edge.rig import COMMAND_KEY, CONFIG, only, sign
from tests.edge.rosters import CLOUD_MS, OfflineRig, alone, body

URL = "https://bucket.example/roster?signature=SECRET"


def raw(**changes: Any) -> bytes:
    return json.dumps(body(**changes)).encode()


def online() -> OfflineRig:
    rig = OfflineRig()
    rig.ack(rig.boot())
    return rig


def asked(rig: OfflineRig, told: bytes, **claims: Any) -> dict[str, Any]:
    (fetch,) = rig.sent(rig.promise(told, **claims), "fetch")
    return fetch


def version(rig: OfflineRig) -> str | None:
    return None if rig.bank.roster is None else rig.bank.roster.version


def test_a_manifest_asks_where_its_body_is_and_the_body_is_kept() -> None:
    rig = online()
    question = asked(rig, raw())
    assert (question["what"], question["version"], question["age_ms"]) == ("roster", "r1", 0)
    assert "seq" not in question
    (fetch,) = only(rig.down("fetch", re=question["id"], url=URL), Fetch)
    assert (fetch.url, fetch.bytes) == (URL, len(raw()))
    assert rig.did(rig.bank.on_fetched(fetch.sha256, raw(), rig.now())) == [Rostered(version="r1")]
    assert version(rig) == "r1"
    assert rig.sent(rig.wait(3_600), "fetch") == []


def test_it_survives_a_reboot_without_a_network() -> None:
    rig = alone()
    rig.boot(connect=False)
    assert version(rig) == "r1"


def test_the_same_manifest_again_asks_for_nothing() -> None:
    rig = alone()
    rig.back()
    assert rig.promise(raw()) == []


def test_the_same_body_signed_anew_is_not_fetched_again_and_its_new_end_counts() -> None:
    rig = alone()
    rig.back()
    assert rig.promise(raw(), exp_ms=CLOUD_MS - 1_000) == []
    rig.boot(connect=False)
    assert rig.bank.roster is not None
    assert rig.bank.roster.is_over(CLOUD_MS)


@pytest.mark.parametrize(
    ("claims", "key", "kid"),
    [
        ({}, bytes(32), "1"),
        ({}, COMMAND_KEY, "2"),
        ({"aud": "acme:hq-02"}, COMMAND_KEY, "1"),
        ({"aud": "other:hq-01"}, COMMAND_KEY, "1"),
        ({"bytes": 2**40}, COMMAND_KEY, "1"),
        ({"sha256": "x"}, COMMAND_KEY, "1"),
        ({"exp": None}, COMMAND_KEY, "1"),
    ],
)
def test_a_manifest_that_is_not_for_this_bank_or_not_by_the_cloud_is_noise(
    claims: dict[str, Any], key: bytes, kid: str
) -> None:
    rig = online()
    signed = {"aud": "acme:hq-01", "version": "r1", "sha256": "0" * 64, "bytes": 7, "exp": 9_999_999_999} | claims
    assert rig.down("roster", manifest=sign(signed, key=key, kid=kid)) == []
    assert rig.sent(rig.wait(600), "fetch") == []


@pytest.mark.parametrize("re", [None, "01ARZ3NDEKTSV4RRFFQ69G5FAV"])
def test_an_address_nobody_asked_for_is_not_fetched_from(re: str | None) -> None:
    rig = online()
    asked(rig, raw())
    assert rig.down("fetch", re=re, url=URL) == []


def test_an_address_is_used_once_and_not_after_half_a_minute() -> None:
    rig = online()
    question = asked(rig, raw())
    assert len(rig.down("fetch", re=question["id"], url=URL)) == 1
    assert rig.down("fetch", re=question["id"], url=URL) == []
    late = asked(online_again(rig), raw(version="r2"))
    rig.mono_ms += 30_001
    assert rig.down("fetch", re=late["id"], url=URL) == []


def online_again(rig: OfflineRig) -> OfflineRig:
    rig.lose_line()
    rig.back()
    return rig


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://bucket.s3.eu-central-1.amazonaws.com/rosters/x?X-Amz-Signature=1", True),
        ("http://127.0.0.1:4566/bucket/x", True),
        ("http://localhost:4566/bucket/x", True),
        ("http://[::1]:4566/bucket/x", True),
        ("http://bucket.example/x", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("http://127.0.0.1.example/x", False),
        ("http://localhost.example/x", False),
        ("http://127.0.0.1@bucket.example/x", False),
        ("https://user:word@bucket.example/x", False),
        ("ftp://localhost/x", False),
        ("file:///etc/passwd", False),
        ("//bucket.example/x", False),
        ("https://", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_only_tls_or_this_very_machine_is_fetched_from(url: str, safe: bool) -> None:
    assert is_safe(url) is safe


def test_an_unsafe_address_is_not_fetched_from_and_asked_for_again() -> None:
    rig = online()
    question = asked(rig, raw())
    assert rig.down("fetch", re=question["id"], url="http://bucket.example/x") == []
    assert len(rig.sent(rig.wait(60), "fetch")) >= 1


def test_nothing_is_fetched_that_is_not_wanted() -> None:
    rig = online()
    assert rig.down("fetch", re=None, url=URL) == []
    rig.did(rig.bank.on_fetched("0" * 64, raw(), rig.now()))
    assert rig.bank.roster is None


@pytest.mark.parametrize("received", [None, b"", raw()[:-1], raw() + b" ", raw().replace(b"drill-1", b"laser-1")])
def test_what_was_not_signed_is_not_taken_over_and_asked_for_again(received: bytes | None) -> None:
    rig = online()
    (fetch,) = only(rig.down("fetch", re=asked(rig, raw())["id"], url=URL), Fetch)
    assert rig.did(rig.bank.on_fetched(fetch.sha256, received, rig.now())) == []
    assert rig.bank.roster is None
    assert rig.journal.roster() is None
    assert len(rig.sent(rig.wait(60), "fetch")) >= 1


def test_a_question_without_an_answer_is_asked_again_with_growing_pauses() -> None:
    rig = online()
    asked(rig, raw())
    moments = [second for second in range(1, 3_601) if rig.sent(rig.wait(1), "fetch")]
    pauses = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1], len(moments)) == (10, 300, 16)


def test_without_a_line_nothing_is_asked_and_with_it_at_once() -> None:
    rig = online()
    asked(rig, raw())
    rig.lose_line()
    assert rig.sent(rig.wait(3_600), "fetch") == []
    assert len(rig.sent(rig.connect(), "fetch")) == 1
    assert rig.promise(raw()) == []  # the retained manifest comes again with the subscription


def test_a_newer_promise_takes_the_place_of_an_older_one() -> None:
    rig = online()
    old = asked(rig, raw())
    new = asked(rig, raw(version="r2"))
    assert rig.down("fetch", re=old["id"], url=URL) == []
    (fetch,) = only(rig.down("fetch", re=new["id"], url=URL), Fetch)
    rig.did(rig.bank.on_fetched(fetch.sha256, raw(version="r2"), rig.now()))
    assert version(rig) == "r2"


def test_a_body_that_comes_after_its_promise_was_replaced_is_not_taken_over() -> None:
    rig = online()
    (fetch,) = only(rig.down("fetch", re=asked(rig, raw())["id"], url=URL), Fetch)
    asked(rig, raw(version="r2"))
    rig.did(rig.bank.on_fetched(fetch.sha256, raw(), rig.now()))
    assert rig.bank.roster is None


def test_nothing_older_replaces_a_newer_one() -> None:
    rig = online()
    rig.give(body(version="new", made_ms=CLOUD_MS + 1))
    rig.give(body(version="old", made_ms=CLOUD_MS))
    assert version(rig) == "new"
    rig.boot()
    assert version(rig) == "new"
    assert rig.sent(rig.wait(600), "fetch") == []


def test_a_bank_that_was_enrolled_anew_does_not_know_what_was_signed_for_the_old_one() -> None:
    rig = alone()
    rig.config = replace(CONFIG, command_keys={"2": bytes(32)})
    rig.boot(connect=False)
    assert rig.bank.roster is None


def test_what_a_tampered_disk_holds_is_no_roster() -> None:
    rig = alone()
    with rig.db:
        rig.db.execute("UPDATE roster SET body = CAST(replace(CAST(body AS TEXT), 'drill-1', 'laser-1') AS BLOB)")
    rig.boot(connect=False)
    assert rig.bank.roster is None


def test_no_address_and_no_badge_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        rig = alone()
        rig.back()
        question = asked(rig, raw(version="r2"))
        actions = rig.down("fetch", re=question["id"], url=URL)
        rig.did(rig.bank.on_fetched(only(actions, Fetch)[0].sha256, b"x", rig.now()))
        rig.promise(b'{"version": "r3"}', aud="acme:hq-02")
    for text in (caplog.text, repr(actions)):
        assert "SECRET" not in text
        assert next(iter(body()["badges"])) not in text
