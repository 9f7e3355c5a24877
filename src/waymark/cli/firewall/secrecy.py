"""How the commands take secrets in, never by an argument, and how they give private files out."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import sys
from datetime import date
from pathlib import Path

import click

from waymark.exceptions import DefinitionError, WaymarkError
from waymark.firewall.domain import load_domain
from waymark.firewall.sealed.consent import Consents
from waymark.firewall.sealed.keys import KeyPair, read_locked, unlock
from waymark.firewall.sealed.policy import Policy, proved
from waymark.firewall.sealed.receipts import read_receipt
from waymark.firewall.sealed.secrecy import KEY_BYTES, Secret
from waymark.firewall.sharing.proof import Certificate
from waymark.firewall.sharing.routes import load_routes
from waymark.firewall.sharing.rules import MODEL_RULES, load_rules
from waymark.reading import read_yaml

try:
    import resource
except ImportError:  # Windows writes no core dumps
    resource = None  # type: ignore[assignment]

MOST_SECRET_BYTES = 1024
PRIVATE = 0o600
NOT_DUMPABLE = 4  # PR_SET_DUMPABLE of Linux: no core dump, and no other program reads the memory

passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file with the passphrase, or /dev/fd/3 for an open descriptor.  [default: asks]",
)
consents_option = click.option(
    "--consents",
    "consents_file",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The register of consents; `consent give` makes it where it is not there.",
)
consents_key_option = click.option(
    "--consents-key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The key of the register.  [default: beside it, with the ending .key]",
)
rules_option = click.option(
    "--rules",
    "rules_file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=MODEL_RULES,
    help="The rules of the network; they are proved first.  [default: the model rules]",
)
certificate_option = click.option(
    "--certificate",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Go on only if these rules are the ones that this certificate speaks of.",
)


def keep_out_of_dumps() -> None:
    """Let a crash leave no image of the memory, and no other program of the user read it."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(NOT_DUMPABLE, 0, 0, 0, 0)


def read_secret(path: Path) -> Secret:
    """The first line of a file, in a buffer that can be wiped."""
    with Secret(MOST_SECRET_BYTES) as read:
        try:
            with path.open("rb", buffering=0) as file:
                view, length = memoryview(read), 0
                while length < len(read):
                    count = file.readinto(view[length:])
                    if not count:
                        break
                    length += count
        except OSError as error:
            problem = f"the file cannot be read: {error.strerror}."
            raise DefinitionError(path, problem, "Choose another file.") from None
        ends = [at for at in (read.find(b"\n"), read.find(b"\r"), length) if at >= 0]
        return Secret(view[: min(ends)])


def unlocked(private: Path, passphrase_file: Path | None) -> KeyPair:
    """The keys of a private file, with the passphrase from a file or from the person."""
    locked = read_locked(private)
    with passphrase(passphrase_file, confirm=False) as given:
        return unlock(locked, given)


def passphrase(path: Path | None, *, confirm: bool) -> Secret:
    """The passphrase, from a file or asked for without showing it."""
    if path is not None:
        return read_secret(path)
    asked = click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True)
    return Secret(asked.encode())


def receipt(path: Path | None) -> Secret:
    """The receipt, from a file or asked for without showing it."""
    if path is None:
        return read_receipt(click.prompt("Receipt", hide_input=True, err=True))
    with read_secret(path) as given:
        return read_receipt(given.decode("utf-8", "replace"))


def register(path: Path, key_file: Path | None, *, make: bool = False) -> Consents:
    """The register of consents, with its key; ``make`` makes both where neither is there.

    Nobody else makes one: a withdrawal from a register that is not there must not look like one.
    """
    key_file = key_file or path.with_name(f"{path.name}.key")
    if make and not path.exists() and not key_file.exists():
        write_private(secrets.token_bytes(KEY_BYTES), key_file)
        write_private(b"", path)  # so that nobody else may read it from the first moment
    if not path.is_file():
        problem = "there is no register of consents."
        remedy = "Correct its name; `waymark firewall consent give` makes a new one with its key."
        raise DefinitionError(path, problem, remedy)
    try:
        key = key_file.read_bytes()
    except OSError as error:
        problem = f"the key of the register cannot be read: {error.strerror}."
        raise DefinitionError(key_file, problem, "Give it with --consents-key.") from None
    return Consents(path, key, make=make)


def policy(rules_file: Path, certificate: Path | None) -> Policy:
    """The rules of a file, proved today."""
    domain = load_domain()
    stated = None if certificate is None else read_yaml(certificate, Certificate)
    return proved(load_rules(rules_file, domain), domain, load_routes(), date.today(), stated)


def read_bytes(path: Path, most: int) -> bytes:
    """A file or, for ``-``, what comes in; no more than ``most`` bytes and one."""
    try:
        with click.open_file(str(path), "rb") as file:
            return bytes(file.read(most + 1))
    except OSError as error:
        problem = f"the file cannot be read: {error.strerror}."
        raise DefinitionError(path, problem, "Check its name.") from None


def write_private(content: bytes | bytearray, path: Path) -> None:
    """A new file that its owner alone may read, on the disk when this returns; none is replaced."""
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        try:
            with os.fdopen(number, "wb", buffering=0) as file:
                file.write(content)
                os.fsync(number)
        except BaseException:
            path.unlink()
            raise
    except OSError as error:
        remedy = "Choose another name; nothing is overwritten."
        raise WaymarkError(f"{path} cannot be written: {error.strerror}.", remedy) from None


def give_out(content: bytes, output: Path) -> None:
    """Write to a new private file or, for ``-``, to the standard output."""
    if str(output) != "-":
        write_private(content, output)
        return
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
