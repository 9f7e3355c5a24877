"""A place's arrangements in columns: numbers, answers and days, checked as a whole.

Bodies are numbered in their order, and so are arrangements. The whole of what is written down is
checked here, whatever it was written in: identifiers, names, kinds, days, and who is whose.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from waymark.compact.dates import first_day, last_day
from waymark.exceptions import WaymarkError
from waymark.firewall.audits.network import Ground, Known
from waymark.firewall.audits.tables import FORM, Mask, Table, first, is_blank
from waymark.firewall.domain import Domain, Role

Indices = npt.NDArray[np.int32]
Small = npt.NDArray[np.int8]
NOBODY = -1
NEVER, ALWAYS = date.max.toordinal(), date.min.toordinal()
ANSWERS = {Known.NO: 0, Known.YES: 1, Known.NOT_KNOWN: 2}
NO, YES, NOT_KNOWN = ANSWERS.values()
GROUNDS = tuple(Ground)


@dataclass(frozen=True)
class BodyColumns:
    """Bodies: what each is, who can see what it holds, and from when to when evidence counts."""

    ids: pa.Array
    is_sink: Mask
    is_service: Mask
    is_gate: Mask
    parent: Indices
    parent_reads: Small
    owner: Indices  # of each processor, who has it
    processor: Indices
    duty: Small
    evidence_from: Indices  # the day from which it is known to be there
    evidence_until: Indices
    evidence_first: Indices  # the first day of its date
    controller_first: Indices  # the first and the last day on which the controller may have changed
    controller_last: Indices

    def __len__(self) -> int:
        return len(self.is_sink)


@dataclass(frozen=True)
class ArrangementColumns:
    """Arrangements: from whom to whom, on what ground, from when to when."""

    sender: Indices
    recipient: Indices
    ground: Small
    by_law: Mask
    passes: Small
    is_protected: Mask  # something about people is among what it passes
    has_counts: Mask  # counts that passed the statistics gate are among it
    since: Indices
    until: Indices

    def __len__(self) -> int:
        return len(self.sender)


def body_columns(table: Table, domain: Domain) -> BodyColumns:
    """The bodies of a table; the first fault is raised."""
    ids = _identifiers(table)
    kinds = _known_words(table, "kind", domain.dimensions["from"], "kind of body")
    roles = [domain.kind(kind).role if kind is not None else None for kind in kinds[0]]
    role_of = np.array([list(Role).index(it) if it else -1 for it in roles])[kinds[1]]
    is_service = role_of == list(Role).index(Role.SERVICE)
    people = role_of == list(Role).index(Role.PERSON)
    remedy = "Leave it out: what a person is told is no arrangement between bodies."
    table.refuse(people, "kind", "the person concerned is no body.", remedy)
    said = _mapped(table, "service", lambda it: NOT_KNOWN if it is None else int(it), np.int8)
    remedy = "Leave 'service' out, or correct the kind."
    table.refuse(is_service & (said == NO), "service", "this kind is a service.", remedy)
    is_sink = role_of == list(Role).index(Role.SINK)
    remedy = "Leave 'service' out, or give the unit to which people go as a body of its own."
    table.refuse(is_sink & (said == YES), "service", "enforcement is no service.", remedy)
    _known_words(table, "holds", domain.dimensions["data"], "kind of data")
    parent = _parents(table, ids)
    owner, processor = _processors(table, ids)
    _check_parents(table, parent)
    evidence = ~is_blank(table.column("evidence"))
    dated = _mapped(table, "evidence_date", _last(NEVER), np.int32)
    undated = evidence & (dated == NEVER)
    table.refuse(undated, "evidence_date", "the evidence has no date.", "Give evidence_date.")
    return BodyColumns(
        ids=ids,
        is_sink=is_sink,
        is_service=is_service | (said == YES),
        is_gate=role_of == list(Role).index(Role.GATE),
        parent=parent,
        parent_reads=_mapped(table, "parent_reads", ANSWERS.__getitem__, np.int8),
        owner=owner,
        processor=processor,
        duty=_mapped(table, "duty_to_report", ANSWERS.__getitem__, np.int8),
        evidence_from=np.where(evidence, dated, NEVER).astype(np.int32),
        evidence_until=_mapped(table, "evidence_until", _last(NEVER), np.int32),
        evidence_first=_mapped(table, "evidence_date", _first(NEVER), np.int32),
        controller_first=_mapped(table, "controller_since", _first(NEVER), np.int32),
        controller_last=_mapped(table, "controller_since", _last(NEVER), np.int32),
    )


def arrangement_columns(table: Table, domain: Domain, ids: pa.Array) -> ArrangementColumns:
    """The arrangements of a table between the bodies with these identifiers."""
    table.refuse_blanks("id", "basis")
    with ThreadPoolExecutor(1) as aside:  # the engine looks bodies up while the rest is read
        looked_up = aside.submit(_ends, table, ids)
        _each_once(table)
        what = _what_passes(table, domain)
        sender, recipient = looked_up.result()
    remedy = "Correct the sender or the recipient."
    table.refuse(sender == recipient, "recipient", "it leads back to its sender.", remedy)
    return ArrangementColumns(sender=sender, recipient=recipient, **what)


def _what_passes(table: Table, domain: Domain) -> dict[str, npt.NDArray[Any]]:
    """What each arrangement passes, on what ground, from when to when."""
    _known_words(table, "purpose", domain.dimensions["for"], "purpose")
    values, codes = _known_words(table, "data", domain.dimensions["data"], "kind of data")
    protected = {each.id for each in domain.data if each.protected}
    given = [set(value or ()) for value in values]
    since = _mapped(table, "since", _first(ALWAYS), np.int32)
    until = _mapped(table, "until", _last(NEVER), np.int32)
    table.refuse(until < since, "until", "it ends before it begins.", "Correct one of the days.")
    ground = _mapped(table, "ground", GROUNDS.index, np.int8)
    nothing = ground == GROUNDS.index(Ground.NO_EVIDENCE)
    remedy = "Give the ground, and 'passes: not-known' if nobody knows whether it happens."
    table.refuse(nothing, "ground", "an arrangement has a ground.", remedy)
    changed = _mapped(table, "changed_by", ("", "law", "parties").index, np.int8)
    return {
        "ground": ground,
        "by_law": (changed == 1) | ((changed == 0) & (ground == GROUNDS.index(Ground.LEGAL_DUTY))),
        "passes": _mapped(table, "passes", ANSWERS.__getitem__, np.int8),
        "is_protected": np.array([bool(it & protected) for it in given])[codes],
        "has_counts": np.array([bool(it - protected) for it in given])[codes],
        "since": since,
        "until": until,
    }


def _identifiers(table: Table) -> pa.Array:
    """The identifiers of bodies: one word each, each once."""
    table.refuse_blanks("id", "name")
    given = table.column("id")
    several = pc.match_substring_regex(given, r"[\s|]").to_numpy()
    problem = "an identifier is one word, without blanks and bars."
    table.refuse(several, "id", problem, "Write it with hyphens.")
    _each_once(table)
    return given.combine_chunks()


def _each_once(table: Table) -> None:
    """Refuse an identifier that stands twice. Hashes tell whether any may, and then which."""
    hashes = table.ask("select hash(id) as hash from given")["hash"]
    hashes.sort()
    if (hashes[1:] == hashes[:-1]).any():
        again = table.ask(
            "select min(row) as row from (select row, row_number() over "
            "(partition by id order by row) as time from given) where time > 1"
        )["row"]
        if again[0] is not np.ma.masked:
            row = int(again[0])
            problem = f"'{table.fetch([row])[0]['id'][:60]}' is there twice."
            raise table.fault(row, "id", problem, "Give each its own identifier, and each once.")


def _known_words(
    table: Table, name: str, known: tuple[str, ...], what: str
) -> tuple[list[Any], npt.NDArray[np.int32]]:
    """A column whose words are of a closed list."""
    values, codes = table.parsed(name)
    for code, value in enumerate(values):
        for word in (value,) if isinstance(value, str) else value or ():
            if word and word not in known:
                problem = f"'{word[:60]}' is no {what}."
                table.refuse(codes == code, name, problem, f"Take of: {', '.join(known)}.")
    return values, codes


def _mapped(table: Table, name: str, read: Callable[[Any], Any], dtype: Any) -> npt.NDArray[Any]:
    """A column of few different values, each read once."""
    values, codes = table.parsed(name)
    required = table.model.model_fields[name].is_required()  # then None is of no row
    known = [0 if value is None and required else read(value) for value in values]
    return np.array(known, dtype=dtype)[codes]


def _first(missing: int) -> Callable[[str | None], int]:
    return lambda day: missing if day is None else first_day(day).toordinal()


def _last(missing: int) -> Callable[[str | None], int]:
    return lambda day: missing if day is None else last_day(day).toordinal()


def _positions(named: pa.ChunkedArray | pa.Array, ids: pa.Array) -> Indices:
    """The numbers of the bodies that a column names; ``NOBODY`` where there is none."""
    found: Indices = pc.index_in(named, value_set=ids).fill_null(NOBODY).to_numpy()
    return found


def _parents(table: Table, ids: pa.Array) -> Indices:
    named = table.column("parent")
    found = _positions(named, ids)
    lost = (found == NOBODY) & ~is_blank(named)
    row = first(lost)
    if row is not None:
        raise _lost(table, row, "parent")
    return found


def _ends(table: Table, ids: pa.Array) -> tuple[Indices, Indices]:
    """The numbers of the bodies at both ends of each arrangement."""
    bodies = pa.table({"id": ids, "at": np.arange(len(ids), dtype=np.int32)})
    found = table.ask(
        "select given.row, coalesce(senders.at, -1) as sender, "
        "coalesce(recipients.at, -1) as recipient from given "
        "left join bodies senders on senders.id = given.sender::varchar "
        "left join bodies recipients on recipients.id = given.recipient::varchar",
        bodies=bodies,
    )
    ends = []
    for name in ("sender", "recipient"):
        ordered = np.empty(table.rows, dtype=np.int32)
        ordered[found["row"]] = found[name]
        row = first(ordered == NOBODY)
        if row is not None:
            raise _lost(table, row, name)
        ends.append(ordered)
    return ends[0], ends[1]


def _lost(table: Table, row: int, name: str) -> WaymarkError:
    given = table.fetch([row])[0][name]
    if given is None or not given.strip():
        return table.fault(row, name, f"'{name}' is missing.", FORM)
    problem = f"'{given[:60]}' is not among the bodies."
    return table.fault(row, name, problem, "Add it to the bodies, or correct the name.")


def _processors(table: Table, ids: pa.Array) -> tuple[Indices, Indices]:
    """Who has a processor, and which."""
    values, codes = table.parsed("processors")
    lengths = np.array([len(it) for it in values], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    words = pa.array([word for value in values for word in value], pa.string())
    numbers = _positions(words, ids)
    for code, value in enumerate(values):
        for at, word in enumerate(value, start=int(starts[code])):
            if numbers[at] == NOBODY:
                problem = f"'{word[:60]}' is not among the bodies."
                remedy = "Add it to the bodies, or correct the name."
                table.refuse(codes == code, "processors", problem, remedy)
    counts = lengths[codes]
    owner = np.repeat(np.arange(table.rows, dtype=np.int32), counts)
    offset = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    processor = numbers[np.repeat(starts[codes], counts) + offset] if len(owner) else owner
    itself = np.zeros(table.rows, dtype=bool)
    itself[owner[owner == processor]] = True
    table.refuse(itself, "processors", "it is its own processor.", "Take it out of the list.")
    return owner, processor


def _check_parents(table: Table, parent: Indices) -> None:
    """Refuse a body that is its own ancestor."""
    above = np.append(parent, NOBODY)  # the last place is nobody's, so that NOBODY leads there
    for _ in range(len(parent).bit_length()):
        above = above[above]
    remedy = "Correct 'parent'; the highest body has none."
    problem = "its parents lead back to itself or never end."
    table.refuse(above[:-1] != NOBODY, "parent", problem, remedy)
