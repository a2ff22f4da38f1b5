"""All templates as CloudFormation gets them, the apps' packaged; as a program, prints where they are (`make lint`)."""

from pathlib import Path

from infra.cli.apps import APPS, package
from infra.cli.paths import TEMPLATES

OWN = ("foundation", "access", "layers", "alarms")


def templates() -> dict[str, Path]:
    """Return every stack's template by the stack's name, packaging the apps that changed.

    Raises:
        PackagingError: when an app cannot be packaged.
    """
    own = {name: TEMPLATES / f"{name}.yaml" for name in OWN}
    return own | {app: package(app).template for app in APPS}


if __name__ == "__main__":
    print(*templates().values(), sep="\n")  # noqa: T201 - for linters: nothing but the paths
