"""Consent: no by default, for one recipient and one purpose, and a withdrawal always wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.sealed import (
    CHEAP,
    CLINIC,
    LAST,
    LAWYERS,
    NOTE,
    REGISTER_KEY,
    TODAY,
    agreements,
    attempt,
    body,
    consent,
    model_policy,
    register,
)
from waymark.exceptions import DefinitionError
from waymark.firewall.audits.network import Known
from waymark.firewall.domain import FirewallError, Role, load_domain
from waymark.firewall.sealed.consent import Consents
from waymark.firewall.sealed.policy import proved
from waymark.firewall.sealed.receipts import new_receipt, read_receipt
from waymark.firewall.sealed.sealing import open_note
from waymark.firewall.sharing.routes import load_routes
from waymark.firewall.sharing.rules import MODEL_RULES, RuleSet, load_rules

DOMAIN = load_domain()
NO_SERVICE = [kind.id for kind in DOMAIN.kinds if kind.role is not Role.SERVICE]


@pytest.fixture
def receipt():
    return read_receipt(new_receipt())


@pytest.fixture
def consents(tmp_path):
    return register(tmp_path)


# What a yes says, and what it does not.


def test_without_a_consent_the_answer_is_no(consents):
    with pytest.raises(FirewallError, match="The person consents"):
        attempt(consents, [])
    with pytest.raises(FirewallError, match="The person consents"):
        attempt(consents, [consent(CLINIC.card)])  # said, and never written down


def test_a_consent_opens_what_it_names(consents, receipt):
    yes = consent(CLINIC.card)
    consents.give((yes,), receipt)
    assert open_note(attempt(consents, [yes]), CLINIC, TODAY).terms.consents == (yes.id,)


@pytest.mark.parametrize(
    ("given", "note", "recipients", "when"),
    [
        ({}, NOTE, (LAWYERS,), {}),
        ({"purpose": "support"}, NOTE, (CLINIC,), {}),
        ({"data": ("need-note",)}, NOTE, (CLINIC,), {}),
        ({"data": ("contact",)}, replace(NOTE, reach=""), (CLINIC,), {}),
        ({}, NOTE, (CLINIC,), {"expires": LAST + timedelta(1)}),
        ({"since": TODAY + timedelta(1)}, NOTE, (CLINIC,), {}),
        ({}, NOTE, (CLINIC, LAWYERS), {}),
    ],
    ids=["recipient", "purpose", "contact", "need", "expiry", "not yet", "a second recipient"],
)
def test_a_consent_opens_nothing_else(consents, receipt, given, note, recipients, when):
    yes = consent(CLINIC.card, **given)
    consents.give((yes,), receipt)
    with pytest.raises(FirewallError, match="The person consents"):
        attempt(consents, [yes], note, recipients, **when)


def test_a_new_key_of_the_recipient_needs_a_new_consent(consents, receipt):
    """A key changes with whoever controls the body; the person agreed to the one they knew."""
    yes = consent(CLINIC.card)
    consents.give((yes,), receipt)
    with pytest.raises(FirewallError, match="The person consents"):
        attempt(consents, [yes], recipients=(body(CLINIC.card.name),))


def test_a_consent_ends_with_the_rules_of_its_day(consents, receipt):
    """Rules that changed, and were proved again, are other rules: the person is asked again."""
    yes = consent(CLINIC.card)
    consents.give((yes,), receipt)
    rules = load_rules(MODEL_RULES, DOMAIN)
    fewer = RuleSet(
        title=rules.title,
        rules=tuple(each for each in rules.rules if each.id != "M7"),
        outside=rules.outside,
    )
    changed = proved(fewer, DOMAIN, load_routes(), TODAY)
    assert changed.digest != model_policy().digest
    attempt(consents, [yes])
    with pytest.raises(FirewallError, match="The person consents"):
        attempt(consents, [yes], policy=changed)


@pytest.mark.parametrize("kind", NO_SERVICE)
def test_a_consent_never_names_what_is_no_service(kind):
    """Enforcement least of all, whatever it says of its duties."""
    for purpose in DOMAIN.dimensions["for"]:
        with pytest.raises(FirewallError, match="cannot name"):
            consent(body("Body", kind).card, replace(NOTE, purpose=purpose))


@pytest.mark.parametrize("duty", [Known.YES, Known.NOT_KNOWN])
def test_a_consent_names_nobody_with_a_duty_to_report(duty):
    with pytest.raises(FirewallError, match="cannot name"):
        consent(body("Inspectors", "labour-inspection", duty).card)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"purpose": "immigration-control"}, "cannot name"),
        ({"purpose": "criminal-investigation"}, "cannot name"),
        ({"purpose": "payment-and-audit"}, "cannot name"),
        ({"data": ("identity",)}, "cannot name"),
        ({"data": ("need-note", "status-statement")}, "cannot name"),
        ({"data": ("service-record",)}, "cannot name"),
        ({"data": ()}, "data"),
        ({"until": TODAY - timedelta(1)}, "period"),
        ({"until": TODAY + timedelta(181)}, "at most 180 days"),
        ({"language": "Arabic, I think"}, "language"),
    ],
)
def test_a_consent_is_refused_with_a_remedy(changed, said):
    with pytest.raises(FirewallError, match=said) as refused:
        consent(CLINIC.card, **changed)
    assert refused.value.remedy
    assert "I think" not in str(refused.value)


@pytest.mark.parametrize("duty", [Known.YES, Known.NOT_KNOWN])
@pytest.mark.parametrize("barred", list(Known))
def test_an_agreement_can_only_take_away(consents, receipt, duty, barred):
    """What the sender found out of a duty counts, whatever the recipient's key says."""
    yes = consent(CLINIC.card)
    consents.give((yes,), receipt)
    held = agreements(CLINIC)
    first = held.agreements[0]
    for change in ({"duty_to_report": duty, "bars_passing_on": barred}, {"kind": "school"}):
        worse = held.model_copy(update={"agreements": (first.model_copy(update=change),)})
        with pytest.raises(FirewallError, match="Nothing may be sealed"):
            attempt(consents, [yes], agreements=worse)
    for day in ({"until": TODAY - timedelta(1)}, {"since": TODAY + timedelta(1)}):
        past = held.model_copy(update={"agreements": (first.model_copy(update=day),)})
        with pytest.raises(FirewallError, match="A written agreement is in force"):
            attempt(consents, [yes], agreements=past)


# Withdrawal.


def test_after_a_withdrawal_nothing_is_sealed_and_nothing_opened(consents, receipt):
    yes = consent(CLINIC.card)
    consents.give((yes,), receipt)
    content = attempt(consents, [yes])
    assert open_note(content, CLINIC, TODAY, consents=consents).note == NOTE
    consents.withdraw(receipt)
    with pytest.raises(FirewallError, match="The person consents"):
        attempt(consents, [yes])
    with pytest.raises(FirewallError, match="cannot be opened"):
        open_note(content, CLINIC, TODAY, consents=consents)
    assert open_note(content, CLINIC, TODAY).note == NOTE, "where the register cannot be seen"


def test_a_withdrawal_ends_all_of_a_case_and_of_no_other(consents, receipt):
    mine, more, others = consent(CLINIC.card), consent(LAWYERS.card), consent(CLINIC.card)
    consents.give((mine,), receipt)
    consents.give((more,), receipt)
    another = read_receipt(new_receipt())
    consents.give((others,), another)
    assert len(consents.history(receipt).consents) == 2
    consents.withdraw(receipt)
    for given, to in (([mine], CLINIC), ([more], LAWYERS)):
        with pytest.raises(FirewallError):
            attempt(consents, given, recipients=(to,))
    attempt(consents, [others])
    assert len(consents.history(another).entries) == 1


def test_what_is_given_under_a_withdrawn_receipt_is_void(consents, receipt):
    yes = consent(CLINIC.card)
    consents.withdraw(receipt)  # unknown: nothing comes of it
    consents.give((yes,), receipt)
    attempt(consents, [yes])
    consents.withdraw(receipt)
    again = consent(CLINIC.card)
    consents.give((again,), receipt)
    with pytest.raises(FirewallError, match="The person consents"):
        attempt(consents, [again])


def test_withdrawn_consents_are_erased_from_the_file(consents, receipt):
    """At the next entry, not at the withdrawal itself, which must look the same for all."""
    rare = body("Quixotic Lemonade Clinic")
    consents.give((consent(rare.card),), receipt)
    assert b"Quixotic" in consents.path.read_bytes()
    consents.withdraw(receipt)
    consents.give((consent(CLINIC.card),), read_receipt(new_receipt()))
    assert b"Quixotic" not in consents.path.read_bytes()


def test_where_delivery_fails_nothing_is_written_down(consents, receipt):
    yes = consent(CLINIC.card)
    consents.give((yes,), receipt)

    def full(content: bytes) -> None:
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        attempt(consents, [yes], deliver=full)
    assert consents.history(receipt).entries == ()
    attempt(consents, [yes])
    assert len(consents.history(receipt).entries) == 1


# The register as a file.


@pytest.mark.parametrize("content", [b"", b"text", b"SQLite format 3\0" + bytes(100), bytes(4096)])
def test_what_is_no_register_is_refused_with_a_remedy(tmp_path, content):
    path = tmp_path / "consents.sqlite"
    path.write_bytes(content)
    with pytest.raises(DefinitionError, match=r"consents\.sqlite: the register") as refused:
        Consents(path, REGISTER_KEY, CHEAP)
    assert refused.value.remedy


def test_a_register_of_another_program_is_refused(tmp_path):
    import sqlite3

    path = tmp_path / "consents.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE about (form, salt, decoy, mark)")
    with pytest.raises(DefinitionError):
        Consents(path, REGISTER_KEY, CHEAP, make=True)


def test_a_register_that_somebody_changed_is_refused_without_showing_it(consents, receipt):
    import sqlite3

    yes = consent(CLINIC.card)
    consents.give((yes,), receipt)
    with sqlite3.connect(consents.path) as database:
        database.execute('UPDATE consents SET content = \'{"id": "marmalade"}\'')
    for act in (lambda: consents.history(receipt), lambda: attempt(consents, [yes])):
        with pytest.raises(DefinitionError) as refused:
            act()
        assert "marmalade" not in str(refused.value)


def test_only_its_owner_may_read_a_register(consents):
    assert consents.path.stat().st_mode & 0o077 == 0


def test_days_are_all_that_is_kept_of_time(consents, receipt):
    yes = consent(CLINIC.card)
    consents.give((yes,), receipt)
    attempt(consents, [yes])
    found = consents.history(receipt)
    assert [type(each.on) for each in found.entries] == [date]
    assert [type(each.since) for each in found.consents] == [date]
