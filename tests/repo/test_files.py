"""What may never be committed: hosts of package registries, paths of a machine, large files."""

from __future__ import annotations

import re

from tests.repo.tracked import name_of, tracked

MOST_BYTES = 2_000_000
REGISTRIES = (  # in pieces, so that this file does not name them either
    "pypi" + ".org",
    "python" + "hosted",
    "npm" + "js.",
    "yarn" + "pkg",
    "deb.debian" + ".org",
    "archive.ubuntu" + ".com",
    "ana" + "conda.org",
    "crates" + ".io",
    "ruby" + "gems.org",
    "proxy.golang" + ".org",
    "maven" + ".org",
    "js" + "delivr",
    "un" + "pkg.com",
    "cdn" + "js.",
)
MACHINE_PATHS = re.compile(
    rb"(?<![\w.~-])/(?:ho" + rb"me|Us" + rb"ers)/\w"  # somebody's folder
    rb"|(?<![\w.~-])/ro" + rb"ot/"
    rb"|(?<![\w.~-])/wo" + rb"rk/(?:main|shared|\.)"
    rb"|(?<![\w.~-])/opt/[a-z]"
    rb"|\b[A-Z]:\\Us" + rb"ers"
)


def test_no_registry_is_named():
    """Whoever installs chooses the registry; a name in a file would choose for them."""
    named = {
        (name_of(path), host)
        for path in tracked()
        for content in [path.read_bytes().lower()]
        for host in REGISTRIES
        if host.encode() in content
    }
    assert named == set()


def test_no_path_of_a_machine():
    found = {name_of(path): MACHINE_PATHS.findall(path.read_bytes()) for path in tracked()}
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_files_are_small():
    sizes = {name_of(path): path.stat().st_size for path in tracked()}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
