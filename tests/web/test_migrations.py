"""Migrations on a filled database: back to nothing, forward again, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.web.example import example_register
from waymark.exchange.register_package import write_package

BACK_AND_FORWARD = """
import django; django.setup()
from django.core.management import call_command
for app in ("exchange", "firewall", "plans", "audit", "mfa", "account", "accounts"):
    call_command("migrate", app, "zero", verbosity=0)
call_command("showmigrations", "exchange", "firewall", "plans", "audit", "accounts")
call_command("migrate", verbosity=0)
"""


def run(home: Path, *command: str) -> str:
    settings = {"WAYMARK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "waymark_web.settings"}
    rest = {name: value for name, value in os.environ.items() if name != "WAYMARK_DATABASE"}
    return subprocess.run(
        [sys.executable, *command],
        check=True,
        capture_output=True,
        text=True,
        env={**rest, **settings},
    ).stdout


def waymark(home: Path, *arguments: str) -> str:
    return run(home, "-m", "waymark.cli.main", *arguments)


def dumped(home: Path, name: str) -> dict[str, str]:
    waymark(home, "register", "dump", str(home / name))
    return {path.name: path.read_text() for path in (home / name).iterdir()}


@pytest.mark.one_database
def test_back_and_forward_on_a_filled_database(tmp_path: Path) -> None:
    write_package(example_register(), tmp_path / "example")
    waymark(tmp_path, "register", "load", str(tmp_path / "example"))
    before = dumped(tmp_path, "before")
    waymark(tmp_path, "backup", str(tmp_path / "register.zip"))
    listed = run(tmp_path, "-c", BACK_AND_FORWARD)
    assert "[ ] 0001_initial" in listed
    assert "[X]" not in listed
    waymark(tmp_path, "restore", str(tmp_path / "register.zip"))
    assert dumped(tmp_path, "after") == before
    assert "0 events" not in waymark(tmp_path, "audit", "verify")


def test_no_change_of_a_table_is_without_its_migration() -> None:
    from django.core.management import call_command

    call_command(
        "makemigrations",
        *("accounts", "audit", "exchange", "plans", "firewall"),
        check=True,
        dry_run=True,
    )
