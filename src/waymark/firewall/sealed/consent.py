"""What a person agreed to: which data, to which recipient, for one purpose, for how long.

The default is no. A consent names one key and never changes: what differs is another consent. It
rests on the rules of its day, and ends with them. The register of consents (SQLite) holds no name:
a case is found by a slow keyed hash of a receipt, and answers alike whether a receipt is unknown,
withdrawn, or made to be shown under duress.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import StringConstraints, ValidationError, field_validator, model_validator

from waymark.exceptions import DefinitionError
from waymark.firewall.domain import Domain
from waymark.firewall.sealed.keys import Words
from waymark.firewall.sealed.receipts import tag
from waymark.firewall.sealed.secrecy import COST, KEY_BYTES, SALT_BYTES, Cost, Secret
from waymark.reading import Value
from waymark.words import N_, Names, Sentence

M = TypeVar("M", bound=Value)
WAIT = 30  # seconds for another program that writes
ID_BYTES, STIR_BYTES = 16, 8
FORM = 1
TABLES = """
CREATE TABLE about (form INTEGER, salt BLOB, decoy BLOB, mark BLOB);
CREATE TABLE cases (tag BLOB PRIMARY KEY, withdrawn INTEGER, stir BLOB) WITHOUT ROWID;
CREATE TABLE consents (id TEXT PRIMARY KEY, tag BLOB, content TEXT) WITHOUT ROWID;
CREATE TABLE entries (id TEXT PRIMARY KEY, tag BLOB, content TEXT) WITHOUT ROWID;
CREATE INDEX consents_of ON consents (tag);
CREATE INDEX entries_of ON entries (tag);
"""


class Explained(StrEnum):
    """How a consent was explained to the person."""

    SPOKEN = "spoken"
    INTERPRETED = "interpreted"
    WRITTEN = "written"
    PICTURES = "pictures"
    SIGN_LANGUAGE = "sign-language"

    @property
    def label(self) -> Sentence:
        """The way in words."""
        return Sentence(_WAYS[self])


_WAYS = {
    Explained.SPOKEN: N_("in speech"),
    Explained.INTERPRETED: N_("in speech, with an interpreter"),
    Explained.WRITTEN: N_("in writing"),
    Explained.PICTURES: N_("in pictures"),
    Explained.SIGN_LANGUAGE: N_("in sign language"),
}


class Consent(Value):
    """One yes: these data to this recipient for this purpose, from a day until a day.

    ``key`` is the recipient's fingerprint, ``policy`` the hash of the table of rules under which
    it was given.
    """

    id: str
    key: str
    recipient: Words
    purpose: str
    data: tuple[str, ...]
    since: date
    until: date
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    explained: Explained
    policy: str

    @field_validator("data")
    @classmethod
    def _some_data(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("a consent names some data")
        return value

    @model_validator(mode="after")
    def _in_time(self) -> Consent:
        if self.until < self.since:
            raise ValueError("a consent ends on or after the day it begins")
        return self

    def covers(self, key: str, purpose: str, data: tuple[str, ...], policy: str, on: date) -> bool:
        """Whether it says yes to exactly this, under these rules, on this day."""
        return (
            self.key == key
            and self.purpose == purpose
            and set(data) <= set(self.data)
            and self.policy == policy
            and self.since <= on <= self.until
        )

    def sentence(self, domain: Domain) -> Sentence:
        """The consent in words."""
        labels = {each.id: each.label for each in domain.data}
        return Sentence(
            "From {since} until {until}, {recipient} may receive, for {purpose}: {data}. It was "
            "explained {way}.",
            since=self.since.isoformat(),
            until=self.until.isoformat(),
            recipient=self.recipient,
            purpose=purpose_label(domain, self.purpose),
            data=[labels.get(each, each) for each in self.data],
            way=self.explained.label,
        )


class Entry(Value):
    """That a note was sealed: to whom, for what, on which day. Never what was in it."""

    key: str
    recipient: str
    purpose: str
    on: date

    def sentence(self, domain: Domain) -> Sentence:
        """The entry in words."""
        return Sentence(
            "{day}: a sealed note went to {recipient}, for: {purpose}.",
            day=self.on.isoformat(),
            recipient=self.recipient,
            purpose=purpose_label(domain, self.purpose),
        )


class History(Value):
    """What a receipt opens: what was agreed to, and what was sent. It may be empty."""

    consents: tuple[Consent, ...] = ()
    entries: tuple[Entry, ...] = ()


def purpose_label(domain: Domain, purpose: str) -> Names | str:
    """A purpose in words; as it is written where the list no longer has it."""
    return next((each.label for each in domain.purposes if each.id == purpose), purpose)


def new_id() -> str:
    """An identifier that says nothing."""
    return secrets.token_hex(ID_BYTES)


class Consents:
    """The register of consents, a file that several programs may use at once.

    ``key`` makes hashes of receipts useless to whoever has the file alone; keep it elsewhere.
    """

    def __init__(self, path: Path, key: bytes, cost: Cost = COST, *, make: bool = False) -> None:
        self.path, self._key, self._cost = path, key, cost
        if make and not path.exists():
            path.touch(mode=0o600)
        with self._writing() as database:
            if make and not database.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
                self._make(database)
            query = "SELECT salt, decoy, mark FROM about WHERE form = ?"
            row = database.execute(query, (FORM,)).fetchone()
            if row is None:
                raise sqlite3.DatabaseError("another form")
        self._salt, self._decoy, mark = row
        if not hmac.compare_digest(mark, self._mark()):
            remedy = "Give the key that was made with it: with another, no receipt is found."
            raise DefinitionError(path, "the key is not of this register of consents.", remedy)

    def __repr__(self) -> str:
        return f"Consents({self.path.name})"

    def give(self, consents: tuple[Consent, ...], receipt: Secret) -> None:
        """Write what a person agreed to; the receipt opens a new case, or one that is there.

        Without consents it opens an empty case: this is how a receipt for duress is made. A case
        that was withdrawn stays so, and what is given under it is void.
        """
        tagged = self._tag(receipt)
        with self._writing() as database:
            database.execute(
                "INSERT OR IGNORE INTO cases VALUES (?, 0, ?)",
                (tagged, secrets.token_bytes(STIR_BYTES)),
            )
            for each in consents:
                row = (each.id, tagged, each.model_dump_json())
                database.execute("INSERT INTO consents VALUES (?, ?, ?)", row)
            for table in ("consents", "entries"):  # not on withdrawal, which takes equal time
                void = "tag IN (SELECT tag FROM cases WHERE withdrawn)"
                database.execute(f"DELETE FROM {table} WHERE {void}")

    def withdraw(self, receipt: Secret) -> None:
        """End everything that was given under a receipt; says and does the same for any receipt."""
        tagged = self._tag(receipt)
        with self._writing() as database:
            found = self._found(database, tagged)
            database.execute(
                "UPDATE cases SET withdrawn = 1, stir = ? WHERE tag = ?",
                (secrets.token_bytes(STIR_BYTES), found),
            )

    def history(self, receipt: Secret) -> History:
        """What a receipt opens: empty if it is unknown, withdrawn, or made for duress."""
        tagged = self._tag(receipt)
        with self._writing() as database:
            found = self._found(database, tagged)
            query = (
                "SELECT content FROM {} JOIN cases USING (tag) WHERE tag = ? AND NOT withdrawn "
                "ORDER BY content"
            )
            consents = database.execute(query.format("consents"), (found,)).fetchall()
            entries = database.execute(query.format("entries"), (found,)).fetchall()
            return History(
                consents=tuple(_kept(Consent, row[0]) for row in consents),
                entries=tuple(_kept(Entry, row[0]) for row in entries),
            )

    @contextmanager
    def held(self, ids: tuple[str, ...]) -> Iterator[Held]:
        """Some consents that cannot be withdrawn while the block runs; those withdrawn are absent.

        Whoever withdraws meanwhile waits for the end of the block, and whoever comes after a
        withdrawal finds nothing: between a check and its use no withdrawal is overlooked.
        """
        with self._writing() as database:
            found: dict[str, Consent] = {}
            tags: dict[str, bytes] = {}
            for each in ids:
                row = database.execute(
                    "SELECT content, tag FROM consents JOIN cases USING (tag) "
                    "WHERE id = ? AND NOT withdrawn",
                    (each,),
                ).fetchone()
                if row is not None:
                    found[each], tags[each] = _kept(Consent, row[0]), row[1]
            yield Held(found, tags, database)

    def _tag(self, receipt: Secret) -> bytes:
        return tag(receipt, self._salt, self._key, self._cost)

    def _found(self, database: sqlite3.Connection, tagged: bytes) -> bytes:
        """The tag of the case, or of the decoy: the same steps follow for both."""
        row = database.execute(
            "SELECT tag FROM cases WHERE tag IN (?, ?) ORDER BY tag = ? LIMIT 1",
            (tagged, self._decoy, self._decoy),
        ).fetchone()
        same = hmac.compare_digest(row[0], tagged)
        return tagged if same else bytes(self._decoy)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """The register for one transaction that nobody shares; all of it lands, or nothing."""
        try:
            with closing(sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)) as found:
                for setting in ("secure_delete = ON", "temp_store = MEMORY"):
                    found.execute(f"PRAGMA {setting}").fetchall()
                found.execute("BEGIN IMMEDIATE")
                try:
                    yield found
                except BaseException:
                    found.execute("ROLLBACK")
                    raise
                found.execute("COMMIT")
        except sqlite3.Error as error:
            problem = f"the register of consents cannot be used: {_reason(error)}."
            remedy = "Check that it is the file of a register and that you may write it."
            raise DefinitionError(self.path, problem, remedy) from None

    def _make(self, database: sqlite3.Connection) -> None:
        """The tables of a new register, with a case that stands in for those not found."""
        for statement in TABLES.split(";"):
            database.execute(statement)
        self._salt = secrets.token_bytes(SALT_BYTES)
        decoy, stir = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(STIR_BYTES)
        about = (FORM, self._salt, decoy, self._mark())
        database.execute("INSERT INTO about VALUES (?, ?, ?, ?)", about)
        database.execute("INSERT INTO cases VALUES (?, 1, ?)", (decoy, stir))

    def _mark(self) -> bytes:
        """What shows that a key is of this register; no receipt is in it."""
        return hmac.digest(self._key, b"register" + self._salt, "sha256")


class Held:
    """Consents under lock: what they say, and where it is written down that they were used."""

    def __init__(
        self, consents: dict[str, Consent], tags: dict[str, bytes], database: sqlite3.Connection
    ) -> None:
        self.consents, self._tags, self._database = consents, tags, database

    def enter(self, consent: Consent, on: date) -> None:
        """Write into the person's case that a note was sealed under a consent."""
        entry = Entry(key=consent.key, recipient=consent.recipient, purpose=consent.purpose, on=on)
        row = (new_id(), self._tags[consent.id], entry.model_dump_json())
        self._database.execute("INSERT INTO entries VALUES (?, ?, ?)", row)


def _kept(model: type[M], content: str) -> M:
    """What a row holds; a row that somebody changed is a fault of the register."""
    try:
        return model.model_validate_json(content)
    except ValidationError:  # which would show the row
        raise sqlite3.DatabaseError("a row") from None


def _reason(error: Exception) -> str:
    """What went wrong, in words that cannot hold what somebody wrote."""
    known = {"SQLITE_BUSY": "another program holds it", "SQLITE_NOTADB": "it is no register"}
    return known.get(getattr(error, "sqlite_errorname", ""), "it cannot be opened or written")
