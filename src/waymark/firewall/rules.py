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

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from waymark.compact.answers import Answer
from waymark.exceptions import DefinitionError
from waymark.firewall.domain import FOLDER, Domain, FirewallError, Request, unknown
from waymark.reading import Value, line_of, read_yaml
from waymark.words import Names, Sentence

Cells = npt.NDArray[np.uint32]  # sender x recipient x purpose x status x data, a bit for each facts
MODEL_RULES = FOLDER / "model-rules.yaml"
LISTS = ("from", "to", "for", "status", "data")


class Rule(Value):
    """One rule: a permission or a prohibition over a product of choices; a list left out is any."""

    id: str
    sentence: Names
    permit: bool = False
    forbid: bool = False
    sender: tuple[str, ...] | None = Field(None, alias="from")
    recipient: tuple[str, ...] | None = Field(None, alias="to")
    purpose: tuple[str, ...] | None = Field(None, alias="for")
    status: tuple[str, ...] | None = None
    data: tuple[str, ...] | None = None
    when: Mapping[str, bool] = {}

    @model_validator(mode="after")
    def _one_effect(self) -> Rule:
        if self.permit == self.forbid:
            raise ValueError("a rule either permits or forbids: write permit: yes or forbid: yes")
        return self

    @property
    def choices(self) -> tuple[tuple[str, ...] | None, ...]:
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

    @model_validator(mode="after")
    def _each_once(self) -> RuleSet:
        seen: set[str] = set()
        for rule in self.rules:
            if rule.id in seen:
                raise ValueError(f"the rule {rule.id} is there twice")
            seen.add(rule.id)
        return self

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

    Raises ``DefinitionError`` with the line of a word that no list has.
    """
    found = read_yaml(path, RuleSet)
    fault = next(faults(found, domain), None)
    if fault is not None:
        problem, word = fault
        remedy = "Take a word of src/waymark/definitions/firewall/domain.yaml."
        raise DefinitionError(path, problem, remedy, line=line_of(path, word))
    return found


def faults(rules: RuleSet, domain: Domain) -> Iterator[tuple[str, str]]:
    """What rules name that the closed lists do not have: the problem, and the word."""
    lists = domain.dimensions
    for rule in rules.rules:
        for name, chosen in zip(LISTS, rule.choices, strict=True):
            for word in chosen or ():
                if word not in lists[name]:
                    yield f"rule {rule.id}: '{word}' is not in the list of '{name}'.", word
        for word in rule.when:
            if word not in lists["when"]:
                yield f"rule {rule.id}: '{word}' is not a fact.", word
    named = [*rules.duties, *(rules.sinks or ())]
    named += [word for each in rules.outside for word in (each.sender, each.recipient)]
    for word in named:
        if word not in lists["from"]:
            yield f"'{word}' is not a kind of body.", word


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
    permits = union(rules.permits(), domain)
    permits &= ~union(rules.forbids(), domain)
    return Table(domain, permits)


def union(rules: Sequence[Rule], domain: Domain) -> Cells:
    """Everything that at least one of some rules covers."""
    places = {
        name: {word: at for at, word in enumerate(words)}
        for name, words in domain.dimensions.items()
    }
    masks: dict[tuple[tuple[str, bool], ...], int] = {}
    cells: Cells = np.zeros(domain.shape, dtype=np.uint32)
    flat = cells.reshape(-1)
    strides = [int(np.prod(domain.shape[at + 1 :])) for at in range(len(domain.shape))]
    for rule in rules:
        wanted = tuple(sorted(rule.when.items()))
        mask = masks.get(wanted)
        if mask is None:
            mask = masks[wanted] = domain.fact_mask(dict(wanted))
        where = np.zeros(1, dtype=np.int64)
        for name, chosen, length, stride in zip(
            LISTS, rule.choices, domain.shape, strides, strict=True
        ):
            held = range(length) if chosen is None else [places[name][word] for word in chosen]
            where = np.add.outer(where, np.fromiter(held, np.int64) * stride).reshape(-1)
        flat[where] |= np.uint32(mask)
    return cells


class Decision(Value):
    """The answer to one request: *yes* or *no*, the rules that gave it, and what was not known."""

    answer: Answer
    because: tuple[Rule, ...]
    not_known: tuple[str, ...]
    reason: Sentence


def decide(rules: RuleSet, domain: Domain, request: Request) -> Decision:
    """The answer to a request with its reason; what is not known counts as the worse answer."""
    for name, words, word in zip(LISTS, domain.dimensions.values(), request[:5], strict=False):
        if word not in words:
            raise unknown(f"word of the list '{name}'", word, words)
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
        domain = table.domain
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
        except KeyError as error:
            remedy = "Take the words of definitions/firewall/domain.yaml."
            raise FirewallError(f"'{error.args[0]}' is in no list.", remedy) from None
