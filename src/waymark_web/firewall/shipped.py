"""What ships of the firewall, read once: the closed lists, the model rules, the known cases."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from waymark.exceptions import NotFoundError
from waymark.firewall.audits.arrangements import read_network
from waymark.firewall.audits.network import Network
from waymark.firewall.counts.disclosure import Disclosure, load_disclosure
from waymark.firewall.domain import FOLDER, Domain, load_domain
from waymark.firewall.sharing.proof import Certificate, Verdict, certify, prove
from waymark.firewall.sharing.proof import gatekeeper as certified
from waymark.firewall.sharing.routes import Routes, load_routes
from waymark.firewall.sharing.rules import MODEL_RULES, Gatekeeper, RuleSet, compiled, load_rules
from waymark.reading import read_text
from waymark_web import store

EXAMPLE = FOLDER / "example.yaml"  # made up, and says so
CASES = {  # the known cases, and days on which to look at each: broken first
    "nhs-home-office": (date(2017, 6, 1), date(2019, 1, 1)),
    "sponsors-of-children": (date(2019, 1, 1), date(2022, 1, 1)),
    "utilities-four-hops": (date(2022, 1, 1),),
    "registration-of-refugees": (date(2022, 1, 1),),
    "labour-inspectorate-with-duty": (date(2026, 1, 1),),
    "labour-inspectorate-without-duty": (date(2026, 1, 1),),
}


@lru_cache(maxsize=1)
def domain() -> Domain:
    """The closed lists."""
    return load_domain()


@lru_cache(maxsize=1)
def disclosure() -> Disclosure:
    """The rules of disclosure control."""
    return load_disclosure()


@lru_cache(maxsize=1)
def routes() -> Routes:
    """From needs to services."""
    return load_routes()


@lru_cache(maxsize=1)
def rules() -> RuleSet:
    """The model rules."""
    return load_rules(MODEL_RULES, domain())


@lru_cache(maxsize=1)
def certificate() -> Certificate:
    """The certificate of the model rules, proved when they were first asked for."""
    return certify(rules(), domain(), routes(), store.today())


@lru_cache(maxsize=1)
def gatekeeper() -> Gatekeeper:
    """What answers requests: the table that the certificate speaks of, and nothing else."""
    return certified(rules(), domain(), routes(), certificate())


@lru_cache(maxsize=1)
def verdicts() -> tuple[Verdict, ...]:
    """The theorems and whether the model rules keep them."""
    return prove(rules(), compiled(rules(), domain()), routes())


def days_of(name: str) -> tuple[date, ...]:
    """The days on which to look at a known case."""
    if name not in CASES:
        raise NotFoundError(f"There is no case '{name}'.", "The firewall's page lists them.")
    return CASES[name]


@lru_cache(maxsize=len(CASES))
def case(name: str) -> Network:
    """The arrangements of a known case."""
    days_of(name)
    return read_network(FOLDER / "cases" / f"{name}.yaml", domain())


@lru_cache(maxsize=1)
def example() -> str:
    """A made-up file of arrangements to start from."""
    return read_text(EXAMPLE)
