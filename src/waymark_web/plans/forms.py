"""A document as the questions of a page: each with its value, its choices and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel import Locale
from django.db.models import Q

from waymark.plans.flows import FlowKind
from waymark.plans.vocabulary import Decision
from waymark.words import Sentence, folded
from waymark_web import store
from waymark_web.languages import language
from waymark_web.plans import models
from waymark_web.plans.fields import (
    LEVELS,
    ROWS,
    Document,
    Field,
    language_choices,
)
from waymark_web.plans.lists import place_choices
from waymark_web.plans.mistakes import Mistake
from waymark_web.plans.sides import DECISIONS, questions_of
from waymark_web.plans.sides import asks as asking

MOST_SUGGESTED = 400
MORE_ROWS = 1  # empty rows at the end of steps and partners


@dataclass
class Question:
    """A field on a page: ``html_name`` in the form, its value, choices as pairs, problems."""

    asks: Field
    html_name: str
    value: Any
    choices: list[tuple[str, str]] = field(default_factory=list)
    problems: list[Mistake] = field(default_factory=list)
    rows: list[tuple[str, list[Question]]] = field(default_factory=list)
    suggestions: str = ""

    @property
    def label(self) -> Sentence:
        """What is asked."""
        return Sentence(self.asks.label)

    @property
    def help(self) -> Sentence | None:
        """A help before the field."""
        return Sentence(self.asks.help) if self.asks.help else None

    @property
    def chosen(self) -> list[str]:
        """The values of a field that takes several."""
        if isinstance(self.value, list | tuple):
            return [str(each) for each in self.value]
        return str(self.value or "").split()

    @property
    def others(self) -> str:
        """Values that are not among the choices, to be typed."""
        known = {value for value, _ in self.choices}
        return " ".join(each for each in self.chosen if each not in known)

    @property
    def lines(self) -> str:
        """Several values, one a line."""
        return "\n".join(self.chosen)


def questions(
    version: models.Version,
    document: Document,
    problems: Mapping[str, list[Mistake]],
    *,
    more: str = "",
) -> list[Question]:
    """The questions of a version, filled with a document; ``more`` names rows to add one to."""
    asked = []
    for each in questions_of(version):
        question = _question(each, each.name, document.get(each.name), version)
        question.problems = [
            text
            for key, texts in problems.items()
            if key == each.name or key.startswith(f"{each.name}.")
            for text in texts
        ]
        if each.widget in ROWS:
            question.rows = _rows(each, document.get(each.name) or [], version, more == each.name)
        asked.append(question)
    return asked


def besides(asked: Sequence[Question], problems: Mapping[str, list[Mistake]]) -> list[Mistake]:
    """What is wrong with the whole, or with what is not a question of this form."""
    names = {each.asks.name for each in asked}
    return [
        text for key, texts in problems.items() if key.split(".")[0] not in names for text in texts
    ]


def _rows(
    asks: Field, given: list[Document], version: models.Version, another: bool
) -> list[tuple[str, list[Question]]]:
    fields, most = ROWS[asks.name]
    shown = list(given) + [{}] * (MORE_ROWS + int(another))
    rows = []
    for number, row in enumerate(shown[:most]):
        held = row if isinstance(row, dict) else {}
        prefix = f"{asks.name}-{number}"
        questions_of_row = [
            _question(each, f"{prefix}-{each.name}", held.get(each.name), version)
            for each in fields
        ]
        rows.append((str(held.get("id", "")), questions_of_row))
    return rows


def _question(asks: Field, html_name: str, value: Any, version: models.Version) -> Question:
    question = Question(asks, html_name, value)
    question.choices = choices_of(asks, version)
    if asks.widget in ("actor", "series"):
        question.suggestions = f"{asks.widget}-known"
    return question


def choices_of(asks: Field, version: models.Version) -> list[tuple[str, str]]:
    """The values that a field may take, with their names in the language of the page."""
    said = language()
    framework = store.framework()
    if asks.choices is Decision:
        return [(each.value, each.label.text(said)) for each in DECISIONS[asking(version)]]
    if asks.choices is not None:
        return [(each.value, each.label.text(said)) for each in asks.choices]
    if asks.name in ("groups", "needs", "stages"):
        known = getattr(framework, asks.name).values()
        return [(each.id, each.label.said(said).text) for each in known]
    if asks.widget == "provisions":
        return [
            (each.id, f"{each.number}. {each.name.said(said).text}")
            for each in framework.objectives
        ]
    makers = {
        "language": language_choices,
        "place": place_choices,
        "several": place_choices if asks.name == "places" else spoken_choices,
        "level": lambda: [(key.value, Sentence(text).text(said)) for key, text in LEVELS.items()],
        "forum": lambda: [
            (each.id, each.label.said(said).text) for each in store.forums().values()
        ],
        "plan": lambda: _of_the_country(models.Plan, version),
        "practice": lambda: list(
            models.Practice.objects.order_by("title").values_list("slug", "title")[:MOST_SUGGESTED]
        ),
        "round": lambda: _open_rounds(version),
        "flow": lambda: _flows_before(version),
        "step": lambda: list(
            models.Step.objects.filter(commitment__slug=version.commitment).values_list(
                "slug", "what"
            )
        ),
    }
    made = makers.get(asks.widget)
    return made() if made is not None else []


def spoken_choices() -> list[tuple[str, str]]:
    """The languages of the world with a code of two letters, by name."""
    named = Locale(language()).languages
    known = [(code, named.get(code, code)) for code in Locale("en").languages if len(code) == 2]
    return sorted(known, key=lambda each: folded(each[1]))


def _of_the_country(table: type[models.Plan], version: models.Version) -> list[tuple[str, str]]:
    around = Q(country=version.country) | Q(level__in=("global", "regional"))
    rows = table.objects.filter(around).exclude(slug=version.subject).order_by("title")
    return list(rows.values_list("slug", "title")[:MOST_SUGGESTED])


def _open_rounds(version: models.Version) -> list[tuple[str, str]]:
    from waymark_web.accounts.permissions import around

    today = store.today()
    row = models.Commitment.objects.filter(slug=version.commitment).first()
    places = around(row.place) if row is not None else frozenset()
    rows = models.Round.objects.filter(place__in=places, opens__lte=today, closes__gte=today)
    return list(rows.values_list("slug", "title"))


def _flows_before(version: models.Version) -> list[tuple[str, str]]:
    """What a flow may pass on: flows of its commitment, and those that its author was given."""
    wanted = Q(receiver=version.actor) if version.actor else Q(pk__in=[])
    if version.commitment:
        wanted |= Q(commitment=version.commitment)
    rows = models.Flow.objects.filter(wanted).exclude(slug=version.subject).order_by("-year", "pk")
    return [(row.slug, _in_words(row)) for row in rows.select_related("provider")[:MOST_SUGGESTED]]


def _in_words(row: models.Flow) -> str:
    giver = row.provider.name if row.provider else row.provider_name or "–"
    kind = FlowKind(row.kind).label.text(language())
    return f"{row.year}: {kind}, {row.amount:,.2f} {row.currency}, {giver}"


def suggestions(version: models.Version) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the fields for actors and series offer while one types."""
    said = language()
    near = models.Actor.objects.filter(
        Q(country=version.country) | Q(level__in=("global", "regional")) | Q(slug=version.actor)
    )
    found: Iterable[tuple[str, str]] = near.order_by("name").values_list("slug", "name")
    series = [(each.code, each.name.said(said).text) for each in store.series().values()]
    return [
        ("actor-known", list(found[:MOST_SUGGESTED])),  # type: ignore[index]
        ("series-known", series),
    ]
