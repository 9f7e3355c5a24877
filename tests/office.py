"""A real LibreOffice for tests: it converts workbooks, and edits them by its own macros."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

NAMES = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
PATIENCE = 240  # seconds until LibreOffice is given up
MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">{code}</script:module>
"""
BASIC = """Sub Main
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden" : hidden(0).Value = True
  Dim book As Object
  book = StarDesktop.loadComponentFromURL({place}, "_blank", 0, hidden())
{deeds}
  Dim saved(0) As New com.sun.star.beans.PropertyValue
  saved(0).Name = "FilterName" : saved(0).Value = "Calc MS Excel 2007 XML"
  book.storeToURL({place}, saved())
  book.close(True)
End Sub
"""
TYPE = "  book.Sheets.getByName({sheet}).getCellRangeByName({cell}).FormulaLocal = {text}"
Typed = tuple[str, str, str]  # a sheet by its title, a cell, and what is typed into it


def soffice() -> str:
    """The LibreOffice that there is; a test without one is left out, and fails in the build."""
    named = os.environ.get("WAYMARK_SOFFICE")
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        message = "no LibreOffice was found; set WAYMARK_SOFFICE, or install its Calc"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


class Office:
    """A LibreOffice with a profile of its own."""

    def __init__(self, folder: Path) -> None:
        self.program = soffice()
        self.folder = folder
        self.profile = folder / "profile"

    def converted(self, file: Path, ending: str) -> Path:
        """A file as LibreOffice saves it in a form, be it another one or its own."""
        to = self.folder / f"{ending}-of-{file.stem}-{file.suffix[1:]}"
        to.mkdir(exist_ok=True)
        self._run("--convert-to", ending, "--outdir", str(to), str(file))
        return to / f"{file.stem}.{ending}"

    def edited(self, file: Path, typed: Iterable[Typed]) -> None:
        """Open a workbook, type into its cells as a person does, and save it as XLSX."""
        module = self.profile / "user" / "basic" / "Standard" / "Module1.xba"
        if not module.exists():  # the first start makes the profile
            self.converted(file, "csv")
        deeds = [
            TYPE.format(sheet=_quoted(sheet), cell=_quoted(cell), text=_quoted(text))
            for sheet, cell, text in typed
        ]
        code = BASIC.format(place=_quoted(file.resolve().as_uri()), deeds="\n".join(deeds))
        module.write_text(MODULE.format(code=escape(code)), encoding="utf-8")
        before = file.read_bytes()
        self._run("macro:///Standard.Module1.Main")
        assert file.read_bytes() != before, "LibreOffice saved nothing"

    def _run(self, *arguments: str) -> None:
        profile = f"-env:UserInstallation={self.profile.resolve().as_uri()}"
        command = [self.program, "--headless", "--norestore", profile, *arguments]
        finished = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE
        )
        assert finished.returncode == 0, finished.stderr


def _quoted(text: str) -> str:
    """A text as Basic writes it."""
    lines = text.split("\n")
    return " & Chr(10) & ".join('"' + line.replace('"', '""') + '"' for line in lines)
