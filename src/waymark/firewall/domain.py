"""The closed lists that rules of sharing speak of, and every request that they can be asked about.

A request is one choice of sender, recipient, purpose, status and kind of data, with five facts.
The lists and their order are facts in ``definitions/firewall/domain.yaml``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import model_validator

from waymark.compact.loading import DEFINITIONS
from waymark.exceptions import WaymarkError
from waymark.reading import Value, read_yaml
from waymark.words import Label

FOLDER = DEFINITIONS / "firewall"
PERSON, GATE, LEGAL_AID = "person", "statistics-gate", "legal-aid"
STATISTICS = "statistics"
OWN_ACCESS, RESCUE, LEGAL_ADVICE = "own-access", "rescue", "legal-advice"
CONSENT, AGREEMENT, ONWARD_BARRED, DUTY, DANGER = (
    "consent",
    "agreement",
    "onward-barred",
    "duty-to-report",
    "danger-to-life",
)
MOST_FACTS = 5  # a cell of a table has a bit for each set of facts: 32
NAMED = {  # what the theorems speak of by name must be in the lists
    "from": (PERSON, GATE, LEGAL_AID),
    "for": (STATISTICS, OWN_ACCESS, RESCUE, LEGAL_ADVICE),
    "when": (CONSENT, AGREEMENT, ONWARD_BARRED, DUTY, DANGER),
}


class FirewallError(WaymarkError):
    """Rules, arrangements or requests that cannot be used; says what and what to do."""


class Role(StrEnum):
    """What a kind of body is to the firewall."""

    PERSON = "person"
    SERVICE = "service"  # what people go to, and what must stay safe
    GATE = "gate"  # the only way from records to counts
    BOUND = "bound"  # no service, bound not to pass on; what it does besides is said in the rules
    OUTSIDER = "outsider"  # no enforcement itself, and no promise that it does not pass things on
    SINK = "sink"  # where nothing about a person may arrive


class Kind(Value):
    """A kind of body that may send or receive; one that ``rescues`` is called to save a life."""

    id: str
    label: Label
    role: Role
    rescues: bool = False


class Choice(Value):
    """A purpose or a status.

    People go to a service for a purpose that ``helps``; nothing may be sent for a ``bad`` one.
    """

    id: str
    label: Label
    helps: bool = False
    bad: bool = False


class DataClass(Value):
    """A kind of data.

    ``minimal`` is what a referral may carry, ``identifies`` says who or where the person is, and
    ``of_status`` speaks of status.
    """

    id: str
    label: Label
    protected: bool
    minimal: bool = False
    identifies: bool = False
    of_status: bool = False


class Fact(Value):
    """A yes or no about a request. What is not known counts as ``unknown_is``, the worse answer."""

    id: str
    label: Label
    unknown_is: bool


class Request(NamedTuple):
    """A question to the rules: may this go from here to there? A fact may be None: not known."""

    sender: str
    recipient: str
    purpose: str
    status: str
    data: str
    facts: tuple[bool | None, ...]


class Domain(Value):
    """The closed lists, in the order of the table."""

    version: str
    kinds: tuple[Kind, ...]
    purposes: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    data: tuple[DataClass, ...]
    facts: tuple[Fact, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Domain:
        for name, ids in self.dimensions.items():
            if len(set(ids)) != len(ids):
                raise ValueError(f"an identifier stands twice in {name}")
        return self

    @model_validator(mode="after")
    def _what_theorems_name(self) -> Domain:
        lists = self.dimensions
        for name, words in NAMED.items():
            for word in words:
                if word not in lists[name]:
                    raise ValueError(f"the theorems name '{word}', and it is not in '{name}'")
        for role, word in ((Role.PERSON, PERSON), (Role.GATE, GATE)):
            if [kind.id for kind in self.kinds if kind.role is role] != [word]:
                raise ValueError(f"'{word}' alone has the role '{role}'")
        if not self.of_role(Role.SINK) or not self.of_role(Role.SERVICE):
            raise ValueError("without a sink or without a service there is nothing to prove")
        if len(self.facts) > MOST_FACTS or not self.statuses:
            raise ValueError(f"there are at most {MOST_FACTS} facts, and there is a status")
        return self

    @cached_property
    def dimensions(self) -> dict[str, tuple[str, ...]]:
        """The identifiers of each list, by the name that rules use."""
        kinds = tuple(each.id for each in self.kinds)
        return {
            "from": kinds,
            "to": kinds,
            "for": tuple(each.id for each in self.purposes),
            "status": tuple(each.id for each in self.statuses),
            "data": tuple(each.id for each in self.data),
            "when": tuple(each.id for each in self.facts),
        }

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the five lists; each cell of a table holds a bit for each set of facts."""
        return tuple(len(ids) for name, ids in self.dimensions.items() if name != "when")

    @property
    def size(self) -> int:
        """How many different requests there are."""
        size = 1 << len(self.facts)
        for length in self.shape:
            size *= length
        return size

    @cached_property
    def digest(self) -> str:
        """The hash of the lists; what was proved over other lists does not hold over these."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def of_role(self, *roles: Role) -> tuple[int, ...]:
        """The places in the list of the kinds that have one of these roles."""
        return tuple(at for at, kind in enumerate(self.kinds) if kind.role in roles)

    def kind(self, identifier: str) -> Kind:
        """The kind of body with an identifier."""
        for each in self.kinds:
            if each.id == identifier:
                return each
        raise unknown("kind of body", identifier, (each.id for each in self.kinds))

    def fact_mask(self, wanted: dict[str, bool]) -> int:
        """The bits of the sets of facts in which each named fact has the wanted answer."""
        return _fact_mask(self.dimensions["when"], frozenset(wanted.items()))

    def bits_of(self, facts: Sequence[bool | None]) -> int:
        """The bit of a set of facts, where what is not known takes the worse answer."""
        if len(facts) != len(self.facts) or not all(it in (True, False, None) for it in facts):
            remedy = "Say yes, no or not known (None) of each: " + ", ".join(
                fact.id for fact in self.facts
            )
            raise FirewallError("These are not the answers that a request needs.", f"{remedy}.")
        found = 0
        for at, (answer, fact) in enumerate(zip(facts, self.facts, strict=True)):
            if fact.unknown_is if answer is None else answer:
                found |= 1 << at
        return found

    def facts_of(self, bits: int) -> tuple[bool, ...]:
        """The answers that a bit stands for."""
        return tuple(bool(bits >> at & 1) for at in range(len(self.facts)))


@lru_cache(maxsize=1024)
def _fact_mask(facts: tuple[str, ...], wanted: frozenset[tuple[str, bool]]) -> int:
    places = [(facts.index(name), answer) for name, answer in wanted]
    mask = 0
    for bits in range(1 << len(facts)):
        if all(bool(bits >> at & 1) is answer for at, answer in places):
            mask |= 1 << bits
    return mask


def load_domain(folder: Path = FOLDER) -> Domain:
    """The closed lists that ship."""
    return read_yaml(folder / "domain.yaml", Domain)


def unknown(what: str, given: str, known: Iterable[str]) -> FirewallError:
    """The error for a word that a closed list does not have."""
    return FirewallError(f"'{given}' is no {what}.", f"Take one of: {', '.join(known)}.")
