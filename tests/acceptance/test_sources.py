"""What ships, held against the sources beside the project (../shared/data)."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from waymark.compact.framework import Framework
from waymark.compact.loading import DEFINITIONS
from waymark.exchange.m49 import write_places
from waymark.exchange.packing import pack
from waymark.indicators.evidence import FIGURES, Evidence
from waymark.indicators.releases import load_releases
from waymark.indicators.series import Series

LONGEST_RUN = 7  # words in a row that a label may share with the text


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + length]) for at in range(len(found) - length + 1)}


@pytest.fixture(scope="module")
def objectives(shared: Path) -> list[dict[str, object]]:
    text = (shared / "texts/gcm/gcm_2018_objectives_en.json").read_text(encoding="utf-8")
    found: list[dict[str, object]] = json.loads(text)["objectives"]
    return found


def test_every_action_of_the_compact_is_there(
    objectives: list[dict[str, object]], framework: Framework
) -> None:
    source = {
        f"gcm:{objective['number']}.{action['letter']}"
        for objective in objectives
        for action in objective["actions"]  # type: ignore[attr-defined]
    }
    ours = {action.id for objective in framework.objectives for action in objective.parts}
    assert source == ours
    assert len(ours) == 187


def test_objectives_carry_their_official_titles(
    objectives: list[dict[str, object]], framework: Framework
) -> None:
    for objective in objectives:
        ours = framework.provision(f"gcm:{objective['number']}")
        assert ours.title is not None
        assert words(ours.title.en) == words(str(objective["title"]))
        assert ours.paragraphs == str(objective["paragraph"])


def test_no_label_repeats_eight_words_of_the_compact(
    objectives: list[dict[str, object]], framework: Framework
) -> None:
    text = json.dumps(objectives, ensure_ascii=False)
    theirs = runs(text, LONGEST_RUN + 1)
    for found in framework.provisions.values():
        if found.instrument == "gcm":
            assert not runs(found.label.en, LONGEST_RUN + 1) & theirs, found.id


@pytest.mark.parametrize(
    "name", ["iccpr_1966", "icescr_1966", "crc_1989", "cedaw_1979", "cat_1984"]
)
def test_treaty_articles_exist_and_are_in_our_own_words(
    shared: Path, framework: Framework, name: str
) -> None:
    text = (shared / f"texts/treaties/{name}_en.txt").read_text(encoding="utf-8")
    theirs = runs(text, LONGEST_RUN + 1)
    numbers = set(re.findall(r"^Article (\d+)", text, flags=re.M))
    for found in framework.of_instrument(name.split("_")[0]):
        assert found.number in numbers
        assert not runs(found.label.en, LONGEST_RUN + 1) & theirs


def test_sdg_targets_and_indicators_are_those_of_the_framework(
    shared: Path, framework: Framework
) -> None:
    text = (shared / "texts/sdg/sdg_framework_6lang.json").read_text(encoding="utf-8")
    official = json.loads(text)
    for found in framework.provisions.values():
        if found.instrument == "sdg":
            kind = {"goal": "goals", "target": "targets", "indicator": "indicators"}[found.kind]
            assert found.number in official[kind], found.id


def test_packing_again_gives_the_figures_that_ship(
    shared: Path, tmp_path: Path, framework: Framework, series: dict[str, Series]
) -> None:
    pack(shared / "starter", tmp_path, load_releases(), series, dict(framework.places))
    for path in sorted(FIGURES.glob("*.parquet")):
        assert pq.read_table(tmp_path / path.name).equals(pq.read_table(path)), path.name
    again = (tmp_path / "readings.yaml").read_text(encoding="utf-8")
    assert again == (FIGURES / "readings.yaml").read_text(encoding="utf-8")


def test_a_figure_is_found_again_in_its_row(shared: Path, evidence: Evidence) -> None:
    lines = (shared / "starter/sdg_core_2019Q3.csv").read_text(encoding="utf-8-sig").splitlines()
    header = next(csv.reader(lines[:1]))
    for place in ("KEN", "DEU", "MEX"):
        for each in evidence.observations("SH_STA_MMR", place):
            row = dict(zip(header, next(csv.reader([lines[each.row - 1]])), strict=True))
            assert (row["seriesCode"], row["ISO3"]) == (each.series, place)
            assert float(row["value"]) == each.value


def test_places_are_those_of_the_un_list(shared: Path, tmp_path: Path) -> None:
    target = tmp_path / "places.csv"
    write_places(shared / "geo/unsd_m49", shared / "acceptance_by_states/votes.csv", target)
    assert target.read_bytes() == (DEFINITIONS / "places.csv").read_bytes()


def test_votes_are_those_of_the_roll_calls(shared: Path, framework: Framework) -> None:
    with (shared / "acceptance_by_states/votes.csv").open(encoding="utf-8-sig") as file:
        theirs = sum(row["vote"] == "yes" for row in csv.DictReader(file))
    with (DEFINITIONS / "acceptance/votes.csv").open(encoding="utf-8") as file:
        ours = sum(row["vote"] == "yes" for row in csv.DictReader(file))
    assert theirs == ours == 152 + 181


def test_nobody_is_lost_from_the_ratifications(shared: Path) -> None:
    with (DEFINITIONS / "acceptance/ratifications.csv").open(encoding="utf-8") as file:
        ours = [(row["treaty"], row["place"]) for row in csv.DictReader(file)]
    files = list((shared / "acceptance_by_states/ratification").glob("*.csv"))
    assert len(ours) == 193 * len(files) - 1  # one row of the source contradicts itself (limits.md)
