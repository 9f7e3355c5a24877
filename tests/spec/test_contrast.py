"""Contrast of the design tokens, by arithmetic (WCAG 2.2), in light and in dark.

A browser's checker passes over text made of joined Arabic letters, so the colours are checked here,
and that no language and no direction has colours of its own.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[2] / "src/waymark_web/static/waymark"
TOKENS = STYLES / "tokens.css"
OF_A_LANGUAGE = re.compile(r"([^{}]*(?::lang\(|:dir\(|\[lang|\[dir)[^{}]*)\{([^}]*)\}")
BODY, TEXT, SHAPE = 7.0, 4.5, 3.0
PAIRS = [
    ("ink", "paper", BODY),
    ("ink", "accent-tint", BODY),
    ("ink-soft", "paper", BODY),
    ("ink-soft", "accent-tint", TEXT),
    ("accent", "paper", TEXT),
    ("accent", "accent-tint", TEXT),
    ("paper", "accent", TEXT),
    ("better", "paper", TEXT),
    ("worse", "paper", TEXT),
    ("edge", "paper", SHAPE),
    ("focus", "paper", SHAPE),
]


def schemes() -> dict[str, dict[str, str]]:
    light, dark = TOKENS.read_text(encoding="utf-8").split("prefers-color-scheme: dark")
    colour = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")
    found = {"light": dict(colour.findall(light))}
    found["dark"] = found["light"] | dict(colour.findall(dark))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_contrast(scheme: str, front: str, back: str, least: float) -> None:
    colours = schemes()[scheme]
    assert contrast(colours[front], colours[back]) >= least


def test_every_colour_is_a_token() -> None:
    css = TOKENS.with_name("site.css").read_text(encoding="utf-8")
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", css)


def test_no_language_and_no_direction_has_colours_of_its_own() -> None:
    known = {f"--{name}" for name in schemes()["light"]}
    rules = [
        rule
        for sheet in sorted(STYLES.glob("*.css"))
        for rule in OF_A_LANGUAGE.findall(sheet.read_text(encoding="utf-8"))
    ]
    assert len(rules) > 3
    for selector, declared in rules:
        words = set(re.findall(r"--[a-z-]+|#[0-9a-f]{3,8}|[a-z-]+", declared))
        assert not words & known, selector
        assert not [word for word in words if re.search("#|colou?r|background|opacity", word)]
