"""What is uploaded: the same content always under the same name, once; names that tell content."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.cli import paths
from infra.cli.artifacts import Artifacts
from infra.cli.layers import Artifact, core_layer
from infra.cli.paths import digest_of
from infra.cli.target import Target
from infra.cli.zips import zip_folder
from tests.support.tables import ENVIRONMENT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    made = tmp_path / "layer"
    (made / "python" / "pack" / "__pycache__").mkdir(parents=True)
    (made / "python" / "pack" / "code.py").write_text("x = 1\n")
    (made / "python" / "pack" / "__pycache__" / "code.pyc").write_bytes(b"made")
    return made


@pytest.fixture
def artifacts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Artifacts]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        made = Artifacts(Target(boto3.Session(region_name="eu-central-1")))
        made.prepare()
        yield made


def test_the_same_files_make_the_same_zip_whenever_they_were_written(folder: Path, tmp_path: Path) -> None:
    first = zip_folder(folder, tmp_path / "a.zip").read_bytes()
    (folder / "python" / "pack" / "code.py").touch()
    assert zip_folder(folder, tmp_path / "b.zip").read_bytes() == first
    assert zipfile.ZipFile(tmp_path / "a.zip").namelist() == ["python/pack/code.py"]


def test_a_digest_follows_names_and_contents_but_not_what_is_made_of_them(folder: Path) -> None:
    before = digest_of(folder)
    (folder / "python" / "pack" / "__pycache__" / "more.pyc").write_bytes(b"made")
    assert digest_of(folder) == before
    (folder / "python" / "pack" / "code.py").write_text("x = 2\n")
    changed = digest_of(folder)
    (folder / "python" / "pack" / "code.py").rename(folder / "python" / "pack" / "named.py")
    assert len({before, changed, digest_of(folder)}) == 3


def test_our_layer_holds_our_code_and_nothing_that_python_made() -> None:
    names = zipfile.ZipFile(core_layer().path).namelist()
    assert "python/toolcrib/domain/states.py" in names
    assert not [name for name in names if name.endswith(".pyc") or not name.startswith("python/toolcrib/")]


def test_the_bucket_is_nobodys_business(artifacts: Artifacts) -> None:
    s3 = artifacts.target.client("s3")
    closed = s3.get_public_access_block(Bucket=artifacts.bucket)["PublicAccessBlockConfiguration"]
    assert set(closed.values()) == {True}
    assert artifacts.bucket == "toolcrib-artifacts-123456789012-eu-central-1"
    artifacts.prepare()  # once more changes nothing


def test_what_is_there_is_not_sent_again(artifacts: Artifacts, tmp_path: Path) -> None:
    path = tmp_path / "code.zip"
    path.write_bytes(b"one")
    assert artifacts.upload(Artifact(path=path, key="apps/api-1.zip")) == "apps/api-1.zip"
    path.write_bytes(b"two")  # a key tells its content: this would be another key
    artifacts.upload(Artifact(path=path, key="apps/api-1.zip"))
    found = artifacts.target.client("s3").get_object(Bucket=artifacts.bucket, Key="apps/api-1.zip")
    assert found["Body"].read() == b"one"
    assert found["ServerSideEncryption"] == "AES256"


def test_a_refusal_other_than_not_there_is_not_taken_for_it(
    artifacts: Artifacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: str) -> None:
        raise ClientError({"Error": {"Code": "403"}}, "HeadObject")

    s3 = artifacts.target.client("s3")
    monkeypatch.setattr(s3, "head_object", refuse)
    monkeypatch.setattr(Target, "client", lambda *_: s3)
    with pytest.raises(ClientError, match="403"):
        artifacts.put("templates/x.yaml", b"x")
