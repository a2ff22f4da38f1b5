"""A program for a bare interpreter (`-I -S`): nothing is on the path but a function's zip and the two layers.

Arguments: the three folders, then what to prove: `imports` (everything any of our files imports, late ones too), or
the name of a handler to call with the event on stdin. Prints the answer, or the chain of errors, as JSON.
"""

import ast
import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace

app, core, deps, what = sys.argv[1:]
sys.path[:0] = [app, core, deps]


def imported(file: Path) -> set[str]:
    """Return the modules a file imports, at its top or anywhere in it; `from x import y` may mean module x.y."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def everything() -> list[str]:
    """Import all there is to import, and return what of it came from elsewhere than these folders and Python."""
    ours = [*Path(core, "toolcrib").rglob("*.py"), *Path(app).glob("*.py"), *Path(app, "chalicelib").rglob("*.py")]
    for name in sorted(set().union(*map(imported, ours))):
        importlib.import_module(name)
    places = (app, core, deps, sys.base_prefix, "<frozen")
    origins = {name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())}
    return sorted(
        name for name, file in origins.items() if file not in {None, __file__} and not file.startswith(places)
    )


def call(handler: str) -> object:
    """Call a handler with the event on stdin."""
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 10_000, function_name=handler, aws_request_id="1")
    context.invoked_function_arn, context.memory_limit_in_mb = "arn:aws:lambda:us-east-1:1:function:f", 1024
    return getattr(importlib.import_module("app"), handler)(json.load(sys.stdin), context)


def chain(error: BaseException | None) -> list[str]:
    """Return the kinds of an error and of its causes."""
    return [] if error is None else [type(error).__name__, *chain(error.__cause__ or error.__context__)]


try:
    answer = everything() if what == "imports" else call(what)
    print(json.dumps({"answer": answer}))  # noqa: T201
except BaseException as error:  # noqa: BLE001 - told to the test
    print(json.dumps({"errors": chain(error), "text": str(error)}))  # noqa: T201
