"""The race between a withdrawal and a note that is being sealed: the withdrawal wins."""

from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path

import pytest

from tests.sealed import (
    CHEAP,
    CLINIC,
    LAST,
    NOTE,
    REGISTER_KEY,
    SHELTER,
    TODAY,
    agreements,
    attempt,
    consent,
    model_policy,
    register,
)
from waymark.firewall.domain import FirewallError
from waymark.firewall.sealed.consent import Consents
from waymark.firewall.sealed.policy import Policy
from waymark.firewall.sealed.receipts import new_receipt, read_receipt
from waymark.firewall.sealed.sealing import seal


@pytest.fixture
def receipt():
    return read_receipt(new_receipt())


@pytest.fixture
def consents(tmp_path):
    return register(tmp_path)


class Paused:
    """A point at which the sealing thread stops until it is told to go on."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()

    def __call__(self, *_: object) -> None:
        self.reached.set()
        assert self.go_on.wait(30)


def race(consents: Consents, receipt, pause_in_gate: bool) -> list[str]:
    """A withdrawal that begins while a note is between check and delivery: what came in turn."""
    yes = consent(CLINIC.card)
    consents.give((yes,), receipt)
    order: list[str] = []
    pause = Paused()
    policy = model_policy()

    class Slow:
        def permits(self, request: object) -> bool:
            pause()
            return policy.gate.permits(request)

    def deliver(content: bytes) -> None:
        if not pause_in_gate:
            pause()
        order.append("delivered")

    gate = Slow() if pause_in_gate else policy.gate
    slow = Policy(policy.domain, policy.rules, policy.certificate, gate)

    def withdraw() -> None:
        Consents(consents.path, REGISTER_KEY, CHEAP).withdraw(receipt)
        order.append("withdrawn")

    sealing = threading.Thread(
        target=lambda: attempt(consents, [yes], policy=slow, deliver=deliver)
    )
    withdrawing = threading.Thread(target=withdraw)
    sealing.start()
    assert pause.reached.wait(30)
    withdrawing.start()
    withdrawing.join(0.3)
    assert withdrawing.is_alive(), "a withdrawal was confirmed while a note was on its way"
    pause.go_on.set()
    sealing.join(30)
    withdrawing.join(30)
    with pytest.raises(FirewallError):
        attempt(consents, [yes])
    return order


@pytest.mark.parametrize("pause_in_gate", [True, False], ids=["before sealing", "after sealing"])
def test_a_withdrawal_is_confirmed_only_when_no_note_is_on_its_way(
    consents, receipt, pause_in_gate
):
    assert race(consents, receipt, pause_in_gate) == ["delivered", "withdrawn"]


def test_a_withdrawal_before_the_check_stops_the_note(consents, receipt):
    yes = consent(CLINIC.card)
    consents.give((yes,), receipt)
    pause, refused = Paused(), []

    def slowly() -> None:
        pause()
        try:
            attempt(consents, [yes], deliver=lambda content: refused.append("delivered"))
        except FirewallError:
            refused.append("refused")

    sealing = threading.Thread(target=slowly)
    sealing.start()
    assert pause.reached.wait(30)
    consents.withdraw(receipt)
    pause.go_on.set()
    sealing.join(30)
    assert refused == ["refused"]


def seal_until_refused(folder: str, identifier: str, card_file: str) -> None:
    """Another process: seal under one consent again and again, until it is refused."""
    from waymark.firewall.sealed.agreements import Agreements
    from waymark.firewall.sealed.keys import read_card

    card = read_card(Path(card_file))
    held = Agreements.model_validate_json((Path(folder) / "agreements.json").read_bytes())
    consents = Consents(Path(folder) / "consents.sqlite", REGISTER_KEY, CHEAP)

    def deliver(content: bytes) -> None:
        with (Path(folder) / "delivered").open("ab") as file:
            file.write(b".")

    while True:
        try:
            seal(
                NOTE,
                SHELTER,
                [card],
                policy=model_policy(),
                agreements=held,
                consents=consents,
                given=[identifier],
                on=TODAY,
                expires=LAST,
                deliver=deliver,
            )
        except FirewallError:
            break


def test_processes_deliver_nothing_after_a_withdrawal_is_confirmed(tmp_path, consents, receipt):
    """Three processes seal without pause; once the withdrawal returns, not one more note leaves."""
    yes = consent(CLINIC.card)
    consents.give((yes,), receipt)
    card_file, delivered = tmp_path / "card.json", tmp_path / "delivered"
    card_file.write_text(CLINIC.card.model_dump_json())
    (tmp_path / "agreements.json").write_text(agreements(CLINIC).model_dump_json())
    delivered.touch()
    starting = multiprocessing.get_context("fork")
    given = (str(tmp_path), yes.id, str(card_file))
    others = [starting.Process(target=seal_until_refused, args=given) for _ in range(3)]
    for each in others:
        each.start()
    while delivered.stat().st_size < 10:
        assert any(each.is_alive() for each in others)
    consents.withdraw(receipt)
    at_withdrawal = delivered.stat().st_size
    for each in others:
        each.join(60)
    assert [each.exitcode for each in others] == [0, 0, 0]
    assert delivered.stat().st_size == at_withdrawal >= 10
    assert consents.history(receipt).entries == ()
