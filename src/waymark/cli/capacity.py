"""``waymark capacity``: which offers fit which needs and why, and what became of each need."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from waymark.cli.printing import format_option, language_option, show_rows
from waymark.cli.review import as_of_option, day, register_option
from waymark.compact.answers import Answer
from waymark.compact.loading import load_framework
from waymark.exceptions import NotFoundError
from waymark.exchange.register_package import read_package
from waymark.indicators.series import load_series
from waymark.plans.forums import load_forums
from waymark.plans.fulfilment import Capacity, NeedStanding
from waymark.plans.matching import Match

place_option = click.option(
    "--place", help="Only the needs of this place and all in it (KEN, 002)."
)


@click.group()
def capacity() -> None:
    """Match needs for capacity with offers of it, and show what became of each need."""


@capacity.command()
@click.option("--need", help="Only the offers for this need.")
@click.option("--offer", help="Only the needs that this offer fits.")
@place_option
@register_option
@as_of_option
@language_option
@format_option
def matches(
    need: str | None,
    offer: str | None,
    place: str | None,
    register_folder: Path,
    as_of: datetime | None,
    language: str,
    form: str,
) -> None:
    """Show which offers fit which needs, the best first, with the reasons.

    \b
    Examples:
      waymark capacity matches --register my-register --need ken-nurses
      waymark capacity matches --register my-register --place KEN --format json
    """
    held = _read(register_folder, day(as_of))
    if need is not None and need not in held.standings:
        raise _unknown("need", need)
    if offer is not None and offer not in held.register.capacity_offers:
        raise _unknown("offer", offer)
    found = [
        match
        for standing in _of_place(held, place)
        if need in (None, standing.need.id)
        for match in standing.matches
        if offer in (None, match.offer)
    ]
    show_rows([_match(each, language) for each in found], form)


@capacity.command()
@place_option
@click.option("--unmet", "only_unmet", is_flag=True, help="Leave out what is met or accepted.")
@register_option
@as_of_option
@language_option
@format_option
def needs(
    place: str | None,
    only_unmet: bool,
    register_folder: Path,
    as_of: datetime | None,
    language: str,
    form: str,
) -> None:
    """Show every need and what became of it: offered, asked for, accepted, late, met.

    \b
    Example:
      waymark capacity needs --register my-register --place KEN --unmet
    """
    held = _read(register_folder, day(as_of))
    found = [each for each in _of_place(held, place) if each.is_unmet or not only_unmet]
    show_rows([_need(each, language) for each in found], form)


def _read(folder: Path, as_of: date) -> Capacity:
    framework, forums = load_framework(), load_forums()
    return Capacity(
        read_package(folder, framework, forums, load_series()), framework, forums, as_of
    )


def _of_place(held: Capacity, place: str | None) -> list[NeedStanding]:
    if place is None:
        return list(held.standings.values())
    return held.of_place(held.framework.place(place))


def _unknown(what: str, given: str) -> NotFoundError:
    problem = f"There is no {what} '{given}' in the register."
    return NotFoundError(problem, "`waymark capacity needs` lists the needs; name the --register.")


def _match(match: Match, language: str) -> dict[str, Any]:
    def told(*answers: Answer) -> list[str]:
        return [each.text(language) for each in match.answering(*answers)]

    return {
        "need": match.need,
        "offer": match.offer,
        "for": told(Answer.YES),
        "against": told(Answer.NO),
        "partly": told(Answer.PARTLY),
        "not_known": told(Answer.NOT_KNOWN),
    }


def _need(standing: NeedStanding, language: str) -> dict[str, Any]:
    return {
        "need": standing.need.id,
        "what": standing.need.what,
        "actor": standing.need.actor,
        "kind": standing.need.kind.value,
        "place": standing.need.place,
        "state": standing.state.value,
        "why": standing.state.rule.text(language),
        "offers": len(standing.fitting),
        "requests": len(standing.requests),
    }
