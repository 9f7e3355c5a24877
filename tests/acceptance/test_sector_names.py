"""The names of sectors against the code list from which they were read."""

from __future__ import annotations

import hashlib
from pathlib import Path

from lxml import etree

from waymark.finance.sectors import sector_names

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def test_each_name_is_the_lists_own(shared: Path) -> None:
    path, held = shared / "iati" / "codelists" / "Sector.xml", sector_names()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == held.sha256
    listed = {
        one.findtext("code"): {
            each.get(LANGUAGE, "en"): " ".join(each.text.split())
            for each in one.findall("name/narrative")
        }
        for one in etree.parse(path).iter("codelist-item")
    }
    assert {code: name.root for code, name in held.names.items()} == {
        code: listed[code] for code in held.names
    }
