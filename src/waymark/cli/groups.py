"""Groups of commands that list themselves at once, and load a command when it is asked for.

Some commands rest on large libraries. Nobody who asks for help, or for another command, waits
for those.
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any, NamedTuple

import click


class Named(NamedTuple):
    """A command by its place, as in ``waymark.cli.review:serve``, and its line in the list."""

    place: str
    line: str


class Commands(UserDict[str, Any]):
    """Commands by their names: each is loaded when it is first taken."""

    def __getitem__(self, name: str) -> Any:
        found = self.data[name]
        if isinstance(found, Named):
            found = self.data[name] = resolve_name(found.place)
        return found


class NamedCommands(click.Group):
    """A group that loads none of its commands to list them.

    A command that is added in the usual way stands among them.
    """

    def __init__(
        self, name: str | None = None, *, named: Mapping[str, Named], **kwargs: Any
    ) -> None:
        super().__init__(name, Commands(named), **kwargs)
        self.lines = {name: each.line for name, each in named.items()}

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list, from the lines where there are such."""
        names = self.list_commands(ctx)
        limit = formatter.width - 6 - max(map(len, names), default=0)
        lines = [
            self.lines.get(name) or self.commands[name].get_short_help_str(limit) for name in names
        ]
        with formatter.section("Commands"):
            formatter.write_dl(list(zip(names, lines, strict=True)))
