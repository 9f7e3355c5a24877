"""The forms of the registry's tables: which column means what, whatever its language."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from waymark.exceptions import DefinitionError
from waymark.finance.evidence import MONEY
from waymark.indicators.releases import Release
from waymark.reading import Value, read_yaml
from waymark.words import Label

FORMS = MONEY / "forms.yaml"


class Ignored(Value):
    """Columns that are read past, and why."""

    reason: str
    names: tuple[str, ...]


class AsReleased(Value):
    """What every file of the registry has in common as a release."""

    title: Label
    producer: str
    licence: str
    attribution: str


class Forms(Value):
    """What the columns of the registry's files mean: the form of ``forms.yaml``."""

    columns: dict[str, tuple[str, ...]]
    may_be_missing: tuple[str, ...]
    ignored: tuple[Ignored, ...]
    no_data: tuple[str, ...]
    release: AsReleased

    @cached_property
    def used(self) -> dict[str, str]:
        """What each header that is used means, by its folded words."""
        return {folded(name): use for use, names in self.columns.items() for name in names}

    @cached_property
    def past(self) -> dict[str, str]:
        """Why each header that is read past is, by its folded words."""
        return {folded(name): each.reason for each in self.ignored for name in each.names}

    def knows(self, headers: Collection[str]) -> bool:
        """Whether these look like the headers of such a file: most of what is needed is there."""
        found = {self.used.get(folded(header)) for header in headers} - {None}
        return 2 * len(found) > len(self.columns)


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of one file: for each use the header that has it, and what is read past."""

    used: dict[str, str]
    ignored: dict[str, str]


def load_forms(path: Path = FORMS) -> Forms:
    """What the columns of the registry's files mean."""
    return read_yaml(path, Forms)


def header_of(
    path: Path, given: Sequence[str], forms: Forms, release: Release | None = None
) -> Header:
    """What each column means; raises ``DefinitionError`` for one that is missing or not known.

    Where a release says which columns it has, it must have exactly those.
    """
    used: dict[str, str] = {}
    ignored: dict[str, str] = {}
    unknown, twice = [], []
    for name in given:
        use, reason = forms.used.get(folded(name)), forms.past.get(folded(name))
        if use is not None and use not in used:
            used[use] = name
        elif use is not None or name in ignored:
            twice.append(name)
        elif reason is not None:
            ignored[name] = reason
        else:
            unknown.append(name)
    needed = [use for use in forms.columns if use not in forms.may_be_missing]
    missing = [forms.columns[use][0] for use in needed if use not in used]
    wanted = [names[0] for names in forms.columns.values()]
    if release is not None:
        wanted = sorted({*release.used, *release.ignored})
        missing = [name for name in wanted if name not in given]
        unknown = [name for name in given if name not in wanted]
    faults = (("is missing", missing), ("is not known", unknown), ("is there twice", twice))
    for problem, names in faults:
        if names:
            remedy = f"The columns are: {', '.join(wanted)}."
            raise DefinitionError(path, f"the column {', '.join(names)} {problem}.", remedy)
    return Header(used, ignored)


def folded(header: str) -> str:
    """A header without case, outer and double blanks, and kinds of apostrophes."""
    plain = unicodedata.normalize("NFKC", header).replace("’", "'").replace("ʼ", "'")
    return " ".join(plain.casefold().split())
