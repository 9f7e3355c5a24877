"""The page between a file and the register: what it changes, what is wrong, what to decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from waymark.exchange.incoming import (
    MINE,
    THEIRS,
    CellFault,
    Change,
    Conflict,
    Difference,
    Incoming,
)
from waymark.exchange.workbook.cells import word
from waymark.exchange.workbook.choices import TITLES, Lists
from waymark.exchange.workbook.columns import REMOVE, Column, Form, sheets_of
from waymark.exchange.workbook.contents import Wording
from waymark.words import N_, Sentence
from waymark_web.exchange import writes
from waymark_web.exchange.models import Waiting
from waymark_web.exchange.wording import lists_of, wording
from waymark_web.languages import language
from waymark_web.plans.differences import label_of, pieces, whole

MOST_SHOWN = 200  # changes that are shown one by one
DECIDED = N_("It was decided on this file already.")
REMOVED = N_("this row is removed")


@dataclass(frozen=True)
class Line:
    """One field of a change on the page: what it is called, its cell, both sides.

    ``pieces`` are marks and texts; a line with a ``choice`` is a conflict to be decided.
    """

    label: str
    cell: str
    before: str
    after: str
    pieces: list[tuple[str, str]] = field(default_factory=list)
    base: str | None = None
    choice: str = ""
    chosen: str = ""


@dataclass(frozen=True)
class Shown:
    """One change on the page."""

    kind: Sentence
    title: str
    language: str
    is_new: bool
    lines: list[Line]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def incoming(request: HttpRequest, token: str) -> HttpResponse:
    """What a file brings, to be kept as drafts or given up."""
    waiting = Waiting.objects.filter(token=token, account=request.user.pk).first()
    if waiting is None or waiting.created < timezone.now() - writes.KEPT_FOR:
        raise Http404
    found = _read(waiting)
    if request.method != "POST":
        return _page(request, waiting, found)
    if request.POST.get("action") == "give-up":
        writes.give_up(waiting)
        messages.success(request, Sentence("Nothing of the file was kept.").text(language()))
        return redirect("work")
    decided = found.decided(_choices(request.POST, found))
    try:
        made = writes.apply(
            decided,
            request.user,  # type: ignore[arg-type]
            waiting=waiting,
            submit="submit" in request.POST,
        )
    except writes.NotTakenError as refused:
        return _page(request, waiting, found, refused.faults, given=request.POST, status=422)
    except writes.DecidedError:
        messages.info(request, Sentence(DECIDED).text(language()))
        return redirect("work")
    said = Sentence("Drafts kept from the file: {count}.", count=len(made))
    messages.success(request, said.text(language()))
    return redirect("work")


def _read(waiting: Waiting) -> Incoming:
    """What waits, as a value; a list whose columns nobody has said yet waits at another page."""
    try:
        return Incoming.model_validate(waiting.content)
    except ValidationError:
        raise Http404 from None


def _choices(given: QueryDict, found: Incoming) -> dict[int, dict[str, str]]:
    choices: dict[int, dict[str, str]] = {}
    for number, conflict in found.conflicts:
        choice = given.get(_name(number, conflict), "")
        if choice in (MINE, THEIRS):
            choices.setdefault(number, {})[conflict.name] = choice
    return choices


def _name(number: int, conflict: Conflict) -> str:
    return f"choice-{number}-{conflict.name}"


def _page(
    request: HttpRequest,
    waiting: Waiting,
    found: Incoming,
    refused: list[CellFault] | None = None,
    *,
    given: QueryDict | None = None,
    status: int = 200,
) -> HttpResponse:
    faults = list(found.faults) if refused is None else refused
    context = {
        "waiting": waiting,
        "faults": faults,
        "refused": refused is not None,
        "notes": [each.sentence for each in found.notes],
        "changes": list(_shown(found, given or QueryDict())),
        "count": len(found.changes),
        "new": sum(each.base is None for each in found.changes),
        "conflicts": len(found.conflicts),
        "most": MOST_SHOWN,
        "may_keep": bool(found.changes) and not found.faults,
    }
    return render(request, "exchange/incoming.html", context, status=status)


def _shown(found: Incoming, given: QueryDict) -> Iterator[Shown]:
    words = Words(wording(language()), lists_of({}, language()))
    for number, change in enumerate(found.changes):
        if number >= MOST_SHOWN and not change.conflicts:
            continue
        lines = [_difference(change, each, words) for each in change.differences]
        lines += [_conflict(change, each, words, number, given) for each in change.conflicts]
        yield Shown(
            label_of(change.kind),
            _title(change),
            str(change.document.get("language", "")),
            change.base is None,
            lines,
        )


def _title(change: Change) -> str:
    named = (change.document.get(name) for name in (*TITLES, "text"))
    return next((str(each) for each in named if each), change.subject)


@dataclass(frozen=True)
class Words:
    """What fields and their values are called on the page."""

    wording: Wording
    lists: Lists

    def label(self, change: Change, path: tuple[str, ...]) -> str:
        """What a field is called, with its row where it stands in a table of a document."""
        if len(path) == 1:
            return self.wording.column(change.kind, path[0])
        table, row, name = path
        if name == REMOVE:
            return f"{self.wording.sheet(table)} {row}: {Sentence(REMOVED).text(language())}"
        return f"{self.wording.sheet(table)} {row}: {self.wording.column(table, name)}"

    def are_free(self, change: Change, path: tuple[str, ...]) -> bool:
        """Whether a field holds free words, which are compared one by one."""
        column = self._column(change, path)
        return column is None or column.form in (Form.LINE, Form.TEXT, Form.WORDS, Form.ADDRESSES)

    def _column(self, change: Change, path: tuple[str, ...]) -> Column | None:
        table = path[0] if len(path) > 1 else change.kind
        columns = (sheet.by_name.get(path[-1]) for sheet in sheets_of() if sheet.name == table)
        return next(columns, None)

    def value(self, change: Change, path: tuple[str, ...], text: str) -> str:
        """A value as a person reads it: one of a list by its name, yes and no as words."""
        column = self._column(change, path)
        if column is None or path[-1] == REMOVE or not text:
            return text
        if column.form is Form.CHOICE and column.listed in self.lists:
            return self.lists[column.listed].shown(text)
        return word(True, language()) if column.form is Form.YES_OR_NO else text


def _difference(change: Change, each: Difference, words: Words) -> Line:
    before, after = (words.value(change, each.path, text) for text in (each.before, each.after))
    marked = (
        list(pieces(before, after)) if words.are_free(change, each.path) else whole(before, after)
    )
    if change.base is None:
        marked = [("=", after)]  # what is new has nothing to be compared with
    return Line(words.label(change, each.path), each.cell, before, after, marked)


def _conflict(change: Change, each: Conflict, words: Words, number: int, given: QueryDict) -> Line:
    name = _name(number, each)
    return Line(
        words.label(change, each.path),
        each.cell,
        words.value(change, each.path, each.theirs),
        words.value(change, each.path, each.mine),
        base=None if each.base is None else words.value(change, each.path, each.base),
        choice=name,
        chosen=given.get(name, ""),
    )
