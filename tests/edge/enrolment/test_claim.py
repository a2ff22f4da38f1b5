"""A board becomes a bank, or stays none and may try again; whenever the power goes, it is one or the other."""

import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from edge.enrolment import claim as claiming
from edge.enrolment import identity
from edge.enrolment.claim import NotEnrolled, enrol_by_claim, read_claim
from edge.enrolment.identity import NotEnrolledError, read
from edge.enrolment.keys import fits
from edge.enrolment.questions import SilentError
from tests.edge.cut_power import PowerCutError, power_cut
from tests.edge.enrolment.board import CLAIM, SECRETS, Cloud


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    cloud = Cloud()

    @asynccontextmanager
    async def connected(_: Any) -> AsyncIterator[Cloud]:
        yield cloud

    monkeypatch.setattr(claiming, "_connected", connected)
    return cloud


async def test_a_board_is_the_bank_with_a_key_nobody_else_may_read(cloud: Cloud, tmp_path: Path) -> None:
    who = await enrol_by_claim(CLAIM, tmp_path / "identity")
    assert msgspec.to_builtins(who.keys) == SECRETS
    assert cloud.said == [{"Bank": "hq-01", "Token": CLAIM.token}]
    assert fits(who.key.read_bytes(), who.cert.read_text())
    assert who.ca.read_text() == CLAIM.ca
    for path in (who.key, who.cert, who.key.parent / "bank.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(who.key.parent.resolve().stat().st_mode) == 0o700
    assert not (tmp_path / "identity" / "next").exists()
    assert read(tmp_path / "identity") == who


async def test_a_board_that_was_refused_keeps_its_key_and_tries_again_with_it(cloud: Cloud, tmp_path: Path) -> None:
    cloud.refuses = "InvocationError"
    with pytest.raises(NotEnrolled, match="Try again") as told:
        await enrol_by_claim(CLAIM, tmp_path)
    assert told.value.again
    key = (tmp_path / "next" / "key.pem").read_bytes()
    cloud.refuses = None
    assert (await enrol_by_claim(CLAIM, tmp_path)).key.read_bytes() == key


async def test_a_claim_that_does_not_hold_says_to_ask_for_a_new_one(cloud: Cloud, tmp_path: Path) -> None:
    cloud.refuses = "AccessDenied"
    with pytest.raises(NotEnrolled, match="new claim") as told:
        await enrol_by_claim(CLAIM, tmp_path)
    assert not told.value.again
    with pytest.raises(NotEnrolledError, match="toolcrib-bank enrol"):
        read(tmp_path)


async def test_keys_for_somebody_else_are_not_taken_on(cloud: Cloud, tmp_path: Path) -> None:
    cloud.sealed_to_another = True
    with pytest.raises(NotEnrolled, match="cannot be read"):
        await enrol_by_claim(CLAIM, tmp_path)
    cloud.sealed_to_another, cloud.thing = False, "acme:hq-02"
    with pytest.raises(NotEnrolled, match="acme:hq-02"):
        await enrol_by_claim(CLAIM, tmp_path)
    with pytest.raises(NotEnrolledError):
        read(tmp_path)


async def test_a_cloud_that_says_nothing_costs_nothing(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: Any) -> None:
        raise SilentError("nobody there")

    monkeypatch.setattr(cloud, "ask", silent)
    with pytest.raises(NotEnrolled, match="did not answer") as told:
        await enrol_by_claim(CLAIM, tmp_path)
    assert told.value.again


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"\xff", b"[" * 100_000])
def test_a_claim_that_cannot_be_read_says_so(text: bytes) -> None:
    with pytest.raises(NotEnrolled, match="cannot be read"):
        read_claim(text)


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
async def test_a_power_cut_at_any_step_leaves_a_board_that_is_the_bank_or_may_go_on(
    cloud: Cloud, tmp_path: Path, before: bool
) -> None:
    with power_cut(-1, before=True) as steps:
        await enrol_by_claim(CLAIM, tmp_path / "whole")
    assert len(steps) > 6
    for at in range(len(steps)):
        root = tmp_path / str(at)
        with power_cut(at, before=before), pytest.raises(PowerCutError):
            await enrol_by_claim(CLAIM, root)
        made = root / "next" / "key.pem"
        key = made.read_bytes() if made.exists() else None
        who = await enrol_by_claim(CLAIM, root)
        assert fits(who.key.read_bytes(), who.cert.read_text())
        assert not (root / "next").exists()
        assert len([each for each in root.iterdir() if each.is_dir() and not each.is_symlink()]) == 1
        assert key is None or who.key.read_bytes() == key, "the claim is bound to the key that asked first"


async def test_a_claim_that_was_carried_out_is_not_carried_out_again(cloud: Cloud, tmp_path: Path) -> None:
    who = await enrol_by_claim(CLAIM, tmp_path)
    assert await enrol_by_claim(CLAIM, tmp_path) == who
    assert len(cloud.let_in) == 1


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
async def test_a_bank_that_is_enrolled_anew_is_the_old_one_or_the_new_one(
    cloud: Cloud, tmp_path: Path, before: bool
) -> None:
    other = msgspec.structs.replace(CLAIM, token="u" * 43)
    await enrol_by_claim(CLAIM, tmp_path / "whole")
    with power_cut(-1, before=True) as steps:
        await enrol_by_claim(other, tmp_path / "whole")
    for at in range(len(steps)):
        root = tmp_path / str(at)
        await enrol_by_claim(CLAIM, root)
        with power_cut(at, before=before), pytest.raises(PowerCutError):
            await enrol_by_claim(other, root)
        who = read(root)
        assert fits(who.key.read_bytes(), who.cert.read_text())
        assert identity.certificate_id(who.cert.read_text()) in cloud.let_in
