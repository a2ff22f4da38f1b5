"""Writes docs/openapi.json anew from the API's own routes and types: `make docs`."""

import json
import sys
from pathlib import Path
from runpy import run_path
from typing import Any

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "functions" / "api"
TARGET = ROOT / "docs" / "openapi.json"


def as_text(document: dict[str, Any]) -> str:
    """Return a document as it is kept in docs/."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the document."""
    sys.path.insert(0, str(SOURCE))  # where Chalice puts the app's own modules
    from chalicelib.web.openapi import document
    from chalicelib.web.routes import routes_of

    app = run_path(str(SOURCE / "app.py"))["app"]
    TARGET.write_text(as_text(document(routes_of(app))), encoding="utf-8")


if __name__ == "__main__":
    main()
