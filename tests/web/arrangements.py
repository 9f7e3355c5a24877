"""Made-up arrangements and counts for tests, and how people go about them at the desk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.clinics import released
from tests.web.people import client
from waymark.firewall.procedure import Verdict
from waymark_web.firewall.models import Proposal, Release

HOLDS = """
title: Example clinics
place: KEN
illustrative: yes
bodies:
  - id: clinic
    name: Example clinic
    kind: health
    holds: [identity, service-record]
    duty_to_report: no
    evidence: An example of a published practice.
    evidence_date: "2025"
  - id: ministry
    name: Example health ministry
    kind: administration
    duty_to_report: no
    evidence: An example of a published practice.
    evidence_date: "2025"
    evidence_until: "2027"
  - {id: border, name: Example border service, kind: immigration-enforcement}
arrangements:
  - id: billing
    sender: clinic
    recipient: ministry
    ground: contract
    data: [identity]
    purpose: payment-and-audit
    basis: "An example: bills name the patient."
"""
BROKEN = (
    HOLDS
    + """  - id: memorandum
    sender: ministry
    recipient: border
    ground: agreement
    data: [identity]
    purpose: immigration-control
    basis: "An example of a memorandum."
    source: "Made up <script>alert(1)</script>"
"""
)
NOT_KNOWN = HOLDS.replace('evidence_until: "2027"', 'evidence_until: "2025"')
BODIES_CSV = """id,name,kind,service,holds,jurisdiction,parent,parent_reads,processors,\
duty_to_report,duty_basis,evidence,evidence_date,evidence_until,controller_since
clinic,Example clinic,health,,identity|service-record,,,not-known,,no,,An example,2025,,
border,Example border service,immigration-enforcement,,,,,not-known,,not-known,,,,,
"""
ARRANGEMENTS_CSV = """id,sender,recipient,ground,data,purpose,basis,source,since,until,passes,\
changed_by
list,clinic,border,practice,identity,,An example of a habit.,,,,yes,
"""
BODIES = "/en/work/bodies/"
RELEASES = "/en/work/releases/"
COUNTS = released()


def proposed(by: str = "coordinator", text: str = HOLDS, place: str = "KEN", **more: Any) -> Any:
    """Propose arrangements by the page that proposes them."""
    given = {"place": place, "text": text, "reason": "Published this week.", **more}
    return client(by).post(BODIES, given)


def settled(by: str, pk: int, to: str, because: str = "") -> Any:
    """Press a button on a proposal."""
    return client(by).post(f"{BODIES}{pk}/settle/", {"to": to, "because": because})


def filed(by: str = "contributor", content: bytes = COUNTS, **given: Any) -> Any:
    """File counts by the page that files them."""
    file = SimpleUploadedFile("release.json", content)
    told = {"title": "Example counts of clinics", "purpose": "For the review.", **given}
    told.setdefault("actor", "example-ministry" if by == "contributor" else "")
    return client(by).post(RELEASES, {**told, "file": file})


def verdict(by: str, pk: int, say: Verdict, because: str = "I recomputed it.") -> Any:
    """Give a verdict by the form that asks for it."""
    given = {"verdict": say.value, "because": because}
    return client(by).post(f"{RELEASES}{pk}/review/", given)


def newest(table: type[Any]) -> Any:
    """The row that was written last."""
    return table.objects.order_by("-pk").first()


def page(by: Client, address: str) -> str:
    """What a page says to somebody."""
    return str(by.get(address).content.decode())


def at_the_firewall() -> dict[str, object]:
    """Arrangements of Mexico that stand, others that wait, and a release that waits."""
    mexico = HOLDS.replace("place: KEN", "place: MEX")
    for text in (mexico, mexico.replace("Example clinic\n", "Other clinic\n")):
        given = {"place": "MEX", "text": text, "reason": "A."}
        assert client("steward").post("/en/work/bodies/", given).status_code == 302
        proposal = Proposal.objects.latest("pk")
        if text == mexico:
            address = f"/en/work/bodies/{proposal.pk}/settle/"
            client("elsewhere").post(address, {"to": "confirmed"})
    file = SimpleUploadedFile("release.json", released())
    given = {"title": "A release", "purpose": "A.", "actor": "example-ministry", "file": file}
    client("contributor").post("/en/work/releases/", given)
    return {"proposal": proposal.pk, "release": Release.objects.get().pk}
