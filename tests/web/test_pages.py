"""Every address in every language: it answers, sets no cookie, loads nothing from elsewhere."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest
from django.test import Client

from waymark.firewall.audits.network import Network
from waymark.words import LANGUAGES, RIGHT_TO_LEFT
from waymark_web.firewall import shipped
from waymark_web.plans import models

PAGES = [
    "",
    "places/",
    "place/KEN/",
    "place/002/",
    "place/001/",
    "place/HKG/",
    "groups/",
    "group/children/",
    "group/stateless-persons/",
    "promises/",
    "instrument/gcm/",
    "instrument/icmw/",
    "instrument/crsr/",
    "provision/gcm:15/",
    "provision/gcm:15.b/",
    "provision/gcr:68/",
    "provision/sdg:10.7/",
    "provision/iccpr:9/",
    "sources/",
    "indicators/",
    "indicator/DESA_STOCK/",
    "indicator/WB_REMITTANCE_CORRIDOR/",
    "indicator/SM_POP_REFG_OR/SYR/",
    "indicator/SL_EMP_FTLINJUR/ESP/",
    "indicator/SG_CPA_MIGR/ASM/",
    "indicator/DESA_ORIGINS/KEN/",
    "register/",
    "commitments/",
    "commitments/?place=KEN&without=step&sort=due",
    "commitment/example-contracts/",
    "commitment/example-clinic/",
    "commitment/example-proposal/",
    "commitment/example-contracts/money/",
    "commitment/example-contracts/money/?base=2020",
    "commitment/example-clinic/money/",
    "rates/",
    "iati/",
    "iati/?place=KEN&org=X&type=10&name=X",
    "plans/",
    "plan/example-plan/",
    "plan/example-county-plan/",
    "actors/?kind=trade-union",
    "actor/example-ministry/",
    "actor/example-union/",
    "actor/iom/",
    "capacity/",
    "capacity/?place=KEN&kind=training&provision=gcm:6&without=acceptance",
    "capacity/need/example-need/",
    "capacity/need/example-need-of-data/",
    "capacity/offer/example-offer/",
    "capacity/request/example-request/",
    "forums/",
    "forum/imrf-2026/",
    "practices/",
    "practice/example-practice/",
    "mandates/",
    "roles/",
    "roles/?place=KEN",
    "compare/?a=KEN&b=MEX",
    "search/",
    "search/?q=contract",
    "search/?q=health",
    "search/?q=inspectors+Kenya",
    "search/?q=sweden",
    "reviews/",
    "review/KEN/imrf-2026/",
    "review/001/imrf-2022/",
    "review/HUN/regional-2028/?baseline=2015",
    "money/",
    "money/gaps/",
    "money/gaps/?place=KEN&provision=gcm:6&first=2025&sort=-gap",
    "money/gaps/?base=2020",
    "money/flows/?base=2020",
    "money/facility/?add=50000",
    "money/flows/",
    "money/flows/?place=LBN&measure=passed-on",
    "money/rows/?place=TUN&measure=spent&year=2020",
    "place/TUN/money/",
    "place/TUN/money/?base=2020&sector=all",
    "place/002/money/",
    "place/KEN/money/",
    "place/NRU/money/",
    "place/KEN/money/predictability/",
    "place/TUN/money/predictability/?provider=XM-DAC-5-7&sector=all",
    "provision/gcm:20/money/",
    "provision/gcm:6/money/",
    "firewall/",
    "firewall/case/nhs-home-office/",
    "firewall/case/nhs-home-office/?as_of=2019-01-01",
    "firewall/case/labour-inspectorate-with-duty/",
    "firewall/audit/",
    "firewall/rules/?from=person&to=health&for=rescue&data=contact",
    "firewall/threats/",
    "firewall/counts/",
]
SMALL = 150_000  # bytes of the first page with all that it loads


def of_which_one_tries_every_database() -> Iterator[Any]:
    """All languages; their words do not come from the database."""
    for language in LANGUAGES:
        yield pytest.param(language, marks=[] if language == "ar" else pytest.mark.one_database)


@pytest.fixture(scope="module")
def reader() -> Client:
    return Client(HTTP_HOST="localhost", raise_request_exception=False)


class Answer(NamedTuple):
    """What is looked at of an answer; the rest would fill the memory."""

    status: int
    text: str
    cookies: bool


@pytest.fixture(scope="module")
def answer(reader: Client) -> Callable[[str], Answer]:
    """What an address answers, asked for once: nothing in this module changes the register."""

    @cache
    def answered(address: str) -> Answer:
        response = reader.get(address)
        return Answer(response.status_code, response.content.decode(), bool(response.cookies))

    return answered


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("language", [*of_which_one_tries_every_database()])
def test_a_page_answers_in_every_language(
    answer: Callable[[str], Answer], page: str, language: str
) -> None:
    status, text, cookies = answer(f"/{language}/{page}")
    assert status == 200
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in text
    assert text.count("<h1>") == 1
    assert not cookies


@pytest.mark.one_database
def test_nothing_is_loaded_from_another_host(answer: Callable[[str], Answer], page: str) -> None:
    text = answer(f"/en/{page}").text
    loaded = re.findall(r'(?:src|href|action)="([^"]*)"', text)
    assert loaded
    assert not [address for address in loaded if "//" in address]
    kinds = re.findall(r"<script([^>]*)>", text)
    assert set(kinds) <= {' type="application/ld+json"'}, "data for other programs, never a program"


@pytest.mark.one_database
def test_a_reader_of_arabic_finds_no_english_sentences(
    answer: Callable[[str], Answer], page: str
) -> None:
    text = answer(f"/ar/{page}").text
    main = text.split("<main", 1)[1].split("</main>")[0]
    main = re.sub(r'<(\w+)[^>]*lang="(?:en)?"[^>]*>.*?</\1>', "", main, flags=re.S)
    shown = html.unescape(re.sub(r"<[^>]+>", " ", main))
    for official in ("UN Statistics Division", "Open SDG", "Natural Earth", *written()):
        shown = shown.replace(official, "")
    sentences = re.findall(r"(?:\b[A-Za-z]{2,}\b[ ,]+){4,}", shown)
    assert not sentences


def written() -> list[str]:
    """What people wrote in the register: it stays in their language, in a sentence of ours too."""
    told = [
        *models.Actor.objects.values_list("name", flat=True),
        *models.Commitment.objects.values_list("what", flat=True),
        *models.Step.objects.values_list("what", flat=True),
        *models.CapacityNeed.objects.values_list("what", flat=True),
        *models.CapacityOffer.objects.values_list("what", flat=True),
        *(said for name in shipped.CASES for said in said_in(shipped.case(name))),
    ]
    return sorted(told, key=len, reverse=True)


def said_in(network: Network) -> Iterator[str]:
    """What is written in a file of arrangements."""
    yield from (network.title, network.source, network.note)
    for body in network.bodies:
        yield from (body.name, body.duty_basis)
    for each in network.arrangements:
        yield from (each.basis, each.source)


def test_the_first_page_is_small(reader: Client) -> None:
    page = reader.get("/en/")
    size = len(page.content)
    for address in re.findall(
        r'<link rel="(?:stylesheet|icon)" href="([^"]*)"', page.content.decode()
    ):
        response = reader.get(address)
        assert response.status_code == 200
        size += sum(len(part) for part in _parts(response))
    assert size < SMALL


def _parts(response: object) -> Iterator[bytes]:
    streaming = getattr(response, "streaming_content", None)
    yield from streaming if streaming is not None else [response.content]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "address",
    [
        "/en/place/XXX/",
        "/en/provision/gcm:99/",
        "/en/indicator/NOTHING/",
        "/en/indicator/DESA_STOCK/XXX/",
        "/en/review/KEN/nothing/",
        "/en/group/nobody/",
        "/en/instrument/none/",
        "/en/there-is-nothing/",
        "/ar/place/<script>/",
    ],
)
def test_what_is_not_there_is_said_in_a_page(reader: Client, address: str) -> None:
    response = reader.get(address)
    assert response.status_code == 404
    text = response.content.decode()
    assert "Traceback" not in text
    assert "<script>" not in text


@pytest.mark.parametrize(
    "query", ["?baseline=none", "?baseline=1", "?as_of=tomorrow", "?as_of=2026-13-01"]
)
def test_a_wrong_question_has_a_remedy(reader: Client, query: str) -> None:
    response = reader.get(f"/en/review/KEN/imrf-2026/{query}")
    assert response.status_code == 400
    assert "is not a" in response.content.decode()


def test_the_bare_address_leads_to_the_readers_language(reader: Client) -> None:
    response = reader.get("/", headers={"accept-language": "ar,en;q=0.5"})
    assert response.headers["Location"] == "/ar/"


def test_choosing_a_country_leads_to_its_page(reader: Client) -> None:
    assert reader.get("/en/?place=ken").headers["Location"] == "/en/place/KEN/"


def test_a_paragraph_leads_to_its_part(reader: Client) -> None:
    assert reader.get("/en/provision/gcr:69/").headers["Location"] == "/en/provision/gcr:68/"


def test_figures_can_be_downloaded_with_their_origin(reader: Client) -> None:
    response = reader.get("/en/indicator/DESA_STOCK/KEN/figures.csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert {row["release"] for row in rows} == {"desa-stock-2024"}
    assert all(row["value"] for row in rows)
    assert {row["sex"] for row in rows} == {"_T", "F", "M"}


def test_a_review_can_be_taken_along(reader: Client) -> None:
    found = json.loads(reader.get("/en/review/KEN/imrf-2026/review.json").content)
    assert found["place"]["id"] == "KEN"
    assert reader.get("/ar/review/KEN/imrf-2026/review.pdf").content.startswith(b"%PDF-")
    assert "Kenya" in reader.get("/en/review/KEN/imrf-2026/review.txt").content.decode()


def test_a_chart_and_a_map_are_pictures(reader: Client) -> None:
    for address in ("/en/indicator/DESA_STOCK/KEN/chart.svg", "/ar/place/MLT/map.svg"):
        response = reader.get(address)
        assert response.headers["Content-Type"] == "image/svg+xml"
        assert b"<svg" in response.content[:200]


@pytest.mark.parametrize(
    "query", ["Kenya", "كينيا", "KENYA", "肯尼亚", "gcm:15", "cote d", "NAMIBIA"]
)
def test_search_forgives_case_accents_and_language(reader: Client, query: str) -> None:
    text = reader.get("/en/search/", {"q": query}).content.decode()
    assert "/en/place/" in text or "/en/provision/gcm:15/" in text


def test_pages_may_not_be_framed_or_sniffed(reader: Client) -> None:
    headers = reader.get("/en/").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
