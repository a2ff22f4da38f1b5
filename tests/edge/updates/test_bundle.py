"""A bundle is fetched within bounds, is the one that was signed, and holds wheels and their list alone."""

import hashlib
import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from edge.updates import bundle as bundles
from edge.updates.bundle import LEFT_BYTES, REQUIREMENTS, BundleError, fetch, install, unpack
from edge.updates.manifest import Manifest
from infra.cli import releases
from tests.edge.updates.releases import BUNDLE, WHEEL, bundle
from tests.edge.updates.wheels import wheel


def release(content: bytes = BUNDLE) -> Manifest:
    return Manifest(version="1.1", sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))


class Shelf(BaseHTTPRequestHandler):
    """Serves `/bundle`, something longer at `/more`, half at `/half`, and sends on from `/elsewhere`."""

    def do_GET(self) -> None:
        body = {"/bundle": BUNDLE, "/more": BUNDLE * 3, "/half": BUNDLE[: len(BUNDLE) // 2]}.get(self.path)
        self.send_response(302 if self.path == "/elsewhere" else 404 if body is None else 200)
        if self.path == "/elsewhere":
            self.send_header("Location", "/bundle")
        self.end_headers()
        if body is not None:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def shelf() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Shelf)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_bundle_that_was_signed_is_fetched(shelf: str, tmp_path: Path) -> None:
    assert fetch(f"{shelf}/bundle", tmp_path / "b", release()).read_bytes() == BUNDLE


@pytest.mark.parametrize(
    ("path", "why"),
    [("/more", "larger"), ("/half", "not the one"), ("/none", "404"), ("/elsewhere", "fetched")],
)
def test_anything_else_is_not_kept(shelf: str, tmp_path: Path, path: str, why: str) -> None:
    with pytest.raises(BundleError, match=why):
        fetch(f"{shelf}{path}", tmp_path / "b", release())
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    "url", ["http://example.com/b", "file:///etc/passwd", "ftp://127.0.0.1/b", "b", "http://127.0.0.1.example.com/b"]
)
def test_a_bundle_comes_by_https_alone(tmp_path: Path, url: str) -> None:
    with pytest.raises(BundleError, match="https only"):
        fetch(url, tmp_path / "b", release())


def put(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "bundle.tar"
    path.write_bytes(content)
    return path


def test_wheels_and_their_list_are_unpacked(tmp_path: Path) -> None:
    files = unpack(put(tmp_path, BUNDLE), tmp_path / "files")
    assert {each.name for each in files.iterdir()} == {"requirements.txt", "edge-1.0-py3-none-any.whl"}
    assert (files / "edge-1.0-py3-none-any.whl").read_bytes() == WHEEL


@pytest.mark.parametrize("name", ["../x.whl", "/etc/x.whl", "a/b.whl", "x.sh", ".whl", "setup.py", "x.tar.gz"])
def test_nothing_else_is_unpacked(tmp_path: Path, name: str) -> None:
    with pytest.raises(BundleError, match="must not"):
        unpack(put(tmp_path, bundle({"requirements.txt": b"", name: b"x"})), tmp_path / "files")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_links_devices_and_folders_are_not_unpacked(tmp_path: Path, kind: bytes) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        member = tarfile.TarInfo("x.whl")
        member.type, member.linkname = kind, "/etc/passwd"
        tar.addfile(member)
    with pytest.raises(BundleError, match="must not"):
        unpack(put(tmp_path, packed.getvalue()), tmp_path / "files")


@pytest.mark.parametrize(
    "content", [b"", b"no tar", bundle({"a.whl": b"x"}), bundle({f"{n}.whl": b"" for n in range(201)})]
)
def test_what_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BundleError):
        unpack(put(tmp_path, content), tmp_path / "files")


def test_what_does_not_install_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(bundles, "_run", lambda command: ran.append([str(each) for each in command]))
    install(tmp_path / "files", tmp_path / "b")
    made, installed, tried = ran
    assert made[1:4] == ["-m", "venv", "--clear"]
    assert {"--no-index", "--require-hashes", "--no-deps"} <= set(installed)
    assert tried[-1] == "import edge"
    monkeypatch.undo()
    with pytest.raises(BundleError, match="boom"):
        bundles._run(["sh", "-c", "echo boom >&2; exit 3"])
    with pytest.raises(BundleError, match="failed"):
        bundles._run([tmp_path / "nothing here"])


@pytest.mark.parametrize(
    ("tag", "listed", "why"),
    [
        ("py3-none-any", None, None),
        ("cp39-cp39-win_amd64", None, "No matching distribution"),
        ("py3-none-any", f"toolcrib==1.1 --hash=sha256:{'0' * 64}\n", "DO NOT MATCH THE HASHES"),
        ("py3-none-any", "toolcrib==1.1\n", "hash"),
        ("py3-none-any", f"requests==2.0 --hash=sha256:{'0' * 64}\n", "No matching distribution"),
    ],
    ids=["whole", "another platform", "another digest", "no digest", "not in the bundle"],
)
def test_a_slot_is_made_of_what_is_in_the_bundle_and_fits_this_board(
    tmp_path: Path, tag: str, listed: str | None, why: str | None
) -> None:
    wheel(
        tmp_path / "wheels", "toolcrib", "1.1", {"edge/__init__.py": b"", "edge/cli/main.py": b"app = print"}, tag=tag
    )
    files = {REQUIREMENTS: listed.encode()} if listed else {}
    with tarfile.open(fileobj=io.BytesIO(releases.packed(tmp_path / "wheels"))) as tar:
        held = {each.name: tar.extractfile(each).read() for each in tar} | files
    unpacked = unpack(put(tmp_path, bundle(held)), tmp_path / "files")
    if why is None:
        install(unpacked, tmp_path / "b")
        ran = subprocess.run([tmp_path / "b" / "bin" / "toolcrib-bank"], check=False)
        assert ran.returncode == 0
        return
    with pytest.raises(BundleError, match=why):
        install(unpacked, tmp_path / "b")


def test_a_bundle_that_would_leave_the_journal_no_room_is_not_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(2**30, 2**30, LEFT_BYTES))
    with pytest.raises(BundleError, match="128 MB of room on the disk, and 128 MB are free"):
        fetch("http://127.0.0.1:9/b", tmp_path / "b", release())


def test_a_bundle_that_dribbles_is_not_waited_for(shelf: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "FETCH_WITHIN_S", -1.0)
    with pytest.raises(BundleError, match="did not come within"):
        fetch(f"{shelf}/bundle", tmp_path / "b", release())
    assert not (tmp_path / "b").exists()
