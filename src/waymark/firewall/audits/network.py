"""Who holds what about people, and who passes or must pass what to whom: a place's arrangements.

An advocate, an ombudsperson or a data-protection officer writes them down, in YAML or in two
tables, with the basis of each. What is not known is said, and counts as passing on.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from waymark.compact.dates import PartialDate
from waymark.reading import Value
from waymark.words import N_, Sentence

TITLE = "Arrangements"


def _words(given: object) -> object:
    """A list written in one cell of a table, its words apart by blanks or bars."""
    return tuple(given.replace("|", " ").split()) if isinstance(given, str) else given


def _answer(given: object) -> object:
    """An empty answer is none."""
    return None if given == "" else given


def _one_word(given: str) -> str:
    """An identifier, which lists name with blanks or bars between."""
    if len(given.replace("|", " ").split()) != 1:
        raise ValueError("an identifier is one word, without blanks and bars")
    return given


Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Identifier = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_one_word)]
Day = Annotated[PartialDate | None, BeforeValidator(_answer)]


class Known(StrEnum):
    """Yes, no and not known are three answers."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not-known"


class Ground(StrEnum):
    """On what an arrangement rests."""

    AGREEMENT = "agreement"
    LEGAL_DUTY = "legal-duty"
    CONTRACT = "contract"
    PROCESSING = "processing"
    FUNDING = "funding"
    PARENT = "parent"
    PRACTICE = "practice"
    NO_EVIDENCE = "no-evidence"

    @property
    def label(self) -> Sentence:
        """The ground in words."""
        return Sentence(_GROUNDS[self])


_GROUNDS = {
    Ground.AGREEMENT: N_("by agreement"),
    Ground.LEGAL_DUTY: N_("by legal duty"),
    Ground.CONTRACT: N_("by contract"),
    Ground.PROCESSING: N_("as processor"),
    Ground.FUNDING: N_("to a funder"),
    Ground.PARENT: N_("to the parent body"),
    Ground.PRACTICE: N_("by practice"),
    Ground.NO_EVIDENCE: N_("nothing shows that it does not"),
}
BY_LAW = frozenset({Ground.LEGAL_DUTY})


class Body(Value):
    """A body that holds or receives something about people.

    ``service`` is said where it does not follow from the kind: a utility or a bank is one to which
    people go.
    ``evidence`` says what shows how the body treats what it holds, as of ``evidence_date``. It no
    longer counts after ``evidence_until``, or once somebody else controls the body
    (``controller_since``).
    ``parent_reads`` is whether the parent body can see what this one holds.
    """

    id: Identifier
    name: Written
    kind: Text
    service: Annotated[bool | None, BeforeValidator(_answer)] = None
    holds: Words = ()
    jurisdiction: Text = ""
    parent: Text = ""
    parent_reads: Known = Known.NOT_KNOWN
    processors: Words = ()
    duty_to_report: Known = Known.NOT_KNOWN
    duty_basis: Text = ""
    evidence: Text = ""
    evidence_date: Day = None
    evidence_until: Day = None
    controller_since: Day = None


class Arrangement(Value):
    """That one body passes something to another, for a purpose, on a basis, for a time.

    ``passes`` may be *no* (an arrangement that was ended or is known not to pass anything) or *not
    known*. A duty of law can be changed by the law alone; anything else by those who agreed on it,
    unless ``changed_by`` says otherwise.
    """

    id: Identifier
    sender: Text
    recipient: Text
    ground: Ground
    data: Annotated[Words, Field(min_length=1)]
    purpose: Text = ""
    basis: Written
    source: Text = ""
    since: Day = None
    until: Day = None
    passes: Known = Known.YES
    changed_by: Literal["", "law", "parties"] = ""

    @property
    def by_law(self) -> bool:
        """Whether only the law can change it."""
        return self.changed_by == "law" or (not self.changed_by and self.ground in BY_LAW)


class Network(Value):
    """The arrangements of a place: bodies, what passes between them, and where this is from.

    ``note`` says what was left out or taken as given; ``illustrative`` that it is made up.
    """

    title: Text = TITLE
    place: Text = ""
    source: Text = ""
    note: Text = ""
    illustrative: bool = False
    bodies: tuple[Body, ...]
    arrangements: tuple[Arrangement, ...] = ()
