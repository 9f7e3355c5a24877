"""Where commands keep a register: a folder that is read whole, and written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from waymark.compact.framework import Framework
from waymark.exceptions import WaymarkError
from waymark.exchange.register_package import package_files, read_package
from waymark.plans.forums import Forum
from waymark.plans.register import Register

into_option = click.option(
    "--into",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder of a register package: made, or added to where it is one.",
)


def standing(
    into: Path,
    otherwise: Path,
    framework: Framework,
    forums: Mapping[str, Forum],
    series: Mapping[str, object],
) -> Register:
    """The register in a folder; where the folder is new or empty, the ``otherwise`` one."""
    holds = into.is_dir() and any(into.glob("*.csv"))
    return read_package(into if holds else otherwise, framework, forums, series)


def keep(register: Register, folder: Path) -> None:
    """Write a package so that a reader never meets half of it in a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".new-") as beside:
            files = package_files(register)
            for name, content in files.items():
                (Path(beside) / name).write_text(content, encoding="utf-8", newline="")
            for name in files:
                (Path(beside) / name).replace(folder / name)
    except OSError as error:
        remedy = "Choose another folder."
        raise WaymarkError(f"{folder} cannot be written: {error.strerror}.", remedy) from None
