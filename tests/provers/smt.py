"""The formulas put to z3, and chains of any length as Horn clauses put to its Spacer."""

from __future__ import annotations

import z3

from tests.provers.properties import LISTS, Formula, Words, permitted, refutations
from waymark.firewall.domain import Domain, Role
from waymark.firewall.sharing.routes import Routes
from waymark.firewall.sharing.rules import RuleSet


class Request:
    """The variables of one copy of a request: five numbers and the facts."""

    def __init__(self, domain: Domain, copy: int) -> None:
        self.lists = {name: z3.Int(f"{name}{copy}") for name in LISTS}
        self.facts = {each.id: z3.Bool(f"{each.id}{copy}") for each in domain.facts}
        self.within = [
            z3.And(number >= 0, number < len(domain.dimensions[name]))
            for name, number in self.lists.items()
        ]

    @property
    def variables(self) -> list[z3.ExprRef]:
        return [*self.lists.values(), *self.facts.values()]


class Translation:
    """Formulas in z3's terms."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.copies: dict[int, Request] = {}
        self._done: dict[int, tuple[Formula, z3.BoolRef]] = {}  # parts that formulas share

    def copy(self, number: int) -> Request:
        if number not in self.copies:
            self.copies[number] = Request(self.domain, number)
        return self.copies[number]

    def of(self, formula: Formula) -> z3.BoolRef:
        if id(formula) not in self._done:
            self._done[id(formula)] = (formula, self._translated(formula))
        return self._done[id(formula)][1]

    def _translated(self, formula: Formula) -> z3.BoolRef:
        operator, *parts = formula
        if operator == "in":
            copy, name, words = parts
            number = self.copy(copy).lists[name]
            places = self.domain.dimensions[name]
            return z3.Or([number == places.index(word) for word in words])
        if operator == "fact":
            return self.copy(parts[0]).facts[parts[1]]
        if operator == "not":
            return z3.Not(self.of(parts[0]))
        return {"and": z3.And, "or": z3.Or}[operator]([self.of(part) for part in parts])


def broken(rules: RuleSet, domain: Domain, routes: Routes) -> set[str]:
    """The theorems that z3 refutes: some request makes one of their formulas true."""
    translation, solver = Translation(domain), z3.Solver()
    refuted = {"P2"} if leaks(rules, domain) else set()
    for name, formulas in refutations(rules, domain, routes).items():
        for formula in formulas:
            solver.push()
            solver.add(translation.of(formula))
            solver.add([bound for it in translation.copies.values() for bound in it.within])
            found = solver.check()
            solver.pop()
            assert found != z3.unknown
            if found == z3.sat:
                refuted.add(name)
    return refuted


def leaks(rules: RuleSet, domain: Domain) -> bool:
    """Whether what a person or a service holds can come to hold of a sink, by Spacer.

    ``holds`` is a relation over kinds of body. Spacer either finds a derivation, of any length, or
    a relation that is closed under every step and has no sink in it.
    """
    engine = z3.Fixedpoint()
    engine.set(engine="spacer")
    holds = z3.Function("holds", z3.IntSort(), z3.BoolSort())
    engine.register_relation(holds)
    translation = Translation(domain)
    allowed = translation.of(permitted(rules))
    it, request = Words(rules, domain), translation.copy(0)
    sent = translation.of(("in", 0, "data", tuple(it.protected)))
    engine.declare_var(*request.variables)
    sender, recipient = request.lists["from"], request.lists["to"]
    engine.rule(holds(recipient), [holds(sender), allowed, sent, *request.within])
    kinds = domain.dimensions["from"]
    for kind in domain.kinds:
        if kind.role in {Role.PERSON, Role.SERVICE, Role.GATE}:
            engine.fact(holds(kinds.index(kind.id)))
    sink = max(kinds.index(kind.id) for kind in domain.kinds if kind.role is Role.SINK)
    steps = [(each.sender, each.recipient) for each in rules.outside]
    steps += [(kind, kinds[sink]) for kind in (*rules.duties, *it.outsiders)]
    for one, other in steps:
        engine.rule(holds(kinds.index(other)), [holds(kinds.index(one))])
    found = engine.query(
        z3.Or([z3.And(holds(sender), sender == kinds.index(it_)) for it_ in it.sinks])
    )
    assert found != z3.unknown
    return bool(found == z3.sat)
