"""Checks a proof that clauses contradict each other, line by line, and trusts nobody.

Each line of a proof is a clause that must follow by unit propagation: take its opposite as given,
draw every forced conclusion, and meet a contradiction. A proof is accepted when the empty clause
follows so. This module imports nothing: neither the program that it judges nor the solver.
"""

Clause = list[int]


def accepts(clauses: list[Clause], proof: list[str]) -> bool:
    """Whether each line of a proof follows and the last is the empty clause."""
    known = _Known()
    for clause in clauses:
        known.add(clause)
    for line in proof:
        deleted = line.startswith("d")
        lemma = [int(word) for word in line.removeprefix("d").split()]
        if not lemma or lemma.pop() != 0:
            return False
        if deleted:
            continue  # more clauses than the solver kept can only make more follow
        if not known.contradicts(lemma):
            return False
        if not lemma:
            return True
        known.add(lemma)
    return False


class _Known:
    """Clauses, each under two of its literals: only when one of them fails can it force another."""

    def __init__(self) -> None:
        self._watching: dict[int, list[Clause]] = {}
        self._units: list[int] = []
        self._empty = False

    def add(self, literals: Clause) -> None:
        clause = list(dict.fromkeys(literals))
        if len(clause) > 1:
            for literal in clause[:2]:
                self._watching.setdefault(literal, []).append(clause)
        elif clause:
            self._units.append(clause[0])
        else:
            self._empty = True

    def contradicts(self, lemma: Clause) -> bool:
        """Whether the opposite of a clause leads to a contradiction by forced conclusions alone."""
        true: set[int] = set()
        waiting = [-literal for literal in lemma] + self._units
        while waiting and not self._empty:
            literal = waiting.pop()
            if -literal in true:
                return True
            if literal in true:
                continue
            true.add(literal)
            if self._failed(-literal, true, waiting):
                return True
        return self._empty

    def _failed(self, literal: int, true: set[int], waiting: list[int]) -> bool:
        """Look at the clauses that watched a literal which is now false."""
        kept: list[Clause] = []
        watching, self._watching[literal] = self._watching.get(literal, []), kept
        for at, clause in enumerate(watching):
            if clause[0] == literal:
                clause[0], clause[1] = clause[1], clause[0]
            for place in range(2, len(clause)):
                if -clause[place] not in true:
                    clause[1], clause[place] = clause[place], clause[1]
                    self._watching.setdefault(clause[1], []).append(clause)
                    break
            else:
                kept.append(clause)
                if -clause[0] in true:
                    kept.extend(watching[at + 1 :])
                    return True
                waiting.append(clause[0])
        return False
