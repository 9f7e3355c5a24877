"""How a workbook calls its sheets and columns: as the forms of the site do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waymark.exchange.workbook.choices import TITLES, Choices, lists
from waymark.exchange.workbook.contents import Wording
from waymark.words import Sentence
from waymark_web import store
from waymark_web.plans.fields import FIELDS, KIND_NAMES, ROWS, Field
from waymark_web.plans.rows import TABLES


def wording(language: str) -> Wording:
    """The words of the forms, in a language."""
    inner = {name: fields for name, (fields, _) in ROWS.items()}
    sheets = {kind: Sentence(name) for kind, name in KIND_NAMES.items()}
    asked: dict[str, tuple[Field, ...]] = {**FIELDS, **inner}
    for fields in FIELDS.values():
        sheets |= {each.name: Sentence(each.label) for each in fields if each.name in inner}
    columns = {
        (sheet, each.name): Sentence(each.label)
        for sheet, fields in asked.items()
        for each in fields
    }
    helps = {
        (sheet, each.name): Sentence(each.help)
        for sheet, fields in asked.items()
        for each in fields
        if each.help
    }
    return Wording(language, sheets, columns, helps)


def lists_of_the_register(language: str) -> dict[str, Choices]:
    """Every list to choose from, with the names that the register holds now."""
    return lists_of({kind: _named(table) for kind, table in TABLES.items()}, language)


def lists_of(named: Mapping[str, Mapping[str, str]], language: str) -> dict[str, Choices]:
    """Every list to choose from, with names of the register's things by kind and identifier."""
    series = {code: each.name for code, each in store.series().items()}
    return lists(store.framework(), store.forums(), series, named, language)


def _named(table: Any) -> dict[str, str]:
    fields = {each.name for each in table._meta.get_fields()}
    title = next((name for name in TITLES if name in fields), "")
    if not title:
        return dict.fromkeys(table._default_manager.values_list("slug", flat=True), "")
    return dict(table._default_manager.order_by("pk").values_list("slug", title))
