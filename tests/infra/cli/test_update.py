"""Releases as a publisher makes them, and as a bank reads them."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from edge.updates.bundle import unpack
from edge.updates.jobs import KIND, Job
from edge.updates.manifest import release_key, verified
from infra.cli import releases


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name in ("toolcrib-1.1.0-py3-none-any.whl", "pymodbus_extra-3.0-py3-none-any.whl"):
        with zipfile.ZipFile(folder / name, "w") as wheel:
            wheel.writestr("x", name)
    return folder


def test_a_release_is_made_signed_and_read_by_a_board(
    toolcrib: Callable[..., Any], wheels: Path, tmp_path: Path
) -> None:
    key = tmp_path / "publisher.pem"
    assert toolcrib("update", "key", str(key)).exit_code == 0
    assert key.stat().st_mode & 0o077 == 0
    made = toolcrib(
        *("update", "pack", str(wheels), "--version", "1.1.0", "--key", str(key), "--least", "1.0"),
        *("--into", str(tmp_path / "out")),
    )
    assert made.exit_code == 0, made.output
    kid, public = release_key(tmp_path / "publisher.pub")
    manifest = verified((tmp_path / "out" / "toolcrib-bank-1.1.0.jws").read_text(), {kid: public})
    assert (manifest.version, manifest.least, manifest.forced) == ("1.1.0", "1.0", False)
    bundle = tmp_path / "out" / "toolcrib-bank-1.1.0.tar"
    assert manifest.bytes == bundle.stat().st_size
    files = unpack(bundle, tmp_path / "files")
    listed = (files / "requirements.txt").read_text().splitlines()
    assert [line.split(" --hash=sha256:")[0] for line in listed] == ["pymodbus-extra==3.0", "toolcrib==1.1.0"]
    assert releases.packed(wheels) == bundle.read_bytes(), "the same wheels make the same bundle"


@pytest.mark.parametrize("version", ["1", "1.x", "v1.0", "1.0-beta", ""])
def test_a_version_no_bank_would_take_is_not_signed(
    toolcrib: Callable[..., Any], wheels: Path, tmp_path: Path, version: str
) -> None:
    key = tmp_path / "publisher.pem"
    releases.new_key(key)
    refused = toolcrib("update", "pack", str(wheels), "--version", version, "--key", str(key), "--into", str(tmp_path))
    assert (refused.exit_code, "versions as numbers" in refused.output) == (1, True)


def test_a_key_is_not_replaced_by_accident(toolcrib: Callable[..., Any], tmp_path: Path) -> None:
    releases.new_key(tmp_path / "publisher.pem")
    before = (tmp_path / "publisher.pem").read_bytes()
    assert toolcrib("update", "key", str(tmp_path / "publisher.pem")).exit_code == 1
    assert (tmp_path / "publisher.pem").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"no key"])
def test_what_is_no_key_signs_nothing(wheels: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "k.pem").write_bytes(content)
    with pytest.raises(releases.ReleaseError, match="no private key"):
        releases.signed(b"x", tmp_path / "k.pem", version="1.0", least="0.0", forced=False)


def test_a_folder_without_wheels_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(releases.ReleaseError, match="no wheels"):
        releases.packed(tmp_path)


def test_a_job_begins_slowly_and_stops_where_banks_fail() -> None:
    asked = releases.job("j", ["arn"], manifest="m", url="https://x", version="1.1", a_minute=2)
    (stop,) = asked["abortConfig"]["criteriaList"]
    assert (stop["action"], stop["thresholdPercentage"], stop["minNumberOfExecutedThings"]) == ("CANCEL", 20.0, 2)
    assert asked["jobExecutionsRolloutConfig"]["exponentialRate"]["baseRatePerMinute"] == 2
    order = Job(job_id="j", job_document=json.loads(asked["document"])).order
    assert order is not None
    assert (order.kind, order.manifest, order.url) == (KIND, "m", "https://x")


def test_iot_core_takes_the_job() -> None:
    with mock_aws():
        iot = boto3.client("iot", region_name="us-east-1")
        arn = iot.create_thing(thingName="acme:hq-01")["thingArn"]
        iot.create_job(**releases.job("j", [arn], manifest="m", url="https://x", version="1.1", a_minute=1))
        assert iot.describe_job(jobId="j")["job"]["targets"] == [arn]


STATES = {"hq-01": "SUCCEEDED", "hq-02": "FAILED", "hq-03": "REJECTED"}
TOLD = {"acme:hq-02": {"detailsMap": {"why": "no such wheel"}}, "acme:hq-03": {}}


class Iot:
    """Three banks with one job, as IoT Core tells of them."""

    def get_paginator(self, name: str) -> "Iot":
        assert name == "list_job_executions_for_job"
        return self

    def paginate(self, **asked: str) -> list[dict[str, Any]]:
        assert asked == {"jobId": "v1-1"}
        arn = "arn:aws:iot:eu-central-1:1:thing/acme"
        summaries = [
            {"thingArn": f"{arn}:{bank}", "jobExecutionSummary": {"status": state}} for bank, state in STATES.items()
        ]
        return [{"executionSummaries": summaries}]

    def describe_job_execution(self, **asked: str) -> dict[str, Any]:
        assert asked["jobId"] == "v1-1"
        return {"execution": {"statusDetails": TOLD[asked["thingName"]]}}


def test_who_looks_at_a_job_sees_why_a_bank_failed(
    toolcrib: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    of = SimpleNamespace(target=SimpleNamespace(client=lambda _: Iot()))
    monkeypatch.setattr("infra.cli.verbs.update.deployment", lambda _: of)
    lines = [line for line in toolcrib("update", "show", "v1-1").output.splitlines() if "hq-" in line]
    assert [line.split()[1:4:2] for line in lines] == [[bank, state] for bank, state in STATES.items()]
    assert ["no such wheel" in line for line in lines] == [False, True, False]
