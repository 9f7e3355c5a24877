"""Rules of sharing as Cedar policies, and Cedar's own answers to every request.

The text is written from what a rule file says, never from the table. A status, a kind of data and
the facts are the context of a request; sender, purpose and recipient are its principal, action and
resource.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import numpy as np
from cedarpy import PolicySet, is_authorized_batch, policies_to_json_str

from waymark.firewall.domain import Domain
from waymark.firewall.sharing.rules import Rule, RuleSet

PARTS = ("principal", "resource", "action", "context.status", "context.data")
TYPES = ("Kind", "Kind", "Action", None, None)
AT_ONCE = 20_000
Lists = tuple[tuple[str, ...], ...]


def policies(rules: RuleSet) -> str:
    """The Cedar text of a rule set."""
    return "\n".join(map(_policy, rules.rules))


def _policy(rule: Rule) -> str:
    lists = zip(PARTS, TYPES, rule.choices, strict=True)
    conditions = [
        f"[{', '.join(_word(word, kind) for word in chosen)}].contains({part})"
        for part, kind, chosen in lists
        if chosen is not None
    ]
    conditions += [
        f"context.facts.{_name(fact)} == {str(answer).lower()}"
        for fact, answer in rule.when.items()
    ]
    effect = "permit" if rule.permit else "forbid"
    return f"{effect} (principal, action, resource) when {{ {' && '.join(conditions) or 'true'} }};"


def _word(word: str, kind: str | None) -> str:
    return f"{kind}::{json.dumps(word)}" if kind else json.dumps(word)


def _name(fact: str) -> str:
    return fact.replace("-", "_")


def answers(text: str, lists: Lists, facts: tuple[str, ...]) -> Iterator[np.ndarray]:
    """Cedar's answer to every request that can be made of some lists, in order, in parts.

    The lists are those of senders, recipients, purposes, statuses and data. Each answer is a bit
    for each set of the facts, as in the table.
    """
    parsed = PolicySet.from_str(text)
    senders, recipients, purposes, statuses, data = lists
    contexts = [
        json.dumps({"status": status, "data": each, "facts": _facts(bits, facts)})
        for status, each, bits in product(statuses, data, range(1 << len(facts)))
    ]
    batch: list[dict[str, Any]] = []
    for sender, recipient, purpose in product(senders, recipients, purposes):
        fixed = {
            "principal": f'Kind::"{sender}"',
            "resource": f'Kind::"{recipient}"',
            "action": f'Action::"{purpose}"',
        }
        batch += [{**fixed, "context": context} for context in contexts]
        if len(batch) >= AT_ONCE:
            yield _asked(batch, parsed, len(facts))
            batch = []
    if batch:
        yield _asked(batch, parsed, len(facts))


def _facts(bits: int, facts: tuple[str, ...]) -> dict[str, bool]:
    return {_name(fact): bool(bits >> at & 1) for at, fact in enumerate(facts)}


def _asked(batch: list[dict[str, Any]], parsed: PolicySet, facts: int) -> np.ndarray:
    found = is_authorized_batch(batch, parsed, "[]")
    if any(each.diagnostics.errors for each in found):
        raise AssertionError("Cedar could not evaluate a policy")
    allowed = np.array([each.allowed for each in found], dtype=np.uint32).reshape(-1, 1 << facts)
    return (allowed << np.arange(1 << facts, dtype=np.uint32)).sum(axis=1, dtype=np.uint32)


def table(text: str, lists: Lists, facts: tuple[str, ...]) -> np.ndarray:
    """Cedar's answers as a table."""
    parts: Iterable[np.ndarray] = answers(text, lists, facts)
    return np.concatenate(list(parts)).reshape([len(words) for words in lists])


def lists_of(domain: Domain) -> Lists:
    """The five lists of a domain, whole."""
    found = domain.dimensions
    return found["from"], found["to"], found["for"], found["status"], found["data"]


def told_apart(text: str, lists: Lists) -> tuple[tuple[int, ...], ...]:
    """For each word of each list, the place of the first word that this Cedar text treats alike.

    Read from Cedar's own parse of the text. It fails unless every condition of every policy is a
    conjunction in which a part of the request is used in one way alone: whether a set of literals
    contains it (facts apart). Then two words that lie in the same sets get the same answers to all
    requests, because every condition has the same value for both.
    """
    uses: dict[str, list[frozenset[str]]] = {part: [] for part in PARTS}
    parsed = json.loads(policies_to_json_str(text))
    for policy in parsed["staticPolicies"].values():
        for scope in ("principal", "action", "resource"):
            assert policy[scope] == {"op": "All"}
        for condition in policy["conditions"]:
            assert condition["kind"] == "when"
            _uses(condition["body"], uses)
    found = []
    for part, words in zip(PARTS, lists, strict=True):
        seen: dict[tuple[bool, ...], int] = {}
        found.append(
            tuple(
                seen.setdefault(tuple(word in held for held in uses[part]), at)
                for at, word in enumerate(words)
            )
        )
    return tuple(found)


def _uses(body: dict[str, Any], uses: dict[str, list[frozenset[str]]]) -> None:
    """Note each set of literals with the part of the request that it is asked to contain."""
    ((operator, value),) = body.items()
    if operator == "&&":
        _uses(value["left"], uses)
        _uses(value["right"], uses)
    elif operator == "contains":
        uses[_part(value["right"])].append(frozenset(map(_literal, value["left"]["Set"])))
    elif operator == "==":
        assert _part(value["left"]).startswith("context.facts.")
        assert isinstance(value["right"]["Value"], bool)
    else:
        assert body == {"Value": True}, f"a condition that is not understood: {body}"


def _part(body: dict[str, Any]) -> str:
    if "Var" in body:
        return str(body["Var"])
    return f"{_part(body['.']['left'])}.{body['.']['attr']}"


def _literal(body: dict[str, Any]) -> str:
    value = body["Value"]
    return value["__entity"]["id"] if isinstance(value, dict) else value
