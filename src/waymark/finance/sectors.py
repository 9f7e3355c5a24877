"""What sectors are called: the OECD's own words for its purpose codes, where the list has them."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from pydantic import StringConstraints

from waymark.finance.evidence import MONEY
from waymark.reading import Value, read_yaml
from waymark.words import Names

Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]


class SectorNames(Value):
    """Names by code, and the list in which they were read: its state, and the hash of its file."""

    source: str
    state: str
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    names: dict[Code, Names]

    def name(self, code: str) -> Names | None:
        """The name of a sector; None for a code that the list does not hold."""
        return self.names.get(code)


@lru_cache(maxsize=1)
def sector_names() -> SectorNames:
    """The names that ship. Raises ``DefinitionError`` for a file of another form."""
    return read_yaml(MONEY / "sector-names.yaml", SectorNames)
