"""An audit as a document: one plain structure, written as text, JSON or a PDF for a parliament."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from waymark.compact.answers import Answer
from waymark.firewall.audit import Audit, Chain, Hop, certify
from waymark.firewall.drawing import as_svg
from waymark.words import RIGHT_TO_LEFT, Sentence, count_phrase

TEMPLATE = Path(__file__).parent / "audit.typ"
Document = dict[str, Any]


def document(found: Audit, language: str) -> Document:
    """The audit as plain values, with its sentences in a language."""

    def said(sentence: Sentence) -> str:
        return sentence.text(language)

    network = found.network
    return {
        "title": network.title,
        "language": language,
        "place": network.place,
        "source": network.source,
        "note": network.note,
        "illustrative": network.illustrative,
        "as_of": found.as_of.isoformat(),
        "answer": found.answer,
        "verdict": said(found.verdict),
        "chains": [_chain(each, language) for each in found.chains],
        "more_chains": [body.name for body in found.more],
        "repair": [
            {"hop": each.name, "by_law": each.by_law, "sentence": said(each.repair)}
            for each in found.repair
        ],
        "not_known": [said(each.sentence) for each in found.unknown],
        "services": [body.name for body in found.sources],
        "sinks": [body.name for body in found.sinks],
        "bodies": len(network.bodies),
        "arrangements": len(network.arrangements),
        "certificate": certify(found).model_dump(mode="json")
        if found.answer is Answer.YES
        else None,
        "words": {name: said(sentence) for name, sentence in _words(found).items()},
    }


def as_json(found: Audit, language: str) -> str:
    """The document as JSON."""
    return json.dumps(document(found, language), ensure_ascii=False, indent=2)


def as_text(found: Audit, language: str) -> str:
    """The document as plain lines, readable in a terminal, a mail or a printout."""
    told = document(found, language)
    words = told["words"]
    lines = [told["title"], "=" * len(told["title"]), "", told["verdict"], words["basis"]]
    lines += [words["illustrative"]] if told["illustrative"] else []
    lines += [told["note"]] if told["note"] else []
    if told["chains"]:
        lines += ["", words["chains"], "-" * len(words["chains"])]
        for chain in told["chains"]:
            lines.append(f"* {chain['service']} ({chain['length']})")
            lines += [f"    {at}. {hop}" for at, hop in enumerate(chain["hops"], start=1)]
        lines += [words["more"]] if told["more_chains"] else []
    for name in ("repair", "not_known"):
        if told[name]:
            lines += ["", words[name], "-" * len(words[name])]
            lines += [f"* {it['sentence'] if name == 'repair' else it}" for it in told[name]]
    if told["certificate"]:
        lines += ["", words["certificate"], words["ends"]]
    return "\n".join([*lines, ""])


def as_pdf(found: Audit, language: str) -> bytes:
    """The document on paper, with the picture; its first page holds the verdict."""
    import typst  # a large library, needed only here

    told = document(found, language)
    told["direction"] = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    told["picture"] = as_svg(found, language)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "audit.typ"
        source.write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
        Path(folder, "audit.json").write_text(json.dumps(told), encoding="utf-8")
        pdf: bytes = typst.compile(str(source), format="pdf")
    return pdf


def _chain(chain: Chain, language: str) -> Document:
    return {
        "service": chain.bodies[0].name,
        "sink": chain.bodies[-1].name,
        "known": chain.known,
        "length": count_phrase("one hop", "{count} hops", len(chain.hops)).text(language),
        "bodies": [body.id for body in chain.bodies],
        "hops": [_hop(hop).text(language) for hop in chain.hops],
        "sources": [hop.arrangement.source if hop.arrangement else "" for hop in chain.hops],
    }


def _hop(hop: Hop) -> Sentence:
    if hop.by_law and hop.known:
        return Sentence("{hop} (only the law can change it)", hop=hop.sentence)
    return hop.sentence


def _words(found: Audit) -> dict[str, Sentence]:
    ends = certify(found).ends if found.answer is Answer.YES else None
    return {
        "basis": Sentence(
            "As of {as_of}. Bodies: {bodies}; arrangements: {arrangements}.",
            as_of=found.as_of.isoformat(),
            bodies=len(found.network.bodies),
            arrangements=len(found.network.arrangements),
        ),
        "illustrative": Sentence("Made up, to show how an audit reads."),
        "picture": Sentence("The way, from services to enforcement"),
        "chains": Sentence("The shortest chains"),
        "more": Sentence(
            "There are more chains of the same length from: {services}.",
            services=[body.name for body in found.more],
        ),
        "repair": Sentence("The smallest repair"),
        "not_known": Sentence("What is not known, and so counts as passing on"),
        "source": Sentence("Source: {source}", source=found.network.source),
        "certificate": Sentence(
            "Certificate: nothing that these services pass on reaches an enforcement body, and no "
            "arrangement leads out of the bodies that it does reach: {bodies}.",
            bodies=[body.name for body in found.reached],
        ),
        "ends": Sentence("It ends when anything that is written down here changes.")
        if ends is None
        else Sentence("It ends at the latest on {day}.", day=ends.isoformat()),
        "limits": Sentence(
            "The audit believes what is written down. It cannot see what nobody wrote, and it "
            "binds nobody who breaks a promise."
        ),
    }
