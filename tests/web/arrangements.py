"""Small made-up arrangements for tests: one that holds, one that is broken, one not known."""

from __future__ import annotations

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
