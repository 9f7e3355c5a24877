"""The ``waymark`` command."""

from __future__ import annotations

import errno
import os
import sys
from importlib.metadata import entry_points

import click

from waymark.cli.groups import Named, NamedCommands
from waymark.exceptions import WaymarkError

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)  # no room, or a broken disk
COMMANDS = {
    "capacity": Named("waymark.cli.capacity:capacity", "Needs for capacity, and offers of it."),
    "catalogue": Named("waymark.cli.catalogue:catalogue", "List what a site offers, as DCAT."),
    "compact": Named("waymark.cli.compact:compact", "What was promised, and who accepted it."),
    "coverage": Named("waymark.cli.coverage:coverage", "Where a place or a group stands."),
    "finance": Named("waymark.cli.finance:finance", "Money: reported, secured, spent, missing."),
    "firewall": Named(
        "waymark.cli.firewall:firewall", "Keep services apart from immigration enforcement."
    ),
    "iati": Named(  # a module that adds the last of its commands
        "waymark.cli.iati_register:iati", "Read, write and check IATI activities (2.03)."
    ),
    "import": Named("waymark.cli.imports:imports", "Take in what other programs export."),
    "indicators": Named("waymark.cli.indicators:indicators", "How change is measured."),
    "pledges": Named("waymark.cli.pledges:pledges", "Bring a list of pledges by a mapping."),
    "review": Named("waymark.cli.review:review", "Review a place for a forum."),
    "serve": Named("waymark.cli.review:serve", "Show the site on this machine."),
}


@click.group(
    cls=NamedCommands, named=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
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
    except OSError as error:
        _tell_of(error)
        sys.exit(1)


def _tell_of(error: OSError) -> None:
    """Say what the system refused; most often the disk is full to which the output goes."""
    said = error.strerror or str(error)
    told = f"{error.filename or 'the system refuses'}: {said}. Mend it, and try again."
    if error.errno in FULL:
        told = f"the output cannot be written: {said}. Make room, or name another place."
    click.echo(f"waymark: {told}", err=True)
    if sys.stdout is not None:  # what waits to be written is not tried again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
