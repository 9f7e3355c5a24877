"""``waymark compact``: the promises themselves."""

from __future__ import annotations

from typing import Any

import click

from waymark.cli.printing import (
    base_option,
    format_option,
    language_option,
    linked_form_option,
    show_rows,
)
from waymark.compact.framework import Framework
from waymark.compact.loading import load_framework
from waymark.compact.provisions import Provision
from waymark.exchange import skos
from waymark.exchange.linked_data import Base, LinkedForm, written


@click.group()
def compact() -> None:
    """What was promised: instruments, provisions, who accepted them."""


@compact.command()
@click.argument("identifier")
@language_option
@format_option
def show(identifier: str, language: str, form: str) -> None:
    """Show one provision, whom it serves, what it is linked with, and its parts.

    \b
    Examples:
      waymark compact show gcm:15.b
      waymark compact show gcr:69 --language ar
      waymark compact show sdg:10.7 --format json
    """
    framework = load_framework()
    provision = framework.provision(identifier)
    show_rows([_row(framework, found, language) for found in provision.walk()], form)


@compact.command("list")
@click.argument("instrument", required=False)
@language_option
@format_option
def list_provisions(instrument: str | None, language: str, form: str) -> None:
    """List the instruments, or the provisions of one.

    \b
    Examples:
      waymark compact list
      waymark compact list gcm --format csv
    """
    framework = load_framework()
    if instrument:
        found = [each for each in framework.provisions.values() if each.instrument == instrument]
        show_rows([_row(framework, each, language) for each in found], form)
        return
    rows = [
        {
            "id": each.id,
            "title": each.title.said(language).text,
            "adopted": each.adopted,
            "provisions": sum(p.instrument == each.id for p in framework.provisions.values()),
        }
        for each in framework.instruments.values()
    ]
    show_rows(rows, form)


@compact.command()
@base_option
@linked_form_option
def concepts(base: str, form: str) -> None:
    """Write instruments, provisions, groups, needs and stages as SKOS.

    \b
    Examples:
      waymark compact concepts --base https://waymark.example.org/
      waymark compact concepts --base https://waymark.example.org/ --format json-ld
    """
    things = skos.concepts(load_framework(), Base(base))
    click.echo(written(things, LinkedForm(form)), nl=False)


def _row(framework: Framework, provision: Provision, language: str) -> dict[str, Any]:
    return {
        "id": provision.id,
        "paragraphs": provision.paragraphs,
        "label": provision.name.said(language).text,
        "groups": list(provision.groups),
        "needs": list(provision.needs),
        "stages": list(provision.stages),
        "links": [f"{link.type} {link.target}" for link in framework.links_from(provision.id)],
    }
