"""Series, figures and what is derived from them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from waymark.compact.framework import Framework
from waymark.compact.places import Level
from waymark.exceptions import DefinitionError, NotFoundError
from waymark.indicators.derived import by_series, derive
from waymark.indicators.evidence import FIGURES, Evidence, load_into, open_evidence
from waymark.indicators.observations import TOTAL
from waymark.indicators.progress import Direction, Scale
from waymark.indicators.releases import load_readings, load_releases
from waymark.indicators.series import Series, load_series, one_series
from waymark.words import COMPLETE_LANGUAGES

CODES = sorted(path.stem for path in (FIGURES.parent / "indicators").glob("*.yaml"))


@pytest.mark.parametrize("code", CODES)
def test_a_series_says_what_it_is(
    code: str, series: dict[str, Series], framework: Framework
) -> None:
    one = series[code]
    for label in (one.name, one.unit, one.direction_reason):
        assert set(label.root) >= set(COMPLETE_LANGUAGES)
    assert set(one.groups) <= framework.groups.keys()
    assert set(one.needs) <= framework.needs.keys()
    for measure in one.measures:
        assert framework.provision(measure.provision)
    assert one.release in {*load_releases(), "derived"}
    if one.target is not None:
        assert one.target.source.startswith("A/RES/")
    if one.percentage and one.highest is not None:
        assert one.highest == 100


def test_descriptive_series_have_no_better_direction(series: dict[str, Series]) -> None:
    for code in ("DESA_STOCK", "UNHCR_REFUGEES_ASYLUM", "VC_HTF_DETV", "WB_REMIN", "WB_NMIG"):
        assert series[code].direction is Direction.NONE


def test_levels_have_no_growth(series: dict[str, Series]) -> None:
    assert series["SG_CPA_MIGR"].scale is Scale.ORDINAL


def test_a_world_target_is_no_target_of_a_country(series: dict[str, Series]) -> None:
    deaths = series["SH_STA_MMR"]
    assert deaths.target_for("KEN") is None
    assert deaths.target_for("001") is not None


def test_an_unknown_series_is_an_error_with_a_remedy(series: dict[str, Series]) -> None:
    with pytest.raises(NotFoundError, match="indicators list"):
        one_series(series, "NOTHING")


def test_every_figure_lies_in_a_known_place_and_series(
    evidence: Evidence, series: dict[str, Series], framework: Framework
) -> None:
    for each in evidence.headline():
        assert each.place in framework.places
        assert each.series in series


def test_there_is_one_headline_figure_a_year(evidence: Evidence) -> None:
    keys = [(each.series, each.place, each.year) for each in evidence.headline()]
    assert len(keys) == len(set(keys))


def test_figures_keep_to_their_natural_limits(
    evidence: Evidence, series: dict[str, Series]
) -> None:
    for each in evidence.headline():
        one = series[each.series]
        assert one.can_be(each.value), each


def test_a_total_is_the_sum_of_its_sexes(evidence: Evidence) -> None:
    figures = evidence.observations("DESA_STOCK", "KEN")
    for year in {each.year for each in figures}:
        of_year = {each.sex: each.value for each in figures if each.year == year}
        assert of_year[TOTAL] == (of_year["F"] or 0) + (of_year["M"] or 0)


def test_a_missing_figure_says_why_and_is_not_zero(evidence: Evidence) -> None:
    figures = evidence.observations("SG_CPA_MIGR", "ASM")
    assert figures
    for each in figures:
        assert each.value is None
        assert each.missing == "not-applicable"
    assert not evidence.headline(["ASM"], ["SG_CPA_MIGR"])


def test_an_incomplete_year_is_shown_and_never_judged(evidence: Evidence) -> None:
    shown = {each.year for each in evidence.headline(["LBY"], ["IOM_MISSING_MIGRANTS"])}
    spans = evidence.spans(2018, 2026, ["LBY"], ["IOM_MISSING_MIGRANTS"])
    assert 2025 in shown
    assert spans[0].latest is not None
    assert spans[0].latest.year == 2024


def test_a_span_begins_with_the_next_year_where_the_baseline_has_no_figure(
    evidence: Evidence,
) -> None:
    (span,) = evidence.spans(2018, 2026, ["KEN"], ["DESA_STOCK"])
    assert span.base is not None
    assert span.latest is not None
    assert (span.base.year, span.latest.year, span.years) == (2020, 2024, 2)


def test_a_span_ending_before_the_baseline_has_no_base(evidence: Evidence) -> None:
    (span,) = evidence.spans(2018, 2026, ["KEN"], ["SI_POV_DAY1"])
    assert span.base is None
    assert span.years == 0
    assert span.latest is not None


def test_what_lies_after_the_date_is_not_seen(evidence: Evidence) -> None:
    (span,) = evidence.spans(2010, 2015, ["KEN"], ["UNHCR_REFUGEES_ASYLUM"])
    assert span.latest is not None
    assert span.latest.year == 2015


def test_derived_figures_follow_from_their_definitions(
    evidence: Evidence, series: dict[str, Series], framework: Framework
) -> None:
    place = "KEN"
    derived = [one for one in series.values() if one.formula and one.formula.side == "sending"]
    assert derived
    for one in derived:
        assert one.formula is not None
        needed = [one.formula.numerator, one.formula.denominator]
        inputs = [each for code in needed if code for each in evidence.observations(code, place)]
        again = {
            (each.year, each.sex): each.value
            for each in derive(one, {code: [] for code in needed if code} | by_series(inputs))
            if each.place == place
        }
        shipped = {
            (each.year, each.sex): each.value for each in evidence.observations(one.code, place)
        }
        assert again == shipped, one.code


def test_corridors_of_a_region_are_no_country(evidence: Evidence, framework: Framework) -> None:
    for each in evidence.headline(None, ["WM_REMITTANCE_COST_IN"]):
        assert framework.places[each.place].level is Level.NATIONAL


def test_the_same_questions_to_another_engine_have_the_same_answers(
    evidence: Evidence, tmp_path: Path
) -> None:
    engine = f"sqlite://{tmp_path / 'figures.sqlite'}"
    load_into(engine)
    other = open_evidence(engine=engine)
    wanted = {"KEN", "DEU", "MEX"}

    def key(each: object) -> str:
        return repr(each)

    assert sorted(evidence.spans(2018, 2026, wanted), key=key) == sorted(
        other.spans(2018, 2026, wanted), key=key
    )
    assert sorted(evidence.breakdowns(wanted), key=key) == sorted(other.breakdowns(wanted), key=key)
    assert evidence.extents() == other.extents()


def test_the_figures_can_be_copied_into_another_database(
    evidence: Evidence, tmp_path: Path
) -> None:
    engine = f"duckdb://{tmp_path / 'figures.duckdb'}"
    assert load_into(engine) == load_into(engine) > 100_000  # the second replaces the first
    copied = open_evidence(engine=engine)
    wanted = {"KEN"}
    assert copied.headline(wanted) == evidence.headline(wanted)


def test_every_release_was_read_and_says_what_it_left_out() -> None:
    readings = load_readings()
    assert readings.keys() == load_releases().keys()
    assert readings["unsd-sdg-2019q3"].left_out["SL_TLF_UEMDIS: not defined as a series"] == 1065
    negative = "WB_REMITTANCE_CORRIDOR: outside its natural limits"
    assert readings["wb-remittance-prices-2020"].left_out[negative] == 5


def test_a_broken_figure_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 this is not Parquet")
    with pytest.raises(DefinitionError, match=r"broken\.parquet"):
        open_evidence(tmp_path)


def test_a_figure_file_without_a_column_is_named(tmp_path: Path) -> None:
    pq.write_table(pa.table({"series": ["A"], "value": [1.0]}), tmp_path / "thin.parquet")
    with pytest.raises(DefinitionError, match=r"thin\.parquet.*place"):
        open_evidence(tmp_path)


def test_an_empty_folder_of_figures_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="no figures"):
        open_evidence(tmp_path)


def test_a_series_in_the_wrong_file_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "indicators"
    folder.mkdir()
    text = (FIGURES.parent / "indicators" / "DESA_STOCK.yaml").read_text(encoding="utf-8")
    (folder / "OTHER.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"OTHER\.yaml, line 1"):
        load_series(tmp_path)


def test_a_zero_that_stands_for_nothing_reported_is_missing(evidence: Evidence) -> None:
    for place in ("SGP", "ERI", "LBY"):
        newest = evidence.observations("WB_REMIN", place)[-1]
        assert newest.value is None
        assert newest.missing == "unknown"
        assert not any(
            each.value == 0 for each in evidence.headline([place], ["WM_REMITTANCES_GDP"])
        )


def test_one_corridor_is_no_share_of_corridors(evidence: Evidence) -> None:
    corridors = {
        each.place
        for each in evidence.observations("WB_REMITTANCE_CORRIDOR", "USA")
        if each.counterpart == "MEX"
    }
    assert corridors == {"USA"}
    assert not evidence.headline(["MEX"], ["WM_CORRIDORS_ABOVE_5_IN"])


def test_many_readers_at_once_get_the_same_answers(evidence: Evidence) -> None:
    places = ["KEN", "DEU", "MEX", "SYR", "ESP"] * 8
    alone = {place: evidence.observations("DESA_STOCK", place) for place in set(places)}
    with ThreadPoolExecutor(8) as readers:
        together = list(
            readers.map(lambda place: evidence.observations("DESA_STOCK", place), places)
        )
    assert together == [alone[place] for place in places]


def test_emigrants_are_counted_wherever_they_live(evidence: Evidence) -> None:
    """Also in destinations that the list of places does not name."""
    (newest,) = [e for e in evidence.observations("DESA_EMIGRANTS", "IDN") if e.year == 2024]
    assert newest.value == 3745148


def test_a_trend_never_mixes_ages(evidence: Evidence) -> None:
    ages: dict[tuple[str, str], set[str]] = {}
    for each in evidence.headline():
        ages.setdefault((each.series, each.place), set()).add(each.age)
    assert not [key for key, found in ages.items() if len(found) > 1]


def test_an_extent_counts_countries_and_no_regions(evidence: Evidence) -> None:
    assert "SG_CPA_MIGRP" not in evidence.extents()  # it has figures of regions only
    assert evidence.extents()["SI_RMT_COST"].places == 105


def test_more_injuries_than_employees_are_left_out(evidence: Evidence) -> None:
    assert (
        load_readings()["unsd-sdg-2019q3"].left_out["SL_EMP_INJUR: outside its natural limits"]
        == 15
    )
    years = {each.year for each in evidence.headline(["USA"], ["SL_EMP_INJUR"])}
    assert 2008 in years
    assert not years & {2003, 2004, 2005, 2006, 2007}
