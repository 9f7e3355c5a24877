"""A list of pledges between its upload and its decision: kept for its sender, and not for long."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.exchange.pledges.incoming import SOURCE
from waymark_web.accounts.models import Account
from waymark_web.exchange.models import Waiting
from waymark_web.exchange.writes import KEPT_FOR
from waymark_web.firewall.uploads import UNSEEN
from waymark_web.plans.files import safe_name

FILE = f"{SOURCE}-file"


@transaction.atomic
def keep_list(
    content: bytes, by: Account, *, name: str, form: dict[str, Any], mapping: dict[str, Any]
) -> Waiting:
    """Keep a list while its sender says what its columns are; an earlier one goes."""
    now = timezone.now()
    Waiting.objects.filter(created__lt=now - KEPT_FOR).delete()
    Waiting.objects.filter(account=by.pk, source=FILE).delete()
    return Waiting.objects.create(
        token=secrets.token_hex(16),
        account=by.pk,
        source=FILE,
        name=safe_name(name),
        sha256=hashlib.sha256(content).hexdigest(),
        content={
            "bytes": base64.b64encode(content).decode("ascii"),
            "form": _seen(form),
            "mapping": _seen(mapping),
        },
        created=now,
    )


@transaction.atomic
def remember(waiting: Waiting, mapping: dict[str, Any]) -> None:
    """Keep what its sender has said of the columns so far."""
    waiting.content = {**waiting.content, "mapping": _seen(mapping)}
    Waiting.objects.filter(pk=waiting.pk).update(content=waiting.content)  # if it is still there


@transaction.atomic
def forget(waiting: Waiting) -> None:
    """Keep nothing of a list."""
    waiting.delete()


def _seen(value: Any) -> Any:
    """Plain values without letters that nobody sees: a database may refuse them."""
    if isinstance(value, dict):
        return {_seen(key): _seen(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_seen(each) for each in value]
    return UNSEEN.sub("", value) if isinstance(value, str) else value


def content_of(waiting: Waiting) -> bytes:
    """The bytes of a list as they were sent."""
    return base64.b64decode(waiting.content["bytes"])
