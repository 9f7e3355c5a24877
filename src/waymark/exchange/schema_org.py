"""schema.org: a page of figures described for search engines, as JSON-LD in its head."""

from __future__ import annotations

import json
from collections.abc import Iterable

from waymark.exchange.dcat import CATALOGUE, LICENCES, PARQUET
from waymark.exchange.linked_data import Base
from waymark.indicators.evidence import Extent
from waymark.indicators.releases import Release
from waymark.indicators.series import Series

ENDING_A_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def dataset(
    one: Series, release: Release | None, extent: Extent | None, base: Base, language: str
) -> dict[str, object]:
    """A series as a dataset, in the language of its page."""
    name = one.name.said(language)
    about: dict[str, object] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": base.of(language, "indicator", one.code, ""),
        "url": base.of(language, "indicator", one.code, ""),
        "name": name.text,
        "description": f"{name}, {one.unit.said(language)}. {one.direction_reason.said(language)}",
        "inLanguage": language,
        "identifier": one.code,
        "variableMeasured": {
            "@type": "PropertyValue",
            "name": name.text,
            "unitText": one.unit.said(language).text,
        },
        "isPartOf": base.of(CATALOGUE, one.release),
        "includedInDataCatalog": base.of(CATALOGUE),
    }
    if extent and extent.first is not None:
        about["temporalCoverage"] = f"{extent.first}/{extent.last}"
    about.update(_origin(release))
    return {**about, "distribution": _distribution(one.release, base)}


def data_catalogue(releases: Iterable[Release], base: Base, language: str) -> dict[str, object]:
    """The page of sources as a catalogue of datasets."""
    return {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "@id": base.of(CATALOGUE),
        "url": base.of(language, "sources", ""),
        "name": "Waymark",
        "inLanguage": language,
        "dataset": [_release(each, base, language) for each in releases],
    }


def in_a_page(described: dict[str, object]) -> str:
    """JSON that cannot end the element of the page in which it stands."""
    text = json.dumps(described, ensure_ascii=False)
    return "".join(ENDING_A_SCRIPT.get(letter, letter) for letter in text)


def _release(release: Release, base: Base, language: str) -> dict[str, object]:
    return {
        "@type": "Dataset",
        "@id": base.of(CATALOGUE, release.id),
        "url": f"{base.of(language, 'sources', '')}#{release.id}",
        "name": release.title.said(language).text,
        "description": f"{release.title.said(language)}. {release.attribution}",
        "version": release.released,
        **_origin(release),
        "distribution": _distribution(release.id, base),
    }


def _origin(release: Release | None) -> dict[str, object]:
    """Who made the figures and under which terms; figures of ours name neither here."""
    if release is None:
        return {}
    return {
        "creator": {"@type": "Organization", "name": release.producer},
        "license": str(LICENCES.get(release.licence, release.licence)),
        "creditText": release.attribution,
    }


def _distribution(release: str, base: Base) -> list[dict[str, object]]:
    return [
        {
            "@type": "DataDownload",
            "contentUrl": base.of("figures", f"{release}.parquet"),
            "encodingFormat": PARQUET,
        }
    ]
