"""What tests of pages do alike: ask for a page, or for a table to take along."""

from __future__ import annotations

import csv
import io

from django.test import Client


def shown(reader: Client, address: str) -> str:
    """A page that answers, as text."""
    response = reader.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


def file_of(reader: Client, address: str) -> list[dict[str, str]]:
    """The lines of a CSV file, by column."""
    response = reader.get(address)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
