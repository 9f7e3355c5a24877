"""Series: what a figure measures, which way is better, and which promises it measures."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from waymark.compact.loading import DEFINITIONS
from waymark.compact.provisions import ProvisionId, TagId
from waymark.exceptions import DefinitionError, NotFoundError
from waymark.indicators.progress import Direction, Scale
from waymark.reading import Value, line_of, read_yaml
from waymark.words import N_, Label, Sentence

SeriesCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]+$")]
WORLD_ONLY = "global"


class Relation(StrEnum):
    """Whether a series measures a promise for the people concerned, or its national background."""

    DIRECT = "direct"
    CONTEXT = "context"

    @property
    def label(self) -> Sentence:
        """The relation in words."""
        return Sentence(_RELATIONS[self])


_RELATIONS = {
    Relation.DIRECT: N_("measures the promise itself"),
    Relation.CONTEXT: N_("background: the whole population, not migrants alone"),
}
_DIMENSIONS = {
    "sex": N_("sex"),
    "age": N_("age"),
    "migration_status": N_("migration status"),
    "disability": N_("disability"),
    "policy_domain": N_("policy domain"),
    "cause": N_("cause"),
    "counterpart": N_("origin or corridor"),
}


def dimension_name(dimension: str) -> Sentence:
    """A dimension in words."""
    return Sentence(_DIMENSIONS.get(dimension, dimension))


class Comparison(StrEnum):
    """Which side of its value a target allows."""

    AT_MOST = "at-most"
    AT_LEAST = "at-least"


class SeriesTarget(Value):
    """An official target: its value, its year and where it is laid down.

    ``scope`` is ``country`` where every country is to meet it, ``global`` where only the world is.
    """

    value: float
    year: int
    comparison: Comparison
    scope: str = Field(default="country", pattern="^(country|global)$")
    label: Label
    source: str

    def met_by(self, value: float) -> bool:
        """Whether a figure meets the target."""
        if self.comparison is Comparison.AT_MOST:
            return value <= self.value
        return value >= self.value


class Measure(Value):
    """One provision that a series measures."""

    provision: ProvisionId
    relation: Relation


class FormulaKind(StrEnum):
    """How a derived series is computed; ``derived.py`` holds one function for each."""

    RATIO = "ratio"  # numerator / denominator x per, for the same place, year and sex
    BREAKDOWN_RATIO = "breakdown-ratio"  # one category over another, within a series
    CORRIDOR_MEAN = "corridor-mean"  # mean over corridors of the last quarter of the year
    CORRIDOR_SHARE = "corridor-share"  # per cent of corridors above a bound, same quarter


class Formula(Value):
    """The working of a derived series, as a definition."""

    kind: FormulaKind
    numerator: SeriesCode
    denominator: SeriesCode | None = None
    per: float = 1.0
    dimension: str = ""
    over: str = ""
    under: str = ""
    above: float = 0.0
    least: int = 1  # fewer corridors than this have no figure
    side: str = Field(default="sending", pattern="^(sending|receiving)$")


class Series(Value):
    """A series of figures. ``code`` is the producer's, or ours where the producer has none."""

    code: SeriesCode
    name: Label
    unit: Label
    direction: Direction
    direction_reason: Label
    scale: Scale = Scale.NUMBER
    percentage: bool = False
    lowest: float | None = None
    highest: float | None = None
    zero_is_missing: bool = False  # the producer writes 0 also where nothing was reported
    judge_from: float = 0  # where both figures lie below this, change cannot be told from chance
    limit: float | None = None  # the natural limit in the sense of the Open SDG method
    target: SeriesTarget | None = None
    headline: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    expected: tuple[str, ...] = ()
    groups: tuple[TagId, ...] = ()
    needs: tuple[TagId, ...] = ()
    measures: tuple[Measure, ...] = ()
    release: str
    superseded_by: SeriesCode | None = None  # a newer series of the same fact, judged instead
    fact_order: int | None = None  # its place among the figures that describe a country
    formula: Formula | None = None
    note: Label | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Series:
        for dimension in (*self.expected, *self.headline):
            if dimension not in _DIMENSIONS:
                raise ValueError(f"'{dimension}' is not one of {', '.join(_DIMENSIONS)}")
        if None not in (self.lowest, self.highest) and self.lowest >= self.highest:  # type: ignore[operator]
            raise ValueError("'lowest' is not below 'highest'")
        return self

    def can_be(self, value: float | None) -> bool:
        """Whether a figure lies within the natural limits; a missing one does."""
        above = self.lowest is None or value is None or value >= self.lowest
        below = self.highest is None or value is None or value <= self.highest
        return above and below

    def target_for(self, place: str) -> SeriesTarget | None:
        """The target that a place is to meet: a global target is no target of a country."""
        if self.target is None or (self.target.scope == WORLD_ONLY and place != "001"):
            return None
        return self.target


def load_series(folder: Path = DEFINITIONS) -> dict[str, Series]:
    """Every series by code; the file's name is the code."""
    found: dict[str, Series] = {}
    for path in sorted((folder / "indicators").glob("*.yaml")):
        series = read_yaml(path, Series)
        if series.code != path.stem:
            problem = f"the series is '{series.code}', the file '{path.stem}'."
            line = line_of(path, series.code)
            raise DefinitionError(path, problem, "Give both the same name.", line=line)
        found[series.code] = series
    if not found:
        remedy = "Restore the folder of series."
        raise DefinitionError(folder / "indicators", "no series is defined here.", remedy)
    _check_formulas(folder, found)
    return found


def one_series(series: dict[str, Series], code: str) -> Series:
    """A series by code, in either case of letters; the error says where to look."""
    found = series.get(code.strip().upper())
    if found is None:
        remedy = "`waymark indicators list` shows every series."
        raise NotFoundError(f"There is no series '{code}'.", remedy)
    return found


def _check_formulas(folder: Path, found: dict[str, Series]) -> None:
    for series in found.values():
        needed = [series.superseded_by]
        if series.formula:
            needed += [series.formula.numerator, series.formula.denominator]
        for code in needed:
            if code is not None and code not in found:
                path = folder / "indicators" / f"{series.code}.yaml"
                problem = f"it uses '{code}', which is not defined."
                raise DefinitionError(path, problem, "Correct it.", line=line_of(path, code))
