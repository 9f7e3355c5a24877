"""How money is shown on a page: amounts to the cent, shares, names that reports gave."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_decimal, format_percent
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from waymark_web.languages import language

register = template.Library()


@register.filter
def cents(amount: Decimal) -> str:
    """An amount to the cent, as it was reported."""
    return format_decimal(amount, format="#,##0.00", locale=language(), numbering_system="latn")


@register.filter
def percent(share: Fraction) -> str:
    """A share of a whole, to a tenth of a hundredth."""
    return format_percent(
        float(share), format="#,##0.#%", locale=language(), numbering_system="latn"
    )


@register.filter
def reported(name: str) -> SafeString:
    """What somebody reported, in a language that the report does not name."""
    return format_html('<span lang="" dir="auto">{}</span>', name)
