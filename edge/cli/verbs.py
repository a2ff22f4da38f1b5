"""A command as a table of verbs, each loaded only when it is used or listed; `toolcrib` and `toolcrib-bank` are two."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup


class Verbs(TyperGroup):
    """The verbs of `table`, by name and `module:function`; a command is a subclass that says what it refuses with.

    Its signatures are loose because Typer carries a click of its own, which it does not export.
    """

    table: ClassVar[Mapping[str, str]] = {}

    def list_commands(self, _: Any) -> list[str]:
        """Return the verbs in the order of the table."""
        return list(self.table)

    def get_command(self, _: Any, cmd_name: str) -> Any:
        """Return one verb, None for a word that is none."""
        if cmd_name not in self.table:
            return None
        module, _, name = self.table[cmd_name].partition(":")
        found = getattr(import_module(module), name)
        if not isinstance(found, typer.Typer):
            single = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
            single.command()(found)
            found = single
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command


def command(group: type[Verbs]) -> typer.Typer:
    """Return the command of a table: no tracebacks in colours, help when nothing is asked."""
    return typer.Typer(cls=group, pretty_exceptions_enable=False, no_args_is_help=True, add_completion=False)
