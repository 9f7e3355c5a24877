"""The chains of an audit as a picture: services on one side, enforcement on the other.

The picture shows no more than the list beside it does, and may be left out by who cannot see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from waymark.firewall.audits.audit import Audit, Chain
from waymark.firewall.audits.hops import Hop
from waymark.words import RIGHT_TO_LEFT

WIDE, GAP, ROW, LINE, MARGIN = 136, 44, 84, 15, 8
HIGH = ROW - 20  # of a box
LETTERS = 19  # of a name in one line of a box
MOST_LINES = 4
MOST_BODIES = 40  # more than that is no picture
HEAD = 10  # how long the head of an arrow is
INK, TEAL = "#1d1d1b", "#0b5351"
Cell = tuple[int, int]


def as_svg(found: Audit, language: str) -> str:
    """The bodies on the shortest chains and the hops between them; empty where there are none.

    A dashed arrow is a hop that is not known, a thick one only the law can change. The picture is
    mirrored for languages that are written from right to left.
    """
    names = {chain.service.id: chain.service.name for chain in found.chains}
    ends = {chain.hops[-1].recipient_id for chain in found.chains}
    hops = {(hop.name, hop.sender.id, hop.recipient_id): hop for hop in _hops(found.chains)}
    for hop in hops.values():
        name = hop.recipient.name if hop.recipient else hop.end.text(language)
        names.setdefault(hop.recipient_id, name)
    if not names or len(names) > MOST_BODIES:
        return ""
    drawn = Layout.of(found.chains, mirrored=language in RIGHT_TO_LEFT)
    parts = [drawn.arrow(hops[key]) for key in sorted(hops)]
    parts += [drawn.box(body, name, is_sink=body in ends) for body, name in names.items()]
    width, height = drawn.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" font-family="sans-serif" font-size="12">'
        f"{''.join(parts)}</svg>"
    )


def _hops(chains: Iterable[Chain]) -> Iterable[Hop]:
    return (hop for chain in chains for hop in chain.hops)


@dataclass(frozen=True)
class Layout:
    """Where boxes stand: in columns by their distance from enforcement, in rows from the top.

    A hop that passes over columns goes through cells of its own, so that it crosses no box.
    """

    cells: dict[str, Cell]
    bends: dict[tuple[str, str], list[Cell]]
    mirrored: bool

    @classmethod
    def of(cls, chains: tuple[Chain, ...], *, mirrored: bool) -> Layout:
        """The layout of some chains."""
        left: dict[str, int] = {}  # the most hops that a chain has from a body on
        for chain in chains:
            bodies = [chain.service.id, *(hop.recipient_id for hop in chain.hops)]
            for hops, body in enumerate(reversed(bodies)):
                left[body] = max(left.get(body, 0), hops)
        longest = max(left.values(), default=0)
        filled: dict[int, int] = {}

        def cell(column: int) -> Cell:
            filled[column] = filled.get(column, 0) + 1
            return column, filled[column] - 1

        cells = {body: cell(longest - hops) for body, hops in left.items()}
        pairs = dict.fromkeys((hop.sender.id, hop.recipient_id) for hop in _hops(chains))
        bends = {
            (begin, end): [cell(at) for at in range(cells[begin][0] + 1, cells[end][0])]
            for begin, end in pairs
        }
        return cls(cells, bends, mirrored)

    @property
    def size(self) -> tuple[int, int]:
        """How wide and how high the picture is."""
        every = [*self.cells.values(), *(cell for cells in self.bends.values() for cell in cells)]
        columns, rows = (1 + max(each[at] for each in every) for at in (0, 1))
        return columns * WIDE + (columns - 1) * GAP + 2 * MARGIN, rows * ROW + 2 * MARGIN

    def corner(self, cell: Cell) -> tuple[float, float]:
        """The upper left corner of a cell."""
        x = MARGIN + cell[0] * (WIDE + GAP)
        return (self.size[0] - x - WIDE if self.mirrored else x), MARGIN + cell[1] * ROW

    def sides(self, cell: Cell) -> tuple[tuple[float, float], tuple[float, float]]:
        """The middles of the sides of a cell, the one where the way enters first."""
        x, y = self.corner(cell)
        left, right = (x, y + HIGH / 2), (x + WIDE, y + HIGH / 2)
        return (right, left) if self.mirrored else (left, right)

    def arrow(self, hop: Hop) -> str:
        """A hop from box to box."""
        begin, end = hop.sender.id, hop.recipient_id
        way = [self.sides(self.cells[begin])[1]]
        for cell in self.bends[begin, end]:
            way += self.sides(cell)
        tip_x, tip_y = self.sides(self.cells[end])[0]
        back = HEAD if self.mirrored else -HEAD
        way.append((tip_x + back, tip_y))
        points = " ".join(f"{x:g},{y:g}" for x, y in way)
        dashed = "" if hop.known else ' stroke-dasharray="4 4"'
        thick = 3 if hop.by_law and hop.known else 1.5
        return (
            f'<polyline points="{points}" fill="none" stroke="{INK}" '
            f'stroke-width="{thick}"{dashed}/>'
            f'<path d="M{tip_x:g} {tip_y:g} l{back} -5 v10 z" fill="{INK}"/>'
        )

    def box(self, body: str, name: str, *, is_sink: bool) -> str:
        """A body with its name."""
        x, y = self.corner(self.cells[body])
        lines = wrap(name, LETTERS, max_lines=MOST_LINES, placeholder=" …")
        top = y + (HIGH - LINE * (len(lines) - 1)) / 2 + 4
        fill, ink = (INK, "#fff") if is_sink else ("#fff", INK)
        words = "".join(
            f'<text x="{x + WIDE / 2:g}" y="{top + at * LINE:g}" text-anchor="middle" '
            f'fill="{ink}">{escape(line)}</text>'
            for at, line in enumerate(lines)
        )
        border = INK if is_sink else TEAL
        return (
            f'<rect x="{x:g}" y="{y:g}" width="{WIDE}" height="{HIGH}" rx="2" fill="{fill}" '
            f'stroke="{border}" stroke-width="1.5"/>{words}'
        )
