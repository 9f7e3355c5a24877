"""What each row adds to, decided for all rows at once by the query engine.

The rule is that of ``sums.counted``, which decides row by row and is its specification: a property
test holds both to each other. It needs the rows of a place whole, so it runs where they are
imported, and its answer is kept with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from waymark.finance.sums import OF_KIND, Measure
from waymark.plans.flows import SPENDING, FlowKind

if TYPE_CHECKING:
    import duckdb

ADDS_TO = "adds_to"  # the column with the measure
COUNTED = """
CREATE TABLE {target}_spending AS
  SELECT place, reporter AS party, max(year) AS last FROM {rows}
  WHERE duplicate_of IS NULL AND kind IN ({spending}) AND reporter <> '' AND place <> ''
  GROUP BY ALL;
CREATE TABLE {target}_obtaining AS
  SELECT place, receiver AS party, min(year) AS first FROM {rows}
  WHERE duplicate_of IS NULL AND kind = '{commitment}' AND receiver NOT IN ('', provider)
    AND place <> ''
  GROUP BY ALL;
CREATE VIEW {target} AS
  SELECT r.*, CASE
    WHEN r.duplicate_of IS NOT NULL THEN '{duplicate}'
    WHEN r.place <> '' AND r.receiver IN (r.provider, r.reporter) AND r.receiver <> ''
      THEN of_kind.measure
    WHEN r.kind = '{disbursement}' AND r.receiver <> '' AND s.last >= r.year THEN '{passed_on}'
    WHEN r.kind = '{commitment}' AND r.provider <> '' AND o.first <= r.year THEN '{passed_on}'
    ELSE of_kind.measure END AS {adds_to}
  FROM {rows} r
  JOIN (VALUES {measures}) of_kind(kind, measure) ON of_kind.kind = r.kind
  LEFT JOIN {target}_spending s ON s.place = r.place AND s.party = r.receiver
  LEFT JOIN {target}_obtaining o ON o.place = r.place AND o.party = r.provider
"""


def count_once(engine: duckdb.DuckDBPyConnection, rows: str, target: str) -> None:
    """Make the view ``target``: the rows of the view ``rows``, each with what it adds to."""
    query = COUNTED.format(
        rows=rows,
        target=target,
        adds_to=ADDS_TO,
        spending=", ".join(f"'{kind.value}'" for kind in sorted(SPENDING)),
        commitment=FlowKind.COMMITMENT.value,
        disbursement=FlowKind.DISBURSEMENT.value,
        duplicate=Measure.DUPLICATE.value,
        passed_on=Measure.PASSED_ON.value,
        measures=", ".join(f"('{kind.value}', '{one.value}')" for kind, one in OF_KIND.items()),
    )
    engine.execute(query)
