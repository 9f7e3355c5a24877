"""Money on the site: entered, published, added up, taken along; changes show at once."""

from __future__ import annotations

import csv
import html
import io
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Sum
from openpyxl import load_workbook

from tests.web.people import ROLES, account, begun, client, move, save
from tests.web.test_permissions import MOVES
from waymark.compact.answers import Answer
from waymark.coverage.ladder import Rung
from waymark.exceptions import WaymarkError
from waymark.finance.funding import fundings
from waymark.plans.flows import Flow
from waymark.plans.prices import ExchangeRate
from waymark.plans.procedure import VersionStatus
from waymark.plans.register import Register
from waymark_web import store
from waymark_web.audit.chain import record
from waymark_web.audit.models import Event
from waymark_web.plans import models, published, sums, writes
from waymark_web.plans.paid import money
from waymark_web.plans.rows import register_of, value_of

CONTRACTS = "example-contracts"
GIVEN = {
    "kind": "commitment",
    "amount": "-1250.5",
    "currency": "usd",
    "year": "2026",
    "provider": "Example Union of Domestic Workers",
    "source": "An example",
}


def drafted(who: str = "contributor", **fields: Any) -> models.Version:
    by = client(who)
    version = begun(by, "flows", actor="example-ministry", commitment=CONTRACTS)
    save(by, version, **{**GIVEN, **fields})
    version.refresh_from_db()
    return version


def publish(version: models.Version, by: str = "contributor") -> None:
    move(client(by), version, "submitted")
    response = move(client("coordinator"), version, "published")
    assert response.status_code == 302, response.content.decode()[-2000:]


def text(path: str, who: str | None = None) -> str:
    response = client(who).get(f"/en/{path}")
    assert response.status_code == 200
    return response.content.decode()


def test_a_flow_goes_from_a_draft_to_its_commitment() -> None:
    version = drafted()
    assert (version.place, version.commitment) == ("KEN", CONTRACTS)
    assert models.Flow.objects.filter(slug=version.subject).first() is None
    publish(version)
    row = models.Flow.objects.get(slug=version.subject)
    flow: Flow = value_of("flows", row)
    assert (flow.amount, flow.currency, flow.year) == (Decimal("-1250.50"), "USD", 2026)
    assert (flow.by, flow.provider) == ("example-ministry", "example-union")
    assert (flow.commitment, flow.place, row.country) == (CONTRACTS, "KEN", "KEN")
    assert "-1,250.50" in text(f"commitment/{CONTRACTS}/money/")


def test_what_is_missing_is_said_and_nothing_is_lost() -> None:
    version = drafted(amount="a lot", day="2025-05-05", onward_of="nothing")
    response = save(client("contributor"), version, "submit", amount="a lot")
    assert response.status_code == 422
    page = response.content.decode()
    assert "a lot" in page
    assert html.unescape(page).count("'a lot' is not a number. Write it with a point") == 2


def test_a_flow_belongs_to_the_commitment_on_whose_page_it_was_begun() -> None:
    version = drafted(commitment="example-clinic", by="example-union")
    assert version.document["commitment"] == CONTRACTS
    assert version.document["by"] == "example-ministry"


def test_money_without_a_commitment_is_entered_for_a_place() -> None:
    by = client("contributor")
    version = begun(by, "flows", actor="example-ministry", place="KEN")
    save(by, version, **{**GIVEN, "kind": "pledge"})
    publish(version)
    flow = value_of("flows", models.Flow.objects.get(slug=version.subject))
    assert (flow.commitment, flow.place) == (None, "KEN")


def test_who_has_no_part_in_a_commitment_reports_no_money_of_it() -> None:
    given = {"actor": "example-association", "commitment": CONTRACTS}
    assert client("stranger").post("/en/work/new/flows/", given).status_code == 403


def test_coordinators_of_a_commitment_decide_on_its_money_wherever_it_goes() -> None:
    version = drafted(place="UGA")
    publish(version)
    row = models.Flow.objects.get(slug=version.subject)
    assert (row.place, row.country) == ("UGA", "UGA")
    assert published.owner_of("flows", version.subject) == ("example-ministry", "KEN")


def test_coordinators_of_a_place_decide_on_money_for_it_without_a_commitment() -> None:
    by = client("contributor")
    version = begun(by, "flows", actor="example-ministry", place="KEN")
    save(by, version, "submit", **{**GIVEN, "kind": "pledge", "place": "MEX"})
    version.refresh_from_db()
    assert (version.place, version.status) == ("MEX", "submitted")
    assert move(client("coordinator"), version, "published").status_code in (403, 404)
    assert move(client("elsewhere"), version, "published").status_code == 302


@pytest.mark.parametrize(("field", "value"), [("day", "2098-01-01"), ("year", "2098")])
def test_what_was_paid_does_not_lie_in_the_future(field: str, value: str) -> None:
    version = drafted(kind="expenditure", **{"year": "2098", field: value})
    response = save(client("contributor"), version, "submit", kind="expenditure")
    assert response.status_code == 422
    assert "enter a planned payment" in response.content.decode()
    assert save(client("contributor"), version, "submit", kind="commitment").status_code == 302


def test_a_published_flow_is_changed_by_a_new_version_and_brought_back() -> None:
    version = drafted()
    publish(version)
    slug = version.subject
    by = client("contributor")
    assert by.post(f"/en/work/edit/flows/{slug}/").status_code == 302
    second = models.Version.objects.get(kind="flows", subject=slug, status="draft")
    assert (second.commitment, second.document["commitment"]) == (CONTRACTS, CONTRACTS)
    save(by, second, amount="7")
    publish(second)
    assert models.Flow.objects.get(slug=slug).amount == 7
    history = text(f"work/history/flows/{slug}/", "contributor")
    assert "Amount" in history
    first = Event.objects.filter(kind="flows", subject=slug, verb="published").first()
    assert first is not None
    assert by.post(f"/en/work/bring-back/{first.number}/").status_code == 302
    third = models.Version.objects.get(kind="flows", subject=slug, status="draft")
    assert third.document["amount"] == "-1250.5"
    publish(third)
    assert models.Flow.objects.get(slug=slug).amount == Decimal("-1250.50")


def test_a_published_report_can_be_brought_back_too() -> None:
    slug = "example-report-1"
    assert client("contributor").post(f"/en/work/edit/reports/{slug}/").status_code == 302
    version = models.Version.objects.get(kind="reports", subject=slug, status="draft")
    assert version.document["commitment"] == version.commitment == CONTRACTS


def test_flows_do_not_pass_money_on_in_a_circle() -> None:
    first = drafted()
    publish(first)
    second = drafted(onward_of=first.subject)
    publish(second)
    by = client("contributor")
    by.post(f"/en/work/edit/flows/{first.subject}/")
    again = models.Version.objects.get(kind="flows", subject=first.subject, status="draft")
    response = save(by, again, "submit", onward_of=second.subject)
    assert response.status_code == 422
    assert "one comes to it again" in response.content.decode()


@pytest.mark.parametrize(("old", "to"), MOVES)
def test_every_move_of_money_by_every_role(old: VersionStatus, to: VersionStatus) -> None:
    for who in (*ROLES, "nobody", None):
        version = drafted()
        models.Version.objects.filter(pk=version.pk).update(status=old, edits=7)
        given = {"to": to, "edits": 7, "reason": "For a reason."}
        client(who).post(f"/en/work/version/{version.pk}/move/", given)
        version.refresh_from_db()
        allowed = who in MOVES[old, to]
        assert version.status == (to if allowed else old), who
        there = models.Flow.objects.filter(slug=version.subject).exists()
        assert there is (allowed and to is VersionStatus.PUBLISHED)


def test_a_rate_is_entered_once_for_a_year() -> None:
    by = client("coordinator")
    for number, code in enumerate((302, 422)):
        version = begun(by, "rates", actor="", place="KEN")
        given = {"currency": "KES", "year": "2026", "per_usd": "129.25", "source": "An example"}
        response = save(by, version, "submit", **given)
        assert response.status_code == code, number
        if code == 302:
            assert move(by, version, "published").status_code == 302
    assert "KES stands more than once for 2026" in response.content.decode()
    assert "129.25" in text("rates/")
    assert published.owner_of("rates", models.Rate.objects.get(currency="KES").slug)[1] == "KEN"


def test_two_rates_in_the_same_moment_are_not_both_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by = client("coordinator")
    versions = [begun(by, "rates", actor="", place="KEN") for _ in range(2)]
    for each in versions:
        given = {"currency": "UGX", "year": "2026", "per_usd": "3700", "source": "An example"}
        assert save(by, each, "submit", **given).status_code == 302
    assert move(by, versions[0], "published").status_code == 302
    monkeypatch.setattr(
        writes, "checked_of", lambda version: ExchangeRate.model_validate(version.document)
    )  # as if the other one had been looked at before the first was there
    response = move(by, versions[1], "published")
    assert response.status_code == 409
    assert "Somebody published the same" in response.content.decode()
    assert models.Rate.objects.filter(currency="UGX").count() == 1


def test_the_money_of_a_commitment_opens_to_its_rows() -> None:
    found = money(CONTRACTS)
    assert found.currency == "USD"
    year = found.years[2026]
    assert (year.cost, year.spent) == (Decimal("100000"), Decimal("20000"))
    assert year.secured == Decimal("96550.25")  # 48,000 EUR at 0.8, and half of the window
    assert year.gap == Decimal("3449.75")
    page = text(f"commitment/{CONTRACTS}/")
    assert "96,550.25" in page
    assert f"/commitment/{CONTRACTS}/money/#y2026-secured" in page
    assert "3,449.75" in page
    rows = text(f"commitment/{CONTRACTS}/money/")
    for anchor in ("cost", "secured", "spent", "pledged", "passed-on"):
        assert f'id="y2026-{anchor}"' in rows
    assert "Example Fund" in rows


def test_without_a_rate_the_sum_is_not_known_and_the_rows_are_still_there() -> None:
    models.Rate.objects.all().delete()
    record("loaded", "rates", "eur-2026")
    page = text(f"commitment/{CONTRACTS}/money/")
    assert "The exchange rate of EUR in 2026 is not known." in page
    assert "48,000" in page
    assert "96,550.25" not in page


def test_nobody_who_reported_anything_is_not_nothing() -> None:
    page = text("commitment/example-clinic/")
    assert "whether it is paid for is not known" in page


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_the_rows_of_a_commitment_are_taken_along(form: str) -> None:
    response = client(None).get(f"/en/commitment/{CONTRACTS}/money/?format={form}")
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    elif form == "json":
        rows = json.loads(content)
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        given = [[cell.value for cell in row] for row in sheet.iter_rows()]
        rows = [dict(zip(Flow.model_fields, row, strict=True)) for row in given[1:]]
    assert len(rows) == 7
    held = {row["id"]: Decimal(str(row["amount"])) for row in rows}
    assert held["example-window"] == Decimal("73100.50")
    assert client(None).get(f"/en/commitment/{CONTRACTS}/money/?format=exe").status_code == 404


def test_the_api_reads_money() -> None:
    reader = client(None)
    found = reader.get("/api/v1/flows/example-window").json()
    assert (found["amount"], found["commitment"]) == ("73100.50", CONTRACTS)
    assert reader.get("/api/v1/rates/eur-2026").json()["per_usd"] == "0.8"
    assert reader.get("/api/v1/deflators?limit=1").json()["count"] == 1
    asked = reader.get(f"/api/v1/flows?commitment={CONTRACTS}&kind=cost&year=2026&place=KEN").json()
    assert [each["id"] for each in asked["items"]] == ["example-cost"]
    assert reader.get("/api/v1/flows?commitment=example-clinic").json()["count"] == 0
    assert reader.get("/api/v1/flows?kind=gift").status_code == 422
    paths = reader.get("/api/v1/openapi.json").json()["paths"]
    assert {f"/api/v1/{kind}" for kind in ("flows", "rates", "deflators")} <= set(paths)


def test_the_site_counts_how_commitments_are_paid_for_as_the_library_does() -> None:
    moneys = sums.moneys(sums.prices())
    for year in (2025, 2026, 2027):
        counted = {
            place: {target: each for target, each in held.items() if each.commitments}
            for place, held in sums.fundings(sums.known_fundings(moneys, year)).items()
        }
        expect = fundings(register_of(), store.framework(), year)
        assert counted == {place: held for place, held in expect.items() if held}


def funded(provision: str) -> Answer:
    place = store.framework().place("KEN")
    (found,) = [
        each for each in store.ladders(place, date(2026, 5, 5)) if each.provision == provision
    ]
    return next(each.answer for each in found.rungs if each.rung is Rung.FUNDED)


def test_the_rung_funded_follows_from_the_register_and_changes_show_at_once() -> None:
    assert funded("gcm:6") is Answer.PARTLY
    version = drafted(amount="3449.75")
    move(client("contributor"), version, "submitted")
    assert funded("gcm:6") is Answer.PARTLY
    assert move(client("coordinator"), version, "published").status_code == 302
    assert funded("gcm:6") is Answer.YES
    page = text("review/KEN/imrf-2026/?as_of=2026-05-05")
    assert page.count('class="rung yes"')


def test_what_was_undone_is_not_remembered() -> None:
    with transaction.atomic():
        publish(drafted(amount="3449.75"))
        assert funded("gcm:6") is Answer.YES
        transaction.set_rollback(True)
    publish(drafted(amount="0.25"))
    assert funded("gcm:6") is Answer.PARTLY


def test_sums_in_the_database_are_exact() -> None:
    largest = Decimal("9999999999999999.99")
    base = {"kind": "cost", "currency": "USD", "year": 2026, "place": "KEN", "country": "KEN"}
    for number in range(3):
        models.Flow.objects.create(
            slug=f"large-{number}", amount=largest, earmarking="not-known", **base
        )
    whole = models.Flow.objects.filter(slug__startswith="large").aggregate(Sum("amount"))
    assert whole["amount__sum"] == largest * 3
    assert models.Flow.objects.filter(amount=largest).count() == 3
    assert models.Flow.objects.filter(amount__gt=largest - 1).count() == 3
    with pytest.raises(ValueError, match="to the cent"):
        models.Flow.objects.filter(amount=Decimal("0.005")).count()


def rate(identifier: str, currency: str, year: int, per_usd: str = "2") -> ExchangeRate:
    given = {"currency": currency, "year": year, "per_usd": per_usd, "source": "made up"}
    return ExchangeRate.model_validate({"id": identifier, **given})


def loaded(*rates: ExchangeRate) -> dict[str, int]:
    return published.load(Register(rates={each.id: each for each in rates}))


def test_a_package_that_says_a_currency_again_is_refused_whole() -> None:
    with pytest.raises(WaymarkError, match="EUR stands for 2026 in the register already") as error:
        loaded(rate("new", "EUR", 2030), rate("other", "EUR", 2026))
    assert "eur-2026" in error.value.problem
    assert not models.Rate.objects.filter(year=2030).exists()


def test_rates_may_change_places() -> None:
    assert loaded(rate("a", "EUR", 2030), rate("b", "EUR", 2031)) == {"rates": 2}
    assert loaded(rate("a", "EUR", 2031), rate("b", "EUR", 2030)) == {"rates": 2}
    assert models.Rate.objects.get(slug="a").year == 2031
    assert loaded(rate("a", "EUR", 2031), rate("b", "EUR", 2030)) == {}


def test_the_table_itself_holds_a_currency_once_a_year() -> None:
    row = models.Rate.objects.get(slug="eur-2026")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Rate.objects.create(slug="x", currency="EUR", year=row.year, per_usd="1", source="x")


def test_a_rate_that_came_with_a_package_is_for_stewards() -> None:
    assert published.owner_of("rates", "eur-2026") == ("", "001")
    with pytest.raises(PermissionDenied):
        writes.begin("rates", account("coordinator"), actor="", place="KEN", subject="eur-2026")
