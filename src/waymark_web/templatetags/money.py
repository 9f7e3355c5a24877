"""How money is shown on a page: amounts to the cent, shares, names that reports gave."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel.numbers import format_decimal, format_percent
from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from waymark.finance.sectors import sector_names
from waymark.finance.sums import Measure
from waymark.words import LANGUAGES, number
from waymark_web.finance.tables import ASIDE, Line
from waymark_web.languages import language
from waymark_web.templatetags.waymark import code, say

register = template.Library()


@lru_cache(maxsize=20_000)
def _whole(amount: Decimal, said: str) -> str:
    return number(amount, said)


@lru_cache(maxsize=len(LANGUAGES))
def _around(_language: str) -> tuple[str, str, str, str]:
    """Where rows are, what stands for a number that is not known, and the cells without one, in the
    language of the page."""
    soft = '<span class="soft">{}</span>'
    unknown, none = (format_html(soft, word) for word in (_("not known"), _("none")))
    cells = (f'<td class="number">{each}</td>' for each in (unknown, none))
    return reverse("money-rows"), unknown, *cells


@register.simple_tag
def cells(line: Line, measures: Sequence[Measure]) -> SafeString:
    """The cells of a line: each number leads to its rows; what nobody reported is said."""
    said = language()
    at, word, unknown, none = _around(said)
    parts = []
    for measure in measures:
        cell = line.cells.get(measure)
        if cell is None:
            parts.append(none if measure in ASIDE else unknown)
            continue
        address = escape(f"{at}?{cell.asked.query}")
        shown = word if cell.amount is None else f"<bdi>{escape(_whole(cell.amount, said))}</bdi>"
        parts.append(f'<td class="number"><a href="{address}">{shown}</a></td>')
    return mark_safe("".join(parts))


@register.filter
def cents(amount: Decimal) -> str:
    """An amount to the cent, as it was reported."""
    return format_decimal(amount, format="#,##0.00", locale=language(), numbering_system="latn")


@register.filter
def percent(share: Fraction) -> str:
    """A share of a whole, to a tenth of a hundredth."""
    return format_percent(
        float(share), format="#,##0.0%", locale=language(), numbering_system="latn"
    )


@register.filter
def tenths(exact: Fraction) -> str:
    """A length of time, to a tenth of a year."""
    return number(Fraction(int(exact * 10 + Fraction(1, 2)), 10), language())


@register.filter
def reported(name: str) -> SafeString:
    """What somebody reported, in a language that the report does not name."""
    return format_html('<span lang="" dir="auto">{}</span>', name)


@register.filter
def sector(given: str) -> SafeString:
    """A sector: its code, and its name where the list has one, in the language of that name."""
    name = sector_names().name(given)
    return format_html("{} {}", code(given), say(name)) if name else code(given)
