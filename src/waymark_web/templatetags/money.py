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

from waymark.finance.sums import Measure
from waymark.words import LANGUAGES, number
from waymark_web.finance.tables import ASIDE, Line
from waymark_web.languages import language

register = template.Library()


@lru_cache(maxsize=20_000)
def _whole(amount: Decimal, said: str) -> str:
    return number(amount, said)


@lru_cache(maxsize=len(LANGUAGES))
def _around(_language: str) -> tuple[str, str, str]:
    """Where rows are, and the cells without a number, in the language of the page."""
    empty = '<td class="number"><span class="soft">{}</span></td>'
    unknown, none = (format_html(empty, word) for word in (_("not known"), _("none")))
    return reverse("money-rows"), unknown, none


@register.simple_tag
def cells(line: Line, measures: Sequence[Measure]) -> SafeString:
    """The cells of a line: each number leads to its rows; what nobody reported is said."""
    said = language()
    at, unknown, none = _around(said)
    parts = []
    for measure in measures:
        cell = line.cells.get(measure)
        if cell is None:
            parts.append(none if measure in ASIDE else unknown)
            continue
        address, shown = escape(f"{at}?{cell.asked.query}"), escape(_whole(cell.amount, said))
        parts.append(f'<td class="number"><a href="{address}"><bdi>{shown}</bdi></a></td>')
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
def reported(name: str) -> SafeString:
    """What somebody reported, in a language that the report does not name."""
    return format_html('<span lang="" dir="auto">{}</span>', name)
