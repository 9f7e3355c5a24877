"""Rules of sharing in a small language over closed lists, and the table that they compile to.

A request is permitted when some rule permits it and no rule forbids it. Nothing else is said, so
the order of rules cannot matter and what no rule names is denied. The table has one bit for each
of the requests in the domain: over it, a check is a proof.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import NoReturn

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from waymark.compact.answers import Answer
from waymark.exceptions import DefinitionError
from waymark.firewall.domain import FOLDER, Domain, FirewallError, Request
from waymark.reading import Position, Value, line_at, read_yaml
from waymark.words import Names, Sentence

Cells = npt.NDArray[np.uint32]  # sender x recipient x purpose x status x data, a bit for each facts
Side = npt.NDArray[np.float32]  # a row for each rule
MODEL_RULES = FOLDER / "model-rules.yaml"
LISTS = ("from", "to", "for", "status", "data")
AT_ONCE = 4096  # so many rules are laid over each other in one product
Words = tuple[str, ...]


class Rule(Value):
    """One rule: a permission or a prohibition over a product of choices; a list left out is any."""

    id: str = Field(pattern=r"^[\w.:-]{1,80}$")
    sentence: Names
    permit: bool = False
    forbid: bool = False
    sender: Words | None = Field(None, alias="from")
    recipient: Words | None = Field(None, alias="to")
    purpose: Words | None = Field(None, alias="for")
    status: Words | None = None
    data: Words | None = None
    when: Mapping[str, bool] = {}

    @model_validator(mode="after")
    def _one_effect(self) -> Rule:
        if self.permit == self.forbid:
            raise ValueError("a rule either permits or forbids: write permit: yes or forbid: yes")
        return self

    @property
    def choices(self) -> tuple[Words | None, ...]:
        """What the rule names of each of the five lists, in the order of the table."""
        return (self.sender, self.recipient, self.purpose, self.status, self.data)

    def covers(self, request: Request, facts: Mapping[str, bool]) -> bool:
        """Whether a request with known facts falls under the rule."""
        return all(
            chosen is None or given in chosen
            for chosen, given in zip(self.choices, request[:5], strict=True)
        ) and all(facts[name] is value for name, value in self.when.items())


class Passing(Value):
    """What passes outside the rules: somebody hands on what reaches them, and why."""

    sender: str = Field(alias="from")
    recipient: str = Field(alias="to")
    because: Names


class RuleSet(Value):
    """A title and its rules; ``outside`` is what recipients do with what they get, whatever we say.

    ``duties`` are kinds of body that the law obliges to report people. ``sinks``, where given, must
    hold all of the domain's: rules can add a sink, never take one away.
    """

    title: Names
    rules: tuple[Rule, ...]
    outside: tuple[Passing, ...] = ()
    duties: tuple[str, ...] = ()
    sinks: tuple[str, ...] | None = None

    @cached_property
    def digest(self) -> str:
        """The hash of everything that the rules say, whatever their order."""
        said = self.model_dump(mode="json", by_alias=True)
        said["rules"].sort(key=lambda rule: rule["id"])
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def permits(self) -> tuple[Rule, ...]:
        """The rules that permit."""
        return tuple(rule for rule in self.rules if rule.permit)

    def forbids(self) -> tuple[Rule, ...]:
        """The rules that forbid."""
        return tuple(rule for rule in self.rules if rule.forbid)


def load_rules(path: Path, domain: Domain) -> RuleSet:
    """The rules of a file, every word of them in the closed lists.

    Raises ``DefinitionError`` with the line of what is wrong.
    """
    found = read_yaml(path, RuleSet)
    for where, problem, remedy in faults(found, domain):
        raise DefinitionError(path, problem, remedy, line=line_at(path, where))
    return found


def faults(rules: RuleSet, domain: Domain) -> Iterator[tuple[Position, str, str]]:
    """What is wrong with rules over these lists: where it stands, the problem and the remedy."""
    seen: set[str] = set()
    for at, rule in enumerate(rules.rules):
        if rule.id in seen:
            remedy = "Give each rule an identifier of its own."
            yield ("rules", at, "id"), f"the rule {rule.id} is there twice.", remedy
        seen.add(rule.id)
        for name, chosen in zip(LISTS, rule.choices, strict=True):
            for place, fault in _of_list(name, chosen, domain):
                yield ("rules", at, name, *place), f"rule {rule.id}: {fault[0]}", fault[1]
        for word in rule.when:
            if word not in domain.dimensions["when"]:
                fault = _stranger("when", word, domain)
                yield ("rules", at, "when", word), f"rule {rule.id}: {fault[0]}", fault[1]
    for part, named in (("duties", rules.duties), ("sinks", rules.sinks)):
        if named:
            for place, fault in _of_list("from", named, domain):
                yield (part, *place), *fault
    for at, each in enumerate(rules.outside):
        for name, word in (("from", each.sender), ("to", each.recipient)):
            if word not in domain.dimensions["from"]:
                yield ("outside", at, name), *_stranger("from", word, domain)


def _of_list(
    name: str, chosen: Words | None, domain: Domain
) -> Iterator[tuple[Position, tuple[str, str]]]:
    if chosen is None:
        return
    if not chosen:
        yield (), (f"the list of '{name}' is empty.", "Name one at least; leave it out for any.")
    for at, word in enumerate(chosen):
        if word not in domain.dimensions[name]:
            yield (at,), _stranger(name, word, domain)
        elif word in chosen[:at]:
            yield (at,), (f"'{word}' is there twice in '{name}'.", "Was another word meant?")


def _stranger(name: str, word: str, domain: Domain) -> tuple[str, str]:
    """The problem and the remedy of a word that a list does not have."""
    what = {"from": "kind of body", "to": "kind of body", "for": "purpose", "when": "fact"}
    known = ", ".join(domain.dimensions[name])
    return f"'{word}' is no {what.get(name, name)}.", f"Take one of: {known}."


@dataclass(frozen=True)
class Table:
    """The answer to every request: a bit for each set of facts in each cell."""

    domain: Domain
    cells: Cells

    @cached_property
    def digest(self) -> str:
        """The hash of the lists and of every answer."""
        answers = np.ascontiguousarray(self.cells, dtype="<u4").tobytes()
        return hashlib.sha256(self.domain.digest.encode() + answers).hexdigest()

    @property
    def permitted(self) -> int:
        """How many requests are permitted."""
        return int(np.bitwise_count(self.cells).sum())


def compiled(rules: RuleSet, domain: Domain) -> Table:
    """The table of a rule set: what is permitted and not forbidden."""
    for _, problem, remedy in faults(rules, domain):
        raise FirewallError(problem, remedy)
    return Table(domain, union(rules.permits(), domain) & ~union(rules.forbids(), domain))


def union(rules: Sequence[Rule], domain: Domain) -> Cells:
    """Everything that at least one of some rules covers.

    Rules that ask for the same facts are laid over each other in one product of two matrices:
    who sends to whom, by what is sent and what for.
    """
    cells: Cells = np.zeros(domain.shape, dtype=np.uint32)
    flat = cells.reshape(domain.shape[0] * domain.shape[1], -1)
    asking: dict[tuple[tuple[str, bool], ...], list[Rule]] = {}
    for rule in rules:
        asking.setdefault(tuple(sorted(rule.when.items())), []).append(rule)
    for wanted, group in asking.items():
        mask = np.uint32(domain.fact_mask(dict(wanted)))
        for start in range(0, len(group), AT_ONCE):
            sides = _sides(group[start : start + AT_ONCE], domain)
            flat[(sides[0].T @ sides[1]) > 0] |= mask
    return cells


def _sides(rules: Sequence[Rule], domain: Domain) -> tuple[Side, Side]:
    """For each rule the pairs of bodies that it names, and the choices of the other lists."""
    named = []
    for axis, (name, length) in enumerate(zip(LISTS, domain.shape, strict=True)):
        places = {word: at for at, word in enumerate(domain.dimensions[name])}
        held: Side = np.zeros((len(rules), length), dtype=np.float32)
        for row, rule in enumerate(rules):
            chosen = rule.choices[axis]
            held[row, slice(None) if chosen is None else [places[word] for word in chosen]] = 1
        named.append(held)
    pairs = np.einsum("na,nb->nab", *named[:2]).reshape(len(rules), -1)
    others = np.einsum("na,nb,nc->nabc", *named[2:]).reshape(len(rules), -1)
    return pairs, others


class Decision(Value):
    """The answer to one request: *yes* or *no*, the rules that gave it, and what was not known."""

    answer: Answer
    because: tuple[Rule, ...]
    not_known: tuple[str, ...]
    reason: Sentence


def check_words(request: Request, domain: Domain) -> None:
    """Raise ``FirewallError`` for a request that the closed lists do not have."""
    for name, word in zip(LISTS, request[:5], strict=True):
        if word not in domain.dimensions[name]:
            raise FirewallError(*_stranger(name, word, domain))
    domain.bits_of(request.facts)


def decide(rules: RuleSet, domain: Domain, request: Request) -> Decision:
    """The answer to a request with its reason; what is not known counts as the worse answer."""
    check_words(request, domain)
    bits = domain.bits_of(request.facts)
    facts = dict(zip(domain.dimensions["when"], domain.facts_of(bits), strict=True))
    open_facts = tuple(
        fact.id for fact, given in zip(domain.facts, request.facts, strict=True) if given is None
    )
    forbidding = tuple(rule for rule in rules.forbids() if rule.covers(request, facts))
    permitting = tuple(rule for rule in rules.permits() if rule.covers(request, facts))
    if forbidding:
        reason = Sentence(
            "Denied by {rule}: {sentence}", rule=forbidding[0].id, sentence=forbidding[0].sentence
        )
        answer, because = Answer.NO, forbidding
    elif permitting:
        reason = Sentence(
            "Permitted by {rule}: {sentence}",
            rule=permitting[0].id,
            sentence=permitting[0].sentence,
        )
        answer, because = Answer.YES, permitting
    else:
        reason = Sentence("Denied: no rule permits it.")
        answer, because = Answer.NO, ()
    return Decision(answer=answer, because=because, not_known=open_facts, reason=reason)


class Gatekeeper:
    """Answers requests from a table, as a service asks them: one look into it, no rule is read.

    Every request costs the same, whatever the answer and however many rules there were.
    """

    def __init__(self, table: Table) -> None:
        domain = self._domain = table.domain
        self._answers = table.cells.reshape(-1).tolist()
        lists = list(domain.dimensions.values())[:5]
        strides = [int(np.prod(domain.shape[at + 1 :])) for at in range(len(domain.shape))]
        self._senders, self._recipients, self._purposes, self._statuses, self._data = (
            {word: at * stride for at, word in enumerate(words)}
            for words, stride in zip(lists, strides, strict=True)
        )
        self._bits = {
            facts: 1 << domain.bits_of(facts)
            for facts in product((True, False, None), repeat=len(domain.facts))
        }

    def permits(self, request: Request) -> bool:
        """Whether a request is permitted; a word that no list has is an error, never a yes."""
        sender, recipient, purpose, status, data, facts = request
        try:
            cell = (
                self._senders[sender]
                + self._recipients[recipient]
                + self._purposes[purpose]
                + self._statuses[status]
                + self._data[data]
            )
            return self._answers[cell] & self._bits[facts] != 0
        except (KeyError, TypeError):
            return self._refused(request)

    def _refused(self, request: Request) -> NoReturn:
        """Say which word of a request is in no list."""
        check_words(request, self._domain)
        raise FirewallError("This is no request.", "Give five words, and a tuple of answers.")
