"""``waymark catalogue``: what there is to take along, as DCAT."""

from __future__ import annotations

import click

from waymark.cli.printing import base_option, linked_form_option
from waymark.exchange import dcat
from waymark.exchange.linked_data import Base, LinkedForm, written
from waymark.indicators.releases import load_readings, load_releases
from waymark.indicators.series import load_series


@click.command()
@base_option
@linked_form_option
def catalogue(base: str, form: str) -> None:
    """Write the catalogue of a site's figures, concepts and register, as DCAT 3.

    \b
    Examples:
      waymark catalogue --base https://waymark.example.org/
      waymark catalogue --base https://waymark.example.org/ --format json-ld > catalogue.jsonld
    """
    things = dcat.catalogue(load_releases(), load_readings(), load_series(), Base(base))
    click.echo(written(things, LinkedForm(form)), nl=False)
