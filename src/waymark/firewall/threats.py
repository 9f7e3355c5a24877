"""The threats to the firewall: what can go wrong, what we do, how it is tested, what remains."""

from __future__ import annotations

from pathlib import Path

from pydantic import field_validator

from waymark.firewall.domain import FOLDER
from waymark.reading import Value, read_yaml
from waymark.words import Label

HOW_MANY = 26  # of the list that the firewall was designed against


class Threat(Value):
    """One threat. ``tested_by`` are files of tests, or tests in them (``file::test``).

    ``cases`` are known cases in which it happened, by the names of their files.
    """

    id: int
    threat: Label
    we_do: Label
    remains: Label
    tested_by: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()


class Threats(Value):
    """All of them, each once, in order."""

    threats: tuple[Threat, ...]

    @field_validator("threats")
    @classmethod
    def _all_in_order(cls, given: tuple[Threat, ...]) -> tuple[Threat, ...]:
        if [each.id for each in given] != list(range(1, HOW_MANY + 1)):
            raise ValueError(f"the threats are numbered from 1 to {HOW_MANY}, each once, in order")
        return given


def load_threats(folder: Path = FOLDER) -> tuple[Threat, ...]:
    """The threats that ship."""
    return read_yaml(folder / "threats.yaml", Threats).threats
