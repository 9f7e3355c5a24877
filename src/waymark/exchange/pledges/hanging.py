"""Reports and money that hang on a pledge: as documents, under identifiers that stay the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from waymark.exchange.pledges.cells import CellError
from waymark.exchange.pledges.mappings import PledgeMapping
from waymark.exchange.pledges.rows import Part
from waymark.plans.register import Register
from waymark.reading import Value

SAME = {  # what is the same twice is one, whoever entered it first
    "reports": ("step", "reported", "outcome"),
    "flows": ("kind", "amount", "currency", "year", "day", "provider", "receiver"),
}


class Hanging:
    """What hangs on the commitments of a register, and what a list adds to it."""

    def __init__(self, register: Register, mapping: PledgeMapping) -> None:
        self.register = register
        self.mapping = mapping
        self.entered: dict[str, Mapping[str, Iterable[Value]]] = {
            "reports": register.reports_of,
            "flows": register.flows_of,
        }
        self.used: Counter[tuple[str, str]] = Counter()

    def document(
        self, part: Part, slug: str, commitment: Mapping[str, Any], reference: str
    ) -> dict[str, Any]:
        """A report or a flow as a document; a ``CellError`` where nobody reports."""
        document: dict[str, Any] = {
            "illustrative": self.mapping.illustrative,
            **part.values,
            "commitment": slug,
        }
        document.setdefault("by", commitment.get("lead"))
        if part.kind == "reports":
            self._complete_report(document)
        else:
            document.setdefault("place", commitment.get("place"))
            document.setdefault("source", f"{self.mapping.title}, {reference}")
            if document.get("day") is not None:
                document.setdefault("year", document["day"].year)
        identifier = self._identifier(part.kind, document)
        before = self.register.of_kind(part.kind).get(identifier)
        base = before.model_dump() if before else {}
        for side in ("provider", "receiver"):
            if side in document:
                base.pop(f"{side}_name", None)
        return {**base, **document, "id": identifier}

    def _complete_report(self, document: dict[str, Any]) -> None:
        step = document.get("step")
        if isinstance(step, Part):  # it has its identifier by now
            document["step"] = step.values.get("id")
        if document["by"] is None:
            problem = "a report says who reports, and the pledge has no lead."
            raise CellError(problem, "Fill in the lead, or give 'reports.by' a column.")

    def _identifier(self, kind: str, document: Mapping[str, Any]) -> str:
        """A report is told by its day, a flow by its kind and year; the like are numbered."""
        slug = document["commitment"]
        if kind == "reports":
            stem = f"{slug}-r{re.sub(r'[^0-9]', '', str(document.get('reported')))}"
        else:
            stem = f"{slug}-{document.get('kind')}-{document.get('year')}"
        stem = self._standing(kind, document) or stem
        self.used[kind, stem] += 1
        count = self.used[kind, stem]
        return stem if count == 1 else f"{stem}-{count}"

    def _standing(self, kind: str, document: Mapping[str, Any]) -> str | None:
        """The identifier under which the same was entered before, be it by somebody else."""
        for each in self.entered[kind].get(document["commitment"], ()):
            identifier = str(getattr(each, "id"))  # noqa: B009
            same = all(getattr(each, name) == document.get(name) for name in SAME[kind])
            if same and (kind, identifier) not in self.used:
                return identifier
        return None
