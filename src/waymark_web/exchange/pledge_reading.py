"""A list of pledges read against what an account sees of the register."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from waymark.exchange.incoming import Incoming, told
from waymark.exchange.pledges.incoming import incoming_of
from waymark.exchange.pledges.lists import Surroundings, read_list
from waymark.exchange.pledges.mappings import PledgeMapping
from waymark.exchange.source_tables import CellFault, SourceTable
from waymark.plans.proposals import ProposalRules, load_proposal_rules
from waymark.plans.register import KINDS, Register
from waymark.reading import Value
from waymark.words import N_
from waymark_web import store
from waymark_web.exchange.incoming import current
from waymark_web.plans import models
from waymark_web.plans.rows import register_of

WAITING = N_(
    "Reports and money of new commitments or steps: {count}, left out for now. "
    "Send the list again once these are published."
)
ENTER_FIRST = (
    "Say under its words which one it is, or ask a coordinator to enter it in the register first."
)


def read_for(account: Any, table: SourceTable, mapping: PledgeMapping) -> Incoming:
    """What a list would change for an account, whole: its drafts count as what stands.

    Organisations that the register does not have are faults: they are entered before they lead.
    """
    constants = {
        name: value for name, value in mapping.constants.items() if not name.startswith("actors.")
    }
    mapping = mapping.model_copy(update={"constants": constants})
    around = surroundings()
    reading = read_list(table, mapping, around)
    stands = current(account, reading.touched)
    mine = _with_drafts(around.register, stands)
    if mine != around.register:
        reading = read_list(table, mapping, replace(around, register=mine))
    reading = replace(reading, faults=tuple(map(_for_the_site, reading.faults)))
    held: list[str] = []
    incoming = incoming_of(reading, table, stands, lambda kind, value: _may_come(kind, value, held))
    if held:
        note = told(WAITING, count=len(held))
        incoming = incoming.model_copy(update={"notes": (*incoming.notes, note)})
    return incoming


def surroundings() -> Surroundings:
    """The register as it is published, with what it leans on."""
    return Surroundings(store.framework(), store.forums(), store.series(), _rules(), register_of())


@lru_cache(maxsize=1)
def _rules() -> ProposalRules:
    return load_proposal_rules(store.framework())


def _with_drafts(register: Register, stands: Any) -> Register:
    """The register with the open drafts that an account sees, where they are whole."""
    changed: dict[str, dict[str, Value]] = {}
    for kind, documents in stands.items():
        held = dict(register.of_kind(kind))
        for slug, document in documents.items():
            try:
                held[slug] = KINDS[kind].model_validate({**document, "id": slug})
            except ValidationError:
                continue  # what is not finished is compared field by field all the same
        changed[kind] = held
    return replace(register, **changed)


def _may_come(kind: str, value: Any, held: list[str]) -> bool:
    """Reports and money come where their commitment and step are published already."""
    if kind not in ("reports", "flows"):
        return True
    commitment = models.Commitment.objects.filter(slug=value.commitment).first()
    step = getattr(value, "step", None)
    there = commitment is not None and (step is None or commitment.steps.filter(slug=step).exists())
    if not there:
        held.append(value.id)
    return there


def _for_the_site(fault: CellFault) -> CellFault:
    """On the site an organisation is entered and published before it leads anything."""
    return replace(fault, remedy=ENTER_FIRST) if "actors." in fault.remedy else fault
