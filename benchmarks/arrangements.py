"""The audit of large networks: from Parquet on disk to verdict, chains, repair or certificate.

Run it as ``.venv/bin/python -m benchmarks.arrangements``. Each network is made by a rule, written
to a temporary folder, and audited in a process of its own; a ratio below 1 keeps the limit. The
bodies and arrangements are made up.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from waymark.firewall.audits.arrangements import read_holdings
from waymark.firewall.audits.audit import audit
from waymark.firewall.audits.report import document
from waymark.firewall.domain import FOLDER, load_domain

AS_OF = date(2026, 11, 23)
LIMIT = 10.0
SIZES = ((100_000, 1_000_000), (1_000_000, 10_000_000))
KINDS = ("health", "school", "shelter", "administration", "intermediary", "police", "community")
SINKS = 20
HOLES = 6  # of one hop to so many
SETTINGS = {
    "holds": "holds, with a certificate",
    "holes": f"{HOLES} planted holes of 1 to {HOLES} hops",
    "unseen": "1 % of bodies without evidence",
    "bottleneck": "everything passes one body far from enforcement",
}


def main() -> None:
    """Make each network, audit it apart, and print time and memory beside the limit."""
    if len(sys.argv) > 1:
        print(json.dumps(measured(Path(sys.argv[1]))))
        return
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}")
    for bodies, arrangements in SIZES:
        for setting, words in SETTINGS.items():
            with tempfile.TemporaryDirectory() as folder:
                write(Path(folder), bodies, arrangements, setting)
                command = [sys.executable, "-m", "benchmarks.arrangements", folder]
                told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            print(
                f"{bodies:,} bodies, {arrangements:,} arrangements, {words}: "
                f"{told['seconds']:.1f} s; limit {LIMIT:g} s; ratio "
                f"{told['seconds'] / LIMIT:.2f}; processors worked {told['worked']:.1f} s; "
                f"peak {told['peak'] / 2**30:.1f} GiB; "
                f"answer {told['answer']}, chains {told['chains']}, repair {told['repair']}",
                flush=True,
            )


def measured(folder: Path) -> dict[str, object]:
    """One audit of the network in a folder, with its time and the most memory that it took."""
    domain = load_domain()
    small = read_holdings(FOLDER / "cases" / "utilities-four-hops.yaml", domain)
    document(audit(small, domain, AS_OF), "en")  # what is loaded once does not count
    start, worked = time.perf_counter(), time.process_time()
    steps = [("", start)]

    def told(step: object) -> None:
        steps.append((repr(step), time.perf_counter()))

    found = audit(read_holdings(folder, domain, told=told), domain, AS_OF, told)
    told("document")
    paper = document(found, "en")
    seconds = time.perf_counter() - start
    told("end")
    for (name, begin), (_, end) in pairwise(steps):
        print(f"  {end - begin:.2f} s {name}", file=sys.stderr)
    return {
        "seconds": seconds,
        "worked": time.process_time() - worked,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "answer": str(found.answer),
        "chains": len(paper["chains"]),
        "repair": found.repairs + found.things_to_show,
    }


def write(folder: Path, bodies: int, arrangements: int, setting: str) -> None:
    """A network of a size, as two Parquet files."""
    numbers = np.random.default_rng(7)
    ordinary = bodies - SINKS - HOLES * HOLES
    kinds = numbers.integers(0, len(KINDS), bodies)
    seen = np.ones(bodies, dtype=bool)
    if setting == "unseen":
        seen[: ordinary // 100] = False
    names = np.array([f"b{at}" for at in range(bodies)])
    sink = np.arange(bodies) >= bodies - SINKS
    many = np.array((*KINDS, "immigration-enforcement"))
    kind_of = np.where(sink, len(KINDS), kinds)
    kind_of[ordinary : bodies - SINKS] = KINDS.index("administration")
    sender = numbers.integers(0, ordinary, arrangements)
    recipient = numbers.integers(0, ordinary, arrangements)
    recipient = np.where(recipient == sender, (recipient + 1) % ordinary, recipient)
    if setting == "holes":
        planted = [hop for length in range(1, HOLES + 1) for hop in hole(length, ordinary, bodies)]
        sender[: len(planted)], recipient[: len(planted)] = np.array(planted).T
    if setting == "bottleneck":  # every way to enforcement leads from the first body by a long way
        planted = hole(HOLES, ordinary, bodies)[1:]
        sender[: len(planted)], recipient[: len(planted)] = np.array(planted).T
        sender[100:200], recipient[100:200] = np.arange(100), planted[0][0]
    parquet.write_table(
        pa.table(
            {
                "id": names,
                "name": np.char.add("Body ", names),
                "kind": many[kind_of],
                "duty_to_report": np.full(bodies, "no"),
                "evidence": np.where(seen, "A published practice.", ""),
                "evidence_date": np.where(seen, "2025", ""),
            }
        ),
        folder / "bodies.parquet",
    )
    parquet.write_table(
        pa.table(
            {
                "id": pa.array([f"a{at}" for at in range(arrangements)]),
                "sender": pa.array(names).take(pa.array(sender)),
                "recipient": pa.array(names).take(pa.array(recipient)),
                "ground": pa.array(["agreement", "contract", "legal-duty"]).take(
                    pa.array(numbers.integers(0, 3, arrangements))
                ),
                "data": pa.array(["identity contact", "existence", "service-record"]).take(
                    pa.array(numbers.integers(0, 3, arrangements))
                ),
                "basis": pa.array([f"Agreement number {at}." for at in range(arrangements)]),
                "since": pa.array(["2019", "2020-06", "2021-01-15"]).take(
                    pa.array(numbers.integers(0, 3, arrangements))
                ),
            }
        ),
        folder / "arrangements.parquet",
    )


def hole(length: int, ordinary: int, bodies: int) -> list[tuple[int, int]]:
    """A chain of so many hops from an ordinary body to enforcement, by bodies of its own."""
    between = [ordinary + length * HOLES - HOLES + at for at in range(length - 1)]
    way = [length, *between, bodies - length]
    return list(pairwise(way))


if __name__ == "__main__":
    main()
