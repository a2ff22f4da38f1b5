"""Packages the Chalice apps: each one's zip and its template, merged with infra/apps/<app>.yaml."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.catalogues.compiling import compile_catalogues
from infra.cli.building import one_at_a_time
from infra.cli.environment import inherited
from infra.cli.errors import DeployError
from infra.cli.layers import PYTHON, Artifact
from infra.cli.paths import CACHE, REQUIREMENTS, ROOT, TEMPLATES, digest_of
from infra.cli.reading import read_template

APPS = ("api", "devices", "schedules", "notices")
STAGE = "api"


@dataclass(frozen=True, kw_only=True)
class Package:
    """What a deployment of one app consists of."""

    app: str
    code: Artifact
    template: Path


class PackagingError(DeployError):
    """`chalice package` failed; carries what it said."""


def package(app: str) -> Package:
    """Return the package of one app, made anew when its folder, its template or a locked version changed.

    Raises:
        PackagingError: when Chalice cannot import or package the app; the text is Chalice's own.
    """
    compile_catalogues()
    source, merged = ROOT / "functions" / app, TEMPLATES / "apps" / f"{app}.yaml"
    name = f"{digest_of(source, merged, REQUIREMENTS / 'dev.txt')}-{PYTHON}"
    made = CACHE / "apps" / app / name
    with one_at_a_time(app):
        if not (made / "sam.yaml").exists():
            shutil.rmtree(made.parent, ignore_errors=True)
            _run_chalice(source, merged, made)
    code = Artifact(path=made / "deployment.zip", key=f"apps/{app}-{name}.zip")
    return Package(app=app, code=code, template=made / "sam.yaml")


def _run_chalice(source: Path, merged: Path, made: Path) -> None:
    half = made.with_name(f"{made.name}.half")
    run = subprocess.run(
        [
            *(Path(sys.executable).with_name("chalice"), "--project-dir", source, "package"),
            *("--stage", STAGE, "--merge-template", merged, half),
        ],
        env={**inherited(), "AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise PackagingError(f"functions/{source.name} cannot be packaged:\n{run.stdout}{run.stderr}")
    _check(half / "sam.yaml", merged)
    half.rename(made)


def _check(template: Path, merged: Path) -> None:
    resources = read_template(template.read_text())["Resources"]
    unknown = sorted(name for name, resource in resources.items() if "Type" not in resource)
    if unknown:
        raise PackagingError(f"{merged.name} configures what app.py does not declare: {', '.join(unknown)}")
