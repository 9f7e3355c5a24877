"""Workbooks made by hand, part by part, as no honest writer would."""

from __future__ import annotations

import io
import warnings
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>{{rows}}</sheetData></worksheet>'
CONTENTS = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr/>'
    '<sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>'
)


def relations(**targets: str) -> str:
    """A part of relations: identifier to kind and target."""
    listed = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{target.split()[0]}" '
        f'Target="{target.split()[1]}"/>'
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}">{listed}</Relationships>'


def sheet_of(rows: str) -> str:
    """A sheet with these rows of XML."""
    return SHEET.replace("{rows}", rows)


def packed(sheet: str | bytes, **parts: str) -> bytes:
    """A workbook with this sheet; other parts are added or replaced by name."""
    whole: dict[str, str | bytes] = {
        "_rels/.rels": relations(rId1="officeDocument xl/workbook.xml"),
        "xl/workbook.xml": CONTENTS,
        "xl/_rels/workbook.xml.rels": relations(
            rId1="worksheet worksheets/sheet1.xml",
            rId2="styles styles.xml",
            rId3="sharedStrings sharedStrings.xml",
        ),
        "xl/worksheets/sheet1.xml": sheet,
        **parts,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in whole.items():
            archive.writestr(name, content)
    return file.getvalue()
