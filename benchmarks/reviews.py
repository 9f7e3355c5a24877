"""Start-up, one review, and every country in one go, each as a ratio to its limit.

Run it as ``.venv/bin/python -m benchmarks.reviews``. Times are medians of several runs in seconds.
A ratio below 1 keeps the limit.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
from datetime import date

from benchmarks.timing import median_of
from waymark.compact.loading import load_framework
from waymark.coverage.standing import standing
from waymark.indicators.evidence import open_evidence
from waymark.indicators.series import load_series
from waymark.plans.forums import load_forums
from waymark.reviews.review import review

AS_OF = date(2026, 11, 23)
BASELINE = 2018
LIMITS = {"help": 0.3, "show": 1.0, "command": 10.0, "load": 2.0, "one": 0.5, "all": 10.0}


def main() -> None:
    """Measure, and print each figure beside its limit."""
    framework, series, evidence = load_framework(), load_series(), open_evidence()
    forum = load_forums()["imrf-2026"]
    places = [framework.place(code) for code in ("DEU", "KEN", "MEX", "JOR", "PHL")]

    def load() -> None:
        load_framework()
        load_series()
        open_evidence()

    def one(code: int = 0) -> None:
        place = places[code]
        stands = standing(framework, series, evidence, as_of=AS_OF, baseline=BASELINE, place=place)
        review(stands, place, forum)

    def everywhere() -> None:
        stands = standing(framework, series, evidence, as_of=AS_OF, baseline=BASELINE)
        for country in framework.countries:
            review(stands, country, forum)

    def command(*arguments: str) -> float:
        line = [sys.executable, "-m", "waymark.cli.main", *arguments]
        return median_of(lambda: subprocess.run(line, check=True, capture_output=True))

    measured = {
        "help": ("waymark --help, from start to end", command("--help")),
        "show": ("waymark compact show gcm:15.b", command("compact", "show", "gcm:15.b")),
        "command": ("waymark review --place KEN", command("review", "--place", "KEN")),
        "load": ("definitions and store loaded, warm", median_of(load)),
        "one": (
            "review of one country, warm (median of five countries)",
            statistics.median(median_of(lambda at=at: one(at), 3) for at in range(len(places))),  # type: ignore[misc]
        ),
        "all": (
            f"reviews of all {len(framework.countries)} countries and areas in one go",
            median_of(everywhere, 3),
        ),
    }
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}")
    for key, (name, seconds) in measured.items():
        limit = LIMITS[key]
        print(f"{name}: {seconds:.2f} s; limit {limit:g} s; ratio {seconds / limit:.2f}")


if __name__ == "__main__":
    main()
