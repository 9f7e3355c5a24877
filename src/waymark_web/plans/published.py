"""What is published: read by identifier, written over, or taken in as a whole register."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Max

from waymark.compact.places import WORLD
from waymark.exceptions import NotFoundError, WaymarkError
from waymark.plans.actors import Locality
from waymark.plans.commitments import Commitment, Report
from waymark.plans.register import KINDS, Register
from waymark.plans.tallies import states_of
from waymark.plans.timeline import SETTLED, due_on
from waymark.reading import Value
from waymark_web import store
from waymark_web.audit.chain import record, writing
from waymark_web.plans import models
from waymark_web.plans.capacity_rows import sides
from waymark_web.plans.rows import TABLES, by_id, row_of, rows_inside, value_of, whole

Progress = Callable[[str, int, int], None]
BATCH = 2000
PRICES = ("rates", "deflators")  # where a currency stands once for a year
COUNTED = ("steps_all", "steps_live", "open_from")


@writing()
def load(
    register: Register,
    *,
    by: int = 0,
    replace: bool = True,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Take a whole register in: what is new is added, what differs is replaced, the rest stays.

    Without ``replace``, what differs stays too: people may have worked on it since.
    Returns how many values of each kind were added or replaced.
    """
    counts = {}
    for kind in KINDS:
        values = list(register.of_kind(kind).values())
        if kind in PRICES:
            written = _load_prices(kind, values, register, replace)
        else:
            written = _load_kind(kind, values, register, replace, progress)
        if written:
            counts[kind] = written
    if counts:
        record("loaded", "register", "register", account=by, **counts)
    return counts


def _load_kind(
    kind: str,
    values: list[Value],
    register: Register,
    replace: bool,
    progress: Progress | None,
) -> int:
    table, written = TABLES[kind], 0
    for start in range(0, len(values), BATCH):
        batch = values[start : start + BATCH]
        slugs = [str(getattr(value, "id")) for value in batch]  # noqa: B009
        rows = table._default_manager.filter(slug__in=slugs)
        known = by_id(kind, whole(rows) if kind == "commitments" else rows)
        _refuse_the_future(kind, batch)
        new = [value for value, slug in zip(batch, slugs, strict=True) if slug not in known]
        _add(kind, new, register)
        changed = [
            value
            for value, slug in zip(batch, slugs, strict=True)
            if replace and slug in known and known[slug] != value
        ]
        for value in changed:
            apply(kind, value, register)
        if kind == "reports":
            renew_courses(str(getattr(value, "commitment")) for value in new)  # noqa: B009
        written += len(new) + len(changed)
        if progress is not None:
            progress(kind, min(start + BATCH, len(values)), len(values))
    return written


def _load_prices(kind: str, values: list[Any], register: Register, replace: bool) -> int:
    """What is new or differs, unless the currency stands for that year in what stays."""
    table = TABLES[kind]
    known = by_id(kind, table._default_manager.all())
    written = {
        value.id: value
        for value in values
        if value.id not in known or (replace and known[value.id] != value)
    }
    staying = {(e.currency, e.year): e.id for e in known.values() if e.id not in written}
    for value in written.values():
        other = staying.get((value.currency, value.year))
        if other is not None:
            raise WaymarkError(
                f"{kind}: {value.currency} stands for {value.year} in the register already, "
                f"as '{other}'.",
                f"Give '{value.id}' that identifier, or leave it out; nothing was taken in.",
            )
    table._default_manager.filter(slug__in=[each for each in written if each in known]).delete()
    table._default_manager.bulk_create(
        [row_of(kind, value, register) for value in written.values()], batch_size=BATCH
    )
    return len(written)


def _refuse_the_future(kind: str, values: Iterable[Value]) -> None:
    for value in values:
        if isinstance(value, Report) and value.reported > store.today():
            raise WaymarkError(
                f"The report '{value.id}' is of {value.reported}, which is in the future.",
                "Correct the day; nothing was taken in.",
            )


def renew_courses(slugs: Iterable[str]) -> None:
    """Count anew the steps of some commitments, by what is reported on them until today."""
    wanted = sorted(set(slugs))
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        rows = {row.slug: row for row in whole(models.Commitment.objects.filter(slug__in=batch))}
        held = Register(
            commitments={slug: value_of("commitments", row) for slug, row in rows.items()},
            reports=by_id("reports", models.Report.objects.filter(commitment__in=batch)),
        )
        for report in held.reports.values():
            _refuse_lost_step(report, held.commitments[report.commitment])
        for slug, row in rows.items():
            _count_steps(row, held, held.commitments[slug])
        models.Commitment.objects.bulk_update(rows.values(), COUNTED, batch_size=200)


def _refuse_lost_step(report: Report, commitment: Commitment) -> None:
    if report.step is not None and report.step not in {step.id for step in commitment.steps}:
        raise WaymarkError(
            f"The report '{report.id}' is on the step '{report.step}', which "
            f"'{commitment.id}' no longer has.",
            "Mark the step as dropped instead of removing it.",
        )


def _count_steps(row: models.Commitment, register: Register, value: Commitment) -> None:
    states = states_of(register, value, store.forums(), store.today())
    live = [step for step in value.steps if not step.dropped]
    still_open = [due_on(step, store.forums()) for step in live if states[step.id] not in SETTLED]
    row.steps_all, row.steps_live = len(value.steps), len(live)
    row.open_from = min(still_open, default=None)


def _add(kind: str, values: list[Value], register: Register) -> None:
    made = [row_of(kind, value, register) for value in values]
    if kind == "commitments":
        for row, value in zip(made, values, strict=True):
            _count_steps(row, register, value)  # type: ignore[arg-type]
    rows = TABLES[kind]._default_manager.bulk_create(made, batch_size=BATCH)
    if kind == "commitments":
        inner: dict[type[Any], list[Any]] = {}
        for row, value in zip(rows, values, strict=True):
            for each in rows_inside(row, value):  # type: ignore[arg-type]
                inner.setdefault(type(each), []).append(each)
        for table, held in inner.items():
            table._default_manager.bulk_create(held, batch_size=BATCH)


def apply(kind: str, value: Any, register: Register | None = None) -> None:
    """Write a value over what is published under its identifier, or as new."""
    places = register if register is not None else Register(localities=localities())
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
        renew_courses([value.id])
    if kind == "reports":
        renew_courses([value.commitment])
    if kind == "localities":
        _renew_countries()


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


def owner_of(kind: str, subject: str, speaking: str = "") -> tuple[str, str]:
    """The organisation and the place to which something published belongs, by its identifier."""
    value = published_value(kind, subject)
    if value is None:
        raise NotFoundError(f"There is no '{subject}' in the register.", "Check the identifier.")
    return owner_of_value(kind, value, speaking)


def owner_of_value(kind: str, value: Any, speaking: str = "") -> tuple[str, str]:
    """The organisation and the place to which something published belongs.

    A request belongs to two: to the one that is ``speaking``, else to the one that asks.
    """
    if kind == "capacity_requests":
        both = sides(value)
        asking = next(iter(both))
        return (speaking, both[speaking]) if speaking in both else (asking, both[asking])
    for name in ("lead", "by", "actor"):
        if getattr(value, name, None):
            actor = str(getattr(value, name))
            break
    else:
        actor = value.id if kind == "actors" else ""
    place = deciding_place(value)
    if kind in PRICES:  # whoever published it keeps it; else stewards do
        given = models.Version.objects.filter(kind=kind, subject=value.id, number__gt=0)
        return actor, given.order_by("number").values_list("place", flat=True).first() or WORLD
    return actor, str(place)


def deciding_place(value: Value) -> str | None:
    """Whose coordinators decide on something: the place of the commitment of which it is said, be
    its own another; else its own place, or where it lies, or where its actor is. None where it has
    none of these.
    """
    commitment = getattr(value, "commitment", None)
    if commitment:
        return place_of(str(commitment))
    if isinstance(value, Locality):
        return value.parent
    place, actor = getattr(value, "place", None), getattr(value, "actor", None)
    if place is None and actor is not None:
        return models.Actor.objects.values_list("place", flat=True).get(slug=actor)
    return place


def place_of(commitment: str) -> str:
    """The place of a published commitment."""
    row = models.Commitment.objects.filter(slug=commitment).first()
    if row is None:
        raise NotFoundError(f"There is no commitment '{commitment}'.", "Check the identifier.")
    return row.place


def country_of(place: str) -> str:
    """The State or area that holds a place."""
    return Register(localities=localities()).country_of(place)


def localities() -> dict[str, Any]:
    return by_id("localities", models.Locality.objects.all())


def _renew_countries() -> None:
    """After a locality has moved: which State holds each place that is a locality."""
    places = Register(localities=localities())
    for table in (*TABLES.values(), models.Version):
        if "country" in {field.name for field in table._meta.get_fields()}:
            used = table._default_manager.filter(place__in=places.localities)
            for place in set(used.values_list("place", flat=True)):
                table._default_manager.filter(place=place).update(country=places.country_of(place))
