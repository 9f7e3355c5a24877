"""Invented visits to invented clinics, and a folder from which they can be released."""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import yaml
from click.testing import CliRunner, Result

from waymark.cli.main import waymark
from waymark.firewall.counts.disclosure import load_disclosure
from waymark.firewall.counts.ledger import read_ledger
from waymark.firewall.counts.perturbation import Secret
from waymark.firewall.counts.release import Prepared, prepare
from waymark.firewall.counts.specification import read_specification

SECRET = bytes(range(7, 39))
HEADER = ("person", "clinic", "provider", "district", "sex", "age", "service", "quarter")
COLUMNS = {
    "person": {"kind": "person"},
    "clinic": {"kind": "site"},
    "provider": {"kind": "provider"},
    "district": {"kind": "area"},
    "sex": {"kind": "sex"},
    "age": {"kind": "age-group"},
    "service": {"kind": "service"},
    "quarter": {"kind": "period"},
}
Row = tuple[str, ...]


def visits(people: int = 1500, *, seed: int = 1, most_visits: int = 2) -> list[Row]:
    """Visits drawn by a seed: four districts with six clinics each of four providers."""
    draw = random.Random(seed)
    rows = []
    for number in range(people):
        district = draw.choice(["North", "East", "South", "West"])
        sex = "other" if draw.random() < 0.01 else draw.choice(["female", "male"])
        age = draw.choice(["0-17", "18-29", "30-59", "60+"])
        for _ in range(draw.randint(1, most_visits)):
            clinic = draw.randrange(6)
            service = draw.choice(["general", "general", "dental", "maternity"])
            quarter = f"2026-Q{draw.randint(1, 4)}"
            who = (f"P{number:06}", f"{district} {clinic}", f"body {clinic % 4}")
            rows.append((*who, district, sex, age, service, quarter))
    return rows


def write_visits(path: Path, rows: list[Row], header: tuple[str, ...] = HEADER) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def specification(tables: list[list[str]], **changes: object) -> dict[str, object]:
    """A specification of the visits; changes replace its fields."""
    return {
        "population": "clinics-2026",
        "title": {"en": "People who came to a clinic"},
        "series": "WM_CLINIC_USERS",
        "place": "AUT",
        "period": "2026",
        "records": "visits.csv",
        "columns": COLUMNS,
        "tables": tables,
    } | changes


class Folder:
    """A folder with visits, a secret and a ledger."""

    def __init__(self, path: Path, rows: list[Row] | None = None) -> None:
        self.path = path
        write_visits(path / "visits.csv", visits() if rows is None else rows)
        self.secret.write_bytes(SECRET)
        self.secret.chmod(0o600)

    @property
    def secret(self) -> Path:
        return self.path / "secret.key"

    @property
    def ledger(self) -> Path:
        return self.path / "ledger.jsonl"

    def rewrite(self, column: str, make: Callable[[int, Row], str]) -> None:
        """Write the visits with another content of one column, made of each row."""
        at = HEADER.index(column)
        rows: list[Row] = []
        for number, row in enumerate(visits()):
            rows.append((*row[:at], make(number, row), *row[at + 1 :]))
        write_visits(self.path / "visits.csv", rows)

    def specify(self, tables: list[list[str]], **changes: object) -> Path:
        path = self.path / "clinics.yaml"
        path.write_text(yaml.safe_dump(specification(tables, **changes)), encoding="utf-8")
        return path

    def run(self, tables: list[list[str]], *options: str, **changes: object) -> Result:
        """The command, as people call it."""
        path = self.specify(tables, **changes)
        fixed = ["--ledger", str(self.ledger), "--secret-file", str(self.secret)]
        if "--output" not in options:
            options = (*options, "--output", str(self.path / "out"))
        arguments = ["firewall", "release", str(path), *fixed, "--as-of", "2026-11-23", *options]
        return CliRunner().invoke(waymark, arguments)

    def prepare(self, tables: list[list[str]], **changes: object) -> Prepared:
        """The release without the command, nothing written."""
        path = self.specify(tables, **changes)
        return prepare(
            path,
            read_specification(path, load_disclosure()),
            read_ledger(self.ledger),
            Secret(SECRET),
            day="2026-11-23",
            seconds=60,
            say=lambda _: None,
        )

    def release(self, tables: list[list[str]], **changes: object) -> Prepared:
        """The release, in the ledger."""
        made = self.prepare(tables, **changes)
        if made.entry is not None:
            read_ledger(self.ledger).append(made.entry)
        return made


@lru_cache(maxsize=1)
def released() -> bytes:
    """A release document as the command writes it: people by district."""
    with tempfile.TemporaryDirectory() as folder:
        return Folder(Path(folder)).prepare([["district"]]).document.as_json()
