"""Reads CloudFormation templates: quickly (libyaml), and with functions like `!Ref` as ordinary values."""

from typing import Any

import yaml


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml may be missing
    """A loader that knows every tag."""


def _function(loader: Any, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {name: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _function)


def read_template(text: str) -> dict[str, Any]:
    """Return a template as plain values; `!Ref X` becomes `{"Ref": "X"}`."""
    found: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader underneath
    return found
