"""``waymark catalogue``: what there is to take along, as DCAT."""

from __future__ import annotations

import click

from waymark.cli.printing import base_option, linked_form_option
from waymark.exchange import dcat
from waymark.exchange.linked_data import Base, LinkedForm, written
from waymark.exchange.shipped import shipped_readings, shipped_releases
from waymark.indicators.series import load_series


@click.command()
@base_option
@linked_form_option
def catalogue(base: str, form: str) -> None:
    """Write the catalogue of a site's figures, money, concepts and register, as DCAT 3.

    \b
    Examples:
      waymark catalogue --base https://waymark.example.org/
      waymark catalogue --base https://waymark.example.org/ --format json-ld > catalogue.jsonld
    """
    things = dcat.catalogue(shipped_releases(), shipped_readings(), load_series(), Base(base))
    click.echo(written(things, LinkedForm(form)), nl=False)
