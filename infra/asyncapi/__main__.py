"""Writes docs/asyncapi.yaml and docs/mqtt-reference.md anew from the types of the wire: `make docs`."""

from infra.asyncapi.document import as_text, document
from infra.asyncapi.page import page
from infra.cli.paths import ROOT


def main() -> None:
    """Write both."""
    whole = document()
    (ROOT / "docs" / "asyncapi.yaml").write_text(as_text(whole), encoding="utf-8")
    (ROOT / "docs" / "mqtt-reference.md").write_text(page(whole), encoding="utf-8")


if __name__ == "__main__":
    main()
