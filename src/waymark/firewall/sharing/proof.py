"""The theorems in order, their verdicts, and the certificate of a rule set that keeps them all.

What is proved is what runs: the certificate holds the hash of the table of answers, and the
gatekeeper opens only with a table that has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from waymark.firewall.domain import Domain, FirewallError
from waymark.firewall.sharing import leaks, theorems, walls
from waymark.firewall.sharing.case import Case
from waymark.firewall.sharing.routes import Routes
from waymark.firewall.sharing.rules import Gatekeeper, RuleSet, Table, compiled
from waymark.firewall.sharing.walls import Wall, kept
from waymark.reading import Value
from waymark.words import N_, Names, Sentence


@dataclass(frozen=True)
class Theorem:
    """A sentence that every set of rules must keep; ``breach`` finds what breaks it, or nothing.

    Where it says which requests may never be permitted, ``wall`` is all of them.
    """

    id: str
    message: str
    breach: Callable[[Case], Sentence | None]
    wall: Wall | None = None

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
            "Nothing is permitted to immigration enforcement or another sink, for a bad "
            "purpose, or to a body with a duty to report."
        ),
        kept(walls.to_sinks),
        walls.to_sinks,
    ),
    Theorem(
        "P2",
        N_(
            "No chain of any length leads from a person or a service to a sink, duties to "
            "report and what others pass on by their own contracts included."
        ),
        leaks.chains,
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
            "Data stays what it is, except through the statistics gate: it receives for "
            "statistics alone, and only counts leave it."
        ),
        kept(walls.labels),
        walls.labels,
    ),
    Theorem("P7", N_("Rules can forbid more, and never remove a sink."), theorems.sinks_kept),
    Theorem(
        "P8",
        N_(
            "Health, school, shelter, legal aid and labour inspection stay open for every "
            "status, the unknown one included."
        ),
        theorems.not_vacuous,
    ),
    Theorem(
        "P9",
        N_(
            "Every need has an open route for every status, and a group or a Compact never "
            "takes a service away."
        ),
        theorems.routes_kept,
    ),
    Theorem(
        "P10",
        N_(
            "Nothing about a person moves without their consent, except a minimal note to a "
            "service that saves a life in danger."
        ),
        kept(walls.consented),
        walls.consented,
    ),
    Theorem(
        "P11",
        N_(
            "A referral carries a minimal note; files go to nobody but the gate and the "
            "person, and to the gate without names; status stays with the person and the "
            "legal adviser."
        ),
        kept(walls.minimal),
        walls.minimal,
    ),
    Theorem(
        "P12",
        N_(
            "Between bodies, nothing about a person moves without an agreement that bars "
            "passing it on, except in danger to life; to a body that gives no such promise "
            "nothing moves at all."
        ),
        kept(walls.agreed),
        walls.agreed,
    ),
    Theorem(
        "P13",
        N_(
            "Where a fact other than consent is not known, the answer is never more open than it "
            "would be if it were known."
        ),
        theorems.worse_answers,
    ),
    Theorem(
        "P14",
        N_(
            "What is said of a person serves to help them, their own access, or statistics at "
            "the gate, and nothing else."
        ),
        kept(walls.purposes),
        walls.purposes,
    ),
    Theorem(
        "P15",
        N_(
            "People may see what a service holds about them, and a service may call for help "
            "where a life is in danger."
        ),
        theorems.seen_and_rescued,
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
    routes: str
    requests: int
    permitted: int
    theorems: tuple[str, ...]


def certify(rules: RuleSet, domain: Domain, routes: Routes, on: date) -> Certificate:
    """The certificate of a rule set, or a ``FirewallError`` with the first theorem that fails."""
    table = compiled(rules, domain)
    return certificate(Case(rules, table, routes), prove(rules, table, routes), on)


def certificate(case: Case, verdicts: Sequence[Verdict], on: date) -> Certificate:
    """The certificate for what ``prove`` has found."""
    if tuple(verdict.theorem for verdict in verdicts) != THEOREMS:
        raise FirewallError("Not every theorem was put to proof.", "Use what `prove` returns.")
    for verdict in verdicts:
        if verdict.breach is not None:
            raise FirewallError(
                f"{verdict.theorem.id} does not hold: {verdict.theorem.sentence.text()} "
                f"{verdict.breach.text()}",
                "Change the rules; see docs/how-to/adopt-the-rules.md.",
            )
    return Certificate(
        title=case.rules.title,
        proved=on,
        rules=case.rules.digest,
        domain_version=case.domain.version,
        domain=case.domain.digest,
        table=case.table.digest,
        routes=case.routes.digest,
        requests=case.domain.size,
        permitted=case.table.permitted,
        theorems=tuple(f"{each.id} {each.sentence.text()}" for each in THEOREMS),
    )


def gatekeeper(
    rules: RuleSet, domain: Domain, routes: Routes, certificate: Certificate
) -> Gatekeeper:
    """The gatekeeper of certified rules, for the very table that was proved.

    A certificate is a claim, and files can be written by hand: everything is proved again, and all
    that the certificate says must come out the same. Raises ``FirewallError`` otherwise.
    """
    table = compiled(rules, domain)
    remedy = "Run `waymark firewall prove` again and keep the new certificate."
    for what, claimed, found in (
        ("rules are not those", certificate.rules, rules.digest),
        ("closed lists are not those", certificate.domain, domain.digest),
        ("routes are not those", certificate.routes, routes.digest),
        ("table is not the one", certificate.table, table.digest),
    ):
        if claimed != found:
            raise FirewallError(f"The {what} that the certificate speaks of.", remedy)
    if certify(rules, domain, routes, certificate.proved) != certificate:
        raise FirewallError("The certificate says something else than the proof.", remedy)
    return Gatekeeper(table)
