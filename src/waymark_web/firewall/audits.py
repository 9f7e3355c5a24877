"""The library's audit as pages use it: a document, a picture, a PDF."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote

from waymark.compact.answers import Answer
from waymark.firewall.audits.audit import Audit, audit
from waymark.firewall.audits.drawing import as_svg
from waymark.firewall.audits.network import Network
from waymark.firewall.audits.report import as_json, as_pdf, document
from waymark_web import store
from waymark_web.firewall import shipped

WIDTH = re.compile(r'width="(\d+)" height="(\d+)"')


@dataclass(frozen=True)
class Audited:
    """An audit in the language of a reader."""

    found: Audit
    language: str

    @property
    def answer(self) -> Answer:
        """Whether the wall holds: yes, no or not known."""
        return self.found.answer

    @cached_property
    def told(self) -> dict[str, Any]:
        """The document, as JSON and PDF hold it."""
        return document(self.found, self.language)

    @cached_property
    def picture(self) -> str:
        """The drawing as the address of an image: nothing in it can touch the page."""
        return "data:image/svg+xml," + quote(self._drawing, safe="") if self._drawing else ""

    @cached_property
    def size(self) -> tuple[int, int]:
        """The width and height of the drawing."""
        found = WIDTH.search(self._drawing)
        return (int(found[1]), int(found[2])) if found else (0, 0)

    @cached_property
    def _drawing(self) -> str:
        return as_svg(self.found, self.language)

    def file(self, form: str) -> bytes:
        """The audit as a file to take along: ``pdf`` or ``json``."""
        if form == "pdf":
            return as_pdf(self.found, self.language)
        return as_json(self.found, self.language).encode()


def audited(network: Network, as_of: date, language: str) -> Audited:
    """The audit of a network as of a day; a ``WaymarkError`` where there is nothing to judge."""
    return Audited(audit(network, shipped.domain(), as_of), language)


def answer_today(network: Network) -> Answer:
    """What the audit says of a network today; ``WaymarkError`` where nothing can be judged."""
    return audited(network, store.today(), "en").answer


@lru_cache(maxsize=64)
def of_case(name: str, as_of: date, language: str) -> Audited:
    """The audit of a known case on a day."""
    return audited(shipped.case(name), as_of, language)
