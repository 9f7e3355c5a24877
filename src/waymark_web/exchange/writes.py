"""Taking in what a file brings: kept until its sender decides, then all of it or nothing."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from waymark.exceptions import WaymarkError
from waymark.exchange.incoming import CellFault, Change, Incoming, plainly
from waymark.plans.procedure import VersionStatus
from waymark.words import N_, Sentence
from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import DRAFTING
from waymark_web.audit.chain import record, writing
from waymark_web.exchange.incoming import (
    ASK,
    CHANGED,
    IDENTIFIER,
    LONGEST_IDENTIFIER,
    LOOK_AGAIN,
    MOST_CHANGES,
    NO_IDENTIFIER,
    NOT_YOURS,
    OPEN_STATUSES,
    SPELL_IT,
    TAKE_ANOTHER,
    TAKEN,
    fault_of,
    faults_by_cell,
    owner_of_new,
)
from waymark_web.exchange.models import Waiting
from waymark_web.plans import models
from waymark_web.plans import writes as register
from waymark_web.plans.checks import InvalidError, checked
from waymark_web.plans.files import safe_name
from waymark_web.plans.published import published_number
from waymark_web.plans.writes import RefusedError

KEPT_FOR = timedelta(hours=24)


class NotTakenError(Exception):
    """Something is wrong with what a file brings: nothing of it was kept."""

    def __init__(self, faults: list[CellFault]) -> None:
        self.faults = faults
        super().__init__("; ".join(map(str, faults)))


class DecidedError(Exception):
    """What a file brought was kept or given up already, by another press of the same button."""


class _Tried(Exception):  # noqa: N818 - it undoes what was only tried
    pass


@transaction.atomic
def keep(incoming: Incoming, by: Account, *, name: str, content: bytes) -> Waiting:
    """Keep what a file brings until its sender decides; an earlier one of the same source goes.

    What waits longer than ``KEPT_FOR`` goes too, whoever sent it.
    """
    now = timezone.now()
    Waiting.objects.filter(created__lt=now - KEPT_FOR).delete()
    Waiting.objects.filter(account=by.pk, source=incoming.source).delete()
    return Waiting.objects.create(
        token=secrets.token_hex(16),
        account=by.pk,
        source=incoming.source,
        name=safe_name(name),
        sha256=hashlib.sha256(content).hexdigest(),
        content=incoming.model_dump(mode="json"),
        created=now,
    )


@transaction.atomic
def give_up(waiting: Waiting) -> None:
    """Forget what a file brought."""
    waiting.delete()


def tried(incoming: Incoming, by: Account) -> Incoming:
    """The same with every fault that the register finds in it; nothing is kept by this.

    Conflicts are left as they stand in the register.
    """
    if len(incoming.changes) > MOST_CHANGES:
        raise RefusedError(
            Sentence(
                N_("One file may change at most {most} entries; this one changes {count}."),
                most=MOST_CHANGES,
                count=len(incoming.changes),
            )
        )
    found: list[CellFault] = []
    try:
        with writing():
            for change in incoming.changes:
                _with_faults(lambda change=change: _take(change, by), change, found)
            raise _Tried
    except _Tried:
        pass
    return incoming.with_faults(found)


@writing()
def apply(
    incoming: Incoming, by: Account, *, waiting: Waiting | None = None, submit: bool = False
) -> list[models.Version]:
    """Make drafts of everything that a file brings, by the usual procedure, or of nothing.

    Conflicts must have been decided. With ``submit`` the drafts are submitted at once. Raises
    ``NotTakenError`` with all that is wrong, also where something was changed meanwhile, and
    ``DecidedError`` where the file no longer waits.
    """
    if waiting is not None:
        _demand_waiting(waiting)
    faults = [*incoming.faults, *_undecided(incoming)]
    made: list[models.Version] = []
    for change in incoming.changes:
        if change.base != change.document:
            _with_faults(
                lambda change=change: made.append(_take(change, by, submit)), change, faults
            )
    if faults:
        raise NotTakenError(faults)
    details = {"file": waiting.name, "sha256": waiting.sha256} if waiting is not None else {}
    subjects = [f"{each.kind} {each.subject}" for each in made]
    record(
        "brought in", incoming.source, incoming.source, account=by.pk, changes=subjects, **details
    )
    if waiting is not None:
        waiting.delete()
        Waiting.objects.filter(account=by.pk, source=f"{incoming.source}-file").delete()
    return made


def _demand_waiting(waiting: Waiting) -> None:
    """Of two who decide on a file at once, the second finds it gone."""
    if not Waiting.objects.select_for_update().filter(pk=waiting.pk):
        raise DecidedError


def _undecided(incoming: Incoming) -> list[CellFault]:
    return [
        fault_of(
            incoming.changes[number],
            N_("The file and the register say different things."),
            N_("Choose which of the two counts."),
        ).model_copy(update={"cell": conflict.cell})
        for number, conflict in incoming.conflicts
    ]


def _with_faults(deed: Callable[[], object], change: Change, found: list[CellFault]) -> None:
    """Do something in a part of the transaction of its own; its faults go to ``found``."""
    try:
        with transaction.atomic():
            deed()
    except InvalidError as invalid:
        found += faults_by_cell(change, invalid.problems)
    except PermissionDenied:
        found.append(fault_of(change, NOT_YOURS, ASK))
    except NotTakenError as refused_here:
        found += refused_here.faults
    except RefusedError as refused:
        found.append(_refusal(change, refused.reason))
    except register.ConflictError:
        found.append(fault_of(change, CHANGED, LOOK_AGAIN))
    except WaymarkError as error:
        told = fault_of(change, "{said}", "", said=error.problem)
        found.append(told.model_copy(update={"remedy": plainly(error.remedy)}))


def _take(change: Change, by: Account, submit: bool = False) -> models.Version:
    version = _begun(change, by)
    if version.document != change.document:
        version = register.save(version.pk, change.document, version.edits, by)
    checked(version.kind, version.document)
    if submit:
        version = register.move(version.pk, VersionStatus.SUBMITTED, by, edits=version.edits)
    return version


def _begun(change: Change, by: Account) -> models.Version:
    """The version to write on: the open one as it was compared, or a new one."""
    kind, subject = change.kind, change.subject
    if kind not in DRAFTING:
        raise PermissionDenied
    if subject and (len(subject) > LONGEST_IDENTIFIER or not IDENTIFIER.fullmatch(subject)):
        raise NotTakenError([fault_of(change, NO_IDENTIFIER, SPELL_IT, id=subject)])
    found = models.Version.objects.filter(kind=kind, subject=subject, status__in=OPEN_STATUSES)
    held = found.first() if subject else None
    number = published_number(kind, subject) if subject else 0
    if change.base is None:
        if held is not None or number:
            raise NotTakenError([fault_of(change, TAKEN, TAKE_ANOTHER, id=subject)])
        actor, place = owner_of_new(change, by)
        return register.begin(
            kind, by, actor=actor, place=place, subject=subject, document=change.document
        )
    if held is None and not number:
        raise NotTakenError([fault_of(change, CHANGED, LOOK_AGAIN)])
    speaking = held.actor if held is not None else ""
    version = register.begin(kind, by, actor=speaking, place="", subject=subject)
    if version.document != change.base:
        raise register.ConflictError(version, change.document)
    return version


def _refusal(change: Change, reason: Sentence) -> CellFault:
    plain = all(isinstance(each, str | int) for each in reason.fields.values())
    if plain and reason.plural is None:
        return fault_of(change, reason.message, "", **reason.fields)
    return fault_of(change, "{said}", "", said=reason.text())
