"""Who may do what: every role, every state, every move, every address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver

from tests.web.arrangements import HOLDS, at_the_firewall
from tests.web.people import ROLES, account, begun, client, save
from waymark.exchange.incoming import Incoming
from waymark.plans.procedure import OPEN, VersionStatus
from waymark_web.accounts.models import Membership
from waymark_web.accounts.permissions import Action, may
from waymark_web.audit.models import Event
from waymark_web.exchange.list_writes import keep_list
from waymark_web.exchange.writes import keep
from waymark_web.plans import models

EVERYBODY = frozenset({None, "nobody", *ROLES})
SIGNED_IN = EVERYBODY - {None}
AUTHORS = frozenset({"contributor", "colleague", "coordinator", "region"})
DECIDERS = frozenset({"coordinator", "region", "steward"})
COORDINATORS = frozenset({"coordinator", "county", "elsewhere", "region"})
MAY_SEE = AUTHORS | DECIDERS | {"reader"}
DRAFT_SOMETHING = SIGNED_IN - {"nobody", "reader", "administrator"}
REFUSED = (403, 404)

ALLOWED = {  # towards something of the Example Ministry in Kenya
    Action.READ_VERSION: MAY_SEE,
    Action.COMMENT: AUTHORS | DECIDERS,
    Action.DRAFT_COMMITMENT: AUTHORS,
    Action.DRAFT_REPORT: AUTHORS,
    Action.DRAFT_ASSESSMENT: frozenset(),
    Action.DRAFT_PRACTICE: AUTHORS,
    Action.DRAFT_CAPACITY: AUTHORS,
    Action.DRAFT_DEFINITION: DECIDERS,
    Action.PUBLISH: DECIDERS,
    Action.BULK_EDIT: DECIDERS - {"steward"},
    Action.INVITE: (DECIDERS - {"steward"}) | {"administrator"},
    Action.APPOINT: {"administrator"},
    Action.LOAD: {"administrator"},
    Action.READ_AUDIT: {"steward", "administrator"},
    Action.CHANGE_BODIES: DECIDERS,
    Action.FILE_RELEASE: AUTHORS,
    Action.REVIEW_RELEASE: DECIDERS,
}


@pytest.fixture(scope="module")
def held(of_the_module: None) -> dict[str, Any]:
    """Everybody's account, a draft, its file, and what waits at the firewall."""
    for who in SIGNED_IN:
        account(str(who))
    return known_things() | at_the_firewall()


@pytest.mark.one_database
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("who", sorted(SIGNED_IN))
def test_every_action_by_every_role(who: str, action: Action) -> None:
    allowed = may(account(who), action, actor="example-ministry", place="KEN")
    assert allowed is (who in ALLOWED[action])


def test_an_assessor_assesses_for_his_organisation_alone() -> None:
    assessor = account("assessor")
    assert may(assessor, Action.DRAFT_ASSESSMENT, actor="example-union", place="KEN")
    assert not may(assessor, Action.DRAFT_ASSESSMENT, actor="example-ministry", place="KEN")


MOVES = {
    (VersionStatus.DRAFT, VersionStatus.SUBMITTED): AUTHORS,
    (VersionStatus.RETURNED, VersionStatus.SUBMITTED): AUTHORS,
    (VersionStatus.SUBMITTED, VersionStatus.DRAFT): AUTHORS | DECIDERS,
    (VersionStatus.SUBMITTED, VersionStatus.RETURNED): DECIDERS,
    (VersionStatus.SUBMITTED, VersionStatus.PUBLISHED): DECIDERS,
}


def of_whom_two_try_every_database() -> Iterator[Any]:
    """Everybody; the rights of the rest do not depend on the database, nor do the pages.

    The two make every move that anybody may make.
    """
    for who in (*sorted(SIGNED_IN), None):
        two = who in ("contributor", "coordinator")
        yield pytest.param(who, marks=[] if two else pytest.mark.one_database)


@pytest.mark.parametrize("to", VersionStatus)
@pytest.mark.parametrize("old", VersionStatus)
@pytest.mark.parametrize("who", of_whom_two_try_every_database(), ids=str)
def test_every_move_by_every_role(
    who: str | None, old: VersionStatus, to: VersionStatus, held: dict[str, Any]
) -> None:
    version = models.Version.objects.get(pk=held["version"])
    models.Version.objects.filter(pk=version.pk).update(status=old, edits=7)
    given = {"to": to, "edits": 7, "reason": "For a reason."}
    response = client(who).post(f"/en/work/version/{version.pk}/move/", given)
    version.refresh_from_db()
    moved = version.edits == 8
    assert moved is (who in MOVES.get((old, to), ()))
    assert version.status == (to if moved else old)
    assert response.status_code in ((302,) if moved else (302, 403, 404, 409))
    published = models.Commitment.objects.filter(slug=version.subject).exists()
    assert published is (moved and to is VersionStatus.PUBLISHED)


@dataclass(frozen=True)
class Address:
    """One address: how it is asked, with what, and who gets an answer."""

    name: str
    path: str
    allowed: frozenset[str | None]
    method: str = "get"
    given: dict[str, Any] = field(default_factory=dict)
    refused: tuple[int, ...] = REFUSED  # with 409, where a procedure refuses who may see it


A = Address
V = "work/version/{version}"
PAGES_FOR_ALL = {
    "home": "",
    "places": "places/",
    "place": "place/KEN/",
    "place-map": "place/KEN/map.svg",
    "groups": "groups/",
    "group": "group/women/",
    "instruments": "promises/",
    "instrument": "instrument/gcm/",
    "provision": "provision/gcm:6/",
    "sources": "sources/",
    "indicators": "indicators/",
    "indicator": "indicator/DESA_STOCK/",
    "indicator-place": "indicator/DESA_STOCK/KEN/",
    "chart": "indicator/DESA_STOCK/KEN/chart.svg",
    "figures": "indicator/DESA_STOCK/KEN/figures.csv",
    "iati": "iati/?place=KEN&org=X&type=10&name=X",
    "money": "money/",
    "money-gaps": "money/gaps/?place=KEN",
    "money-facility": "money/facility/?add=1000",
    "money-flows": "money/flows/?place=TUN",
    "money-flows-picture": "money/flows.svg?place=TUN",
    "money-rows": "money/rows/?place=TUN",
    "place-money": "place/TUN/money/",
    "place-predictability": "place/TUN/money/predictability/",
    "place-money-years": "place/TUN/money/years.svg",
    "provision-money": "provision/gcm:20/money/",
    "reviews": "reviews/",
    "review": "review/KEN/imrf-2026/",
    "review-json": "review/KEN/imrf-2026/review.json",
    "review-text": "review/KEN/imrf-2026/review.txt",
    "review-pdf": "review/KEN/imrf-2026/review.pdf",
    "search": "search/?q=secret",
    "register": "register/",
    "commitments": "commitments/?q=secret",
    "commitment": "commitment/example-contracts/",
    "commitment-money": "commitment/example-contracts/money/",
    "rates": "rates/",
    "saved-view": "view/example-view/",
    "plans": "plans/",
    "plan": "plan/example-plan/",
    "actors": "actors/",
    "actor": "actor/example-ministry/",
    "actor-calendar": "actor/example-ministry/calendar.ics",
    "place-calendar": "place/KEN/calendar.ics",
    "capacity": "capacity/?q=secret",
    "capacity-need": "capacity/need/example-need/",
    "capacity-offer": "capacity/offer/example-offer/",
    "capacity-request": "capacity/request/example-request/",
    "forums": "forums/",
    "forum": "forum/imrf-2026/",
    "practices": "practices/",
    "practice": "practice/example-practice/",
    "mandates": "mandates/",
    "roles": "roles/?place=KEN",
    "compare": "compare/",
    "firewall": "firewall/",
    "firewall-case": "firewall/case/nhs-home-office/",
    "firewall-place": "firewall/place/MEX/",
    "firewall-audit": "firewall/audit/",
    "firewall-rules": "firewall/rules/",
    "firewall-threats": "firewall/threats/",
    "firewall-counts": "firewall/counts/",
    "bodies-file": "work/bodies/of/MEX/arrangements.yaml",
}
YES = {"verdict": "release", "because": "A reason."}
OF_CONTRACTS = {"commitment": "example-contracts"}
NEW = {"actor": "example-ministry", "place": "KEN"}
ADDRESSES = [
    *(A(name, path, EVERYBODY) for name, path in PAGES_FOR_ALL.items()),
    A("attachment", "file/{file}/", frozenset()),
    A("invitation", "invitation/wrong/", frozenset()),
    A("work", "work/", SIGNED_IN),
    A("new", "work/new/commitments/", COORDINATORS | {"contributor", "colleague", "stranger"}),
    A("new", "work/new/commitments/", AUTHORS, "post", NEW),
    A("new", "work/new/actors/", DECIDERS, "post", NEW),
    A("new", "work/new/flows/", AUTHORS, "post", {"actor": "example-ministry", **OF_CONTRACTS}),
    A(
        "new",
        "work/new/flows/",
        DECIDERS,
        "post",
        {"actor": "example-association", **OF_CONTRACTS},  # it has no part in the commitment
    ),
    A("new", "work/new/rates/", DECIDERS, "post", {"actor": "", "place": "KEN"}),
    A("edit", "work/edit/flows/example-window/", AUTHORS),
    A("edit", "work/edit/flows/example-window/", AUTHORS, "post"),
    A("edit", "work/edit/rates/eur-2026/", frozenset({"steward"}), "post"),
    A("history", "work/history/flows/example-window/", MAY_SEE),
    A("edit", "work/edit/commitments/example-contracts/", AUTHORS),
    A("edit", "work/edit/commitments/example-contracts/", AUTHORS, "post"),
    A(
        "edit",
        "work/edit/commitments/example-clinic/",
        frozenset({"coordinator", "county", "region"}),
        "post",
    ),
    A(
        "capacity-ask",
        "capacity/need/example-need/ask/example-offer/",
        AUTHORS | {"county"},
        "post",
    ),
    A(
        "edit",
        "work/edit/capacity_requests/example-request/?actor=example-association",
        frozenset({"stranger", "elsewhere"}),
        "post",
    ),
    A("edit", "work/edit/capacity_requests/example-request/", AUTHORS | {"county"}, "post"),
    A(
        "capacity-deliver",
        "capacity/request/example-request/deliver/",
        frozenset(),  # nobody, before it is accepted: test_capacity
        "post",
        refused=(400, 403),
    ),
    A("version", f"{V}/", MAY_SEE),
    A("version", f"{V}/", AUTHORS, "post", {"edits": 1, "has-what": "1", "what": "Other"}),
    A("compare-version", f"{V}/compare/", MAY_SEE),
    A("compare-version", f"{V}/compare/", DECIDERS, "post", {"edits": 1}),
    A("comment", f"{V}/comment/", AUTHORS | DECIDERS, "post", {"text": "A word."}),
    A("discard", f"{V}/discard/", AUTHORS, "post"),
    A("attach", f"{V}/attach/", AUTHORS, "post"),
    A("version-file", f"{V}/file/{{file}}/", MAY_SEE),
    A("detach", f"{V}/file/{{file}}/remove/", AUTHORS, "post"),
    A("history", "work/history/commitments/{subject}/", MAY_SEE),
    A("history", "work/history/commitments/example-contracts/", MAY_SEE),
    A("bring-back", "work/bring-back/{event}/", AUTHORS, "post"),
    A("edit-many", "work/many/", COORDINATORS),
    A(
        "edit-many",
        "work/many/",
        DECIDERS - {"steward"},
        "post",
        {"slug": "example-contracts", "status": "done", "why": "A reason.", "query": ""},
    ),
    A("save-view", "work/view/", SIGNED_IN - {"nobody", "reader"}, "post", {"title": "A list"}),
    A("people", "work/people/", COORDINATORS | {"administrator"}),
    A("end-membership", "work/people/{membership}/end/", ALLOWED[Action.INVITE], "post"),
    A("audit", "work/audit/", frozenset({"steward", "administrator"})),
    A("bodies", "work/bodies/", COORDINATORS | {"steward"}),
    A("bodies", "work/bodies/", DECIDERS, "post", {"place": "KEN", "text": HOLDS, "reason": "A."}),
    A("proposal", "work/bodies/{proposal}/", frozenset({"elsewhere", "steward"})),
    A(
        "settle-proposal",
        "work/bodies/{proposal}/settle/",
        frozenset({"elsewhere"}),
        "post",
        {"to": "confirmed"},
        refused=(403, 409),
    ),
    A("bodies-history", "work/bodies/of/KEN/", DECIDERS),
    A(
        "releases",
        "work/releases/",
        COORDINATORS | {"contributor", "colleague", "stranger", "steward"},
    ),
    A("release", "work/releases/{release}/", DECIDERS | {"contributor"}),
    A("review-release", "work/releases/{release}/review/", DECIDERS, "post", YES),
    A(
        "withdraw-release",
        "work/releases/{release}/withdraw/",
        frozenset({"contributor"}),
        "post",
        refused=(403, 409),
    ),
    A("release-file", "firewall/counts/{release}/release.json", DECIDERS | {"contributor"}),
    A("workbook", "work/workbook/", DRAFT_SOMETHING),
    A("workbook-file", "work/workbook/rows.xlsx", DRAFT_SOMETHING),
    A("pledge-list", "work/pledge-list/", DRAFT_SOMETHING - {"assessor", "steward"}),
    A("pledge-columns", "work/pledge-list/{list}/", frozenset({"contributor"})),
    A("incoming", "work/incoming/{incoming}/", frozenset({"contributor"})),
]


LINKED_DATA = {  # the same for everybody, outside the languages: test_linked_data
    "concepts-file",
    "catalogue-file",
    "concepts",
    "catalogue",
    "concept",
    "dataset",
    "figures-file",
}
TESTED_APART = {"move"} | LINKED_DATA


@pytest.mark.parametrize("who", [*of_whom_two_try_every_database()], ids=str)
@pytest.mark.parametrize("asked", ADDRESSES, ids=lambda a: f"{a.method} {a.path}")
def test_every_address_by_every_role(asked: Address, who: str | None, held: dict[str, Any]) -> None:
    response = getattr(client(who), asked.method)(f"/en/{asked.path.format(**held)}", asked.given)
    if who in asked.allowed:
        assert response.status_code in (200, 302), response.content.decode()[-3000:]
        assert "/account/login/" not in response.headers.get("Location", "")
    elif who is None and response.status_code == 302:
        assert "/account/login/" in response.headers["Location"]
    else:
        assert response.status_code in asked.refused
    if who not in MAY_SEE and not getattr(response, "streaming", False):
        assert b"secret words" not in response.content


def test_every_address_is_in_the_table() -> None:
    known = {each.name for each in ADDRESSES} | TESTED_APART
    theirs = ("account_", "mfa_", "api")
    named = {name for name in names_of(get_resolver()) if not name.startswith(theirs)}
    assert named == known


def names_of(resolver: URLResolver) -> set[str]:
    found: set[str] = set()
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            found |= {each.name} if each.name else set()
        elif not each.namespace:
            found |= names_of(each)
    return found


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_drafts_are_in_no_export(form: str) -> None:
    draft()
    response = client("stranger").get(f"/en/commitments/?format={form}")
    content = b"".join(response.streaming_content) if response.streaming else response.content
    assert b"secret words" not in content


def draft() -> models.Version:
    """A draft of the Example Ministry with secret words, complete enough to be submitted."""
    contributor = client("contributor")
    version = begun(contributor, "commitments", **NEW)
    save(contributor, version, what="These are secret words.", origin="other", provisions=["gcm:6"])
    version.refresh_from_db()
    return version


def known_things() -> dict[str, object]:
    version = draft()
    file = SimpleUploadedFile("note.txt", b"secret words")
    client("contributor").post(
        f"/en/work/version/{version.pk}/attach/", {"file": file, "public": "on"}
    )
    models.SavedView.objects.get_or_create(
        slug="example-view", defaults={"title": "View", "account": account("contributor")}
    )
    assert version.status in OPEN
    kept = keep(Incoming(source="list"), account("contributor"), name="list.csv", content=b"")
    listed = keep_list(
        b"Ref,Pledge\n1,Example\n",
        account("contributor"),
        name="list.csv",
        form={"sheet": None, "header": 1, "encoding": None, "delimiter": None},
        mapping={"title": "list", "prefix": "list", "columns": {}, "constants": {}},
    )
    return {
        "version": version.pk,
        "subject": version.subject,
        "incoming": kept.token,
        "list": listed.token,
        "file": version.attachments.get().pk,
        "event": Event.objects.filter(verb="saved").latest("number").number,
        "membership": Membership.objects.get(account=account("contributor")).pk,
    }
