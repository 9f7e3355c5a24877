"""Rules of sharing: twenty thousand of them proved, and one decision beside Cedar's.

Run it as ``.venv/bin/python -m benchmarks.rules``. The rules are those of a network that has
adopted the model set and whose members have written rules of their own within it; then one member
leaves out a condition. A ratio to a limit below 1 keeps it.
"""

from __future__ import annotations

import os
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from cedarpy import PolicySet, is_authorized
from tests.provers.cedar import policies

from benchmarks.timing import median_of
from waymark.firewall.domain import Domain, Request, Role, load_domain
from waymark.firewall.sharing.proof import prove
from waymark.firewall.sharing.routes import Routes, load_routes
from waymark.firewall.sharing.rules import (
    LISTS,
    MODEL_RULES,
    Gatekeeper,
    RuleSet,
    compiled,
    decide,
    load_rules,
)

RULES = 20_000
ASKED = 2_000  # requests, drawn at random, half of them permitted
LIMITS = {"prove": 10.0, "decide": 5e-6, "peer": 100.0}
HOLE = "house-rule-9999"


def house_rules(model: RuleSet, domain: Domain, chance: random.Random) -> list[dict[str, Any]]:
    """Rules that each do a part of what a model rule does, or forbid something more outside."""
    made = []
    templates = model.model_dump(by_alias=True, exclude_unset=True)["rules"]
    outside = [domain.kinds[at].id for at in domain.of_role(Role.OUTSIDER, Role.SINK)]
    for number in range(RULES - len(templates)):
        rule = dict(chance.choice(templates))
        for name in LISTS:
            if rule.get(name) and chance.random() < 0.7:
                rule[name] = _some(rule[name], chance)
        if rule.get("forbid"):
            rule["to"] = _some(outside, chance)
        rule["id"] = f"house-rule-{number}"
        made.append(rule)
    return made


def _some(words: Any, chance: random.Random) -> list[str]:
    return chance.sample(list(words), chance.randint(1, len(words)))


def network(domain: Domain, *, hole: bool) -> RuleSet:
    """The model rules with the house rules; with a hole, a referral needs no agreement."""
    model = load_rules(MODEL_RULES, domain)
    said = model.model_dump(by_alias=True, exclude_unset=True)
    made = house_rules(model, domain, random.Random(4))
    if hole:
        referral = next(rule for rule in said["rules"] if rule["id"] == "M4")
        facts = {"consent": True, "onward-barred": True, "duty-to-report": False}
        at = next(at for at, rule in enumerate(made) if rule["id"] == HOLE)
        made[at] = {**referral, "id": HOLE, "when": facts}
    return RuleSet.model_validate({**said, "rules": [*said["rules"], *made]})


def requests(table: Any, domain: Domain, chance: random.Random) -> list[Request]:
    """Requests as services ask them: as many that are permitted as any others."""
    keeper, found = Gatekeeper(table), []
    lists = [domain.dimensions[name] for name in LISTS]
    wanted = [True, False] * (ASKED // 2)
    while wanted:
        words = [chance.choice(words) for words in lists]
        facts = tuple(chance.choice((True, False)) for _ in domain.facts)
        request = Request(*words, facts)
        if keeper.permits(request) == wanted[-1]:
            found.append(request)
            wanted.pop()
    return found


def each(work: Callable[[Any], object], given: list[Any], runs: int = 5) -> float:
    """The median time of one call over some runs through all that is given."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        for one in given:
            work(one)
        times.append((time.perf_counter() - start) / len(given))
    return statistics.median(times)


def cedar_request(request: Request, domain: Domain) -> dict[str, Any]:
    """A request as Cedar takes it, its context written beforehand."""
    names = (name.replace("-", "_") for name in domain.dimensions["when"])
    facts = {name: bool(answer) for name, answer in zip(names, request.facts, strict=True)}
    return {
        "principal": f'Kind::"{request.sender}"',
        "resource": f'Kind::"{request.recipient}"',
        "action": f'Action::"{request.purpose}"',
        "context": {"status": request.status, "data": request.data, "facts": facts},
    }


def proof(domain: Domain, routes: Routes) -> None:
    """Measure reading, compiling and proving, of rules that hold and of rules that do not."""
    sound, leaky = network(domain, hole=False), network(domain, hole=True)

    def proved(rules: RuleSet) -> list[str]:
        verdicts = prove(rules, compiled(rules, domain), routes)
        return [verdict.theorem.id for verdict in verdicts if not verdict.holds]

    for name, rules in (("that hold", sound), ("with a hole", leaky)):
        seconds = median_of(lambda rules=rules: proved(rules), 3)  # type: ignore[misc]
        compiling = median_of(lambda rules=rules: compiled(rules, domain), 3)  # type: ignore[misc]
        limit = LIMITS["prove"]
        print(
            f"{len(rules.rules):,} rules {name}: compiled in {compiling:.2f} s, with all theorems "
            f"{seconds:.2f} s; broken: {', '.join(proved(rules)) or 'none'}; limit {limit:g} s; "
            f"ratio {seconds / limit:.2f}"
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.yaml"
        said = sound.model_dump(mode="json", by_alias=True, exclude_unset=True)
        path.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
        size = path.stat().st_size / 1e6
        seconds = median_of(lambda: load_rules(path, domain), 1)
        print(f"the same rules read from a file of {size:.1f} MB: {seconds:.2f} s")


def decisions(domain: Domain) -> None:
    """Measure one decision, and the same requests put to Cedar's Python binding."""
    model = load_rules(MODEL_RULES, domain)
    table = compiled(model, domain)
    asked = requests(table, domain, random.Random(4))
    keeper, parsed = Gatekeeper(table), PolicySet.from_str(policies(model))
    put = [cedar_request(request, domain) for request in asked]
    for request, form in zip(asked, put, strict=True):
        assert is_authorized(form, parsed, "[]").allowed == keeper.permits(request)
    ours, peer = (
        each(keeper.permits, asked, 101),
        each(lambda it: is_authorized(it, parsed, "[]"), put),
    )
    reasons = each(lambda it: decide(model, domain, it), asked)
    limit = LIMITS["decide"]
    print(
        f"one decision: {ours * 1e6:.2f} microseconds; limit {limit * 1e6:g}; "
        f"ratio {ours / limit:.2f}"
    )
    print(
        f"the same {ASKED:,} requests, rules parsed beforehand, in Cedar's Python binding: "
        f"{peer * 1e6:.0f} microseconds each; we are {peer / ours:.0f} times faster, "
        f"at least {LIMITS['peer']:g} wanted"
    )
    print(
        f"one decision with its reason, read from the {len(model.rules)} rules: "
        f"{reasons * 1e6:.0f} microseconds"
    )


def main() -> None:
    """Measure, and print each figure beside its limit."""
    domain, routes = load_domain(), load_routes()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}")
    proof(domain, routes)
    decisions(domain)


if __name__ == "__main__":
    main()
