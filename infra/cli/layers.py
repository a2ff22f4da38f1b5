"""Builds the two layers: our code as it stands, and the hash-locked packages it needs."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from infra.catalogues.compiling import compile_catalogues
from infra.cli.building import one_at_a_time
from infra.cli.paths import CACHE, REQUIREMENTS, ROOT, digest_of
from infra.cli.zips import zip_folder

LAMBDA_PLATFORM = "x86_64-manylinux2014"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
RUNTIME = f"python{PYTHON}"  # what `chalice package` takes too: the Python that runs it

# botocore describes every AWS service (over 20 MB); the functions call these. A missing one says so on first use.
SERVICES = {
    "dynamodb",
    "iot",
    "iot-data",
    "lambda",
    "s3",
    "scheduler",
    "secretsmanager",
    "ses",
    "sesv2",
    "sns",
    "sqs",
    "sts",
}


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """A zip and the name that tells its content."""

    path: Path
    key: str


COMMANDS_ONLY: Final = tuple(
    f"python/toolcrib/{each}"
    for each in (
        *("domain/cross_checking.py", "domain/rebuilding", "domain/verifying.py"),
        *("flows/rebuild", "flows/verify_ledger.py", "store/copying.py", "store/ledger_rows.py"),
    )
)
"""What `toolcrib verify` and `toolcrib rebuild` use and no function does: it runs from the checkout."""


def core_layer() -> Artifact:
    """Return the zip of layers/core, message catalogues compiled, made anew when a file in it changed."""
    compile_catalogues()
    folder = ROOT / "layers" / "core"
    key = f"layers/core-{digest_of(folder, Path(__file__))}.zip"
    path = CACHE / key
    with one_at_a_time("core"):
        return Artifact(path=path if path.exists() else zip_folder(folder, path, COMMANDS_ONLY), key=key)


def deps_layer(platform: str | None = LAMBDA_PLATFORM) -> Artifact:
    """Return the zip of requirements/deps.txt for `platform` (None: this machine), made anew when the list changed."""
    made_from = digest_of(REQUIREMENTS / "deps.txt", Path(__file__))
    key = f"layers/deps-{made_from}-{PYTHON}-{platform or 'here'}.zip"
    path = CACHE / key
    with one_at_a_time("deps"):
        if not path.exists():
            folder = path.with_suffix("")
            shutil.rmtree(folder, ignore_errors=True)
            _install(folder / "python", platform)
            _trim(folder / "python")
            zip_folder(folder, path)
    return Artifact(path=path, key=key)


def _install(target: Path, platform: str | None) -> None:
    subprocess.run(
        [
            *(uv(), "pip", "install", "--quiet", "--cache-dir", CACHE / "uv", "--python", sys.executable),
            *("--python-version", PYTHON, "--target", target, "--link-mode", "copy"),
            *(["--python-platform", platform] if platform else []),
            *("--require-hashes", "--only-binary", ":all:", "--no-deps"),
            *("--requirement", REQUIREMENTS / "deps.txt"),
        ],
        check=True,
    )


def _trim(site: Path) -> None:
    for service in (site / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)


def uv() -> Path:
    """Return the installer of this environment."""
    return Path(sys.executable).with_name("uv")
