"""One mail to each contributor about what is due, late or returned, at most once a week."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from waymark.plans.procedure import VersionStatus
from waymark.words import Sentence
from waymark_web.accounts.models import Account
from waymark_web.accounts.permissions import visible_versions
from waymark_web.plans.authors import organisations
from waymark_web.plans.capacity_rows import to_answer
from waymark_web.plans.worklist import open_steps

EVERY = timedelta(days=7)
MOST_LINES = 20


def remind(today: date, address: str) -> int:
    """Send the mails that are owed on a day; returns how many were sent.

    The day is kept before the mail leaves: a mail may be missing after a failure, never doubled.
    """
    sent = 0
    for account in Account.objects.filter(is_active=True).order_by("pk"):
        if account.reminded is not None and today - account.reminded < EVERY:
            continue
        lines = lines_for(account, today)
        if not lines:
            continue
        with transaction.atomic():
            locked = Account.objects.select_for_update().get(pk=account.pk)
            if locked.reminded != account.reminded:
                continue  # another run was faster
            locked.reminded = today
            locked.save(update_fields=["reminded"])
        with translation.override(account.language):
            desk = f"{address.rstrip('/')}{reverse('work')}"
        subject = Sentence("What waits for you in Waymark").text(account.language)
        send_mail(subject, "\n".join([*lines, "", desk, ""]), None, [account.email])
        sent += 1
    return sent


def lines_for(account: Account, today: date) -> list[str]:
    """What waits for an account, a line each, in its language."""
    found = []
    for step in open_steps(organisations(account), today)[:MOST_LINES]:
        wording = (
            Sentence("Late since {day}: {what}", day=step.due_by.isoformat(), what=step.what)
            if step.due_by < today
            else Sentence("Due on {day}: {what}", day=step.due_by.isoformat(), what=step.what)
        )
        found.append(wording.text(account.language))
    for request in to_answer(organisations(account))[:MOST_LINES]:
        asked = Sentence(
            "Asked of you on {day}: {what}", day=request.asked.isoformat(), what=request.offer.what
        )
        found.append(asked.text(account.language))
    returned = visible_versions(account).filter(status=VersionStatus.RETURNED, author=account)
    for version in returned[:MOST_LINES]:
        returned_line = Sentence("Returned to you: {reason}", reason=version.reason)
        found.append(returned_line.text(account.language))
    return found
