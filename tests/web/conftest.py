"""What tests of the site share: a database with the register that ships."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from waymark.exchange.register_package import STARTER, read_package


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    from tests.web.example import example_register
    from waymark_web import store
    from waymark_web.plans.published import load

    with django_db_blocker.unblock():
        load(read_package(STARTER, store.framework(), store.forums(), store.series()))
        load(example_register())


@pytest.fixture(scope="module")
def of_the_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What a fixture of a module writes after this one, all tests of that module find."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Every page asks the register."""
