"""A review as a document: one plain structure, written as text, JSON or PDF.

The structure holds words in the language asked for and figures as they are. Whoever reads the
JSON sees everything that the page and the PDF show.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from waymark.compact.answers import Answer
from waymark.compact.framework import Framework
from waymark.coverage.ladder import Ladder, Rung
from waymark.indicators.changes import Change
from waymark.indicators.observations import Observation
from waymark.reviews.findings import Finding, FindingKind
from waymark.reviews.review import Review
from waymark.words import RIGHT_TO_LEFT, Sentence, rounded

TEMPLATE = Path(__file__).parent / "review.typ"
MARKS = {"yes": "■", "partly": "◧", "no": "□", "not-known": "·"}
MOST_NAMED = 12  # commitments and flows named after a finding in the text; the JSON names all
Document = dict[str, Any]


def document(review: Review, framework: Framework, language: str) -> Document:
    """The review as plain values: words in ``language``, figures with year, unit and release."""
    return {
        "title": f"{review.place.name.said(language)}: {review.forum.label.said(language)}",
        "language": language,
        "place": {"id": review.place.id, "name": review.place.name.said(language).text},
        "forum": {"id": review.forum.id, "name": review.forum.label.said(language).text},
        "as_of": review.as_of.isoformat(),
        "baseline": review.baseline,
        "answer": review.answer.text(language),
        "facts": [_fact(change, language) for change in review.facts],
        "sections": [
            {
                "kind": kind,
                "title": kind.label.text(language),
                "findings": [_finding(found, language) for found in review.of_kind(kind)],
            }
            for kind in FindingKind
            if review.of_kind(kind)
        ],
        "rungs": [rung.label.text(language) for rung in Rung],
        "ladder": [_line(each, framework, language) for each in review.ladders],
        "answers": {answer: answer.name_of.text(language) for answer in Answer},
        "words": _words(review, language),
    }


def as_json(review: Review, framework: Framework, language: str) -> str:
    """The document as JSON."""
    return json.dumps(document(review, framework, language), ensure_ascii=False, indent=2)


def as_text(review: Review, framework: Framework, language: str) -> str:
    """The document as plain lines, readable in a terminal, a mail or a printout."""
    found = document(review, framework, language)
    lines = [
        found["title"],
        "=" * len(found["title"]),
        "",
        found["answer"],
        found["words"]["basis"],
        "",
    ]
    for fact in found["facts"]:
        lines.append(f"  {fact['series']}: {fact['shown']} ({fact['unit']}, {fact['year']})")
    for section in found["sections"]:
        lines += ["", section["title"], "-" * len(section["title"])]
        for finding in section["findings"]:
            lines.append(f"* {finding['sentence']}")
            lines += [f"    {detail}" for detail in finding["details"]]
            basis = [
                *finding["provisions"],
                *finding["series"],
                *finding["commitments"][:MOST_NAMED],
                *finding["capacity_needs"][:MOST_NAMED],
                *finding["flows"][:MOST_NAMED],
            ]
            if basis:
                lines.append(f"    [{' '.join(basis)}]")
    lines += ["", found["words"]["ladder"], "-" * len(found["words"]["ladder"])]
    for line in found["ladder"]:
        marks = " ".join(MARKS[rung["answer"]] for rung in line["rungs"])
        lines.append(f"{marks}  {line['number']:>2}. {line['name']}")
    lines += ["", found["words"]["key"], ""]
    return "\n".join(lines)


def as_pdf(review: Review, framework: Framework, language: str) -> bytes:
    """The document on paper: its first page is for a reader with two minutes."""
    import typst  # a large library, needed only here

    found = document(review, framework, language)
    found["direction"] = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "review.typ"
        source.write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
        Path(folder, "review.json").write_text(json.dumps(found), encoding="utf-8")
        pdf: bytes = typst.compile(str(source), format="pdf")
    return pdf


def _words(review: Review, language: str) -> dict[str, str]:
    sentences = {
        "basis": Sentence(
            "As of {as_of}, measured from {baseline}.",
            as_of=review.as_of.isoformat(),
            baseline=str(review.baseline),
        ),
        "figures": Sentence("In figures"),
        "objective": Sentence("Objective"),
        "ladder": Sentence("The ladder"),
        "key": Sentence(
            "{rungs}: ■ yes, ◧ partly, □ no, · not known", rungs=[rung.label for rung in Rung]
        ),
        "own_words": Sentence(
            "Labels of provisions are in Waymark's own words; the official texts prevail."
        ),
    }
    return {name: sentence.text(language) for name, sentence in sentences.items()}


def _fact(change: Change, language: str) -> dict[str, Any]:
    latest = change.latest
    shown = rounded(latest.value, language) if latest and latest.value is not None else ""
    return {
        "code": change.series.code,
        "series": change.series.name.said(language).text,
        "unit": change.series.unit.said(language).text,
        "year": change.latest_year,
        "shown": shown,
        "figure": _figure(latest) if latest else None,
    }


def _finding(found: Finding, language: str) -> dict[str, Any]:
    return {
        "sentence": found.sentence.text(language),
        "details": [detail.text(language) for detail in found.details],
        "weight": found.weight,
        "provisions": list(found.provisions),
        "series": list(found.series),
        "commitments": list(found.commitments),
        "capacity_needs": list(found.capacity_needs),
        "figures": [_figure(figure) for figure in found.figures],
        "flows": list(found.flows),
        "reported": [each._asdict() for each in found.reported],
    }


def _figure(figure: Observation) -> dict[str, Any]:
    return {
        "series": figure.series,
        "place": figure.place,
        "year": figure.year,
        "value": figure.value,
        "nature": figure.nature,
        "release": figure.release,
        "row": figure.row,
    }


def _line(ladder: Ladder, framework: Framework, language: str) -> dict[str, Any]:
    provision = framework.provisions[ladder.provision]
    return {
        "provision": provision.id,
        "number": provision.number,
        "name": provision.name.said(language).text,
        "rungs": [
            {
                "rung": each.rung,
                "answer": each.answer,
                "answer_name": each.answer.name_of.text(language),
                "because": each.because.text(language),
            }
            for each in ladder.rungs
        ],
    }
