"""Sealed notes against the bare encryption under them, and receipts that are known and unknown.

Run it as ``.venv/bin/python -m benchmarks.sealing``. The peer is one HPKE call of `cryptography`
with 4 KiB, in the same run. Look-ups of known and unknown receipts are mixed, so that a slow moment
of the machine falls on both; the difference is held against the spread of one kind.
"""

from __future__ import annotations

import os
import platform
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from benchmarks.timing import median_of
from waymark.firewall.audits.network import Known
from waymark.firewall.domain import load_domain
from waymark.firewall.sealed.consent import Consents, Explained
from waymark.firewall.sealed.envelopes import ROOM, SIZE, SUITE
from waymark.firewall.sealed.keys import Card, KeyPair, make_key, unlock
from waymark.firewall.sealed.notes import Note
from waymark.firewall.sealed.policy import Policy, proved
from waymark.firewall.sealed.receipts import BITS, new_receipt, read_receipt
from waymark.firewall.sealed.sealing import consent_to, open_note, seal_own
from waymark.firewall.sealed.secrecy import COST, KEY_BYTES, Cost, stretched
from waymark.firewall.sharing.routes import load_routes
from waymark.firewall.sharing.rules import MODEL_RULES, load_rules

TODAY = date(2026, 11, 25)
MANY, TURNS = 100, 400
CHEAP = Cost(passes=1, memory=32, lanes=1)  # so that the slow hash does not hide a difference
NOTE = Note(
    need="health", purpose="health-care", language="prs", reach="at the desk", text="Fever. " * 50
)


def key(policy: Policy, name: str) -> KeyPair:
    """A key of a clinic."""
    _, locked = make_key(
        name=name,
        kind="health",
        role="nurses",
        place="Port",
        duty_to_report=Known.NO,
        created=TODAY,
        expires=TODAY + timedelta(90),
        domain=policy.domain,
        passphrase=b"six words that do not match",
        cost=CHEAP,
    )
    return unlock(locked, b"six words that do not match")


def rate(work: Callable[[], object]) -> float:
    """How often a second something is done."""
    return MANY / median_of(lambda: [work() for _ in range(MANY)])


def sealing(policy: Policy, keys: list[KeyPair]) -> None:
    """Rates of sealing and opening, beside one bare call."""
    cards: list[Card] = [each.card for each in keys]
    plain = secrets.token_bytes(ROOM)
    receiving, opening = cards[0].receiving, keys[0].receiving
    bare = SUITE.encrypt(plain, receiving)
    last = TODAY + timedelta(14)
    notes = {
        count: seal_own(NOTE, cards[:count], policy=policy, on=TODAY, expires=last)
        for count in (1, 4)
    }
    peers = {
        "seal": rate(lambda: SUITE.encrypt(plain, receiving)),
        "open": rate(lambda: SUITE.decrypt(bare, opening)),
    }
    for name, found in peers.items():
        print(f"one bare HPKE call, {ROOM:,} bytes, {name}: {found:,.0f} a second")
    for count in (1, 4):
        sealed = rate(
            lambda count=count: seal_own(  # type: ignore[misc]
                NOTE, cards[:count], policy=policy, on=TODAY, expires=last
            )
        )
        opened = rate(lambda count=count: open_note(notes[count], keys[count - 1], TODAY))  # type: ignore[misc]
        for name, found in (("seal", sealed), ("open", opened)):
            print(
                f"a note of {SIZE:,} bytes for {count}, checks included, {name}: {found:,.0f} a "
                f"second; {peers[name] / found:.1f} times the bare call"
            )


def lookups(policy: Policy, card: Card, folder: Path) -> None:
    """The time of a look-up and of a withdrawal, for receipts that are known and unknown."""
    consents = Consents(
        folder / "consents.sqlite", secrets.token_bytes(KEY_BYTES), CHEAP, make=True
    )
    cases = []
    for _ in range(TURNS):
        receipt = read_receipt(new_receipt())
        agreed = consent_to(
            card,
            purpose="health-care",
            data=("need-note",),
            since=TODAY,
            until=TODAY + timedelta(14),
            language="prs",
            explained=Explained.SPOKEN,
            policy=policy,
        )
        consents.give((agreed,), receipt)
        cases.append(receipt)
    empty = [read_receipt(new_receipt()) for _ in range(TURNS)]
    for receipt in empty:
        consents.give((), receipt)
    for name, act, known in (
        ("history of an empty case and of none", consents.history, empty),
        ("withdrawal of a case and of none", consents.withdraw, cases),
    ):
        times: dict[str, list[float]] = {"known": [], "unknown": []}
        asked = [("known", receipt) for receipt in known]
        asked += [("unknown", read_receipt(new_receipt())) for _ in known]
        secrets.SystemRandom().shuffle(asked)
        for kind, receipt in asked:
            start = time.perf_counter()
            act(receipt)
            times[kind].append(time.perf_counter() - start)
        middle = {kind: statistics.median(found) for kind, found in times.items()}
        quarters = statistics.quantiles(times["unknown"], n=4)
        difference = abs(middle["known"] - middle["unknown"])
        spread = quarters[2] - quarters[0]
        print(
            f"{name}: {middle['known'] * 1e6:,.0f} and {middle['unknown'] * 1e6:,.0f} "
            f"microseconds; the difference is {difference / spread:.2f} of the spread of one kind "
            f"(between its quartiles), {difference / SLOW:.1e} of one slow hash"
        )


SLOW = median_of(lambda: stretched(b"receipt", bytes(16), COST))


def main() -> None:
    """Measure, and print each figure beside its peer."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}")
    domain = load_domain()
    policy = proved(load_rules(MODEL_RULES, domain), domain, load_routes(), TODAY)
    keys = [key(policy, f"Clinic {at}") for at in range(4)]
    sealing(policy, keys)
    with tempfile.TemporaryDirectory() as folder:
        lookups(policy, keys[0].card, Path(folder))
    years = 2 ** (BITS - 1) * SLOW / 1_000_000 / 31_557_600
    print(f"one guess of a receipt: {SLOW * 1000:.0f} ms and {COST.memory // 1024} MiB")
    print(f"half of all {BITS}-bit receipts, guessed on a million machines: {years:.0e} years")


if __name__ == "__main__":
    main()
