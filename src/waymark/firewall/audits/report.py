"""An audit as a document: one plain structure, written as text, JSON or a PDF for a parliament."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from waymark.compact.answers import Answer
from waymark.firewall.audits.audit import MOST_NAMES, Audit, Chain
from waymark.firewall.audits.certificates import AuditCertificate, certify
from waymark.firewall.audits.drawing import as_svg
from waymark.firewall.audits.hops import Hop
from waymark.words import RIGHT_TO_LEFT, Sentence, count_phrase

TEMPLATE = Path(__file__).parent / "audit.typ"
Document = dict[str, Any]
NOTHING = Sentence("{nothing}", nothing="")


def document(found: Audit, language: str) -> Document:
    """The audit as plain values, with its sentences in a language. Its lists are bounded."""

    def said(sentence: Sentence) -> str:
        return sentence.text(language)

    network, held = found.network, found.held
    certificate = certify(found) if found.answer is Answer.YES else None
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
        "more_chains": [each.service.name for each in found.listed if each.more],
        "more_services": found.unlisted,
        "repair": [
            {
                "hop": each.name,
                "by_law": each.by_law,
                "known": each.known,
                "part": part,
                "sentence": said(each.repair),
            }
            for part, hops in (("repair", found.repair), ("to-show", found.to_show))
            for each in hops
        ],
        "more_repair": found.repairs - len(found.repair),
        "more_to_show": found.things_to_show - len(found.to_show),
        "not_known": [said(each.sentence) for each in found.unknown],
        "more_not_known": found.unknowns - len(found.unknown),
        "services": [body.name for body in found.sources],
        "service_count": len(found.graph.sources),
        "sinks": [body.name for body in found.sinks],
        "sink_count": len(found.graph.sinks) - 1,
        "bodies": len(held.bodies),
        "arrangements": len(held.arrangements),
        "certificate": certificate and certificate.model_dump(mode="json"),
        "words": {name: said(it) for name, it in _words(found, certificate).items()},
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
        lines += [words[name] for name in ("more", "more_services") if words[name]]
    for part, more in (("repair", "more_repair"), ("to-show", "more_to_show")):
        rows = [each["sentence"] for each in told["repair"] if each["part"] == part]
        lines += _headed(words[part], rows, words[more])
    lines += _headed(words["not_known"], told["not_known"], words["more_not_known"])
    if told["certificate"]:
        lines += ["", words["certificate"], words["ends"]]
    return "\n".join([*lines, ""])


def _headed(heading: str, rows: list[str], more: str = "") -> list[str]:
    """A heading with its rows and how many more there are; nothing where there are none."""
    if not rows:
        return []
    listed = [f"* {row}" for row in rows]
    return ["", heading, "-" * len(heading), *listed, *([more] if more else [])]


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
    last = chain.hops[-1]
    return {
        "service": chain.service.name,
        "sink": last.recipient.name if last.recipient else last.end.text(language),
        "known": chain.known,
        "length": count_phrase("one hop", "{count} hops", len(chain.hops)).text(language),
        "bodies": [chain.service.id, *(hop.recipient_id for hop in chain.hops)],
        "hops": [_hop(hop).text(language) for hop in chain.hops],
        "sources": [hop.arrangement.source if hop.arrangement else "" for hop in chain.hops],
    }


def _hop(hop: Hop) -> Sentence:
    if hop.by_law and hop.known:
        return Sentence("{hop} (only the law can change it)", hop=hop.sentence)
    return hop.sentence


def _more(count: int) -> Sentence:
    """How much a list leaves out; nothing where it is whole."""
    return count_phrase("And one more.", "And {count} more.", count) if count else NOTHING


def _words(found: Audit, certificate: AuditCertificate | None) -> dict[str, Sentence]:
    more = [each for each in found.listed if each.more]
    return {
        "basis": Sentence(
            "As of {as_of}. Bodies: {bodies}; arrangements: {arrangements}.",
            as_of=found.as_of.isoformat(),
            bodies=len(found.held.bodies),
            arrangements=len(found.held.arrangements),
        ),
        "illustrative": Sentence("Made up, to show how an audit reads."),
        "picture": Sentence("The way, from services to enforcement"),
        "chains": Sentence("The shortest chains"),
        "more": Sentence(
            "There are {count} more chains of the same length, from: {services}.",
            count=sum(each.more for each in more),
            services=[each.service.name for each in more],
        )
        if more
        else NOTHING,
        "more_services": Sentence(
            "Chains lead from more services, which are not listed: {count}.", count=found.unlisted
        )
        if found.unlisted
        else NOTHING,
        "repair": Sentence("The smallest repair"),
        "to-show": Sentence("What then remains to be shown or ended"),
        "more_repair": _more(found.repairs - len(found.repair)),
        "more_to_show": _more(found.things_to_show - len(found.to_show)),
        "not_known": Sentence("What is not known, and so counts as passing on"),
        "more_not_known": _more(found.unknowns - len(found.unknown)),
        "source": Sentence("Source: {source}", source=found.network.source),
        "certificate": _proof(found) if certificate else NOTHING,
        "ends": Sentence("It ends when anything that is written down here changes.")
        if certificate is None or certificate.ends is None
        else Sentence("It ends at the latest on {day}.", day=certificate.ends.isoformat()),
        "limits": Sentence(
            "The audit believes what is written down. It cannot see what nobody wrote, and it "
            "binds nobody who breaks a promise."
        ),
    }


def _proof(found: Audit) -> Sentence:
    """The certificate in words, with the first of the bodies that it speaks of."""
    count = int(found.graph.reached.sum())
    proof = Sentence(
        "Certificate: nothing that these services pass on reaches an enforcement body, and no "
        "arrangement leads out of the bodies that it does reach: {bodies}.",
        bodies=[body.name for body in found.reached],
    )
    if count <= MOST_NAMES:
        return proof
    return Sentence("{proof} And {count} more.", proof=proof, count=count - MOST_NAMES)
