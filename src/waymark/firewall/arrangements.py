"""Who holds what about people, and who passes or must pass what to whom: a place's arrangements.

An advocate, an ombudsperson or a data-protection officer writes them down, in YAML or in two
tables, with the basis of each. What is not known is said, and counts as passing on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, model_validator

from waymark.compact.dates import PartialDate, first_day, last_day
from waymark.exceptions import DefinitionError
from waymark.firewall.domain import Domain, Role
from waymark.reading import Value, line_of, read_table, read_yaml
from waymark.words import N_, Sentence

BODIES, ARRANGEMENTS, TITLE = "bodies.csv", "arrangements.csv", "Arrangements"
MOST_BODIES, MOST_ARRANGEMENTS = 20_000, 100_000  # of one file that somebody writes or uploads


def _words(given: object) -> object:
    """A list written in one cell of a table, its words apart by blanks or bars."""
    return tuple(given.replace("|", " ").split()) if isinstance(given, str) else given


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


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
    ``evidence`` says what shows how the body treats it, as of ``evidence_date``. It no longer
    counts after ``evidence_until``, or once somebody else controls the body (``controller_since``).
    ``parent_reads`` is whether the parent body can see what this one holds.
    """

    id: str
    name: str
    kind: str
    service: bool | None = None
    holds: Words = ()
    jurisdiction: str = ""
    parent: str = ""
    parent_reads: Known = Known.NOT_KNOWN
    processors: Words = ()
    duty_to_report: Known = Known.NOT_KNOWN
    duty_basis: str = ""
    evidence: str = ""
    evidence_date: PartialDate | None = None
    evidence_until: PartialDate | None = None
    controller_since: PartialDate | None = None

    @model_validator(mode="after")
    def _dated(self) -> Body:
        if self.evidence and self.evidence_date is None:
            raise ValueError(f"the evidence on '{self.id}' has no date: give evidence_date")
        return self

    def is_evidenced(self, as_of: date) -> bool:
        """Whether evidence counts on a day: it is there, in time, and of the same controller."""
        if not self.evidence or self.evidence_date is None or last_day(self.evidence_date) > as_of:
            return False
        if self.evidence_until is not None and last_day(self.evidence_until) < as_of:
            return False
        since = self.controller_since and first_day(self.controller_since)
        return not since or since > as_of or since <= first_day(self.evidence_date)


class Arrangement(Value):
    """That one body passes something to another, for a purpose, on a basis, for a time.

    ``passes`` may be *no* (an arrangement that was ended or is known not to pass anything) or *not
    known*. A duty of law can be changed by the law alone; anything else by those who agreed on it,
    unless ``changed_by`` says otherwise.
    """

    id: str
    sender: str
    recipient: str
    ground: Ground
    data: Words
    purpose: str = ""
    basis: str
    source: str = ""
    since: PartialDate | None = None
    until: PartialDate | None = None
    passes: Known = Known.YES
    changed_by: Annotated[str, BeforeValidator(lambda given: given or "")] = ""

    @model_validator(mode="after")
    def _changed(self) -> Arrangement:
        if self.changed_by not in ("", "law", "parties"):
            raise ValueError(f"'{self.changed_by}': changed_by is law or parties")
        if self.since and self.until and last_day(self.until) < first_day(self.since):
            raise ValueError(f"'{self.id}' ends before it begins")
        return self

    @property
    def by_law(self) -> bool:
        """Whether only the law can change it."""
        return self.changed_by == "law" or (not self.changed_by and self.ground in BY_LAW)

    def in_force(self, as_of: date) -> bool:
        """Whether it may stand on a day; without dates it always does, a year counts whole."""
        return (self.since is None or first_day(self.since) <= as_of) and (
            self.until is None or last_day(self.until) >= as_of
        )


class Network(Value):
    """The arrangements of a place: bodies, what passes between them, and where this is from.

    ``note`` says what was left out or taken as given; ``illustrative`` that it is made up.
    """

    title: str = TITLE
    place: str = ""
    source: str = ""
    note: str = ""
    illustrative: bool = False
    bodies: tuple[Body, ...]
    arrangements: tuple[Arrangement, ...] = ()

    @property
    def by_id(self) -> dict[str, Body]:
        """The bodies by their identifiers."""
        return {body.id: body for body in self.bodies}


def read_network(path: Path, domain: Domain) -> Network:
    """The arrangements of a YAML file, or of a folder with ``bodies.csv`` and ``arrangements.csv``.

    Raises ``DefinitionError`` with the file and the line of what is wrong.
    """
    if path.is_dir():
        bodies = read_table(path / BODIES, Body)
        arrangements = read_table(path / ARRANGEMENTS, Arrangement)
        network = Network(title=path.name, bodies=tuple(bodies), arrangements=tuple(arrangements))
        files = {"body": path / BODIES, "arrangement": path / ARRANGEMENTS}
    else:
        network = read_yaml(path, Network)
        files = {"body": path, "arrangement": path}
    for where, problem, word, remedy in faults(network, domain):
        raise DefinitionError(files[where], problem, remedy, line=line_of(files[where], word))
    return network


def faults(network: Network, domain: Domain) -> Iterator[tuple[str, str, str, str]]:
    """What contradicts itself or the closed lists: where, the problem, the word, the remedy."""
    if len(network.bodies) > MOST_BODIES or len(network.arrangements) > MOST_ARRANGEMENTS:
        problem = f"more than {MOST_BODIES:,} bodies or {MOST_ARRANGEMENTS:,} arrangements."
        yield "body", problem, "", "Split the file by place."
    kinds, data = domain.dimensions["from"], domain.dimensions["data"]
    seen: set[str] = set()
    for body in network.bodies:
        if body.id in seen:
            yield "body", f"the body '{body.id}' is there twice.", body.id, "Give it once."
        seen.add(body.id)
        if body.kind not in kinds:
            remedy = f"The kinds are: {', '.join(kinds)}."
            yield "body", f"'{body.kind}' is no kind of body.", body.kind, remedy
        yield from _unknown_data("body", body.holds, data)
    for body in network.bodies:
        for named in (body.parent, *body.processors):
            if named and named not in seen:
                remedy = "Add it to the bodies, or correct the name."
                yield "body", f"'{named}', named by '{body.id}', is not there.", named, remedy
    used: set[str] = set()
    for each in network.arrangements:
        if each.id in used:
            problem = f"the arrangement '{each.id}' is there twice."
            yield "arrangement", problem, each.id, "Give each arrangement its own identifier."
        used.add(each.id)
        for named in (each.sender, each.recipient):
            if named not in seen:
                problem = f"'{named}', named by '{each.id}', is no body of this file."
                yield "arrangement", problem, named, "Add it to the bodies, or correct the name."
        if each.purpose and each.purpose not in domain.dimensions["for"]:
            remedy = f"The purposes are: {', '.join(domain.dimensions['for'])}."
            yield "arrangement", f"'{each.purpose}' is no purpose.", each.purpose, remedy
        yield from _unknown_data("arrangement", each.data, data)


def _unknown_data(
    where: str, given: tuple[str, ...], known: tuple[str, ...]
) -> Iterator[tuple[str, str, str, str]]:
    for word in given:
        if word not in known:
            yield where, f"'{word}' is no kind of data.", word, f"Take of: {', '.join(known)}."


def is_source(body: Body, domain: Domain) -> bool:
    """Whether a body is one that people go to: a service that holds something protected.

    A service that does not say what it holds is taken to hold something.
    """
    of_kind = domain.kind(body.kind).role is Role.SERVICE
    if not (of_kind if body.service is None else body.service):
        return False
    protected = {each.id for each in domain.data if each.protected}
    return not body.holds or bool(protected & set(body.holds))
