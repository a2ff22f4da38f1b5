"""Writes docs/openapi.json anew from the API's own routes and types: `make docs`."""

import json
import sys
from pathlib import Path
from runpy import run_path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "functions" / "api"
TARGET = ROOT / "docs" / "openapi.json"


def text() -> str:
    """Return the document as it is kept in docs/."""
    if str(SOURCE) not in sys.path:
        sys.path.insert(0, str(SOURCE))
    from chalicelib.web.openapi import document
    from chalicelib.web.routes import routes_of

    app = run_path(str(SOURCE / "app.py"))["app"]
    return json.dumps(document(routes_of(app)), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
