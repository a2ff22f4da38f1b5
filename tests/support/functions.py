"""Loads the Chalice apps by folder: each is a module called `app` in its own zip, so in one process they need names."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from typing import Any


@cache
def function(name: str) -> Any:
    """Return the app module of `functions/{name}`."""
    folder = Path("functions", name).resolve()
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location(f"{name}_app", folder / "app.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
