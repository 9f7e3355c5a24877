"""Variants of the model rules of sharing, and every mutant of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from waymark.firewall.domain import Role, load_domain
from waymark.firewall.sharing.case import Case
from waymark.firewall.sharing.proof import prove
from waymark.firewall.sharing.routes import load_routes
from waymark.firewall.sharing.rules import LISTS, MODEL_RULES, RuleSet, compiled, load_rules
from waymark.words import Sentence

DOMAIN, ROUTES = load_domain(), load_routes()
MODEL = load_rules(MODEL_RULES, DOMAIN)
KINDS = DOMAIN.dimensions["from"]
SINKS = [DOMAIN.kinds[at].id for at in DOMAIN.of_role(Role.SINK)]
BREACHES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "spec/firewall/breaches.yaml").read_text(encoding="utf-8")
)
BECAUSE = {"en": "an example of a contract"}


def written(rules: RuleSet = MODEL) -> dict[str, Any]:
    """A rule set as a file has it."""
    return rules.model_dump(by_alias=True, exclude_unset=True)


def variant(without: tuple[str, ...] = (), rules: tuple[Any, ...] = (), **others: Any) -> RuleSet:
    """The model rules without some, and with others."""
    said = written()
    kept = [rule for rule in said["rules"] if rule["id"] not in without]
    return RuleSet.model_validate({**said, **others, "rules": [*kept, *rules]})


def rules_of(breach: dict[str, Any]) -> RuleSet:
    """The rules of a variant that breaks a theorem."""
    fields = {key: breach[key] for key in ("outside", "duties", "sinks") if key in breach}
    return variant(tuple(breach.get("without", ())), tuple(breach.get("rules", ())), **fields)


def name_of_breach(breach: dict[str, Any]) -> str:
    return f"{breach['breaks']}: {breach['name']}"


def case_of(rules: RuleSet) -> Case:
    return Case(rules, compiled(rules, DOMAIN), ROUTES)


def broken(case: Case) -> dict[str, Sentence]:
    """The theorems that do not hold, with what breaks them."""
    verdicts = prove(case.rules, case.table, case.routes)
    return {it.theorem.id: it.breach for it in verdicts if it.breach is not None}


class Mutant(NamedTuple):
    """A change to the model rules: what kind of change, where, and what comes of it."""

    change: str
    where: str
    rules: RuleSet


def mutants() -> Iterator[Mutant]:
    """Every drop, widening, narrowing, swap and negation of a rule, and of what frames rules."""
    for rule in written()["rules"]:
        for change, where, new in of_rule(rule):
            yield Mutant(
                change, f"{rule['id']} {where}", variant((rule["id"],), (new,) if new else ())
            )
    for kind in KINDS:
        yield Mutant("duty", kind, variant(duties=[kind]))
        if kind not in SINKS:
            yield Mutant("sink added", kind, variant(sinks=[*SINKS, kind]))
        for onto in KINDS:
            if onto != kind:
                passing = {"from": kind, "to": onto, "because": BECAUSE}
                yield Mutant("outside", f"{kind} {onto}", variant(outside=[passing]))
    for sink in SINKS:
        yield Mutant("sink dropped", sink, variant(sinks=[it for it in SINKS if it != sink]))


Changed = tuple[str, str, dict[str, Any] | None]


def of_rule(rule: dict[str, Any]) -> Iterator[Changed]:
    """Every mutant of one rule."""
    yield "drop", "", None
    effect = {"permit": not rule.get("permit", False), "forbid": not rule.get("forbid", False)}
    yield "negate", "effect", {**rule, **effect}
    for name in LISTS:
        for change, where, words in of_list(DOMAIN.dimensions[name], rule.get(name)):
            new = {key: value for key, value in rule.items() if key != name}
            if words is not None:
                new[name] = words
            yield change, f"{name} {where}", new
    for change, where, when in of_facts(rule.get("when", {})):
        yield change, f"when {where}", {**rule, "when": when}


def of_list(
    every: tuple[str, ...], chosen: tuple[str, ...] | None
) -> Iterator[tuple[str, str, list[str] | None]]:
    """Every change of one word in a list; a list that is left out holds every word."""
    held = list(every if chosen is None else chosen)
    missing = [word for word in every if word not in held]
    if chosen is not None:
        yield "widen", "to any", None
    for word in held:
        rest = [it for it in held if it != word]
        if rest:
            yield "narrow", word, rest
        for other in missing:
            yield "swap", f"{word} for {other}", [*rest, other]
    for word in missing:
        yield "widen", word, [*held, word]


def of_facts(when: Mapping[str, bool]) -> Iterator[tuple[str, str, dict[str, bool]]]:
    """Every change of one fact."""
    for fact in DOMAIN.dimensions["when"]:
        if fact in when:
            yield "negate", fact, {**when, fact: not when[fact]}
            yield "widen", fact, {it: value for it, value in when.items() if it != fact}
        else:
            yield "narrow", f"{fact} yes", {**when, fact: True}
            yield "narrow", f"{fact} no", {**when, fact: False}
