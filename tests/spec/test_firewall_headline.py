"""The command that protects headline figures: exact accounts, whole files, clear refusals."""

from __future__ import annotations

import contextlib
import csv
import json
import re
import shlex
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from waymark.cli.firewall.headline import protect_headlines
from waymark.cli.main import waymark
from waymark.exceptions import WaymarkError
from waymark.firewall.counts.privacy import reach_of, scale_of, variance_of

COUNTS = "name,count\nNorth,1200\nSouth,340\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "counts.csv").write_text(COUNTS, encoding="utf-8")
    return tmp_path


def arguments(folder: Path, output: str = "headline.csv", epsilon: str = "1/4") -> list[str]:
    return [
        *("firewall", "headline", str(folder / "counts.csv"), "--population", "clinics"),
        *("--year", "2026", "--series", "WM_PEOPLE_SEEN", "--epsilon", epsilon),
        *("--budget", str(folder / "budget.json"), "--output", str(folder / output)),
    ]


def run(*given: str) -> str:
    result = CliRunner().invoke(waymark, list(given), catch_exceptions=True)
    if isinstance(result.exception, WaymarkError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def spent(folder: Path) -> Fraction:
    kept = json.loads((folder / "budget.json").read_text(encoding="utf-8"))
    return sum((Fraction(each["epsilon"]) for each in kept["spendings"]), Fraction(0))


def test_figures_come_with_their_error_and_the_account_is_kept(folder):
    said = run(*arguments(folder))
    assert "left: 3/4 of 1" in said
    with (folder / "headline.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["North", "South"]
    for row, true in zip(rows, (1200, 340), strict=True):
        assert abs(int(row["figure"]) - true) < 150  # e^-37 is the chance of more
        assert int(row["at_least"]) <= int(row["figure"]) <= int(row["at_most"])
        assert row["standard_error"] == "5.64"
    assert spent(folder) == Fraction(1, 4)


def test_the_fifth_quarter_is_refused_and_nothing_is_written(folder):
    for turn in range(4):
        run(*arguments(folder, f"headline-{turn}.csv"))
    with pytest.raises(WaymarkError, match="0 of 1 are left"):
        run(*arguments(folder, "one-too-many.csv"))
    assert not (folder / "one-too-many.csv").exists()
    assert spent(folder) == 1


def test_publishing_at_once_never_overspends(folder):
    """Each call locks a file of its own opening, as a process of its own would."""

    def publish(turn: int) -> bool:
        try:
            with contextlib.redirect_stdout(None):
                protect_headlines.callback(
                    folder / "counts.csv",
                    "clinics",
                    2026,
                    "WM",
                    Fraction(2, 5),
                    1,
                    folder / "budget.json",
                    folder / f"{turn}.csv",
                )
        except WaymarkError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        published = list(pool.map(publish, range(8)))
    assert sum(published) == 2
    assert spent(folder) == Fraction(4, 5)
    assert len(list(folder.glob("?.csv"))) == 2


def test_a_crash_before_the_figures_has_spent_and_not_given(folder, monkeypatch):
    """The account is written first: the other order would give figures for nothing."""
    from waymark.cli.firewall import headline

    kept = headline.replace

    def crash(path: Path, content: bytes) -> None:
        if path.name == "headline.csv":
            raise WaymarkError("The disk is full.")
        kept(path, content)

    monkeypatch.setattr(headline, "replace", crash)
    with pytest.raises(WaymarkError, match="disk is full"):
        run(*arguments(folder))
    assert spent(folder) == Fraction(1, 4)
    assert not (folder / "headline.csv").exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe\x00", b"[]", b'{"spendings": [{}]}', b'{"form": 1}', b"[" * 100_000],
    ids=range(7),
)
def test_a_broken_account_is_never_begun_anew(folder, content):
    (folder / "budget.json").write_bytes(content)
    with pytest.raises(WaymarkError, match=r"budget\.json"):
        run(*arguments(folder))
    assert (folder / "budget.json").read_bytes() == content
    assert not (folder / "headline.csv").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name,count\n",
        b"name\nNorth\n",
        b"name,count\nNorth,-1\n",
        b"name,count\nNorth,1.5\n",
        b"name,count\nNorth,1\nNorth,2\n",
        b"name,count\n,1\n",
        b"\xff\xfe",
        b"name,count\nN," + b"9" * 5000,
    ],
    ids=range(9),
)
def test_counts_that_are_none_spend_nothing(folder, content):
    (folder / "counts.csv").write_bytes(content)
    with pytest.raises(WaymarkError):
        run(*arguments(folder))
    assert not (folder / "budget.json").exists()


@pytest.mark.parametrize("epsilon", ["0", "-1", "nan", "inf", "1/0", "x", "1e999", "0.0001"])
def test_an_epsilon_that_is_none_is_refused(folder, epsilon):
    result = CliRunner().invoke(waymark, arguments(folder, epsilon=epsilon))
    assert result.exit_code != 0
    assert result.exception is None or isinstance(result.exception, SystemExit | WaymarkError)
    assert not (folder / "headline.csv").exists()


def test_a_file_that_is_there_is_not_overwritten(folder):
    (folder / "headline.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(WaymarkError, match="there already"):
        run(*arguments(folder))
    assert (folder / "headline.csv").read_text(encoding="utf-8") == "mine"
    assert not (folder / "budget.json").exists()


HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "publish-headlines.md"


def test_the_how_to_works_as_it_is_written(tmp_path, monkeypatch):
    page = HOW_TO.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    counts = re.search(r"```csv\n(.*?)```", page, re.DOTALL)
    Path("counts.csv").write_text(counts[1], encoding="utf-8")
    command = re.search(r"```sh\n(.*?)```", page, re.DOTALL)
    program, *words = shlex.split(command[1].replace("\\\n", " "))
    assert program == "waymark"
    assert "Written: headline.csv" in run(*words)


def test_the_errors_in_the_how_to_are_those_of_the_noise():
    rows = re.findall(
        r"^\| (1(?:/\d+)?) \| ([\d.]+) \| (\d+) \|$", HOW_TO.read_text(), re.MULTILINE
    )
    assert len(rows) == 4
    for epsilon, error, reach in rows:
        scale = scale_of(Fraction(epsilon), 1)
        assert f"{variance_of(scale) ** 0.5:.1f}" == error
        assert reach_of(scale) == int(reach)
