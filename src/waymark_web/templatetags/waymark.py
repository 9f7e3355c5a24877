"""How the library's values are shown on a page: labels, sentences, figures, rungs."""

from __future__ import annotations

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from waymark.coverage.ladder import Ladder, RungAnswer
from waymark.words import Names, Said, Sentence, number
from waymark_web.languages import language

register = template.Library()


@register.filter
def say(value: Names | Sentence) -> SafeString | str:
    """A label or a sentence in the page's language; marked where it had to fall back."""
    said = value.said(language())
    return said.text if said.language == language() else _marked(said)


@register.filter
def plainly(value: Names | Sentence) -> str:
    """The same without mark-up, for titles and attributes."""
    return value.said(language()).text


@register.filter
def figure(value: float | int) -> str:
    """A number as a reader of the page's language writes it."""
    return number(value, language())


@register.filter
def code(value: str) -> SafeString:
    """An identifier, kept together and left to right."""
    return format_html('<bdi class="code" dir="ltr">{}</bdi>', value)


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
