"""The only writer of the register: each function checks, writes and records, or does nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from pydantic import ValidationError

from waymark.exceptions import WaymarkError
from waymark.plans.assessments import Assessment, Round
from waymark.plans.commitments import Report
from waymark.plans.procedure import EDITABLE, OPEN, VersionStatus, why_not
from waymark.plans.register import KINDS, Fault, Register, faults
from waymark.reading import Value
from waymark.words import Sentence
from waymark_web import store
from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import (
    DRAFTING,
    Action,
    around,
    demand,
    may,
    memberships,
    roles,
    visible_versions,
)
from waymark_web.audit.chain import record
from waymark_web.plans import models
from waymark_web.plans.rows import TABLES, by_id, row_of, rows_inside, value_of, whole

Document = dict[str, Any]
Progress = Callable[[str, int, int], None]
BATCH = 2000


class Conflict(Exception):
    """Somebody else saved meanwhile: what stands now, and what was to be written."""

    def __init__(self, version: models.Version, mine: Document) -> None:
        self.version = version
        self.mine = mine
        super().__init__("somebody else saved meanwhile")


class Refused(Exception):
    """A move that the procedure does not allow, with the reason."""

    def __init__(self, reason: Sentence) -> None:
        self.reason = reason
        super().__init__(reason.text())


class Invalid(Exception):
    """A document that is not yet what the register can hold: problems by field."""

    def __init__(self, problems: Mapping[str, list[str]]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(f"{key}: {', '.join(text)}" for key, text in problems.items()))


@transaction.atomic
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
    commitment = str((document or {}).get("commitment", ""))
    _demand_draft(kind, by, actor=actor, place=place, subject=subject, commitment=commitment)
    if subject:
        is_open = [each.value for each in OPEN]
        found = models.Version.objects.filter(kind=kind, subject=subject, status__in=is_open)
        if found.exists():
            return found.get()
    subject = subject or f"{place.lower()}-{secrets.token_hex(5)}"
    published = published_value(kind, subject)
    given = document if document is not None else {}
    if published is not None and document is None:
        given = published.model_dump(mode="json")
    version = models.Version.objects.create(
        kind=kind,
        subject=subject,
        commitment=commitment or (subject if kind == "commitments" else ""),
        actor=actor,
        place=place,
        country=country_of(place),
        document={**given, "id": subject},
        status=VersionStatus.DRAFT,
        base=published_number(kind, subject),
        author=by,
        last_by=by,
    )
    _record("began", version, by)
    return version


@transaction.atomic
def save(
    pk: int, document: Document, edits: int, by: Account, *, quietly: bool = False
) -> models.Version:
    """Keep what was written so far. ``edits`` is the count that the writer saw.

    Raises ``Conflict`` if somebody saved since. ``quietly`` is for what saves itself: it is kept,
    and not recorded as an event.
    """
    version = _locked(pk, by)
    _demand_edit(version, by)
    document = {**document, "id": version.subject}
    if version.edits != edits:
        raise Conflict(version, document)
    if document == version.document:
        return version
    version.document = document
    version.edits += 1
    version.last_by = by
    version.changed = timezone.now()
    if document.get("place") and version.kind == "commitments":
        _move_to_place(version, str(document["place"]))
    version.save()
    if not quietly:
        _record("saved", version, by, document=document)
    return version


@transaction.atomic
def set_aside(pk: int, document: Document, by: Account) -> None:
    """Keep in the history what a writer could not save, so that nobody's work is lost."""
    _record("set aside", _locked(pk, by), by, document=document)


@transaction.atomic
def move(
    pk: int, to: VersionStatus, by: Account, *, edits: int, reason: str = ""
) -> models.Version:
    """Move a version along the procedure, publish it where that is the move, and record it."""
    version = _locked(pk, by)
    old = VersionStatus(version.status)
    held = roles(by, actor=version.actor, place=version.place)
    refusal = why_not(old, to, held, reason)
    if refusal is not None:
        raise Refused(refusal)
    if version.edits != edits:
        raise Conflict(version, version.document)
    if to is VersionStatus.SUBMITTED:
        _demand_edit(version, by)
        checked(version.kind, version.document)
    if to is VersionStatus.PUBLISHED:
        _publish(version, by)
    version.status = to
    version.reason = reason.strip()
    version.edits += 1
    version.changed = timezone.now()
    version.save()
    document = version.document if to is VersionStatus.PUBLISHED else None
    _record(to.value, version, by, document=document, reason=version.reason, old=old.value)
    return version


@transaction.atomic
def rebase(pk: int, by: Account, *, edits: int) -> models.Version:
    """Say that a version has been compared with what was published since it began."""
    version = _locked(pk, by)
    demand(by, Action.PUBLISH, actor=version.actor, place=version.place)
    if version.edits != edits:
        raise Conflict(version, version.document)
    version.base = published_number(version.kind, version.subject)
    version.edits += 1
    version.save()
    _record("compared", version, by)
    return version


@transaction.atomic
def discard(pk: int, by: Account) -> None:
    """Give up a draft; its last state stays in the history."""
    version = _locked(pk, by)
    _demand_edit(version, by)
    _record("discarded", version, by, document=version.document)
    version.delete()


@transaction.atomic
def comment(pk: int, text: str, by: Account) -> models.Comment:
    """Add a word to a version."""
    version = _locked(pk, by)
    demand(by, Action.COMMENT, actor=version.actor, place=version.place)
    text = text.strip()
    if not text:
        raise Refused(Sentence("Write something first."))
    if len(text) > 5000:
        raise Refused(Sentence("A comment has at most {most} characters.", most=5000))
    made = models.Comment.objects.create(version=version, by=by, text=text)
    _record("commented", version, by)
    return made


@transaction.atomic
def bring_back(kind: str, subject: str, document: Document, by: Account) -> models.Version:
    """Undo: a new draft that holds what was published earlier. Nothing is published by this."""
    actor, place = owner_of(kind, subject)
    version = begin(kind, by, actor=actor, place=place, subject=subject)
    if version.status not in [each.value for each in EDITABLE]:
        raise Refused(Sentence("A version is submitted; return it before you bring another back."))
    return save(version.pk, document, version.edits, by)


@transaction.atomic
def edit_many(slugs: Iterable[str], changes: Mapping[str, Any], by: Account, why: str) -> int:
    """Change the same fields of many published commitments at once, or of none.

    Raises ``PermissionDenied`` if one of them is not in the coordinator's places, and ``Invalid``
    if one would not be valid.
    """
    if not why.strip():
        raise Refused(Sentence("Say why, for the history."))
    wanted = sorted(set(slugs))
    rows = models.Commitment.objects.select_for_update().filter(slug__in=wanted).order_by("slug")
    found = list(whole(rows))
    if len(found) != len(wanted):
        raise Refused(Sentence("One of the commitments is not in the register."))
    for row in found:
        demand(by, Action.BULK_EDIT, place=row.place)
        if models.Version.objects.filter(
            kind="commitments", subject=row.slug, status=VersionStatus.SUBMITTED
        ).exists():
            raise Refused(
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


@transaction.atomic
def load(register: Register, *, by: int = 0, progress: Progress | None = None) -> dict[str, int]:
    """Take a whole register in: what is new is added, what differs is replaced, the rest stays.

    Returns how many values of each kind were added or replaced.
    """
    counts = {}
    for kind in KINDS:
        values = list(register.of_kind(kind).values())
        written = _load_kind(kind, values, register, progress)
        if written:
            counts[kind] = written
    if counts:
        record("loaded", "register", "register", account=by, **counts)
    return counts


def _load_kind(
    kind: str, values: list[Value], register: Register, progress: Progress | None
) -> int:
    table, written = TABLES[kind], 0
    for start in range(0, len(values), BATCH):
        batch = values[start : start + BATCH]
        slugs = [str(getattr(value, "id")) for value in batch]  # noqa: B009
        rows = table._default_manager.filter(slug__in=slugs)
        known = by_id(kind, whole(rows) if kind == "commitments" else rows)
        new = [value for value, slug in zip(batch, slugs, strict=True) if slug not in known]
        _add(kind, new, register)
        changed = [
            value
            for value, slug in zip(batch, slugs, strict=True)
            if slug in known and known[slug] != value
        ]
        for value in changed:
            apply(kind, value, register)
        written += len(new) + len(changed)
        if progress is not None:
            progress(kind, min(start + BATCH, len(values)), len(values))
    return written


def _add(kind: str, values: list[Value], register: Register) -> None:
    rows = TABLES[kind]._default_manager.bulk_create(
        [row_of(kind, value, register) for value in values]
    )
    if kind == "commitments":
        inner: dict[type[Any], list[Any]] = {}
        for row, value in zip(rows, values, strict=True):
            for each in rows_inside(row, value):  # type: ignore[arg-type]
                inner.setdefault(type(each), []).append(each)
        for table, held in inner.items():
            table._default_manager.bulk_create(held, batch_size=BATCH)


def apply(kind: str, value: Any, register: Register | None = None) -> None:
    """Write a value over what is published under its identifier, or as new."""
    places = register if register is not None else Register(localities=_localities())
    new = row_of(kind, value, places)
    table = TABLES[kind]
    old = table._default_manager.filter(slug=value.id).first()
    if old is not None:
        new.pk = old.pk
        if kind == "commitments":
            new.version = old.version + 1
            for inner in ("links", "partners", "steps"):
                getattr(old, inner).all().delete()
    new.save()
    if kind == "commitments":
        for each in rows_inside(new, value):
            each.save(force_insert=True)
    if kind == "localities":
        _renew_countries()


def checked(kind: str, document: Document) -> Any:
    """A document as a value of the register, all its references known; ``Invalid`` otherwise."""
    try:
        value = KINDS[kind].model_validate(document)
    except ValidationError as error:
        problems: dict[str, list[str]] = {}
        for each in error.errors(include_url=False):
            where = ".".join(str(part) for part in each["loc"]) or "__all__"
            said = each["msg"].removeprefix("Value error, ")
            problems.setdefault(where, []).append(said)
        raise Invalid(problems) from None
    broken = list(_faults(kind, value))
    if broken:
        found: dict[str, list[str]] = {}
        for fault in broken:
            field = fault.kind if fault.kind in ("partners", "steps") else fault.field
            found.setdefault(field, []).append(f"{fault.problem}. {fault.remedy}")
        raise Invalid(found)
    _check_kind(value)
    return value


def _faults(kind: str, value: Any) -> Iterable[Fault]:
    """What a value refers to is read from the tables, and nothing else."""
    wanted = {
        "actors": {
            *(getattr(value, name, None) for name in ("lead", "actor", "by")),
            *(partner.actor for partner in getattr(value, "partners", ())),
        },
        "plans": {getattr(value, "plan", None)},
        "practices": {getattr(value, "practice", None)},
        "commitments": {getattr(value, "commitment", None)},
        "rounds": {getattr(value, "round", None)},
    }
    if kind in ("actors", "plans"):
        wanted[kind].add(value.parent)
    held: dict[str, Any] = {"localities": _localities()}
    for name, slugs in wanted.items():
        rows = TABLES[name]._default_manager.filter(slug__in=[each for each in slugs if each])
        held[name] = by_id(name, whole(rows) if name == "commitments" else rows)
    alone = Register(**{**held, kind: {**held.get(kind, {}), value.id: value}})
    for fault in faults(alone, store.framework(), store.forums(), store.series()):
        inner = fault.kind in ("partners", "steps") and fault.id.split(" ")[0] == value.id
        if inner or (fault.kind == kind and fault.id == value.id):
            yield fault


def _check_kind(value: Any) -> None:
    if isinstance(value, Assessment):
        held = value_of("rounds", models.Round.objects.get(slug=value.round))
        commitment = models.Commitment.objects.get(slug=value.commitment)
        _check_round(held, commitment)
    if isinstance(value, Report):
        if value.reported > store.today():
            raise Invalid({"reported": ["The day of a report cannot be in the future."]})


def _check_round(held: Round, commitment: models.Commitment) -> None:
    if held.place not in around(commitment.place):
        raise Invalid({"round": ["This round is for another place."]})
    if not held.is_open(store.today()):
        raise Invalid({"round": [f"This round is open from {held.opens} to {held.closes}."]})


def _publish(version: models.Version, by: Account) -> None:
    current = published_number(version.kind, version.subject)
    if version.base != current:
        raise Conflict(version, version.document)
    value = checked(version.kind, version.document)
    place = getattr(value, "place", version.place)
    demand(by, Action.PUBLISH, actor=version.actor, place=place)
    apply(version.kind, value)
    models.Version.objects.filter(
        kind=version.kind, subject=version.subject, status=VersionStatus.PUBLISHED
    ).update(status=VersionStatus.SUPERSEDED)
    version.number = current + 1


def published_number(kind: str, subject: str) -> int:
    """How often a subject was published; 0 where it is not in the register."""
    if kind == "commitments":
        row = models.Commitment.objects.filter(slug=subject).values_list("version", flat=True)
        return row.first() or 0
    highest = models.Version.objects.filter(kind=kind, subject=subject).aggregate(Max("number"))
    exists = TABLES[kind]._default_manager.filter(slug=subject).exists()
    return max(highest["number__max"] or 0, int(exists))


def published_value(kind: str, subject: str) -> Any | None:
    """What is published under an identifier, as a value; None where nothing is."""
    rows = TABLES[kind]._default_manager.filter(slug=subject)
    row = (whole(rows) if kind == "commitments" else rows).first()
    return value_of(kind, row) if row is not None else None


def owner_of(kind: str, subject: str) -> tuple[str, str]:
    """The organisation and the place to which something published belongs."""
    value = published_value(kind, subject)
    if value is None:
        raise WaymarkError(f"There is no '{subject}' in the register.", "Check the identifier.")
    for name in ("lead", "by", "actor"):
        if getattr(value, name, None):
            actor = str(getattr(value, name))
            break
    else:
        actor = subject if kind == "actors" else ""
    place = getattr(value, "place", None)
    if place is None and hasattr(value, "commitment"):
        place = models.Commitment.objects.get(slug=value.commitment).place
    if place is None and kind == "localities":
        place = value.parent
    if place is None:
        place = models.Actor.objects.get(slug=actor).place
    return actor, str(place)


def country_of(place: str) -> str:
    """The State or area that holds a place."""
    return Register(localities=_localities()).country_of(place)


def _localities() -> dict[str, Any]:
    return by_id("localities", models.Locality.objects.all())


def _renew_countries() -> None:
    """After a locality has moved: which State holds each place that is a locality."""
    places = Register(localities=_localities())
    for table in (*TABLES.values(), models.Version):
        if "country" in {field.name for field in table._meta.get_fields()}:
            used = table._default_manager.filter(place__in=places.localities)
            for place in set(used.values_list("place", flat=True)):
                table._default_manager.filter(place=place).update(country=places.country_of(place))


def _move_to_place(version: models.Version, place: str) -> None:
    known = place in store.framework().places or place in _localities()
    if known and place != version.place:
        version.place, version.country = place, country_of(place)


def _locked(pk: int, by: Account) -> models.Version:
    """A version that the account may see, locked until the transaction ends."""
    visible = visible_versions(by).filter(pk=pk)
    if not visible.exists():
        raise PermissionDenied
    return models.Version.objects.select_for_update().get(pk=pk)


def _demand_draft(
    kind: str, by: Account, *, actor: str, place: str, subject: str, commitment: str
) -> None:
    action = DRAFTING[kind]
    if not subject and commitment:
        row = models.Commitment.objects.filter(slug=commitment).first()
        if row is None:
            raise WaymarkError(f"There is no commitment '{commitment}'.", "Check the identifier.")
        if kind == "reports":
            taking_part = {row.lead_id, *row.partners.values_list("actor_id", flat=True)}
            if actor in taking_part:
                demand(by, action, actor=actor, place=row.place)
                return
            demand(by, Action.PUBLISH, place=row.place)
            return
    demand(by, action, actor=actor, place=place)


def _demand_edit(version: models.Version, by: Account) -> None:
    if VersionStatus(version.status) not in EDITABLE:
        raise Refused(Sentence("A version that is submitted can be changed once it is returned."))
    demand(by, DRAFTING[version.kind], actor=version.actor, place=version.place)


def may_edit(version: models.Version, by: Any) -> bool:
    """Whether an account may change a version as it stands."""
    return VersionStatus(version.status) in EDITABLE and may(
        by, DRAFTING[version.kind], actor=version.actor, place=version.place
    )


def organisations(by: Any) -> list[str]:
    """The organisations for which an account may act."""
    return list(dict.fromkeys(each.actor for each in memberships(by) if each.actor))


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
