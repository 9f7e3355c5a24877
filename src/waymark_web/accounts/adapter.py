"""How sign-in differs from the library's own: nobody registers without an invitation."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ByInvitation(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitations and by a command, never by a public form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: the page says so."""
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """Accounts have no other name than their mail address."""
