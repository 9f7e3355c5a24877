"""Migrations on a filled database: back to nothing, forward again, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.web.example import example_register
from waymark.exchange.register_package import write_package


def run(home: Path, *command: str) -> str:
    settings = {"WAYMARK_HOME": str(home), "DJANGO_SETTINGS_MODULE": "waymark_web.settings"}
    rest = {name: value for name, value in os.environ.items() if name != "WAYMARK_DATABASE"}
    return subprocess.run(
        [sys.executable, "-m", *command],
        check=True,
        capture_output=True,
        text=True,
        env={**rest, **settings},
    ).stdout


def dumped(home: Path, name: str) -> dict[str, str]:
    run(home, "waymark.cli.main", "register", "dump", str(home / name))
    return {path.name: path.read_text() for path in (home / name).iterdir()}


def test_back_and_forward_on_a_filled_database(tmp_path: Path) -> None:
    write_package(example_register(), tmp_path / "example")
    run(tmp_path, "waymark.cli.main", "register", "load", str(tmp_path / "example"))
    before = dumped(tmp_path, "before")
    run(tmp_path, "waymark.cli.main", "backup", str(tmp_path / "register.zip"))
    for app in ("firewall", "plans", "audit", "mfa", "account", "accounts"):
        run(tmp_path, "django", "migrate", app, "zero")
    listed = run(tmp_path, "django", "showmigrations", "firewall", "plans", "audit", "accounts")
    assert "[X]" not in listed
    run(tmp_path, "django", "migrate")
    run(tmp_path, "waymark.cli.main", "restore", str(tmp_path / "register.zip"))
    assert dumped(tmp_path, "after") == before
    assert "0 events" not in run(tmp_path, "waymark.cli.main", "audit", "verify")


def test_no_change_of_a_table_is_without_its_migration() -> None:
    from django.core.management import call_command

    call_command(
        "makemigrations", "accounts", "audit", "plans", "firewall", check=True, dry_run=True
    )
