"""The product's source, read and not run: which function calls which, and where AWS is called."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LAYER = Path("layers/core/python/toolcrib")
FUNCTIONS = Path("functions")
TABLE_METHODS = frozenset({"get", "query", "scan", "batch_get", "count", "save", "update", "delete"})
SIGNED_HERE = frozenset({"generate_presigned_post", "generate_presigned_url"})
NO_CALLS = frozenset({"get_paginator", "exceptions", "add_meta_table", *SIGNED_HERE})


@dataclass
class Function:
    """`calls` and `mentions` are of other functions of the product; `aws` are the lines on which AWS is called.

    What `generates` is carried out by whoever takes from it.
    """

    name: str
    calls: set[str] = field(default_factory=set)
    mentions: set[str] = field(default_factory=set)
    aws: list[int] = field(default_factory=list)
    generates: bool = False


@cache
def functions() -> Mapping[str, Function]:
    """Return every function of the product as `file:function`; `file:` stands for what a module does by itself."""
    found: dict[str, Function] = {}
    for path in (*LAYER.rglob("*.py"), *FUNCTIONS.rglob("*.py")):
        for function in _Module(path).functions():
            found[function.name] = function
    for function in found.values():
        function.calls &= found.keys()
        function.mentions = {
            name for each in function.mentions for name in found if name == each or _method(name, each)
        }
    return found


def _method(name: str, of: str) -> bool:
    return not of.endswith(":") and name.startswith(f"{of}.")


class _Module:
    def __init__(self, path: Path) -> None:
        self.label = str(path.relative_to(LAYER) if path.is_relative_to(LAYER) else path)
        self.tree = ast.parse(path.read_text())
        self.names: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                self._import(node.module, node.names)
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                self.names[node.name] = f"{self.label}:{node.name}"

    def _import(self, module: str, names: list[ast.alias]) -> None:
        for each in names:
            whole, part = _file(f"{module}.{each.name}"), _file(module)
            if whole is not None:
                self.names[each.asname or each.name] = f"{whole}:"
            elif part is not None:
                self.names[each.asname or each.name] = f"{part}:{each.name}"

    def functions(self) -> Iterator[Function]:
        yield self._function(f"{self.label}:", self._loose(), self.tree)
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef):
                yield self._function(f"{self.label}:{node.name}", [node], node)
            for method in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(method, ast.FunctionDef):
                    yield self._function(f"{self.label}:{node.name}.{method.name}", [method], method)

    def _loose(self) -> list[ast.AST]:
        return [node for node in self.tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]

    def _function(self, name: str, nodes: list[ast.AST], scope: ast.AST) -> Function:
        function = Function(name)
        tables = set(_tables_named_in(scope))
        for node in (each for top in nodes for each in ast.walk(top)):
            if isinstance(node, ast.Name | ast.Attribute) and (mentioned := self._resolved(node)):
                function.mentions.add(mentioned)
            function.generates |= isinstance(node, ast.Yield | ast.YieldFrom)
            if isinstance(node, ast.Call):
                if called := self._resolved(node.func):
                    function.calls.add(called)
                if calls_aws(node, tables):
                    function.aws.append(node.lineno)
        return function

    def _resolved(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return self.names.get(node.id)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = self.names.get(node.value.id, "")
            return f"{module}{node.attr}" if module.endswith(":") else None
        return None


def calls_aws(node: ast.Call, tables: set[str]) -> bool:
    """Whether an expression asks AWS for something: a model, the store's connection, a transaction, or a client."""
    func = node.func
    if isinstance(func, ast.Name):
        return func.id == "TransactWrite"
    if not isinstance(func, ast.Attribute) or func.attr in NO_CALLS:
        return False
    root = _root(func.value)
    if root == "super":
        return func.attr == "_commit"
    if root in {"client", "connection"}:
        return True
    return (func.attr in TABLE_METHODS and _is_table(root)) or (root in tables and _is_call_of(func.attr, root, tables))


def _is_call_of(attribute: str, root: str, tables: set[str]) -> bool:
    return attribute in TABLE_METHODS or f"client {root}" in tables


def _is_table(root: str) -> bool:
    return root.endswith(("Item", "_item"))


def _root(node: ast.expr) -> str:
    """Return the name that an expression begins with: `client` of `client("s3").get_paginator(...)`."""
    while not isinstance(node, ast.Name):
        inner = getattr(node, "func", None) or getattr(node, "value", None) or getattr(node, "body", None)
        if inner is None:
            return ""
        node = inner
    return node.id


def _tables_named_in(scope: ast.AST) -> Iterator[str]:
    """Yield the local names of models, items and clients; those of clients also as `client NAME`."""
    for node in ast.walk(scope):
        if isinstance(node, ast.arg) and node.annotation is not None and _root(node.annotation) == "type":
            yield node.arg
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(target, ast.Name) and node.value is not None:
            root = _root(node.value)
            if root == "client":
                yield f"client {target.id}"
            if root == "client" or _is_table(root):
                yield target.id


def _file(module: str) -> str | None:
    """Return the label of a module of the product."""
    parts = module.split(".")
    for root, head in ((LAYER, "toolcrib"), *((app / "chalicelib", "chalicelib") for app in FUNCTIONS.iterdir())):
        path = root.joinpath(*parts[1:]).with_suffix(".py") if len(parts) > 1 else None
        if parts[0] == head and path is not None and path.exists():
            return str(path.relative_to(LAYER) if head == "toolcrib" else path)
    return None
