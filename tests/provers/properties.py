"""The theorems as formulas over the words of the rules, each true of a request that breaks it.

Nothing here knows of tables: a formula speaks of one request, or of several copies of it. It is a
tuple: an operator and its parts. Whoever finds values that make it true has refuted the theorem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from waymark.firewall.domain import Domain, Role
from waymark.firewall.sharing.routes import Routes, Service
from waymark.firewall.sharing.rules import RuleSet

Formula = tuple[Any, ...]
LISTS = ("from", "to", "for", "status", "data")
MOST_COPIES = 3  # no need has more than three routes that are open to everybody


def among(name: str, words: Iterable[str], copy: int = 0) -> Formula:
    """The copy of the request has one of some words in a list."""
    return ("in", copy, name, tuple(words))


def fact(name: str, copy: int = 0) -> Formula:
    return ("fact", copy, name)


def both(*parts: Formula) -> Formula:
    return ("and", *parts)


def either(*parts: Formula) -> Formula:
    return ("or", *parts)


def no(part: Formula) -> Formula:
    return ("not", part)


def permitted(rules: RuleSet, copy: int = 0) -> Formula:
    """Some rule permits the request, and none forbids it."""

    def covers(rule: Any) -> Formula:
        lists = zip(LISTS, rule.choices, strict=True)
        named = [among(name, words, copy) for name, words in lists if words is not None]
        return both(*named, *(_is(fact(it, copy), value) for it, value in rule.when.items()))

    return both(
        either(*(covers(rule) for rule in rules.rules if rule.permit)),
        no(either(*(covers(rule) for rule in rules.rules if rule.forbid))),
    )


def _is(formula: Formula, value: bool) -> Formula:
    return formula if value else no(formula)


def same(domain: Domain, name: str, one: int = 0, other: int = 1) -> Formula:
    words = domain.dimensions[name]
    return either(*(both(among(name, [it], one), among(name, [it], other)) for it in words))


def same_fact(name: str) -> Formula:
    one, other = fact(name, 0), fact(name, 1)
    return either(both(one, other), both(no(one), no(other)))


class Words:
    """What a domain and a rule set call things, by their marks."""

    def __init__(self, rules: RuleSet, domain: Domain) -> None:
        self.sinks = {*(rules.sinks or ()), *self._role(domain, Role.SINK)}
        self.services = self._role(domain, Role.SERVICE)
        self.outsiders = self._role(domain, Role.OUTSIDER)
        self.rescuers = [kind.id for kind in domain.kinds if kind.rescues]
        self.bad = [it.id for it in domain.purposes if it.bad]
        self.help = [it.id for it in domain.purposes if it.helps]
        self.protected = [it.id for it in domain.data if it.protected]
        self.counts = [it.id for it in domain.data if not it.protected]
        self.notes = [it.id for it in domain.data if it.minimal]
        self.names = [it.id for it in domain.data if it.identifies]
        self.statements = [it.id for it in domain.data if it.of_status]

    @staticmethod
    def _role(domain: Domain, role: Role) -> list[str]:
        return [kind.id for kind in domain.kinds if kind.role is role]


def refutations(rules: RuleSet, domain: Domain, routes: Routes) -> Mapping[str, list[Formula]]:
    """For each theorem the formulas of which none may ever be true."""
    it = Words(rules, domain)
    copies = [permitted(rules, copy) for copy in range(MOST_COPIES)]
    asked = copies[0]
    person, gate = among("from", ["person"]), among("from", ["statistics-gate"])
    to_person, to_gate = among("to", ["person"]), among("to", ["statistics-gate"])
    counted, own = among("for", ["statistics"]), among("for", ["own-access"])
    protected, note = among("data", it.protected), among("data", it.notes)
    statement = among("data", it.statements)
    saves = both(among("for", ["rescue"]), among("to", it.rescuers), note, fact("danger-to-life"))
    from_records = either(both(no(gate), no(protected)), both(gate, protected))
    adviser = both(among("to", ["legal-aid"]), among("for", ["legal-advice"]))
    promised = both(fact("agreement"), fact("onward-barred"))
    serves = either(among("for", it.help), both(to_person, own), both(to_gate, counted))
    one_wall = {
        "P1": either(among("to", it.sinks), among("for", it.bad), fact("duty-to-report")),
        "P6": either(
            from_records, both(counted, no(gate), no(to_gate)), both(to_gate, no(counted))
        ),
        "P10": both(protected, no(fact("consent")), no(saves)),
        "P11": both(
            protected,
            no(both(to_person, own)),
            either(
                both(to_gate, either(statement, among("data", it.names))),
                both(statement, no(both(person, adviser))),
                both(no(to_gate), no(person), no(note)),
            ),
        ),
        "P12": both(
            protected,
            no(person),
            no(to_person),
            either(among("to", it.outsiders), no(either(promised, saves))),
        ),
        "P14": both(protected, no(serves)),
    }
    found = {name: [both(asked, wall)] for name, wall in one_wall.items()}
    found["P3"] = [_status_matters(copies, domain)]
    found["P4"] = [_changed(copies, domain, "consent", opens=False)]
    found["P13"] = [
        _changed(copies, domain, each.id, opens=each.unknown_is)
        for each in domain.facts
        if each.id != "consent"
    ]
    found["P8"] = [_closed(rules, copies, each, it, 0) for each in routes.essential]
    found["P9"] = [_stranded(rules, copies, routes, need, it, domain) for need in routes.needs]
    access = both(among("from", it.services), to_person, own, protected, fact("consent"))
    rescuers = [kind for kind in it.rescuers if kind not in rules.duties]
    called = both(among("from", it.services), saves, among("to", rescuers))
    due = both(either(access, called), no(fact("duty-to-report")))
    found["P15"] = [both(due, no(asked))]
    return found


def _status_matters(copies: list[Formula], domain: Domain) -> Formula:
    """Two requests that differ in status alone, and in the answer."""
    lists = [same(domain, name) for name in LISTS if name != "status"]
    facts = [same_fact(each.id) for each in domain.facts]
    return both(copies[0], no(copies[1]), *lists, *facts)


def _changed(copies: list[Formula], domain: Domain, name: str, *, opens: bool) -> Formula:
    """Permitted where a fact is ``opens``, denied where it is not, all else the same."""
    lists = [same(domain, each) for each in LISTS]
    facts = [same_fact(each.id) for each in domain.facts if each.id != name]
    sides = [_is(fact(name, 0), opens), _is(fact(name, 1), not opens)]
    return both(copies[0], no(copies[1]), *sides, *lists, *facts)


def _closed(
    rules: RuleSet, copies: list[Formula], service: Service, it: Words, copy: int
) -> Formula:
    """A person who consents may not tell a service of a need."""
    duty = _is(fact("duty-to-report", copy), service.service in rules.duties)
    return both(
        among("from", ["person"], copy),
        among("to", [service.service], copy),
        among("for", [service.purpose], copy),
        among("data", it.notes, copy),
        fact("consent", copy),
        duty,
        no(copies[copy]),
    )


def _stranded(
    rules: RuleSet, copies: list[Formula], routes: Routes, need: str, it: Words, domain: Domain
) -> Formula:
    """For one status, every service for a need is closed, each for some request."""
    open_to_all = [each for each in routes.routes if each.need == need]
    steps = [each.leads_to for each in open_to_all if not each.group and not each.instrument]
    alike = [same(domain, "status", 0, copy) for copy in range(1, len(steps))]
    return both(*alike, *(_closed(rules, copies, step, it, at) for at, step in enumerate(steps)))
