"""The UN's standard country and area codes (M49), as the table of places that ships.

Reads the six language editions of the M49 table (the English one has semicolons and a byte-order
mark) and a roll call of the General Assembly, which names the Member States.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from waymark.exceptions import DefinitionError
from waymark.reading import read_text

EDITIONS = {"en": "en", "ar": "ar", "zh": "cn", "fr": "fr", "ru": "ru", "es": "es"}
LEVELS_ABOVE = ("Intermediate Region", "Sub-region", "Region", "Global")  # nearest first
GROUPS = {
    "least_developed": "Least Developed Countries (LDC)",
    "landlocked_developing": "Land Locked Developing Countries (LLDC)",
    "small_island_developing": "Small Island Developing States (SIDS)",
}
COLUMNS = ("id", "m49", "level", "parents", "member", *GROUPS, *EDITIONS)
Row = dict[str, str]


def write_places(m49_folder: Path, votes: Path, target: Path) -> int:
    """Write ``places.csv`` from the M49 editions and a roll call; returns the number of places."""
    rows = list(places(m49_folder, votes))
    lines = io.StringIO()
    writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    target.write_text(lines.getvalue(), encoding="utf-8")
    return len(rows)


def places(m49_folder: Path, votes: Path) -> Iterator[Row]:
    """The world, its regions and every State or area, as rows of ``places.csv``."""
    editions = {
        language: {row["M49 Code"]: row for row in _edition(m49_folder / f"M49_{suffix}.csv")}
        for language, suffix in EDITIONS.items()
    }
    members = {line.split(",")[1] for line in read_text(votes).splitlines()[1:] if line.strip()}
    seen: set[str] = set()
    with_code = (row for row in editions["en"].values() if row["ISO-alpha3 Code"])  # Sark has none
    areas = sorted(with_code, key=lambda row: row["ISO-alpha3 Code"])
    for area in areas:
        for above in reversed(LEVELS_ABOVE):
            code = area[f"{above} Code"]
            if code and code not in seen:
                seen.add(code)
                yield _region(code, above, area["M49 Code"], editions)
    for area in areas:
        yield _area(area, editions, members)


def _edition(path: Path) -> list[Row]:
    text = read_text(path)
    delimiter = ";" if ";" in text.split("\n", 1)[0] else ","
    rows = list(csv.DictReader(io.StringIO(text), delimiter=delimiter))
    if not rows or "M49 Code" not in rows[0]:
        raise DefinitionError(
            path, "there is no column 'M49 Code'.", "Use the M49 overview as the UN hands it out."
        )
    return rows


def _region(code: str, above: str, example: str, editions: dict[str, dict[str, Row]]) -> Row:
    sample = editions["en"][example]
    wider = LEVELS_ABOVE[LEVELS_ABOVE.index(above) + 1 :]
    parents = [sample[f"{level} Code"] for level in wider if sample[f"{level} Code"]]
    names = {language: rows[example][f"{above} Name"] for language, rows in editions.items()}
    level = "global" if above == "Global" else "regional"
    return {"id": code, "m49": code, "level": level, "parents": " ".join(parents), **names}


def _area(area: Row, editions: dict[str, dict[str, Row]], members: set[str]) -> Row:
    code = area["M49 Code"]
    parents = [area[f"{level} Code"] for level in LEVELS_ABOVE if area[f"{level} Code"]]
    names = {language: rows[code]["Country or Area"].strip() for language, rows in editions.items()}
    flags = {name: "true" for name, column in GROUPS.items() if area[column].strip()}
    if area["ISO-alpha2 Code"] in members:
        flags["member"] = "true"
    return {
        "id": area["ISO-alpha3 Code"],
        "m49": code,
        "level": "national",
        "parents": " ".join(parents),
        **flags,
        **names,
    }
