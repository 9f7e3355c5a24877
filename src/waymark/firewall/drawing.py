"""The chains of an audit as a picture: services on one side, enforcement on the other.

The picture shows no more than the list beside it does, and may be left out by who cannot see it.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from textwrap import wrap

from waymark.firewall.audit import Audit, Hop
from waymark.firewall.domain import Role
from waymark.words import RIGHT_TO_LEFT

WIDE, GAP, ROW, LINE, MARGIN = 168, 92, 84, 15, 12
LETTERS = 22  # of a name in one line of a box
MOST_LINES = 4
MOST_BODIES = 40  # more than that is no picture
INK, TEAL = "#1d1d1b", "#0b5351"
Corner = Callable[[str], tuple[float, float]]


def as_svg(found: Audit, language: str) -> str:
    """The bodies on the shortest chains and the hops between them; empty where there are none.

    A dashed arrow is a hop that is not known, a thick one only the law can change. The picture is
    mirrored for languages that are written from right to left.
    """
    places = _places(found)
    if not places or len(places) > MOST_BODIES:
        return ""
    columns = 1 + max(column for column, _ in places.values())
    rows = 1 + max(row for _, row in places.values())
    width = columns * WIDE + (columns - 1) * GAP + 2 * MARGIN
    height = rows * ROW + 2 * MARGIN
    mirrored = language in RIGHT_TO_LEFT

    def corner(body: str) -> tuple[float, float]:
        column, row = places[body]
        x = MARGIN + column * (WIDE + GAP)
        return (width - x - WIDE if mirrored else x), MARGIN + row * ROW

    names = {body.id: body for body in found.network.bodies}
    hops = {hop for chain in found.chains for hop in chain.hops}
    drawn = [_arrow(hop, corner, mirrored) for hop in sorted(hops, key=lambda it: it.name)]
    for identifier in places:
        body = names[identifier]
        is_sink = found.domain.kind(body.kind).role is Role.SINK
        drawn.append(_box(body.name, *corner(identifier), is_sink=is_sink))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" font-family="sans-serif" font-size="12">'
        f"{''.join(drawn)}</svg>"
    )


def _places(found: Audit) -> dict[str, tuple[int, int]]:
    """The column and row of each body on a chain: the column is its distance from the end."""
    longest = max((len(chain.hops) for chain in found.chains), default=0)
    columns: dict[str, int] = {}
    for chain in found.chains:
        for at, body in enumerate(chain.bodies):
            columns.setdefault(body.id, longest - len(chain.hops) + at)
    filled: dict[int, int] = {}
    places: dict[str, tuple[int, int]] = {}
    for identifier, column in columns.items():
        places[identifier] = (column, filled.get(column, 0))
        filled[column] = filled.get(column, 0) + 1
    return places


def _arrow(hop: Hop, corner: Corner, mirrored: bool) -> str:
    x, y = corner(hop.sender.id)
    end_x, end_y = corner(hop.recipient.id)
    middle = (ROW - 20) / 2
    start_x, end_x = (x, end_x + WIDE) if mirrored else (x + WIDE, end_x)
    y, end_y = y + middle, end_y + middle
    back = 7 if mirrored else -7
    dashed = "" if hop.known else ' stroke-dasharray="4 4"'
    thick = 3 if hop.by_law and hop.known else 1.5
    return (
        f'<line x1="{start_x}" y1="{y}" x2="{end_x + back}" y2="{end_y}" stroke="{INK}" '
        f'stroke-width="{thick}"{dashed}/>'
        f'<path d="M{end_x} {end_y} l{back * 1.4} -5 v10 z" fill="{INK}"/>'
    )


def _box(name: str, x: float, y: float, *, is_sink: bool) -> str:
    lines = wrap(name, LETTERS, max_lines=MOST_LINES, placeholder=" …")
    high = ROW - 20
    top = y + (high - LINE * (len(lines) - 1)) / 2 + 4
    fill, ink = (INK, "#fff") if is_sink else ("#fff", INK)
    words = "".join(
        f'<text x="{x + WIDE / 2}" y="{top + at * LINE}" text-anchor="middle" '
        f'fill="{ink}">{escape(line)}</text>'
        for at, line in enumerate(lines)
    )
    border = INK if is_sink else TEAL
    return (
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{high}" rx="2" fill="{fill}" '
        f'stroke="{border}" stroke-width="1.5"/>{words}'
    )
