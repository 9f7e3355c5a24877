"""The only writer of the register: each function checks, writes and records, or does nothing."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from waymark.plans.procedure import EDITABLE, OPEN, VersionStatus, why_not
from waymark.words import Sentence
from waymark_web import store
from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import (
    DRAFTING,
    Action,
    demand,
    roles,
    visible_versions,
)
from waymark_web.audit.chain import record, writing
from waymark_web.plans import models
from waymark_web.plans.asking import readable
from waymark_web.plans.authors import MAY_BE_OF_ONE, commitment_of, demand_draft, owner_of_new
from waymark_web.plans.checks import checked
from waymark_web.plans.published import (
    apply,
    country_of,
    deciding_place,
    localities,
    owner_of,
    owner_of_value,
    published_number,
    published_value,
)
from waymark_web.plans.rows import TABLES, value_of, whole
from waymark_web.plans.sides import SPEAKS, begun_from, checked_of, own

Document = dict[str, Any]


class ConflictError(Exception):
    """Somebody else saved meanwhile: what stands now, and what was to be written."""

    def __init__(self, version: models.Version, mine: Document) -> None:
        self.version = version
        self.mine = mine
        super().__init__("somebody else saved meanwhile")


class RefusedError(Exception):
    """A move that the procedure does not allow, with the reason."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(reason.text())


@writing()
def begin(
    kind: str,
    by: Account,
    *,
    actor: str,
    place: str,
    subject: str = "",
    document: Document | None = None,
) -> models.Version:
    """A new version to work on; the open one, where somebody has begun it already.

    ``actor`` is the organisation for which the account writes, ``place`` where it belongs. With a
    ``subject`` the version begins from what is published, unless a ``document`` is given.
    """
    published = published_value(kind, subject) if subject else None
    found = _open_one(kind, subject)
    commitment = commitment_of(kind, published, document)
    if published is not None:
        actor, place = owner_of_value(kind, published, actor)
    elif found is not None:
        actor, place, commitment = found.actor, found.place, found.commitment
    else:
        actor, place = owner_of_new(kind, actor, place, commitment, document)
    is_new = published is None and found is None
    demand_draft(kind, by, actor=actor, place=place, commitment=commitment, is_new=is_new)
    if found is not None:
        return own(found, actor)
    subject = subject or f"{place.lower()}-{secrets.token_hex(5)}"
    given = document if document is not None else {}
    if published is not None and document is None:
        given = begun_from(published)
    version = models.Version(
        kind=kind,
        subject=subject,
        commitment=commitment or (subject if kind == "commitments" else ""),
        actor=actor,
        place=place,
        country=country_of(place),
        document=_owned(kind, given, subject, actor, commitment),
        status=VersionStatus.DRAFT,
        base=published_number(kind, subject),
        author=by,
        last_by=by,
    )
    try:
        with transaction.atomic():
            version.save()
    except IntegrityError:  # somebody else began it in the same moment
        return begin(kind, by, actor=actor, place=place, subject=subject)
    _record("began", version, by)
    return version


@writing()
def save(
    pk: int,
    document: Document,
    edits: int,
    by: Account,
    *,
    quietly: bool = False,
    page: str = "",
) -> models.Version:
    """Keep what was written so far. ``edits`` is the count that the writer saw on his ``page``.

    Raises ``ConflictError`` if somebody saved since. ``quietly`` is for what saves itself: it is
    kept, and not recorded as an event.
    """
    version = _locked(pk, by)
    _demand_edit(version, by)
    document = _owned(version.kind, document, version.subject, version.actor, version.commitment)
    same_page = bool(page) and page == version.page and version.last_by_id == by.pk
    if version.edits != edits and not same_page:
        raise ConflictError(version, document)
    if document == version.document:
        return version
    version.page = page[:32]
    version.document = document
    version.edits += 1
    version.last_by = by
    version.changed = timezone.now()
    own_place = version.kind == "commitments" or (version.kind, version.commitment) == ("flows", "")
    if document.get("place") and own_place:
        _move_to_place(version, str(document["place"]))
    version.save()
    if not quietly:
        _record("saved", version, by, document=document)
    return version


@writing()
def set_aside(pk: int, document: Document, by: Account) -> None:
    """Keep in the history what a writer could not save, so that nobody's work is lost."""
    _record("set aside", _locked(pk, by), by, document=document)


@writing()
def move(
    pk: int, to: VersionStatus, by: Account, *, edits: int, reason: str = ""
) -> models.Version:
    """Move a version along the procedure, publish it where that is the move, and record it."""
    version = _locked(pk, by)
    old = VersionStatus(version.status)
    held = roles(by, actor=version.actor, place=version.place)
    refusal = why_not(old, to, held, reason)
    if refusal is not None:
        raise RefusedError(refusal)
    if version.edits != edits:
        raise ConflictError(version, version.document)
    if to is VersionStatus.SUBMITTED:
        _demand_edit(version, by)
        checked_of(version)
    if to is VersionStatus.PUBLISHED:
        _publish(version, by)
    version.status = to
    version.reason = readable(reason).strip()
    version.edits += 1
    version.page = ""
    version.changed = timezone.now()
    version.save()
    document = version.document if to is VersionStatus.PUBLISHED else None
    _record(to.value, version, by, document=document, reason=version.reason, old=old.value)
    return version


@writing()
def rebase(pk: int, by: Account, *, edits: int) -> models.Version:
    """Say that a version has been compared with what was published since it began."""
    version = _locked(pk, by)
    demand(by, Action.PUBLISH, actor=version.actor, place=version.place)
    if version.edits != edits:
        raise ConflictError(version, version.document)
    version.base = published_number(version.kind, version.subject)
    version.edits += 1
    version.save()
    _record("compared", version, by)
    return version


@writing()
def discard(pk: int, by: Account) -> None:
    """Give up a draft; its last state stays in the history."""
    version = _locked(pk, by)
    _demand_edit(version, by)
    _record("discarded", version, by, document=version.document)
    version.delete()


@writing()
def comment(pk: int, text: str, by: Account) -> models.Comment:
    """Add a word to a version."""
    version = _locked(pk, by)
    demand(by, Action.COMMENT, actor=version.actor, place=version.place)
    text = readable(text).strip()
    if not text:
        raise RefusedError(Sentence("Write something first."))
    if len(text) > 5000:
        raise RefusedError(Sentence("A comment has at most {most} characters.", most=5000))
    made = models.Comment.objects.create(version=version, by=by, text=text)
    _record("commented", version, by)
    return made


@writing()
def bring_back(kind: str, subject: str, document: Document, by: Account) -> models.Version:
    """Undo: a new draft that holds what was published earlier. Nothing is published by this."""
    version = _open_one(kind, subject)
    if version is None:
        actor, place = owner_of(kind, subject)
        version = begin(kind, by, actor=actor, place=place, subject=subject)
    if version.status not in [each.value for each in EDITABLE]:
        raise RefusedError(
            Sentence("A version is submitted; return it before you bring another back.")
        )
    return save(version.pk, document, version.edits, by)


@writing()
def edit_many(slugs: Iterable[str], changes: Mapping[str, Any], by: Account, why: str) -> int:
    """Change the same fields of many published commitments at once, or of none.

    Raises ``PermissionDenied`` if one of them is not in the coordinator's places, and
    ``InvalidError`` if one would not be valid.
    """
    if not why.strip():
        raise RefusedError(Sentence("Say why, for the history."))
    wanted = sorted(set(slugs))
    rows = models.Commitment.objects.select_for_update().filter(slug__in=wanted).order_by("slug")
    found = list(whole(rows))
    if len(found) != len(wanted):
        raise RefusedError(Sentence("One of the commitments is not in the register."))
    for row in found:
        demand(by, Action.BULK_EDIT, place=row.place)
        if models.Version.objects.filter(
            kind="commitments", subject=row.slug, status=VersionStatus.SUBMITTED
        ).exists():
            raise RefusedError(
                Sentence("{id} has a submitted version; decide on it first.", id=row.slug)
            )
        old = value_of("commitments", row)
        document = {**old.model_dump(mode="json"), **changes}
        value = checked("commitments", document)
        if value == old:
            continue
        apply("commitments", value)
        record(
            "edited with others",
            "commitments",
            row.slug,
            account=by.pk,
            document=value.model_dump(mode="json"),
            reason=why.strip(),
        )
    return len(found)


def _publish(version: models.Version, by: Account) -> None:
    TABLES[version.kind]._default_manager.select_for_update().filter(slug=version.subject).first()
    current = published_number(version.kind, version.subject)
    if version.base != current:
        raise ConflictError(version, version.document)
    value = checked_of(version)
    place = deciding_place(value) or version.place
    demand(by, Action.PUBLISH, actor=version.actor, place=place)
    if current:  # what is published may belong elsewhere
        demand(by, Action.PUBLISH, place=owner_of(version.kind, version.subject, version.actor)[1])
    try:
        with transaction.atomic():
            apply(version.kind, value)
    except IntegrityError:  # another one of the same currency and year, in the same moment
        raise RefusedError(Sentence("Somebody published the same a moment ago.")) from None
    models.Version.objects.filter(
        kind=version.kind, subject=version.subject, status=VersionStatus.PUBLISHED
    ).update(status=VersionStatus.SUPERSEDED)
    version.number = current + 1


def _open_one(kind: str, subject: str) -> models.Version | None:
    is_open = [each.value for each in OPEN]
    found = models.Version.objects.filter(kind=kind, subject=subject, status__in=is_open)
    return found.first() if subject else None


def _move_to_place(version: models.Version, place: str) -> None:
    known = place in store.framework().places or place in localities()
    if known and place != version.place:
        version.place, version.country = place, country_of(place)


def _owned(kind: str, document: Document, subject: str, actor: str, commitment: str) -> Document:
    """A document with what its author cannot choose: its identifier, who speaks, and of what."""
    fixed: Document = {"id": subject}
    if kind in SPEAKS:
        fixed[SPEAKS[kind]] = actor or None
    if kind in MAY_BE_OF_ONE:
        fixed["commitment"] = commitment or None
    return {**readable(document), **fixed}


def _locked(pk: int, by: Account) -> models.Version:
    """A version that the account may see, locked until the transaction ends."""
    visible = visible_versions(by).filter(pk=pk)
    if not visible.exists():
        raise PermissionDenied
    return models.Version.objects.select_for_update().get(pk=pk)


def locked_draft(pk: int, by: Account) -> models.Version:
    """A version that the account may change, locked until the transaction ends."""
    version = _locked(pk, by)
    _demand_edit(version, by)
    return version


def _demand_edit(version: models.Version, by: Account) -> None:
    if VersionStatus(version.status) not in EDITABLE:
        raise RefusedError(
            Sentence("A version that is submitted can be changed once it is returned.")
        )
    demand(by, DRAFTING[version.kind], actor=version.actor, place=version.place)


def _record(
    verb: str,
    version: models.Version,
    by: Account,
    *,
    document: Document | None = None,
    **details: Any,
) -> None:
    record(
        verb,
        version.kind,
        version.subject,
        account=by.pk,
        actor=version.actor,
        document=document,
        version=version.pk,
        **details,
    )
