"""What a file brings into the register, on the site: tried first, decided on, then taken whole.

Any reader that makes a ``waymark.exchange.incoming.Incoming`` can use this: ``current`` gives the
documents to compare with, ``tried`` adds every fault that the register itself finds, ``writes``
keeps it until its sender has decided, and ``writes.apply`` takes all of it or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from waymark.exchange.incoming import CellFault, Change, Document, field_of, plainly, told
from waymark.plans.procedure import OPEN
from waymark.words import N_
from waymark_web import store
from waymark_web.accounts.permissions import DRAFTING, may, visible_versions
from waymark_web.plans import models
from waymark_web.plans.authors import organisations
from waymark_web.plans.fields import FIELDS
from waymark_web.plans.mistakes import Mistake, plain
from waymark_web.plans.published import localities
from waymark_web.plans.rows import TABLES, value_of, whole

MOST_CHANGES = 500  # documents that one file may change
IDENTIFIER = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
LONGEST_IDENTIFIER = 80
SPEAKERS = ("lead", "by", "actor")  # whose a document is
OPEN_STATUSES = [each.value for each in OPEN]


def current(account: Any, wanted: Mapping[str, Iterable[str]]) -> dict[str, dict[str, Document]]:
    """Documents as they stand for an account: its open version of a thing, else what is published.

    ``wanted`` holds identifiers by kind; what is not there is left out.
    """
    found: dict[str, dict[str, Document]] = {}
    for kind, slugs in wanted.items():
        if kind not in FIELDS:
            continue
        names = sorted(set(slugs))
        rows = TABLES[kind]._default_manager.filter(slug__in=names)
        held = {
            row.slug: value_of(kind, row).model_dump(mode="json")  # type: ignore[attr-defined]
            for row in (whole(rows) if kind == "commitments" else rows)
        }
        open_ones = visible_versions(account).filter(
            kind=kind, subject__in=names, status__in=OPEN_STATUSES
        )
        found[kind] = held | {each.subject: each.document for each in open_ones}
    return found


def owner_of_new(change: Change, account: Any) -> tuple[str, str]:
    """The organisation for which an account begins something new, and the place that it is of.

    Both are known to the register, or empty: what a file says of them may be anything.
    """
    document = change.document
    said = next((str(document[name]) for name in SPEAKERS if document.get(name)), "")
    named = models.Actor.objects.filter(slug=said).values_list("place", flat=True).first()
    said = said if named is not None else ""
    place = _known_place(document)
    if said and may(account, DRAFTING[change.kind], actor=said, place=place or str(named)):
        return said, place or str(named)
    own = organisations(account)
    actor = own[0] if len(own) == 1 else said
    home = models.Actor.objects.filter(slug=actor).values_list("place", flat=True).first()
    return actor, place or str(home or "")


def _known_place(document: Document) -> str:
    commitment = str(document.get("commitment") or "")
    of = models.Commitment.objects.filter(slug=commitment).values_list("place", flat=True).first()
    wanted = str(of or document.get("place") or document.get("parent") or "").upper()
    return wanted if wanted in store.framework().places or wanted in localities() else ""


def faults_by_cell(change: Change, problems: Mapping[str, list[Mistake]]) -> list[CellFault]:
    """Problems of a document by field as faults of the cells that hold the fields."""
    return [
        CellFault(
            cell=change.cell_of(field_of(change.document, field)),
            problem=plainly(plain(text)),
            remedy=plainly(""),
        )
        for field, texts in problems.items()
        for text in texts
    ]


def fault_of(change: Change, problem: str, remedy: str, **fields: object) -> CellFault:
    """A fault of a change as a whole, at the first of its cells."""
    return CellFault(
        cell=change.cell_of("id"), problem=told(problem, **fields), remedy=told(remedy, **fields)
    )


TAKEN = N_("'{id}' is taken by something else in the register.")
TAKE_ANOTHER = N_("Leave the identifier empty, or write another.")
CHANGED = N_("It was changed in the register since this page was made.")
LOOK_AGAIN = N_("Send the file again: the page then shows what stands now.")
NOT_YOURS = N_("You may not change this.")
NO_IDENTIFIER = N_("'{id}' cannot be an identifier.")
SPELL_IT = N_("Write small letters, digits and hyphens, at most 80, or leave it empty.")
ASK = N_("Leave the row as it was, or ask your coordinator.")
