"""The agreements of a sender: to whom it may refer, on what basis, and what shows it.

What a key says of itself is a claim. Here the sender writes down what it found out about a body
and agreed with it; a body that is not here has no agreement, and nothing is sealed to it.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from waymark.exceptions import DefinitionError
from waymark.firewall.audits.network import Known
from waymark.firewall.domain import Domain
from waymark.firewall.sealed.keys import Card, Words
from waymark.reading import Value, line_of, read_yaml


class Agreement(Value):
    """What a sender agreed with a body, and what it found out about its kind and its duties.

    ``bars_passing_on`` is whether the agreement forbids the recipient to pass notes on. Without
    ``until`` it stands until somebody ends it.
    """

    key: str
    name: Words
    kind: str
    duty_to_report: Known
    bars_passing_on: Known
    basis: Words
    evidence: Words
    since: date
    until: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether a day lies in it."""
        return self.since <= on and (self.until is None or on <= self.until)


class Agreements(Value):
    """The agreements of one sender."""

    agreements: tuple[Agreement, ...]

    def with_(self, card: Card, on: date) -> Agreement | None:
        """The agreement in force with a body of this key and this kind, or None."""
        for each in self.agreements:
            if each.key == card.fingerprint and each.kind == card.kind and each.in_force(on):
                return each
        return None


def read_agreements(path: Path, domain: Domain) -> Agreements:
    """The agreements of a YAML file; a kind that is in no list is an error at its line."""
    found = read_yaml(path, Agreements)
    keys = [each.key for each in found.agreements]
    for each in found.agreements:
        if each.kind not in domain.dimensions["to"]:
            remedy = f"The kinds are: {', '.join(domain.dimensions['to'])}."
            problem = f"'{each.kind}' is no kind of body."
            raise DefinitionError(path, problem, remedy, line=line_of(path, each.kind))
        if keys.count(each.key) > 1:
            problem = "a key is there twice."
            raise DefinitionError(
                path, problem, "Keep one agreement a key.", line=line_of(path, each.key)
            )
    return found
