"""Read IATI activities from XML 2.03 (and what 1.0x says in the same way), one at a time.

What cannot be used is never dropped in silence: it becomes a remark with line and remedy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from pathlib import Path
from typing import Any

from waymark.exchange.iati import activities as values
from waymark.exchange.iati.activities import Activity, Code, Money, Organisation, Share, Texts
from waymark.exchange.iati.parsing import Seen, activity_elements, line_of
from waymark.exchange.iati.remarks import Kind, Remark, remarks_on

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2}|T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$")
AMOUNT = re.compile(r"[+-]?(\d{1,24}(\.\d*)?|\.\d+)$")
DECIMALS = 6  # of amounts in the tables
WIDE = Context(prec=60, rounding=ROUND_HALF_UP)  # for amounts with more digits than are usual
TRANSACTION_TYPES = {"IF": "1", "C": "2", "D": "3", "E": "4"}  # the letters of 1.0x
ROLES = {"Funding": "1", "Accountable": "2", "Extending": "3", "Implementing": "4"}
EVENTS = {"start-planned": "1", "start-actual": "2", "end-planned": "3", "end-actual": "4"}
ANSWERS = {"1": True, "true": True, "0": False, "false": False}
READ = """
    iati-identifier reporting-org title description participating-org activity-status
    activity-date recipient-country recipient-region sector tag humanitarian-scope
    default-flow-type default-finance-type default-aid-type default-tied-status budget
    planned-disbursement transaction related-activity result
"""
IGNORED = """
    other-identifier contact-info activity-scope location country-budget-items policy-marker
    collaboration-type capital-spend document-link legacy-data conditions crs-add fss
    activity-website
"""
KNOWN = frozenset(f"{READ} {IGNORED}".split())


@dataclass(frozen=True, slots=True)
class Found:
    """An activity as it stands in a file, and what is to be said of it."""

    activity: Activity
    line: int | None
    remarks: tuple[Remark, ...]


def read_activities(path: Path, as_of: date, seen: Seen = lambda read: None) -> Iterator[Found]:
    """Every activity of a file in its order; a transaction after ``as_of`` is remarked on."""
    for root, element in activity_elements(path, seen):
        reader = _Reader(path.name, element.findtext("iati-identifier", "").strip())
        activity = reader.activity(element, root)
        remarks = (*reader.remarks, *remarks_on(activity, path.name, line_of(element), as_of))
        yield Found(activity, line_of(element), remarks)


@dataclass
class _Reader:
    """Reads the parts of one activity, and gathers remarks."""

    file: str
    activity_id: str
    currency: str = ""
    remarks: list[Remark] = field(default_factory=list)

    def activity(self, element: Any, root: Any) -> Activity:
        for child in element:
            if "}" not in child.tag and child.tag not in KNOWN:
                self._say(Kind.UNKNOWN_ELEMENT, child, child.tag[:60])
        self.currency = element.get("default-currency", "").strip()
        reporter = self._organisation(element.find("reporting-org"))
        return Activity(
            id=self.activity_id,
            reporter=reporter or Organisation(),
            title=_texts(element.find("title")),
            description=tuple(t for e in element.findall("description") for t in _texts(e)),
            participants=self._each(element, "participating-org", self._participant),
            status=_code(element.find("activity-status")),
            events=self._each(element, "activity-date", self._event),
            countries=self._each(element, "recipient-country", self._share),
            regions=self._each(element, "recipient-region", self._share),
            sectors=self._each(element, "sector", self._share),
            tags=self._each(element, "tag", _with_vocabulary),
            scopes=self._each(element, "humanitarian-scope", _scope),
            flow_type=_code(element.find("default-flow-type")),
            finance_type=_code(element.find("default-finance-type")),
            aid_types=self._each(element, "default-aid-type", _with_vocabulary),
            tied_status=_code(element.find("default-tied-status")),
            budgets=self._each(element, "budget", self._budget),
            planned=self._each(element, "planned-disbursement", self._planned),
            transactions=self._each(element, "transaction", self._transaction),
            related=self._each(element, "related-activity", _related),
            results=self._each(element, "result", self._result),
            humanitarian=_answer(element.get("humanitarian")),
            currency=self.currency,
            language=element.get(LANG, ""),
        )

    def _each(self, element: Any, tag: str, read: Callable[[Any], Any]) -> tuple[Any, ...]:
        return tuple(read(child) for child in element.findall(tag))

    def _say(self, kind: Kind, element: Any, given: str) -> None:
        line = line_of(element)
        self.remarks.append(
            Remark(self.file, line, self.activity_id, str(element.tag), kind, given[:80])
        )

    def _day(self, element: Any, attribute: str = "iso-date") -> date | None:
        given = "" if element is None else element.get(attribute, "").strip()
        if not given:
            return None
        found = DAY.match(given)
        try:
            if found:
                return date.fromisoformat(found[1])
        except ValueError:
            pass
        self._say(Kind.UNREADABLE_DATE, element, given)
        return None

    def _number(self, element: Any, given: str) -> Decimal | None:
        given = given.strip()
        if not AMOUNT.match(given) or len(given) > 60:
            self._say(Kind.UNREADABLE_AMOUNT, element, given)
            return None
        amount = Decimal(given)
        kept = amount.quantize(Decimal(1).scaleb(-DECIMALS), context=WIDE)
        if kept != amount:
            self._say(Kind.ROUNDED, element, given)
        return amount if len(given.partition(".")[2]) <= DECIMALS else kept

    def _money(self, parent: Any) -> Money:
        element = parent.find("value")
        if element is None:
            self._say(Kind.NO_AMOUNT, parent, "")
            return Money(None, self.currency)
        amount = self._number(element, element.text or "")
        currency = element.get("currency", "").strip() or self.currency
        return Money(amount, currency, self._day(element, "value-date"))

    def _share(self, element: Any) -> Share:
        given = element.get("percentage")
        percentage = None if given is None else self._number(element, given)
        return Share(_code(element), percentage, element.get("vocabulary", ""))

    def _organisation(self, element: Any) -> Organisation | None:
        if element is None:
            return None
        activity = next(
            (v for k, v in element.attrib.items() if k.endswith("activity-id")),
            "",
        )
        ref = element.get("ref", "").strip()
        return Organisation(ref, element.get("type", ""), _texts(element), activity.strip())

    def _participant(self, element: Any) -> values.Participant:
        role = element.get("role", "")
        organisation = self._organisation(element) or Organisation()
        return values.Participant(organisation, ROLES.get(role, role))

    def _event(self, element: Any) -> values.Event:
        kind = element.get("type", "")
        return values.Event(EVENTS.get(kind, kind), self._day(element))

    def _budget(self, element: Any) -> values.Budget:
        return values.Budget(
            self._day(element.find("period-start")),
            self._day(element.find("period-end")),
            self._money(element),
            element.get("type", ""),
            element.get("status", ""),
        )

    def _planned(self, element: Any) -> values.PlannedDisbursement:
        return values.PlannedDisbursement(
            self._day(element.find("period-start")),
            self._day(element.find("period-end")),
            self._money(element),
            element.get("type", ""),
            self._organisation(element.find("provider-org")),
            self._organisation(element.find("receiver-org")),
        )

    def _transaction(self, element: Any) -> values.Transaction:
        kind = _code(element.find("transaction-type"))
        region = element.find("recipient-region")
        return values.Transaction(
            type=TRANSACTION_TYPES.get(kind, kind),
            day=self._day(element.find("transaction-date")),
            money=self._money(element),
            ref=element.get("ref", "").strip(),
            description=_texts(element.find("description")),
            provider=self._organisation(element.find("provider-org")),
            receiver=self._organisation(element.find("receiver-org")),
            sectors=self._each(element, "sector", self._share),
            country=_code(element.find("recipient-country")),
            region=None if region is None else _with_vocabulary(region),
            flow_type=_code(element.find("flow-type")),
            finance_type=_code(element.find("finance-type")),
            aid_types=self._each(element, "aid-type", _with_vocabulary),
            tied_status=_code(element.find("tied-status")),
            humanitarian=_answer(element.get("humanitarian")),
        )

    def _result(self, element: Any) -> values.Result:
        return values.Result(
            element.get("type", ""),
            _texts(element.find("title")),
            _texts(element.find("description")),
            self._each(element, "indicator", self._indicator),
        )

    def _indicator(self, element: Any) -> values.Indicator:
        return values.Indicator(
            title=_texts(element.find("title")),
            measure=element.get("measure", ""),
            ascending=_answer(element.get("ascending")),
            description=_texts(element.find("description")),
            references=self._each(element, "reference", _with_vocabulary),
            baselines=self._each(element, "baseline", self._baseline),
            periods=self._each(element, "period", self._period),
        )

    def _baseline(self, element: Any) -> values.Measured:
        year = element.get("year", "").strip()
        known = int(year) if re.fullmatch(r"[1-9]\d{3}", year) else None
        if year and known is None:
            self._say(Kind.UNREADABLE_DATE, element, year)
        return replace(_measured(element), year=known, day=self._day(element))

    def _period(self, element: Any) -> values.Period:
        return values.Period(
            self._day(element.find("period-start")),
            self._day(element.find("period-end")),
            self._each(element, "target", _measured),
            self._each(element, "actual", _measured),
        )


def _texts(element: Any) -> Texts:
    """The narratives of an element; in 1.0x its text is the only one."""
    if element is None:
        return ()
    narratives = element.findall("narrative")
    found = [("".join(each.itertext()), each.get(LANG, "")) for each in narratives]
    found = found or [(element.text, element.get(LANG, ""))]
    stripped = ((text.strip(), language) for text, language in found if text)
    return tuple(values.Narrative(text, language) for text, language in stripped if text)


def _code(element: Any) -> str:
    return "" if element is None else str(element.get("code", "")).strip()


def _with_vocabulary(element: Any) -> Code:
    return Code(_code(element), element.get("vocabulary", ""), element.get("vocabulary-uri", ""))


def _scope(element: Any) -> values.Scope:
    return values.Scope(element.get("type", ""), element.get("vocabulary", ""), _code(element))


def _related(element: Any) -> values.Related:
    return values.Related(element.get("ref", "").strip(), element.get("type", ""))


def _measured(element: Any) -> values.Measured:
    return values.Measured(element.get("value", "").strip(), _texts(element.find("comment")))


def _answer(given: str | None) -> bool | None:
    return None if given is None else ANSWERS.get(given.strip())
