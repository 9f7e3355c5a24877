"""The formulas as clauses, for a solver that writes down its proof."""

from __future__ import annotations

from itertools import combinations

from pysat.solvers import Glucose4

from tests.provers.properties import LISTS, Formula
from waymark.firewall.domain import Domain, Request


class Clauses:
    """A formula in clauses: a variable for each word and fact of each copy, and each part."""

    def __init__(self, formula: Formula, domain: Domain) -> None:
        self.domain = domain
        self.clauses: list[list[int]] = []
        self._numbers: dict[tuple[object, ...], int] = {}
        self.clauses.append([self._of(formula)])

    def _number(self, key: tuple[object, ...]) -> int:
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def _word(self, copy: int, name: str, word: str) -> int:
        """The variable of a word; of each list, a request has exactly one."""
        if ("list", copy, name) not in self._numbers:
            self._number(("list", copy, name))
            every = [self._number((copy, name, each)) for each in self.domain.dimensions[name]]
            self.clauses.append(every)
            self.clauses += [[-one, -other] for one, other in combinations(every, 2)]
        return self._number((copy, name, word))

    def _of(self, formula: Formula) -> int:
        """The variable that is true exactly where a formula is."""
        operator, *parts = formula
        if operator == "fact":
            return self._number((parts[0], "fact", parts[1]))
        if operator == "not":
            return -self._of(parts[0])
        if operator == "in":
            copy, name, words = parts
            literals = [self._word(copy, name, word) for word in words]
        else:
            literals = [self._of(part) for part in parts]
        sign = -1 if operator == "and" else 1
        whole = self._number(("part", len(self._numbers)))
        self.clauses.append([-whole * sign, *(literal * sign for literal in literals)])
        self.clauses += [[whole * sign, -literal * sign] for literal in literals]
        return whole

    def solved(self) -> tuple[set[int] | None, list[str]]:
        """Values that make the formula true, or None and the proof that there are none."""
        with Glucose4(bootstrap_with=self.clauses, with_proof=True) as solver:
            if solver.solve():
                return set(solver.get_model()), []
            proof = solver.get_proof()
            # where clauses contradict each other at once the solver writes nothing; the end is a
            # claim like any other, for the checker to judge
            return None, proof if proof[-1:] == ["0"] else [*proof, "0"]

    def request(self, model: set[int], copy: int = 0) -> Request:
        """The request that some values speak of; what they leave open is taken as the first."""
        words = []
        for name in LISTS:
            every = self.domain.dimensions[name]
            given = [it for it in every if self._numbers.get((copy, name, it), 0) in model]
            words.append((given or every)[0])
        facts = (self._numbers.get((copy, "fact", it.id), 0) in model for it in self.domain.facts)
        return Request(*words, tuple(facts))
