"""Propose provisions and tags for a commitment from its words, by rules that anybody can edit.

A proposal is a starting point for a person, never a finding: it is marked as proposed until
somebody confirms it. The rules stand in ``definitions/proposals.yaml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, model_validator

from waymark.compact.framework import Framework
from waymark.compact.loading import DEFINITIONS
from waymark.compact.provisions import ProvisionId, TagId, reading_order
from waymark.exceptions import DefinitionError
from waymark.plans.vocabulary import Slug
from waymark.reading import Value, line_of, read_yaml

FILE = "proposals.yaml"
SHORTEST_BEGINNING = 3  # letters before a '*': shorter ones begin too many words
GAP = "/"  # stands where an expression was taken out, so that no phrase reaches across it
STOP = ","  # stands for every sign that parts a sentence
TOKEN = re.compile(r"[^\W_]+|[,;:()]")
TOKEN_OF_A_PHRASE = re.compile(r"[^\W_]+\*?|[,;:()]")
MISPLACED = re.compile(r"(?<!\w)\*|\*(?=\w)")  # a '*' that does not end a word


def _phrase(given: str) -> str:
    """A phrase as it is looked for: words between blanks; a ``*`` stands for any ending."""
    words = " ".join(_tokens(TOKEN_OF_A_PHRASE, given)).strip(f"{STOP} ").split()
    if not words or MISPLACED.search(given):
        raise ValueError("a phrase is made of words, each of which may end in '*'")
    if any(word.endswith("*") and len(word) <= SHORTEST_BEGINNING for word in words):
        raise ValueError(f"at least {SHORTEST_BEGINNING} letters stand before a '*'")
    return " ".join(words)


Phrase = Annotated[str, AfterValidator(_phrase)]
Phrases = tuple[Phrase, ...]


class Subject(Value):
    """What a text may be about: it is, where one of these words or expressions is in it."""

    words: Phrases = ()
    expressions: tuple[Slug, ...] = ()


class ProposalRule(Value):
    """What to propose, and when: each kind of condition that is given must be met.

    One of ``words`` or ``expressions`` is in the text; the text is about one of the subjects of
    ``about``; one of ``issues`` is among those that the source gives. A rule with ``otherwise``
    speaks last, and fills only the lists that all other rules left empty.
    """

    id: Slug
    words: Phrases = ()
    expressions: tuple[Slug, ...] = ()
    about: tuple[Slug, ...] = ()
    issues: tuple[str, ...] = ()
    otherwise: bool = False
    provisions: tuple[ProvisionId, ...] = ()
    groups: tuple[TagId, ...] = ()
    needs: tuple[TagId, ...] = ()
    stages: tuple[TagId, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> ProposalRule:
        if not (self.words or self.expressions or self.about or self.issues):
            raise ValueError("a rule says when it applies: by words, expressions, about or issues")
        if not any(getattr(self, name) for name in LISTS):
            raise ValueError(f"a rule proposes something: {', '.join(LISTS)}")
        return self


LISTS = ("provisions", "groups", "needs", "stages")
NAMES_OF_LISTS = {"about": "subjects"}  # where the field is called otherwise


class ProposalRules(Value):
    """The form of ``proposals.yaml``.

    ``expressions`` are names of treaties and offices, and turns of speech, whose words are not to
    be read one by one: they are taken out of a text before anything else is looked for in it.
    """

    expressions: Mapping[Slug, Phrases]
    subjects: Mapping[Slug, Subject]
    rules: tuple[ProposalRule, ...]


class Proposal(NamedTuple):
    """What the rules propose for a text, and which of them did, in the order of the file."""

    provisions: tuple[str, ...]
    groups: tuple[str, ...]
    needs: tuple[str, ...]
    stages: tuple[str, ...]
    rules: tuple[str, ...]


def propose(text: str, issues: Iterable[str], rules: ProposalRules) -> Proposal:
    """What the rules propose for a text, with the issues that its source files it under.

    Provisions come in reading order, tags in the order in which the rules name them.
    """
    spoken, rest = _without_expressions(f" {' '.join(_tokens(TOKEN, text))} ", rules)
    given = {issue.strip().casefold() for issue in issues}
    subjects = {
        name
        for name, subject in rules.subjects.items()
        if _found(subject.words, rest) or spoken.intersection(subject.expressions)
    }
    met = [rule for rule in rules.rules if _applies(rule, rest, spoken, subjects, given)]
    first = [rule for rule in met if not rule.otherwise]
    filled = {name for name in LISTS if any(getattr(rule, name) for rule in first)}
    lists: dict[str, list[str]] = {name: [] for name in LISTS}
    used: list[str] = []
    for rule in met:
        speaks = [name for name in LISTS if not (rule.otherwise and name in filled)]
        if any(getattr(rule, name) for name in speaks):
            used.append(rule.id)
        for name in speaks:
            lists[name] += getattr(rule, name)
    return Proposal(
        provisions=tuple(sorted(set(lists["provisions"]), key=reading_order)),
        groups=tuple(dict.fromkeys(lists["groups"])),
        needs=tuple(dict.fromkeys(lists["needs"])),
        stages=tuple(dict.fromkeys(lists["stages"])),
        rules=tuple(used),
    )


def load_proposal_rules(framework: Framework, folder: Path = DEFINITIONS) -> ProposalRules:
    """The rules of a folder of definitions; every identifier in them leads somewhere."""
    path = folder / FILE
    rules = read_yaml(path, ProposalRules)
    known: dict[str, Collection[str]] = {
        "provisions": framework.provisions,
        "groups": framework.groups,
        "needs": framework.needs,
        "stages": framework.stages,
        "about": rules.subjects,
        "expressions": rules.expressions,
    }
    _check_once(path, [rule.id for rule in rules.rules], "the rule")
    _check_once(path, [each for found in rules.expressions.values() for each in found], "the words")
    for holder, value in _holders(rules):
        for name, there in known.items():
            for given in getattr(value, name, ()):
                if given not in there:
                    problem = f"'{given}' is none of the {NAMES_OF_LISTS.get(name, name)}"
                    raise _error(path, holder, problem, _remedy(name, there))
    return rules


def _check_once(path: Path, named: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for each in named:
        if each in seen:
            raise _error(path, each, f"{what} '{each}' is there twice", "Remove or rename one.")
        seen.add(each)


def _holders(rules: ProposalRules) -> Iterator[tuple[str, Value]]:
    """Every subject and rule, with the words at which it begins in the file."""
    for name, subject in rules.subjects.items():
        yield f"{name}:", subject
    for rule in rules.rules:
        yield f"id: {rule.id}", rule


def _remedy(name: str, known: Collection[str]) -> str:
    if name == "provisions":
        return "Identifiers look like gcm:15, gcm:15.b or sdg:10.7."
    return f"The {NAMES_OF_LISTS.get(name, name)} are: {', '.join(known)}."


def _error(path: Path, words: str, problem: str, remedy: str) -> DefinitionError:
    return DefinitionError(path, f"{problem}.", remedy, line=line_of(path, words))


def _tokens(pattern: re.Pattern[str], text: str) -> list[str]:
    """The words of a text without case and accents, with a stop where a sentence is parted."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    return [found if found[0].isalnum() else STOP for found in pattern.findall(plain)]


def _without_expressions(text: str, rules: ProposalRules) -> tuple[set[str], str]:
    """The expressions in a text, the longest first, and what is left of it without them."""
    owner = {phrase: name for name, found in rules.expressions.items() for phrase in found}
    spoken: set[str] = set()
    for phrase in sorted(owner, key=lambda phrase: (-phrase.count(" "), -len(phrase), phrase)):
        replaced, times = _pattern((phrase,)).subn(GAP, text)
        if times:
            spoken.add(owner[phrase])
            text = replaced
    return spoken, text


def _applies(
    rule: ProposalRule, text: str, spoken: set[str], subjects: set[str], issues: set[str]
) -> bool:
    if rule.about and not subjects.intersection(rule.about):
        return False
    if rule.issues and not any(issue.casefold() in issues for issue in rule.issues):
        return False
    if rule.words or rule.expressions:
        return _found(rule.words, text) or bool(spoken.intersection(rule.expressions))
    return True


def _found(phrases: Phrases, text: str) -> bool:
    return bool(phrases) and _pattern(phrases).search(text) is not None


@lru_cache(maxsize=1000)
def _pattern(phrases: Phrases) -> re.Pattern[str]:
    """Finds any of the phrases as whole words; a stop in a phrase may be there or not."""
    return re.compile(f"(?<= )(?:{'|'.join(map(_as_regex, phrases))})(?= )")


def _as_regex(phrase: str) -> str:
    found = ""
    for word in phrase.split():
        if word == STOP:
            found += f"(?: {STOP})*"
        else:
            found += (" " if found else "") + (rf"{word[:-1]}[^ ]*" if word.endswith("*") else word)
    return found
