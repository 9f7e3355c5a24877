"""The world map: equal-area, places marked, small States as dots that can be seen.

Geometry is Natural Earth's, replaceable as a file; its boundaries are not the United Nations'.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from waymark.compact.places import Place

GEOMETRY = Path(__file__).parent / "world_countries_110m.topojson"
WIDTH, HEIGHT = 720, 350
SMALL = 60.0  # square units of the picture below which a place is also marked by a dot
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796  # Equal Earth, Savric and others 2018
Ring = list[tuple[float, float]]


def map_of(places: Iterable[Place]) -> str:
    """An SVG of the world with some places filled."""
    marked = {place.m49: place.name.en for place in places}
    shapes = _shapes()
    drawn = []
    for code, rings in shapes.items():
        path = "".join(_path(ring) for ring in rings)
        kind = ' class="m"' if code in marked else ""
        drawn.append(f'<path d="{path}"{kind}/>')
    for code in marked.keys() & shapes.keys():
        x, y, area = _middle(shapes[code])
        if area < SMALL:
            drawn.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="6"/>')
    title = escape(", ".join(sorted(marked.values())[:3]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>{title}</title><style>path{{fill:#dcdad2;stroke:#fff;stroke-width:.4}}"
        ".m{fill:#0b5351}circle{fill:none;stroke:#8f3a00;stroke-width:2}</style>"
        f"{''.join(drawn)}</svg>"
    )


@lru_cache(maxsize=1)
def _shapes() -> dict[str, list[Ring]]:
    """The outlines of every country, by M49 code, in the coordinates of the picture."""
    topology = json.loads(GEOMETRY.read_text(encoding="utf-8"))
    arcs = _arcs(topology)
    found: dict[str, list[Ring]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        code = str(shape.get("id", "")).zfill(3)
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for polygon in polygons:
            for ring in polygon:
                found.setdefault(code, []).append(_ring(ring, arcs))
    return found


def _arcs(topology: dict[str, object]) -> list[Ring]:
    transform = topology["transform"]
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]  # type: ignore[index]
    found = []
    for arc in topology["arcs"]:  # type: ignore[attr-defined]
        x = y = 0
        ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            ring.append(_projected(x * scale_x + move_x, y * scale_y + move_y))
        found.append(ring)
    return found


def _ring(indices: list[int], arcs: list[Ring]) -> Ring:
    points: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def _projected(longitude: float, latitude: float) -> tuple[float, float]:
    """Equal Earth projection, scaled into the picture."""
    turn = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    t2 = turn * turn
    t6 = t2**3
    x = (
        2 * math.sqrt(3) * math.radians(longitude) * math.cos(turn)
        / (3 * (9 * A4 * t6 * t2 + 7 * A3 * t6 + 3 * A2 * t2 + A1))
    )  # fmt: skip
    y = turn * (A4 * t6 * t2 + A3 * t6 + A2 * t2 + A1)
    return WIDTH / 2 + x * 130, HEIGHT / 2 - y * 130


def _path(ring: Ring) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z"


def _middle(rings: list[Ring]) -> tuple[float, float, float]:
    """The middle of the largest ring's box, and the area of all boxes."""
    boxes = []
    for ring in rings:
        xs, ys = [x for x, _ in ring], [y for _, y in ring]
        area = (max(xs) - min(xs)) * (max(ys) - min(ys))
        boxes.append((area, (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2))
    largest = max(boxes)
    return largest[1], largest[2], sum(area for area, _, _ in boxes)
