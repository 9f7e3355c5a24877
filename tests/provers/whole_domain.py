"""Ask Cedar every one of the 2,460,640 requests, and compare with the table bit for bit.

Run it as ``.venv/bin/python -m tests.provers.whole_domain``; it takes some minutes. The build asks
the same in less time, see ``test_cedar.py``.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from tests.provers.cedar import lists_of, policies, table
from tests.sharing import DOMAIN, MODEL
from waymark.firewall.sharing.rules import compiled


def of_sender(sender: str) -> np.ndarray:
    """Cedar's answers to all that one kind of body may ask."""
    _, *others = lists_of(DOMAIN)
    return table(policies(MODEL), ((sender,), *others), DOMAIN.dimensions["when"])


def main() -> int:
    """Compare, and say how many requests were asked and how many differ."""
    start = time.perf_counter()
    with ProcessPoolExecutor() as pool:
        found = np.concatenate(list(pool.map(of_sender, DOMAIN.dimensions["from"])))
    seconds = time.perf_counter() - start
    differing = int(np.bitwise_count(found ^ compiled(MODEL, DOMAIN).cells).sum())
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}")
    print(f"{DOMAIN.size:,} requests asked of Cedar in {seconds:.0f} s; {differing:,} differ")
    return 1 if differing or found.shape != DOMAIN.shape else 0


if __name__ == "__main__":
    sys.exit(main())
