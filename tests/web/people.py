"""Accounts for tests: one for each role, and how they go about their work."""

from __future__ import annotations

from typing import Any

from django.test import Client

from waymark_web.accounts.models import Account, Membership
from waymark_web.plans.models import Version

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "correct horse battery"
ROLES = {
    "reader": ("reader", "example-ministry", ""),
    "contributor": ("contributor", "example-ministry", ""),
    "colleague": ("contributor", "example-ministry", ""),
    "stranger": ("contributor", "example-association", ""),
    "assessor": ("assessor", "example-union", ""),
    "coordinator": ("coordinator", "", "KEN"),
    "county": ("coordinator", "", "KE-30"),
    "elsewhere": ("coordinator", "", "MEX"),
    "region": ("coordinator", "", "002"),
    "steward": ("steward", "", ""),
    "administrator": ("administrator", "", ""),
}


def account(name: str) -> Account:
    """The account of a role, made when it is first asked for; ``nobody`` has no role."""
    email = f"{name}@example.org"
    found = Account.objects.filter(email=email).first()
    if found is None:
        found = Account.objects.create_user(email, name=f"Example {name}")
        if name in ROLES:
            role, actor, place = ROLES[name]
            Membership.objects.create(account=found, role=role, actor=actor, place=place)
    return Account.objects.get(pk=found.pk)


def client(name: str | None) -> Client:
    """A browser in which somebody is signed in, or a visitor's."""
    made = Client(HTTP_HOST="localhost", raise_request_exception=False)
    if name is not None:
        made.force_login(account(name), backend=BACKEND)
    return made


def begun(by: Client, kind: str, **given: str) -> Version:
    """A version begun by the page that begins one."""
    response = by.post(f"/en/work/new/{kind}/", given)
    assert response.status_code == 302, response.content.decode()[-2000:]
    return Version.objects.get(pk=int(response.headers["Location"].rstrip("/").split("/")[-1]))


def save(by: Client, version: Version, action: str = "save", /, **fields: Any) -> Any:
    """Send the form of a version with some of its fields, as it stands now."""
    version.refresh_from_db()
    given: dict[str, Any] = {"edits": version.edits, "action": action}
    for name, value in fields.items():
        given[f"has-{name.split('-')[0]}"] = "1"
        given[name] = value
    return by.post(f"/en/work/version/{version.pk}/", given)


def move(by: Client, version: Version, to: str, reason: str = "") -> Any:
    """Press the button of a move."""
    version.refresh_from_db()
    given = {"to": to, "edits": version.edits, "reason": reason}
    return by.post(f"/en/work/version/{version.pk}/move/", given)
