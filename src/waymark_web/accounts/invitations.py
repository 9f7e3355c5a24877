"""Invitations: a role offered to a mail address, taken up once by whoever holds the secret."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as PasswordError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from waymark.exceptions import NotFoundError, WaymarkError
from waymark.plans.procedure import Role
from waymark.words import Sentence
from waymark_web.accounts.models import (
    INVITATION_LASTS,
    Account,
    Invitation,
    Membership,
    hash_of,
)
from waymark_web.accounts.permissions import OF_A_PLACE, OF_AN_ORGANISATION
from waymark_web.audit.chain import record


@transaction.atomic
def invite(
    email: str,
    role: Role,
    *,
    by: Account | None,
    actor: str = "",
    place: str = "",
    name: str = "",
) -> tuple[Invitation, str]:
    """An invitation and its secret, which is kept nowhere. Whether ``by`` may is asked before."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except PasswordError:
        raise WaymarkError(
            f"'{email}' is not a mail address.", "Write it like ada@example.org."
        ) from None
    if role in OF_AN_ORGANISATION and not actor:
        raise WaymarkError("This role belongs to an organisation.", "Choose the organisation.")
    if role in OF_A_PLACE and not place:
        raise WaymarkError("A coordinator has a place.", "Choose the place.")
    secret, hashed = Invitation.new_secret()
    made = Invitation.objects.create(
        email=email,
        role=role.value,
        actor=actor if role in OF_AN_ORGANISATION else "",
        place=place if role in OF_A_PLACE else "",
        secret_hash=hashed,
        invited_by=by,
        expires=timezone.now() + INVITATION_LASTS,
    )
    record(
        "invited",
        "invitations",
        str(made.pk),
        account=by.pk if by else 0,
        role=role.value,
        organisation=made.actor,
        place=made.place,
    )
    return made, secret


def send(invitation: Invitation, address: str, language: str) -> None:
    """Mail the address of an invitation to the person invited."""
    with translation.override(language):
        subject = Sentence("You are invited to Waymark").text(language)
        body = Sentence(
            "You are invited to take part in the register of commitments, as {role}. Open this "
            "address within 14 days:",
            role=Role(invitation.role).label,
        ).text(language)
    send_mail(subject, f"{body}\n\n{address}\n", None, [invitation.email])


def find(secret: str) -> Invitation:
    """The open invitation that a secret belongs to."""
    found = Invitation.objects.filter(
        secret_hash=hash_of(secret), accepted=None, expires__gt=timezone.now()
    ).first()
    if found is None:
        raise NotFoundError(
            "This invitation was used, has ended, or never was.",
            "Ask whoever invited you for another one.",
        )
    return found


@transaction.atomic
def accept(secret: str, *, name: str, password: str, signed_in: Account | None) -> Account:
    """Give the role to the account of the invited address; make the account if there is none.

    An account that exists takes it up signed in: a mail that went astray opens nobody's account.
    """
    invitation = Invitation.objects.select_for_update().get(pk=find(secret).pk)
    if invitation.accepted is not None:
        raise NotFoundError("This invitation was used.", "Sign in instead.")
    account = Account.objects.filter(email=invitation.email).first()
    if account is None:
        account = _new_account(invitation.email, name, password)
    elif signed_in is None or signed_in.pk != account.pk:
        raise WaymarkError(
            "There is an account for this address.",
            "Sign in with it, then open the invitation again.",
        )
    Membership.objects.get_or_create(
        account=account,
        role=invitation.role,
        actor=invitation.actor,
        place=invitation.place,
        defaults={"granted_by": invitation.invited_by},
    )
    invitation.accepted = timezone.now()
    invitation.save()
    record(
        "joined",
        "accounts",
        str(account.pk),
        account=account.pk,
        role=invitation.role,
        organisation=invitation.actor,
        place=invitation.place,
    )
    return account


def _new_account(email: str, name: str, password: str) -> Account:
    name = " ".join(name.split())[:150]
    if not name:
        raise WaymarkError("There is no name.", "Write the name that colleagues will see.")
    try:
        validate_password(password)
    except PasswordError as error:
        raise WaymarkError("This password is too weak.", " ".join(error.messages)) from None
    try:
        return Account.objects.create_user(email, password, name=name)
    except IntegrityError:
        raise WaymarkError("There is an account for this address.", "Sign in with it.") from None


@transaction.atomic
def end_membership(membership: Membership, by: Account) -> None:
    """Take a role back."""
    record(
        "left",
        "accounts",
        str(membership.account_id),
        account=by.pk,
        role=membership.role,
        organisation=membership.actor,
        place=membership.place,
    )
    membership.delete()
