"""``waymark finance facility``: how a pool could be shared among gaps, and what if."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError

from waymark.cli.printing import FORMATS, as_csv, format_option, language_option, show_rows
from waymark.cli.review import as_of_option, day, register_option
from waymark.compact.loading import load_framework
from waymark.compact.places import WORLD
from waymark.exchange.register_package import read_package
from waymark.finance.facility import Proposal, Proposed, propose
from waymark.finance.funding import CYCLE
from waymark.finance.rules import Terms, conditions, sharing_rules
from waymark.finance.what_if import Difference, differences, read_supposed
from waymark.indicators.series import load_series
from waymark.plans.forums import load_forums
from waymark.reading import fault_of

WINDOW = re.compile(r"^(\d{4})(?:-(\d{4}))?$")
Row = dict[str, Any]
COLUMNS = (
    "what",
    "year",
    "commitment",
    "place",
    "source",
    "amount",
    "gap_before",
    "gap_after",
    "pool_before",
    "pool_after",
    "rules",
    "because",
)


def _window(_: click.Context, __: click.Parameter, given: str | None) -> tuple[int, int] | None:
    if given is None:
        return None
    found = WINDOW.match(given.strip())
    if found is None:
        raise click.BadParameter(f"'{given}' is no window of years, such as 2027-2030 or 2027.")
    return int(found[1]), int(found[2] or found[1])


def _amount(_: click.Context, __: click.Parameter, given: str | None) -> Decimal | None:
    if given is None:
        return None
    if not re.match(r"^\d{1,15}(\.\d{1,2})?$", given):
        raise click.BadParameter(f"'{given}' is no amount, such as 250000 or 99.50.")
    return Decimal(given)


@click.command()
@language_option
@format_option
def rules(language: str, form: str) -> None:
    """List the rules by which a pool may be shared, and what may be added to them."""
    listed = [
        *(("share", each.id, each.label, each.sentence) for each in sharing_rules().values()),
        *(("condition", each.id, each.label, each.sentence) for each in conditions().values()),
    ]
    show_rows(
        [
            {
                "kind": kind,
                "rule": str(identifier),
                "label": label.said(language).text,
                "sentence": sentence.said(language).text,
            }
            for kind, identifier, label, sentence in listed
        ],
        form,
    )


@click.command()
@register_option
@click.option(
    "--rule",
    default="largest-gap",
    show_default=True,
    help="How to share; `waymark finance rules` lists the ways.",
)
@click.option(
    "--window", callback=_window, help="The years, such as 2027-2030.  [default: the next four]"
)
@click.option("--currency", default="USD", show_default=True, help="In which currency to share.")
@click.option("--pool", help="The actor of the register that is the pool, where it is one.")
@click.option(
    "--place", default=WORLD, help="Only commitments of this place, and of places within it."
)
@click.option("--group", "groups", multiple=True, help="A group that comes first; may be repeated.")
@click.option("--floor", callback=_amount, help="Each place gets this much a year before all else.")
@click.option("--cap", callback=_amount, help="No commitment gets more than this in a year.")
@click.option("--carry-over", is_flag=True, help="What a year leaves is at hand in the next.")
@click.option(
    "--unreported-is-unsecured",
    is_flag=True,
    help="Assume that nothing is secured where a cost is on record, and no word on money.",
)
@click.option(
    "--what-if",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A CSV file of other flows, with the columns of flows.csv; shows what they would change.",
)
@as_of_option
@format_option
def facility(
    register_folder: Path,
    window: tuple[int, int] | None,
    place: str,
    what_if: Path | None,
    as_of: datetime | None,
    form: str,
    **given: Any,
) -> None:
    """Propose how pooled pledges could be shared among the gaps of commitments.

    It is a proposal under the rules that it states, with its working. People decide.

    \b
    Examples:
      waymark finance facility --register my-register/ --window 2027-2030
      waymark finance facility --register my-register/ --rule equal-share --floor 100000
      waymark finance facility --register my-register/ --what-if pledges.csv
    """
    next_year = day(as_of).year + 1
    terms = _terms(*(window or (next_year, next_year + CYCLE - 1)), given)
    framework, forums, series = load_framework(), load_forums(), load_series()
    register = read_package(register_folder, framework, forums, series)
    supposed = read_supposed(what_if, register, framework, forums, series) if what_if else None
    within = framework.place(place).id
    before = propose(register, framework, terms, within)
    after = propose(supposed, framework, terms, within) if supposed else None
    changes = differences(before, after) if after else ()
    if form == "json":
        _as_json(before, after, changes)
    elif form == "csv":
        rows = [*_rows(after or before), *map(_as_row, changes)]
        click.echo(as_csv([{name: row.get(name) for name in COLUMNS} for row in rows]), nl=False)
    else:
        _as_text(after or before)
        if after:
            _section("What the file would change", map(_changed, changes))


def _terms(first: int, last: int, given: dict[str, Any]) -> Terms:
    try:
        return Terms(first=first, last=last, **given)
    except ValidationError as error:
        raise click.UsageError(f"{fault_of(error)}.") from None


def _as_json(before: Proposal, after: Proposal | None, changes: Iterable[Difference]) -> None:
    shown: Row = _document(before)
    if after is not None:
        shown["what_if"] = _document(after) | {"changes": [asdict(each) for each in changes]}
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2, default=str))


def _document(found: Proposal) -> Row:
    """A proposal as plain values, with its caveat and its rules in words."""
    return {
        "caveat": found.caveat.text(),
        "illustrative": found.illustrative,
        "terms": found.terms.model_dump(mode="json"),
        "rules": {identifier: sentence.en for identifier, sentence in found.rules},
        "years": [
            {
                "year": year,
                "pool": found.pool(year),
                "gap": found.gap(year),
                "proposed": found.amount(year),
            }
            for year in found.terms.years
        ],
        "sources": [asdict(each) for each in found.sources.values()],
        "proposed": [
            {
                **_step_of(each),
                "steps": [asdict(reason) for reason in each.reasons],
                "parts": [asdict(part) for part in each.parts],
                "flows": each.need.flows,
            }
            for each in found.proposed
        ],
        "missing": list(_missing(found)),
        "unused": list(_unused(found)),
        "left_out": list(_left_out(found)),
        "not_known": list(_not_known(found)),
    }


def _as_text(found: Proposal) -> None:
    terms = found.terms
    click.echo(found.caveat.text())
    for identifier, sentence in found.rules:
        click.echo(f"  {identifier}: {sentence.en}")
    if found.illustrative:
        click.echo("Some pledges or commitments in it are made up (illustrative).")
    window = str(terms.first) if terms.first == terms.last else f"{terms.first}-{terms.last}"
    click.echo(
        f"\n{window}, {terms.currency}: pool {found.pool():.2f}, known gaps "
        f"{found.gap():.2f}, proposed {found.amount():.2f}, still missing "
        f"{found.gap() - found.amount():.2f}. "
        f"Gaps that are not known: {len(found.unknown)}."
    )
    _section("Proposed, step by step", _proposed(found))
    _section("Who would pay", _parts(found))
    _section("Still missing", _missing(found))
    _section("Pool that cannot be used", _unused(found))
    _section("Not in the pool", _left_out(found))
    _section("Gaps that are not known", _not_known(found))


def _section(title: str, rows: Iterable[Row]) -> None:
    found = list(rows)
    if found:
        click.echo(f"\n{title}")
        show_rows([{k: v for k, v in row.items() if k != "what"} for row in found], FORMATS[0])


def _rows(found: Proposal) -> Iterator[Row]:
    for part in (_proposed, _parts, _missing, _unused, _left_out, _not_known):
        yield from part(found)


def _step_of(each: Proposed) -> Row:
    return {
        "year": each.need.year,
        "commitment": each.need.commitment,
        "place": each.need.place,
        "amount": each.amount,
        "gap_before": each.need.gap,
        "gap_after": each.gap_after,
    }


def _proposed(found: Proposal) -> Iterator[Row]:
    """Every step, in the order in which the money was shared."""
    steps = [(each, reason) for each in found.proposed for reason in each.reasons]
    steps.sort(key=lambda step: (step[0].need.year, -step[1].pool_before))
    for each, reason in steps:
        figures = {name: getattr(reason, name) for name in COLUMNS if hasattr(reason, name)}
        rules = " ".join(reason.rules)
        yield {"what": "proposed", **_step_of(each), **figures, "rules": rules}


def _parts(found: Proposal) -> Iterator[Row]:
    for each in found.proposed:
        for part in each.parts:
            promised = f"promised for {part.year}" if part.year != each.need.year else ""
            yield {
                "what": "part",
                "year": each.need.year,
                "commitment": each.need.commitment,
                "source": part.source,
                "amount": part.amount,
                "because": promised,
            }


def _missing(found: Proposal) -> Iterator[Row]:
    for each in found.uncovered:
        yield {
            "what": "missing",
            "year": each.need.year,
            "commitment": each.need.commitment,
            "place": each.need.place,
            "amount": each.amount,
            "because": each.because.text(),
        }


def _unused(found: Proposal) -> Iterator[Row]:
    for each in found.unused:
        yield {
            "what": "unused",
            "year": each.year,
            "source": each.source,
            "amount": each.amount,
            "because": each.because.text(),
        }


def _left_out(found: Proposal) -> Iterator[Row]:
    for each in found.left_out:
        because = f"{each.amount} {each.currency}: {each.because.text()}"
        yield {"what": "left-out", "year": each.year, "source": each.flow, "because": because}


def _not_known(found: Proposal) -> Iterator[Row]:
    for each in found.unknown:
        yield {
            "what": "not-known",
            "year": each.year,
            "commitment": each.commitment,
            "place": each.place,
            "because": each.because.text() if each.because else "",
        }


def _changed(each: Difference) -> Row:
    return {
        "year": each.year,
        "commitment": each.commitment,
        "proposed_before": each.amount_before,
        "proposed_after": each.amount_after,
        "missing_before": each.gap_before,
        "missing_after": each.gap_after,
    }


def _as_row(each: Difference) -> Row:
    """A change in the columns of the table: what is missing stands where the gap does."""
    return {
        "what": "change",
        "year": each.year,
        "commitment": each.commitment,
        "amount": each.change,
        "gap_before": each.gap_before,
        "gap_after": each.gap_after,
        "because": f"proposed {each.amount_after} instead of {each.amount_before}",
    }
