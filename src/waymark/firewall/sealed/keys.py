"""Keys of bodies that send and receive sealed notes: a public card, and a private file.

A key has two parts, one to sign (Ed25519) and one to receive (ML-KEM-768 with X25519), and serves
for one period. Its card says whose it is; the fingerprint covers all of the card, so that a body
that changes its kind, its duties or its keys is another recipient. The private file is encrypted
under a passphrase.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey
from pydantic import AfterValidator, StringConstraints, ValidationError, field_validator

from waymark.exceptions import DefinitionError
from waymark.firewall.audits.network import Known
from waymark.firewall.domain import Domain, FirewallError, Role
from waymark.firewall.sealed.notes import is_plain
from waymark.firewall.sealed.receipts import spelled
from waymark.firewall.sealed.secrecy import COST, SALT_BYTES, Cost, Secret, canonical, stretched
from waymark.reading import Value

MOST_DAYS, USUAL_DAYS = 366, 90  # of a key's period
LEAST_LETTERS = 12  # of a passphrase
MOST_FILE_BYTES = 65_536
FINGERPRINT_BYTES, NONCE_BYTES = 25, 12
SEEDS = (32, 64, 32)  # to sign; ML-KEM-768; X25519


def _plain(text: str) -> str:
    if not text.strip() or not is_plain(text):
        raise ValueError("it is empty, or has characters that cannot be shown")
    return text


Words = Annotated[str, StringConstraints(max_length=80), AfterValidator(_plain)]


class Card(Value):
    """The public part of a key: whose it is, what the body is, and for which period.

    ``duty_to_report`` is whether the law obliges the body to report people. A card is signed with
    its own key: this shows that it is whole, and not that what it says is so.
    """

    form: Literal["waymark public key 1"] = "waymark public key 1"
    name: Words
    kind: Words
    role: Words
    place: Words
    duty_to_report: Known
    created: date
    expires: date
    signing: str
    mlkem768: str
    x25519: str
    signature: str = ""

    @field_validator("signing", "mlkem768", "x25519")
    @classmethod
    def _base64(cls, value: str) -> str:
        b64decode(value, validate=True)
        return value

    @property
    def signed_part(self) -> bytes:
        """What the signature and the fingerprint cover: everything but the signature."""
        return canonical(self.model_dump(mode="json", exclude={"signature"}))

    @property
    def fingerprint(self) -> str:
        """The name of the key, 200 bits in ten groups: compare it by telephone."""
        return spelled(hashlib.sha256(self.signed_part).digest()[:FINGERPRINT_BYTES])

    @property
    def receiving(self) -> MLKEM768X25519PublicKey:
        """The key to seal to, always both halves; ``ValueError`` where either is no key."""
        mlkem = MLKEM768PublicKey.from_public_bytes(b64decode(self.mlkem768))
        return MLKEM768X25519PublicKey(mlkem, self.classical)

    @property
    def classical(self) -> X25519PublicKey:
        """The half of the key that is not post-quantum; nothing is sealed to it alone."""
        return X25519PublicKey.from_public_bytes(b64decode(self.x25519))

    @property
    def verifying(self) -> Ed25519PublicKey:
        """The key that checks what the body signed."""
        return Ed25519PublicKey.from_public_bytes(b64decode(self.signing))

    def in_force(self, on: date) -> bool:
        """Whether a day lies in the key's period."""
        return self.created <= on <= self.expires


@dataclass(frozen=True, repr=False)
class KeyPair:
    """A card with its private keys, open in memory."""

    card: Card
    signing: Ed25519PrivateKey
    receiving: MLKEM768X25519PrivateKey

    def __repr__(self) -> str:
        return f"KeyPair({self.card.fingerprint})"


class Locked(Value):
    """The private file: the card in clear, the seeds of the keys under the passphrase."""

    form: Literal["waymark private key 1"] = "waymark private key 1"
    card: Card
    passes: int
    memory: int
    lanes: int
    salt: str
    nonce: str
    sealed: str

    @property
    def bound(self) -> bytes:
        """What cannot be changed without the file becoming useless."""
        return canonical(self.model_dump(mode="json", exclude={"sealed"}))


M = TypeVar("M", Card, Locked)


def make_key(
    *,
    name: str,
    kind: str,
    role: str,
    place: str,
    duty_to_report: Known,
    created: date,
    expires: date,
    domain: Domain,
    passphrase: bytes | bytearray,
    cost: Cost = COST,
) -> tuple[Card, Locked]:
    """A new key of a body: the card to hand out, and the private file to keep."""
    if domain.kind(kind).role is not Role.SERVICE:
        remedy = "Keys are for services: nothing is sealed to any other kind of body."
        raise FirewallError(f"No key can be made for a body of the kind '{kind}'.", remedy)
    if not timedelta(0) <= expires - created <= timedelta(MOST_DAYS):
        raise FirewallError(f"A key serves for at most {MOST_DAYS} days.", "Choose a shorter time.")
    letters = sum(byte & 0xC0 != 0x80 for byte in passphrase)  # of UTF-8, without a copy
    if letters < LEAST_LETTERS:
        problem = f"The passphrase has fewer than {LEAST_LETTERS} characters."
        raise FirewallError(problem, "Take five or six words that do not belong together.")
    with Secret(secrets.token_bytes(sum(SEEDS))) as seeds:
        signing, mlkem, x25519 = _keys(seeds)
        try:
            card = Card(
                name=name,
                kind=kind,
                role=role,
                place=place,
                duty_to_report=duty_to_report,
                created=created,
                expires=expires,
                signing=_text(signing.public_key().public_bytes_raw()),
                mlkem768=_text(mlkem.public_key().public_bytes_raw()),
                x25519=_text(x25519.public_key().public_bytes_raw()),
            )
        except ValidationError as error:
            field = error.errors()[0]["loc"][0]
            remedy = "It is one line of at most 80 characters."
            raise FirewallError(f"The key's {field} cannot be used.", remedy) from None
        signed = card.model_copy(update={"signature": _text(signing.sign(card.signed_part))})
        return signed, lock(signed, seeds, passphrase, cost)


def lock(card: Card, seeds: Secret, passphrase: bytes | bytearray, cost: Cost) -> Locked:
    """The private file of a key, bound to its card."""
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    held = Locked(card=card, salt=_text(salt), nonce=_text(nonce), sealed="", **asdict(cost))
    with stretched(passphrase, salt, cost) as key:
        sealed = AESGCM(key).encrypt(nonce, seeds, held.bound)
    return held.model_copy(update={"sealed": _text(sealed)})


def unlock(locked: Locked, passphrase: bytes | bytearray) -> KeyPair:
    """The keys of a private file; a wrong passphrase and a changed file are answered alike."""
    with Secret(sum(SEEDS)) as seeds:
        try:
            cost = Cost(locked.passes, locked.memory, locked.lanes)
            salt, nonce = b64decode(locked.salt), b64decode(locked.nonce)
            with stretched(passphrase, salt, cost) as key:
                AESGCM(key).decrypt_into(nonce, b64decode(locked.sealed), locked.bound, seeds)
            signing, mlkem, x25519 = _keys(seeds)
        except (InvalidTag, ValueError):
            remedy = "Try again, or restore the file from a copy."
            problem = "The private key cannot be opened: the passphrase or the file is wrong."
            raise FirewallError(problem, remedy) from None
        return KeyPair(locked.card, signing, MLKEM768X25519PrivateKey(mlkem, x25519))


def read_card(path: Path) -> Card:
    """The card of a file, whole and signed, or a ``DefinitionError``."""
    card = _read(path, Card, "public")
    check_card(card, path)
    return card


def check_card(card: Card, path: Path | str) -> None:
    """Refuse a card whose keys are not those of the format, or that its own key did not sign."""
    try:
        card.verifying.verify(b64decode(card.signature), card.signed_part)
        card.receiving  # noqa: B018 - fails where one of the two halves is no key
        X25519PrivateKey.generate().exchange(card.classical)  # or one with which nothing is secret
    except (InvalidSignature, ValueError):
        problem = "the key is damaged or was changed."
        raise DefinitionError(path, problem, "Ask the body for its public key again.") from None


def read_locked(path: Path) -> Locked:
    """The private file of a key, still locked."""
    return _read(path, Locked, "private")


def _read(path: Path, model: type[M], what: str) -> M:
    remedy = f"Give the {what} file that `waymark firewall keys make` wrote."
    try:
        with path.open("rb") as file:
            content = file.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}."
        raise DefinitionError(path, problem, remedy) from None
    try:
        if len(content) > MOST_FILE_BYTES:
            raise ValueError("too long")
        return model.model_validate_json(content)
    except ValueError:  # of pydantic, which would show what it found
        raise DefinitionError(path, f"this is no {what} key.", remedy) from None


def _keys(
    seeds: Secret,
) -> tuple[Ed25519PrivateKey, MLKEM768PrivateKey, X25519PrivateKey]:
    """The three private keys that grow from the seeds."""
    first, second, _ = SEEDS
    view = memoryview(seeds)  # a slice of it is no copy
    with (
        Secret(view[:first]) as signing,
        Secret(view[first : first + second]) as mlkem,
        Secret(view[first + second :]) as x25519,
    ):
        return (
            Ed25519PrivateKey.from_private_bytes(signing),
            MLKEM768PrivateKey.from_seed_bytes(mlkem),
            X25519PrivateKey.from_private_bytes(x25519),
        )


def _text(content: bytes) -> str:
    return b64encode(content).decode()
