"""Search finds what is published, whatever its kind and the reader's language, and nothing else."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.web.people import begun, client, move, save
from waymark.plans.vocabulary import CapacityKind
from waymark_web.audit.chain import record
from waymark_web.plans import models
from waymark_web.plans.places import named, words_of
from waymark_web.search import organisations

NEED, OFFER = "/capacity/need/example-need/", "/capacity/offer/example-offer/"
TRAINING = CapacityKind.TRAINING.label.text("ar")
REQUEST, MONEY = "/capacity/request/example-request/", "/commitment/example-contracts/money/"


@pytest.fixture
def reader() -> Client:
    return Client(HTTP_HOST="localhost")


def found(reader: Client, query: str, language: str = "en") -> list[str]:
    """The addresses to which a search leads, without the language."""
    response = reader.get(f"/{language}/search/", {"q": query})
    assert response.status_code == 200
    text = response.content.decode().split("<main", 1)[1].split("</main>", 1)[0]
    assert "Traceback" not in text
    return [html.unescape(each) for each in re.findall(rf'<li><a href="/{language}([^"]*)"', text)]


LEADS = {
    "what is needed, and the place": ("training labour inspectors Kenya", NEED),
    "in any order, in any letters": ("KENYA inspectors", NEED),
    "with marks": ("“labour inspectors”, Kenya!", NEED),
    "the place in another language": ("كينيا inspectors", NEED),
    "the kind in another language": (f"{TRAINING} inspectors", NEED),
    "a region around it": ("inspectors Africa", NEED),
    "the locality": ("inspectors Example County", NEED),
    "who needs it": ("Example Ministry of Labour read a contract", NEED),
    "what is offered": ("course on contracts", OFFER),
    "an offer that covers the place": ("course contracts Kenya", OFFER),
    "a request": ("twenty inspectors wait", REQUEST),
    "a commitment by its place": ("written contract Kenya", "/commitment/example-contracts/"),
    "a commitment by its lead": ("contract ministry labour", "/commitment/example-contracts/"),
    "an actor by its place": ("domestic union Kenya", "/actor/example-union/"),
    "money of a place": ("Kenya", "/place/KEN/money/"),
    "money of a place, asked for": ("money Kenya", "/place/KEN/money/"),
    "money in another language": ("المال كينيا", "/place/KEN/money/"),
    "money of an objective": ("gcm:20", "/provision/gcm:20/money/"),
    "a giver that is no actor": ("example fund", MONEY),
    "a giver that is an actor": ("Example Ministry of Labour", MONEY),
}


@pytest.mark.parametrize(("query", "address"), LEADS.values(), ids=LEADS)
def test_words_lead_to_capacity_and_money(reader: Client, query: str, address: str) -> None:
    assert address in found(reader, query)


def test_an_offer_that_is_not_to_be_had_in_a_place_is_not_found_by_it(reader: Client) -> None:
    assert "/capacity/offer/example-offer-elsewhere/" in found(reader, "course Mexico")
    assert "/capacity/offer/example-offer-elsewhere/" not in found(reader, "course Kenya")
    assert NEED not in found(reader, "inspectors Uganda")


def test_a_name_inside_another_names_no_place() -> None:
    assert "SOM" not in named("mali")[0]
    assert named("mali")[0] == {"MLI"}
    assert named("of") == (frozenset(), frozenset())
    assert named("肯尼亚")[0] == {"KEN"}
    assert {"KEN", "002"} <= named("africa")[0]
    assert words_of("  (Kenya), “?” ") == ["kenya", "“?”"]


@pytest.mark.parametrize("by", ["GIVERS", "RECEIVERS"])
def test_an_organisation_of_the_reports_leads_to_its_flows(reader: Client, by: str) -> None:
    side = {"GIVERS": "provider=SE-0", "RECEIVERS": "receiver=XM-DAC-47066"}[by]
    query = {"GIVERS": "sweden development", "RECEIVERS": "organization for migration"}[by]
    (address,) = (each for each in found(reader, query) if each.endswith(side))
    page = reader.get(f"/en{address}").content.decode()
    assert "The largest of " in page


def test_who_promises_to_a_pool_leads_to_the_facility_of_that_year(reader: Client) -> None:
    given = {"currency": "USD", "place": "KEN", "country": "KEN", "earmarking": "unearmarked"}
    for slug, kind, year in (("to-a-pool", "pledge", 2030), ("spent", "expenditure", 2031)):
        models.Flow.objects.create(
            slug=slug, kind=kind, year=year, amount="7", provider_name="Zanzibar Fund", **given
        )
    record("published", "flows", "to-a-pool")
    assert found(reader, "zanzibar fund") == ["/money/facility/?first=2030#flow-to-a-pool"]
    page = reader.get("/en/money/facility/?first=2030").content.decode()
    assert 'id="flow-to-a-pool"' in page


def test_every_organisation_leads_to_a_page_that_knows_it(reader: Client) -> None:
    for by in (organisations.By.PROVIDER, organisations.By.RECEIVER):
        known = organisations._reported(by)
        assert len(known) > 50
        for each in (known[0], known[-1]):
            page = reader.get(f"/en/money/flows/?{each.flows}").content.decode()
            assert "nothing of this was reported" not in page


def test_the_lists_behind_all_hold_what_the_search_found(reader: Client) -> None:
    for address in ("/en/commitments/", "/api/v1/commitments"):
        page = reader.get(address, {"q": "written Kenya"}).content.decode()
        assert "example-contracts" in page
        assert "example-proposal" not in page
    board = reader.get("/en/capacity/?q=inspectors+Kenya").content.decode()
    assert f'href="/en{NEED}"' in board
    assert "example-need-of-data" not in board
    assert "example-union" in reader.get("/en/actors/?q=domestic+Kenya").content.decode()


def test_a_draft_is_found_by_nobody_until_it_is_published(reader: Client) -> None:
    author = client("contributor")
    version = begun(author, "capacity_needs", actor="example-ministry", place="KEN")
    told = {"what": "Zanzibari interpreters", "kind": "staff", "place": "KEN"}
    save(author, version, **told)
    assert models.Version.objects.get(pk=version.pk).document["what"] == told["what"]
    for who in (None, "contributor", "coordinator"):
        assert "Zanzibari" not in client(who).get("/en/search/?q=interpreters").content.decode()
    save(author, version, "submit")
    assert "Zanzibari" not in client(None).get("/en/search/?q=interpreters").content.decode()
    move(client("coordinator"), version, "published")
    assert "Zanzibari" in client(None).get("/en/search/?q=interpreters").content.decode()


@pytest.fixture
def many() -> None:
    rows = models.CapacityNeed.objects.filter(slug="example-need")
    given = rows.values()[0]
    for number in range(60):
        made = {**given, "id": None, "slug": f"zebra-{number}", "what": f"Zebra crossing {number}"}
        models.CapacityNeed.objects.create(**made)
    record("published", "capacity_needs", "zebra-0")


@pytest.mark.usefixtures("many")
def test_more_than_are_shown_are_said_and_lead_to_the_board(
    reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    reader.get("/en/search/?q=zebra+crossing")
    with django_assert_max_num_queries(50):  # fewer than needs
        reader.get("/en/search/?q=zebra+Kenya")
    page = reader.get("/en/search/?q=zebra+crossing").content.decode()
    assert page.count('href="/en/capacity/need/zebra-') == 10
    assert "More than 10 results for" in page
    assert 'href="/en/capacity/?q=zebra+crossing#needs"' in page


@pytest.mark.parametrize(
    "query", ["?", "%", "_", "' OR 1=1 --", "<b>x</b>", "\\", "\u202e", "a" * 500, "x " * 300]
)
def test_odd_words_find_nothing_or_something_and_never_fail(reader: Client, query: str) -> None:
    page = reader.get("/ar/search/", {"q": query})
    assert page.status_code == 200
    assert "<b>x</b>" not in page.content.decode()
