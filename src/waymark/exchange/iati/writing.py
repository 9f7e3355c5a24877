"""Write activities as IATI 2.03 XML, in the order that the standard wants; nothing is added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from waymark.exceptions import WaymarkError
from waymark.exchange.iati import activities as values
from waymark.exchange.iati.activities import Activity, Code, Money, Organisation, Share, Texts
from waymark.exchange.iati.parsing import ACTIVITY, ROOT
from waymark.exchange.iati.reading import LANG

VERSION = "2.03"


def write_activities(activities: Iterable[Activity], path: Path) -> int:
    """Write a file of activities, one after the other, whole or not at all; how many there are.

    A file that is there is replaced only when the new one is whole.
    """
    partial = path.with_name(f".{path.name}.partial")
    count = 0
    try:
        with partial.open("wb") as file, etree.xmlfile(file, encoding="UTF-8") as document:
            document.write_declaration()
            with document.element(ROOT, version=VERSION):
                for each in activities:
                    document.write("\n")
                    document.write(_element(each), pretty_print=True)
                    count += 1
        partial.replace(path)
    except OSError as error:
        remedy = "Choose another --output."
        raise WaymarkError(f"{path} cannot be written: {error.strerror}.", remedy) from None
    finally:
        partial.unlink(missing_ok=True)
    return count


def _element(activity: Activity) -> Any:
    try:
        return as_element(activity)
    except ValueError:  # XML has no way to write some characters
        problem = f"{activity.id[:80]!r} holds a character that XML cannot hold."
        raise WaymarkError(problem, "Type its texts again.") from None


def as_element(activity: Activity) -> Any:
    """An activity as its element."""
    top = etree.Element(ACTIVITY)
    _set(top, **{LANG: activity.language, "default-currency": activity.currency})
    _set(top, humanitarian=_answer(activity.humanitarian))
    _add(top, "iati-identifier").text = activity.id
    _organisation(top, "reporting-org", activity.reporter, "")
    _texts(top, "title", activity.title)
    if activity.description:
        _texts(top, "description", activity.description)
    for participant in activity.participants:
        _organisation(top, "participating-org", participant.organisation, "", participant.role)
    _code(top, "activity-status", activity.status)
    for event in activity.events:
        _day(top, "activity-date", event.day, type=event.type)
    for tag, shares in (
        ("recipient-country", activity.countries),
        ("recipient-region", activity.regions),
        ("sector", activity.sectors),
    ):
        for share in shares:
            _share(top, tag, share)
    for each in activity.tags:
        _with_vocabulary(top, "tag", each)
    for scope in activity.scopes:
        _add(
            top, "humanitarian-scope", type=scope.type, vocabulary=scope.vocabulary, code=scope.code
        )
    _code(top, "default-flow-type", activity.flow_type)
    _code(top, "default-finance-type", activity.finance_type)
    for each in activity.aid_types:
        _with_vocabulary(top, "default-aid-type", each)
    _code(top, "default-tied-status", activity.tied_status)
    _plans(top, activity)
    for transaction in activity.transactions:
        _transaction(top, transaction)
    for related in activity.related:
        _add(top, "related-activity", ref=related.ref, type=related.type)
    for result in activity.results:
        _result(top, result)
    return top


def _plans(top: Any, activity: Activity) -> None:
    for budget in activity.budgets:
        element = _add(top, "budget", type=budget.type, status=budget.status)
        _day(element, "period-start", budget.starts)
        _day(element, "period-end", budget.ends)
        _money(element, budget.money)
    for planned in activity.planned:
        element = _add(top, "planned-disbursement", type=planned.type)
        _day(element, "period-start", planned.starts)
        if planned.ends is not None:
            _day(element, "period-end", planned.ends)
        _money(element, planned.money)
        _organisation(element, "provider-org", planned.provider, "provider-")
        _organisation(element, "receiver-org", planned.receiver, "receiver-")


def _transaction(top: Any, given: values.Transaction) -> None:
    humanitarian = _answer(given.humanitarian)
    element = _add(top, "transaction", ref=given.ref, humanitarian=humanitarian)
    _code(element, "transaction-type", given.type)
    _day(element, "transaction-date", given.day)
    _money(element, given.money)
    if given.description:
        _texts(element, "description", given.description)
    _organisation(element, "provider-org", given.provider, "provider-")
    _organisation(element, "receiver-org", given.receiver, "receiver-")
    for sector in given.sectors:
        _share(element, "sector", sector)
    _code(element, "recipient-country", given.country)
    if given.region is not None:
        _with_vocabulary(element, "recipient-region", given.region)
    _code(element, "flow-type", given.flow_type)
    _code(element, "finance-type", given.finance_type)
    for each in given.aid_types:
        _with_vocabulary(element, "aid-type", each)
    _code(element, "tied-status", given.tied_status)


def _result(top: Any, result: values.Result) -> None:
    element = _add(top, "result", type=result.type)
    _texts(element, "title", result.title)
    if result.description:
        _texts(element, "description", result.description)
    for indicator in result.indicators:
        inner = _add(element, "indicator", measure=indicator.measure)
        _set(inner, ascending=_answer(indicator.ascending))
        _texts(inner, "title", indicator.title)
        if indicator.description:
            _texts(inner, "description", indicator.description)
        for reference in indicator.references:
            _with_vocabulary(inner, "reference", reference)
        for baseline in indicator.baselines:
            _measured(inner, "baseline", baseline)
        for period in indicator.periods:
            within = _add(inner, "period")
            _day(within, "period-start", period.starts)
            _day(within, "period-end", period.ends)
            for target in period.targets:
                _measured(within, "target", target)
            for actual in period.actuals:
                _measured(within, "actual", actual)


def _add(parent: Any, tag: str, **attributes: str) -> Any:
    element = etree.SubElement(parent, tag)
    _set(element, **attributes)
    return element


def _set(element: Any, **attributes: str) -> None:
    for name, value in attributes.items():
        if value:
            element.set(name, value)


def _texts(parent: Any, tag: str, texts: Texts) -> None:
    _narratives(_add(parent, tag), texts)


def _narratives(element: Any, texts: Texts) -> None:
    for each in texts:
        narrative = _add(element, "narrative", **{LANG: each.language})
        narrative.text = each.text


def _code(parent: Any, tag: str, code: str) -> None:
    if code:
        _add(parent, tag, code=code)


def _with_vocabulary(parent: Any, tag: str, given: Code) -> None:
    names = {"vocabulary": given.vocabulary, "vocabulary-uri": given.uri}
    _add(parent, tag, code=given.code, **names)


def _share(parent: Any, tag: str, share: Share) -> None:
    percentage = "" if share.percentage is None else _plain(share.percentage)
    _add(parent, tag, code=share.code, vocabulary=share.vocabulary, percentage=percentage)


def _day(parent: Any, tag: str, day: date | None, **attributes: str) -> None:
    _add(parent, tag, **attributes, **{"iso-date": day.isoformat() if day else ""})


def _money(parent: Any, money: Money) -> None:
    element = _add(parent, "value", currency=money.currency)
    _set(element, **{"value-date": money.valued.isoformat() if money.valued else ""})
    element.text = "" if money.amount is None else _plain(money.amount)


def _organisation(
    parent: Any, tag: str, given: Organisation | None, side: str, role: str = ""
) -> None:
    if given is not None:
        names = {"ref": given.ref, "type": given.type, f"{side}activity-id": given.activity}
        _narratives(_add(parent, tag, role=role, **names), given.name)


def _measured(parent: Any, tag: str, given: values.Measured) -> None:
    year = "" if given.year is None else str(given.year)
    element = _add(parent, tag, year=year, value=given.value)
    _set(element, **{"iso-date": given.day.isoformat() if given.day else ""})
    if given.comment:
        _texts(element, "comment", given.comment)


def _plain(number: Decimal) -> str:
    return f"{number:f}"


def _answer(given: bool | None) -> str:
    return "" if given is None else str(int(given))
