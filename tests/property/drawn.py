"""What registers that are drawn at random are made of: words, days, places, figures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from hypothesis import strategies as st

from waymark.compact.framework import Framework
from waymark.compact.loading import load_framework
from waymark.compact.places import Level
from waymark.plans.actors import Actor
from waymark.plans.forums import load_forums
from waymark.plans.vocabulary import CONTROL
from waymark.reading import Value
from waymark.words import LANGUAGES

FRAMEWORK: Framework = load_framework()
FORUMS = load_forums()
SERIES = ("SG_REG_BRTH", "SM_POP_REFG_OR")
PLACES = ("KEN", "UGA", "DEU", "014", "001")
ACTORS = {
    "actor": Actor(id="actor", name="Example", kind="ministry", level="national", place="KEN")
}
EXAMPLE = st.just("An example")
PROVISIONS = ("gcm:15", "gcm:15.b", "gcm:15.c", "gcm:7", "gcm:7.a", "gcr:68", "sdg:10.7")
T = TypeVar("T")
V = TypeVar("V", bound=Value)

letters = st.one_of(
    st.sampled_from(list(",;\"'\n\t =+-@|éß")),
    st.sampled_from(list("ابتثجلام٠١٢«»،")),
    st.characters(codec="utf-8").filter(lambda letter: not CONTROL.search(letter)),
)
texts = st.builds(
    str.__add__,
    st.sampled_from(["", "=", "+1", "-", "@", "\ufeff", "'"]),
    st.text(letters, max_size=30),
)
lines = texts.filter(str.strip)
days = st.dates(date(2024, 1, 1), date(2031, 12, 31))
figures = st.none() | st.decimals(-(10**9), 10**9, places=4) | st.sampled_from([Decimal("1E+9")])
partial_days = st.none() | days.flatmap(
    lambda day: st.sampled_from([f"{day:%Y}", f"{day:%Y-%m}", f"{day}"])
)
languages = st.sampled_from(LANGUAGES)
addresses = st.sampled_from(["", "https://example.org/a,b?c=d;e", "http://example.org/مثال"])
levels = st.sampled_from(Level)


def some(values: st.SearchStrategy[T] | list[T], most: int = 3) -> st.SearchStrategy[tuple[T, ...]]:
    one = values if isinstance(values, st.SearchStrategy) else st.sampled_from(values)
    return st.lists(one, max_size=most, unique=True).map(tuple)


def one_of(values: dict[str, Any]) -> st.SearchStrategy[str | None]:
    """The identifier of one of these, or none."""
    return st.sampled_from([None, *values])


def make(
    draw: st.DrawFn,
    build: Callable[..., V],
    stem: str,
    fields: dict[str, st.SearchStrategy[Any]],
    most: int = 3,
) -> dict[str, V]:
    """A few values of a kind, each field drawn, in an order that is not that of the names."""
    names = draw(
        st.permutations([f"{stem}-{number}" for number in range(draw(st.integers(0, most)))])
    )
    made = (build(id=name, **draw(st.fixed_dictionaries(fields))) for name in names)
    return {str(getattr(each, "id")): each for each in made}  # noqa: B009
