"""Make the register ready before anybody uses it: its tables, and the checked facts that ship."""

from __future__ import annotations

from django.core.management import call_command

from waymark.exchange.register_package import STARTER, read_package
from waymark_web import store


def prepare() -> None:
    """Make or update the tables; a register in which nothing happened yet gets what ships.

    Only one process does this at a time: the command that serves does it before it answers.
    """
    from waymark_web.audit.models import Head
    from waymark_web.plans.published import load

    call_command("migrate", verbosity=0, interactive=False)
    if not Head.objects.exists():
        load(read_package(STARTER, store.framework(), store.forums(), store.series()))
