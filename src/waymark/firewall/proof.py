"""The theorems in order, their verdicts, and the certificate of a rule set that keeps them all.

What is proved is what runs: the certificate holds the hash of the table of answers, and the
gatekeeper opens only with a table that has it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from waymark.firewall import theorems
from waymark.firewall.domain import Domain, FirewallError
from waymark.firewall.routes import Routes
from waymark.firewall.rules import Gatekeeper, RuleSet, Table, compiled
from waymark.firewall.theorems import Case
from waymark.reading import Value
from waymark.words import N_, Names, Sentence


@dataclass(frozen=True)
class Theorem:
    """A sentence that every set of rules must keep; ``breach`` finds what breaks it, or nothing."""

    id: str
    message: str
    breach: Callable[[Case], Sentence | None]

    @property
    def sentence(self) -> Sentence:
        """The theorem in words."""
        return Sentence(self.message)


@dataclass(frozen=True)
class Verdict:
    """Whether a theorem holds; ``breach`` says what breaks it."""

    theorem: Theorem
    breach: Sentence | None

    @property
    def holds(self) -> bool:
        """Whether nothing breaks it."""
        return self.breach is None


THEOREMS = (
    Theorem(
        "P1",
        N_(
            "Nothing is permitted to immigration enforcement or another sink, for a bad purpose, "
            "or to a body with a duty to report."
        ),
        theorems.to_sinks,
    ),
    Theorem(
        "P2",
        N_(
            "No chain of any length leads from a service to a sink, duties to report and what "
            "others pass on by their own contracts included."
        ),
        theorems.chains,
    ),
    Theorem("P3", N_("No answer depends on anybody's status."), theorems.status_read),
    Theorem("P4", N_("Withdrawing consent never opens anything."), theorems.withdrawal),
    Theorem(
        "P5",
        N_("What no rule permits is denied, and the order of rules changes nothing."),
        theorems.as_written,
    ),
    Theorem(
        "P6",
        N_(
            "Data stays what it is, except through the statistics gate, and only counts leave "
            "the gate."
        ),
        theorems.labels,
    ),
    Theorem("P7", N_("Rules can forbid more, and never remove a sink."), theorems.sinks_kept),
    Theorem(
        "P8",
        N_(
            "Health, school, shelter, legal aid and labour inspection stay open for every status, "
            "the unknown one included."
        ),
        theorems.not_vacuous,
    ),
    Theorem(
        "P9",
        N_(
            "Every need has an open route for every status, and a group or a Compact never takes "
            "a service away."
        ),
        theorems.routes_kept,
    ),
    Theorem(
        "P10",
        N_(
            "Nothing about a person moves without their consent, except to a service that saves "
            "a life."
        ),
        theorems.consented,
    ),
    Theorem(
        "P11",
        N_(
            "A referral carries a minimal note; files go to nobody but the gate and the person; "
            "status stays with the person and the legal adviser."
        ),
        theorems.minimal,
    ),
    Theorem(
        "P12",
        N_(
            "Between bodies, nothing about a person moves without an agreement that bars passing "
            "it on, except in danger to life."
        ),
        theorems.agreed,
    ),
)


def prove(rules: RuleSet, table: Table, routes: Routes) -> tuple[Verdict, ...]:
    """The verdict on every theorem, in order."""
    case = Case(rules, table, routes)
    return tuple(Verdict(theorem, theorem.breach(case)) for theorem in THEOREMS)


class Certificate(Value):
    """That a rule set keeps every theorem over every request: the hashes of all that it rests on.

    ``requests`` is the size of the domain, ``permitted`` how many of them get a yes.
    """

    title: Names
    proved: date
    rules: str
    domain_version: str
    domain: str
    table: str
    requests: int
    permitted: int
    theorems: tuple[str, ...]


def certify(rules: RuleSet, domain: Domain, routes: Routes, on: date) -> Certificate:
    """The certificate of a rule set, or a ``FirewallError`` with the first theorem that fails."""
    table = compiled(rules, domain)
    for verdict in prove(rules, table, routes):
        if verdict.breach is not None:
            raise FirewallError(
                f"{verdict.theorem.id} does not hold: {verdict.theorem.sentence.text()} "
                f"{verdict.breach.text()}",
                "Change the rules; see docs/how-to/adopt-the-rules.md.",
            )
    return Certificate(
        title=rules.title,
        proved=on,
        rules=rules.digest,
        domain_version=domain.version,
        domain=domain.digest,
        table=table.digest,
        requests=domain.size,
        permitted=table.permitted,
        theorems=tuple(f"{each.id} {each.sentence.text()}" for each in THEOREMS),
    )


def gatekeeper(rules: RuleSet, domain: Domain, certificate: Certificate) -> Gatekeeper:
    """The gatekeeper of certified rules; none for rules, lists or a table that were not proved."""
    table = compiled(rules, domain)
    for what, proved, found in (
        ("rules are not those", certificate.rules, rules.digest),
        ("closed lists are not those", certificate.domain, domain.digest),
        ("table is not the one", certificate.table, table.digest),
    ):
        if proved != found:
            remedy = "Run `waymark firewall prove` again and keep the new certificate."
            raise FirewallError(f"The {what} that the certificate speaks of.", remedy)
    if len(certificate.theorems) < len(THEOREMS):
        remedy = "Run `waymark firewall prove` with this version of Waymark."
        raise FirewallError("The certificate knows fewer theorems than there are.", remedy)
    return Gatekeeper(table)
