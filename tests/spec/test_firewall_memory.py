"""Memory: each buffer of ours that held a secret is zero after use, and a crash leaves no image."""

from __future__ import annotations

import gc
import resource

import pytest

from tests.desks import PASSPHRASE, desk, first_desk
from tests.sealed import (
    CLINIC,
    LAST,
    NOTE,
    TODAY,
    attempt,
    body,
    consent,
    model_policy,
    register,
)
from waymark.exceptions import WaymarkError
from waymark.firewall.domain import load_domain
from waymark.firewall.sealed import keys
from waymark.firewall.sealed.receipts import new_receipt, read_receipt
from waymark.firewall.sealed.sealing import open_note, seal_own
from waymark.firewall.sealed.secrecy import Secret, stretched

__all__ = ["desk", "first_desk"]  # fixtures


@pytest.fixture
def buffers(monkeypatch) -> list[Secret]:
    """Every buffer for a secret that is made during a test."""
    made: list[Secret] = []
    plain = Secret.__init__

    def kept(self: Secret, *given: object) -> None:
        plain(self, *given)  # type: ignore[arg-type]
        made.append(self)

    monkeypatch.setattr(Secret, "__init__", kept)
    return made


def clean(buffers: list[Secret]) -> bool:
    return bool(buffers) and not any(any(each) for each in buffers)


def test_every_buffer_of_ours_is_zero_after_sealing_and_opening(tmp_path, buffers):
    consents = register(tmp_path)
    yes = consent(CLINIC.card)
    with read_receipt(new_receipt()) as receipt:
        consents.give((yes,), receipt)
    content = attempt(consents, [yes])
    sealing = len(buffers)
    open_note(content, CLINIC, TODAY)
    assert len(buffers) > sealing
    assert clean(buffers)


def test_every_buffer_of_ours_is_zero_after_a_refusal(tmp_path, buffers):
    content = seal_own(NOTE, [CLINIC.card], policy=model_policy(), on=TODAY, expires=LAST)
    for made, key in (
        (content, body("Another")),
        (content[:-1] + bytes([content[-1] ^ 1]), CLINIC),
        (content[:5000] + b"xx" + content[5002:], CLINIC),
        (content[:10], CLINIC),
    ):
        with pytest.raises(WaymarkError):
            open_note(made, key, TODAY)
    assert clean(buffers)


def test_every_buffer_of_ours_is_zero_after_keys_were_made_and_opened(buffers):
    with Secret(PASSPHRASE.encode()) as passphrase:
        _, locked = keys.make_key(
            name="Clinic", kind="health", role="nurses", place="Port",
            duty_to_report=CLINIC.card.duty_to_report, created=TODAY, expires=LAST,
            domain=load_domain(), passphrase=passphrase,
        )  # fmt: skip
        keys.unlock(locked, passphrase)
    with Secret(b"another passphrase") as wrong, pytest.raises(WaymarkError):
        keys.unlock(locked, wrong)
    assert clean(buffers)


def test_every_buffer_of_ours_is_zero_after_the_commands(desk, buffers):
    desk.seal("other")
    desk.open()
    desk.open("note.sealed", "stranger")
    desk.run(*f"consent history --consents {desk / 'consents.sqlite'}".split(),
             *f"--receipt-file {desk / 'receipt'}".split())  # fmt: skip
    assert clean(buffers)


def test_a_stretched_secret_is_wiped_at_the_end_of_its_block():
    with stretched(b"secret", bytes(16)) as key:
        assert any(key)
    assert not any(key)
    gc.collect()


def test_a_crash_leaves_no_core(desk):
    """Set for good by each command that holds a secret; here it has been run in this process."""
    desk.open()
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
