"""Reports and money that hang on a pledge: as documents, under identifiers that stay the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from waymark.exchange.pledges.cells import CellError
from waymark.exchange.pledges.mappings import PledgeMapping
from waymark.exchange.pledges.rows import Part
from waymark.plans.flows import PLANS
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
    ) -> dict[str, Any] | None:
        """A report or a flow as a document; None where what stands holds it already.

        Raises a ``CellError`` for a report by nobody.
        """
        document: dict[str, Any] = {**part.values, "commitment": slug}
        if isinstance(document.get("step"), Part):  # it has its identifier by now
            document["step"] = document["step"].values.get("id")
        if part.kind == "flows" and document.get("day") is not None:
            document.setdefault("year", document["day"].year)
        if part.kind == "flows" and self._is_held(document):
            return None
        identifier = self._identifier(part.kind, document)
        before = self.register.of_kind(part.kind).get(identifier)
        base = before.model_dump() if before else {}
        for side in ("provider", "receiver"):
            if side in document:
                base.pop(f"{side}_name", None)
        found = {**self._otherwise(part.kind, commitment, reference), **base, **document}
        if part.kind == "reports" and found["by"] is None:
            problem = "a report says who reports, and the pledge has no lead."
            raise CellError(problem, "Fill in the lead, or give 'reports.by' a column.")
        return {**found, "id": identifier}

    def _otherwise(
        self, kind: str, commitment: Mapping[str, Any], reference: str
    ) -> dict[str, Any]:
        """What holds where neither the list nor the register says it."""
        shared = {"illustrative": self.mapping.illustrative, "by": commitment.get("lead")}
        if kind == "reports":
            return shared
        source = f"{self.mapping.title}, {reference}"
        return {**shared, "place": commitment.get("place"), "source": source}

    def _is_held(self, document: Mapping[str, Any]) -> bool:
        """Whether a budget is a year of one that stands, as IATI has them, year by year."""
        day, ends = document.get("day"), document.get("ends")
        if document.get("kind") not in PLANS or day is None or ends is None:
            return False
        for each in self.register.flows_of.get(document["commitment"], ()):
            first = each.day or date(each.year, 1, 1)
            last = each.ends or date(each.year if each.day is None else each.day.year, 12, 31)
            if (
                (each.kind, each.currency) == (document["kind"], document["currency"])
                and first <= day <= ends <= last
                and (each.day, each.ends) != (day, ends)
                and each.by_year().get(document["year"]) == document["amount"]
            ):
                return True
        return False

    def _identifier(self, kind: str, document: Mapping[str, Any]) -> str:
        """A report is told by its day, a flow by its kind and year; the like are numbered."""
        slug = document["commitment"]
        if "id" in document:
            return str(document["id"])
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
