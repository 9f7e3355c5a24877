"""The ``waymark`` command."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points

import click

from waymark.cli import iati_register  # noqa: F401 - a command of the group beneath
from waymark.cli.catalogue import catalogue
from waymark.cli.compact import compact
from waymark.cli.coverage import coverage
from waymark.cli.finance import finance
from waymark.cli.firewall import firewall
from waymark.cli.iati import iati
from waymark.cli.imports import imports
from waymark.cli.indicators import indicators
from waymark.cli.pledges import pledges
from waymark.cli.review import review, serve
from waymark.exceptions import WaymarkError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="waymark", message="Waymark %(version)s")
def waymark() -> None:
    """Follow up and review the Global Compact for Migration.

    \b
    Start here:
      waymark review --place KEN            the review of Kenya for the next forum
      waymark compact show gcm:15.b         one promise, whom it serves, what it rests on
      waymark indicators show SM_POP_REFG_OR --place SYR
      waymark coverage --place HUN          the ladder: where each objective stands
      waymark serve                         the same as a site, on this machine
      waymark register --help               keep the register of who does what, by when
    """


for command in (
    review,
    serve,
    compact,
    indicators,
    coverage,
    firewall,
    catalogue,
    iati,
    finance,
    pledges,
    imports,
):
    waymark.add_command(command)
for found in sorted(entry_points(group="waymark.commands")):
    waymark.add_command(found.load())  # those of the site, which the library does not know


def main() -> None:
    """Run the command; what can go wrong is said in a line, with its remedy."""
    try:
        waymark(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except WaymarkError as error:
        click.echo(f"waymark: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
