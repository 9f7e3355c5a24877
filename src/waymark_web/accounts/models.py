"""Accounts of people, their memberships in organisations and places, and invitations."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from waymark.plans.procedure import Role

INVITATION_LASTS = timedelta(days=14)
ROLE_CHOICES = [(role.value, role.value) for role in Role]


class Accounts(BaseUserManager["Account"]):
    """Accounts are found by their mail address, in any case of letters."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Account:
        """A new account; without a password it cannot sign in by one."""
        account = self.model(email=email.strip().lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account with a mail address."""
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A person who signs in. The only personal data in the register: a mail address and a name.

    The name is what colleagues see beside a comment or a change; public pages show organisations.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    language = models.CharField(max_length=2, default="en")
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=timezone.now)
    reminded = models.DateField(null=True, blank=True)

    objects = Accounts()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name that colleagues see."""
        return self.name

    def get_short_name(self) -> str:
        """The same."""
        return self.name


class Membership(models.Model):
    """One role of an account: for an organisation, for a place and what lies under it, or both.

    Contributors, assessors and readers belong to an organisation (``actor``); coordinators to a
    place; stewards and administrators to neither.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    actor = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=6, blank=True)
    granted_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    granted = models.DateTimeField(default=timezone.now)

    class Meta:
        """Once is enough."""

        constraints = [
            models.UniqueConstraint("account", "role", "actor", "place", name="one_membership")
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.role, self.actor, self.place]))


class Invitation(models.Model):
    """A role offered to a mail address. Only the hash of its secret is kept."""

    email = models.EmailField()
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    actor = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=6, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL)
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.role} {self.actor or self.place}".strip()

    @staticmethod
    def new_secret() -> tuple[str, str]:
        """A secret for the link in the mail, and the hash to keep."""
        secret = secrets.token_urlsafe(32)
        return secret, hash_of(secret)


def hash_of(secret: str) -> str:
    """The hash by which a secret is found again."""
    return hashlib.sha256(secret.encode()).hexdigest()
