"""Who gives to whom as a picture: bands from givers to receivers, as wide as what flows in them.

Few names stand; the rest are summed as others. Everything is told by place and by word, nothing by
colour, and for readers from right to left the givers stand on the right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from xml.sax.saxutils import escape

MOST_NAMES = 12
OTHERS = "\x00others"  # no name of an organisation holds this letter
TALL, BAR, GAP = 340.0, 9.0, 7.0  # of all bands together, of a bar across, between two bars
INK, SOFT, BAND, EDGE, PAPER = "#1b1b1a", "#4a4a46", "#d3e2e0", "#5f8f8c", "#ffffff"
FONT = "system-ui, 'Noto Sans', 'Noto Sans Arabic', 'DejaVu Sans', sans-serif"


class Form(NamedTuple):
    """A size of the picture: across, margin for names at each side, room for a name, letters."""

    width: float
    margin: float
    room: float
    letters: int
    size: float

    @property
    def inside(self) -> bool:
        """Whether names stand above their bars, and not beside them."""
        return self.margin < BAR


FORMS = {"wide": Form(900, 270, 31, 37, 12), "narrow": Form(328, 2, 32, 23, 11)}


class Band(NamedTuple):
    """What one gave to another; amounts are above zero."""

    giver: str
    receiver: str
    amount: Decimal


@dataclass
class _Bar:
    """One name at one side: where its bar begins, how tall it is, how much of it is taken."""

    name: str
    amount: Decimal
    top: float = 0.0
    tall: float = 0.0
    taken: float = 0.0


def gathered(bands: Iterable[Band], most: int = MOST_NAMES) -> list[Band]:
    """The bands between the largest names of each side; all others as one name, their sum kept.

    One name too many is shown by its own name and not as one of the others.
    """
    found = list(bands)
    givers = _largest(((each.giver, each.amount) for each in found), most)
    receivers = _largest(((each.receiver, each.amount) for each in found), most)
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for each in found:
        giver = each.giver if each.giver in givers else OTHERS
        receiver = each.receiver if each.receiver in receivers else OTHERS
        sums[giver, receiver] += each.amount
    return [Band(*names, amount) for names, amount in sums.items()]


def _largest(amounts: Iterable[tuple[str, Decimal]], most: int) -> set[str]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for name, amount in amounts:
        sums[name] += amount
    ordered = sorted(sums, key=lambda name: (-sums[name], name))
    return set(ordered if len(ordered) <= most + 1 else ordered[:most])


def sankey(
    bands: Sequence[Band],
    *,
    giver: Callable[[str], str],
    receiver: Callable[[str], str],
    amount: Callable[[Decimal], str],
    title: str,
    form: str = "wide",
    mirrored: bool = False,
) -> str:
    """The picture as SVG; ``giver``, ``receiver`` and ``amount`` give the words in it."""
    size = FORMS.get(form, FORMS["wide"])
    whole = sum((each.amount for each in bands), Decimal(0))
    scale = TALL / float(whole) if whole else 0.0
    givers = _side(((each.giver, each.amount) for each in bands), scale, size)
    receivers = _side(((each.receiver, each.amount) for each in bands), scale, size)
    height = max(_bottom(givers, size), _bottom(receivers, size)) + GAP
    drawing = _Drawing(size, mirrored)
    order = {name: at for at, name in enumerate(receivers)}
    for each in sorted(bands, key=lambda b: (list(givers).index(b.giver), order[b.receiver])):
        drawing.band(givers[each.giver], receivers[each.receiver], float(each.amount) * scale)
    for bar in givers.values():
        drawing.bar(bar, giver(bar.name), amount(bar.amount), giver=True)
    for bar in receivers.values():
        drawing.bar(bar, receiver(bar.name), amount(bar.amount), giver=False)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size.width:g} {height:.0f}" '
        f'width="{size.width:g}" height="{height:.0f}" role="img" font-family="{escape(FONT)}">'
        f"<title>{escape(title)}</title>"
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(drawing.parts)}</svg>'
    )


def _side(amounts: Iterable[tuple[str, Decimal]], scale: float, size: Form) -> dict[str, _Bar]:
    """The bars of one side from top to bottom, the largest first, the others last."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for name, amount in amounts:
        sums[name] += amount
    bars, top = {}, GAP
    inside = size.inside
    for name in sorted(sums, key=lambda one: (one == OTHERS, -sums[one], one)):
        tall = max(1.0, float(sums[name]) * scale)
        bars[name] = _Bar(name, sums[name], top + (size.room if inside else 0), tall)
        top += (size.room + tall if inside else max(size.room, tall)) + GAP
    return bars


def _bottom(bars: dict[str, _Bar], size: Form) -> float:
    return max(
        (
            bar.top + (bar.tall if size.inside else max(size.room, bar.tall))
            for bar in bars.values()
        ),
        default=0.0,
    )


class _Drawing:
    """The parts of a picture, mirrored where it is read from right to left."""

    def __init__(self, size: Form, mirrored: bool) -> None:
        self.size, self.mirrored = size, mirrored
        self.parts: list[str] = []

    def across(self, x: float) -> float:
        return self.size.width - x if self.mirrored else x

    def band(self, giver: _Bar, receiver: _Bar, tall: float) -> None:
        """One band, below those that were drawn before at either end."""
        left, right = self.size.margin + BAR, self.size.width - self.size.margin - BAR
        middle = (left + right) / 2
        one, other = giver.top + giver.taken, receiver.top + receiver.taken
        giver.taken += tall
        receiver.taken += tall
        thick = max(tall, 0.6)
        a, b, m = self.across(left), self.across(right), self.across(middle)
        self.parts.append(
            f'<path d="M{a:.1f} {one:.1f}C{m:.1f} {one:.1f} {m:.1f} {other:.1f} {b:.1f} {other:.1f}'
            f"L{b:.1f} {other + thick:.1f}C{m:.1f} {other + thick:.1f} {m:.1f} {one + thick:.1f} "
            f'{a:.1f} {one + thick:.1f}Z" fill="{BAND}" fill-opacity=".75" stroke="{EDGE}" '
            'stroke-width=".5"/>'
        )

    def bar(self, bar: _Bar, name: str, amount: str, *, giver: bool) -> None:
        """A bar with its name and its sum."""
        size = self.size
        x = size.margin if giver else size.width - size.margin - BAR
        left = self.across(x + BAR) if self.mirrored else x
        self.parts.append(
            f'<rect x="{left:.1f}" y="{bar.top:.1f}" width="{BAR:g}" height="{bar.tall:.1f}" '
            f'fill="{INK}"/>'
        )
        inside = size.inside
        outer = size.margin - 6 if giver else size.width - size.margin + 6
        if inside:
            outer = size.margin if giver else size.width - size.margin
        at_left = giver != self.mirrored  # the side of the picture on which the bar stands
        anchor = "end" if at_left != inside else "start"
        at = self.across(outer)
        y = bar.top - 19 if inside else bar.top + 11
        halo = f'stroke="{PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
        words = name if len(name) <= size.letters else name[: size.letters - 1].rstrip() + "…"
        for text, down, weight, colour in ((words, 0, 600, INK), (amount, 14, 400, SOFT)):
            whole = self.mirrored and text is amount  # a sum is words of the page's language
            turned = {"start": "end", "end": "start"}[anchor] if whole else anchor
            self.parts.append(
                f'<text x="{at:.1f}" y="{y + down:.1f}" text-anchor="{turned}" '
                f'direction="{"rtl" if whole else "ltr"}" font-size="{size.size:g}" '
                f'font-weight="{weight}" fill="{colour}" {halo}>{escape(text)}</text>'
            )
