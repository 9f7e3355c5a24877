"""How the library's values are shown on a page: labels, sentences, figures, rungs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from waymark.coverage.ladder import Ladder, RungAnswer
from waymark.coverage.overlap import Cell, Reach
from waymark.exchange import schema_org
from waymark.indicators.observations import Missing, Nature, Observation
from waymark.plans import vocabulary
from waymark.plans.procedure import Role
from waymark.words import N_, Names, Said, Sentence, amount, comma, isolated, number, rounded
from waymark_web.languages import language

register = template.Library()
REACH_MARKS = {
    Reach.BOTH: "2",
    Reach.GCM_ONLY: "M",
    Reach.GCR_ONLY: "R",
    Reach.THROUGH_EVERYONE: "·",
    Reach.NONE: "–",
}
PARTS = {
    "F": N_("women and girls"),
    "M": N_("men and boys"),
    "MS_MIGRANT": N_("migrants"),
    "MS_NOMIGRANT": N_("non-migrants"),
    "MS_EUMIGRANT": N_("migrants from the European Union"),
    "MS_NONEUMIGRANT": N_("migrants from outside the European Union"),
}


@register.filter
def say(value: Names | Sentence) -> SafeString | str:
    """A label or a sentence in the page's language; marked where it had to fall back."""
    said = value.said(language())
    return said.text if said.language == language() else _marked(said)


@register.filter
def described(thing: dict[str, object]) -> SafeString:
    """A description for other programs: data in the head of a page, which no browser runs."""
    return format_html(
        '<script type="application/ld+json">{}</script>', mark_safe(schema_org.in_a_page(thing))
    )


@register.filter
def told(mistake: Sentence | str) -> SafeString | str:
    """What is wrong: in the page's language, or marked as the English of a rule."""
    if isinstance(mistake, Sentence):
        return say(mistake)
    return format_html('<span lang="en" dir="ltr">{}</span>', mistake)


@register.filter
def plainly(value: Names | Sentence) -> str:
    """The same without mark-up, for titles and attributes."""
    return value.said(language()).text


@register.filter
def figure(value: float | int) -> str:
    """A number as a reader of the page's language writes it."""
    return number(value, language())


@register.filter
def money(value: Decimal) -> SafeString:
    """An amount of money to the cent, kept together and left to right."""
    return format_html('<bdi dir="ltr">{}</bdi>', amount(value, language()))


@register.filter
def in_words(value: float | int) -> str:
    """A number for running text: from a million on in words."""
    return rounded(value, language())


@register.filter
def isolate(value: str) -> str:
    """A code or a date kept left to right inside a sentence of the page."""
    return isolated(value, language())


@register.filter
def code(value: str) -> SafeString:
    """An identifier, kept together and left to right."""
    return format_html('<bdi class="code" dir="ltr">{}</bdi>', value)


@register.filter
def written(text: str, its_language: str = "en") -> SafeString:
    """What people wrote, in the language in which they wrote it, line by line."""
    lines = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in text.split("\n")))
    return format_html('<span lang="{}" dir="auto">{}</span>', its_language, lines)


@register.filter
def at(place: str) -> SafeString | str:
    """A place by its name, whether it ships or was entered."""
    from waymark_web.plans.places import name_of  # the register's tables need settled apps

    return say(name_of(place))


@register.simple_tag(name="comma")
def comma_here() -> str:
    """What the page's language writes between the parts of a list."""
    return comma(language())


@register.filter
def kind_of(value: str, of: str) -> str:
    """A value of a closed list of the register by its name; ``of`` names the list."""
    return plainly(getattr(vocabulary, of)(value).label)


@register.filter
def label_of(kind: str) -> Sentence:
    """What a kind of thing in the register is called."""
    from waymark_web.plans.differences import label_of as named  # as above

    return named(kind)


@register.filter
def role_name(role: str) -> str:
    """A role in words."""
    return plainly(Role(role).label)


@register.filter
def as_float(value: Fraction) -> float:
    """An exact number as one to show."""
    return float(value)


@register.filter
def get(held: Mapping[str, object], key: str) -> object:
    """What a mapping holds under a key that a page knows by name."""
    return held.get(key)


@register.simple_tag
def rung(answer: RungAnswer, labelled: bool = False) -> SafeString:
    """One square. Its text is for screen readers; the title is for the mouse."""
    words = f"{plainly(answer.rung.label)}: {plainly(answer.answer.name_of)}"
    if labelled:
        return format_html('<span class="rung {}" aria-hidden="true"></span>', answer.answer)
    return format_html(
        '<span class="rung {}" title="{}" aria-hidden="true"></span><span class="hidden">{}</span>',
        answer.answer,
        words,
        plainly(answer.answer.name_of),
    )


@register.simple_tag
def reach(cell: Cell) -> SafeString:
    """Which Compact reaches a cell, as one character with its meaning in words."""
    words = plainly(cell.reach.label)
    return format_html(
        '<span class="reach {}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="hidden">{}</span></span>',
        cell.reach,
        words,
        REACH_MARKS[cell.reach],
        words,
    )


@register.simple_tag
def ladder(value: Ladder) -> SafeString:
    """Six squares in a row, in reading order, as one image with one text."""
    words = "; ".join(
        f"{plainly(each.rung.label)}: {plainly(each.answer.name_of)}" for each in value.rungs
    )
    squares = format_html_join(
        "",
        '<span class="rung {}" title="{}: {}"></span>',
        (
            (each.answer, plainly(each.rung.label), plainly(each.answer.name_of))
            for each in value.rungs
        ),
    )
    return format_html('<span class="ladder" role="img" aria-label="{}">{}</span>', words, squares)


def _marked(said: Said) -> SafeString:
    return format_html(
        '<span lang="{}" dir="{}">{}</span>', said.language, said.direction, said.text
    )


@register.filter
def why_missing(observation: Observation) -> str:
    """Why a figure is missing, in words; never a blank and never a zero."""
    return plainly(Missing(observation.missing or Missing.UNKNOWN).label)


@register.filter
def nature(observation: Observation) -> str:
    """Who made a figure, in words."""
    return plainly(Nature(observation.nature).label)


@register.filter
def part(value: str, names: Mapping[str, Names]) -> SafeString | str:
    """A category of a breakdown in words: a place by its name, a code by its meaning."""
    if value in names:
        return say(names[value])
    if value in PARTS:
        return plainly(Sentence(PARTS[value]))
    return code(value)
