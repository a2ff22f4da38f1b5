"""Reads a CloudFormation template as plain data; what `!Ref` and its kin would give stays as they name it."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags."""


def _short(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return {tag: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {tag: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {tag: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _short)


@cache
def template(path: str) -> Any:
    """Return a template of this repository."""
    return yaml.load(Path(path).read_text(), _Loader)  # noqa: S506 - a subclass of SafeLoader
