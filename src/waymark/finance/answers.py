"""Is a provision paid for in a place: yes, partly, no or not known, and why."""

from __future__ import annotations

from waymark.compact.answers import Answer
from waymark.compact.provisions import Provision
from waymark.finance.funding import CYCLE, Finances, Funding, Sums
from waymark.words import N_, Sentence


def paid_for(
    provision: Provision, place: str, finances: Finances, year: int
) -> tuple[Answer, Sentence] | None:
    """Whether what serves a provision is paid for in a year; None where nobody reported.

    *Yes*: every commitment that serves it is secured to its cost. *Partly*: some money is secured,
    or money was reported in a sector that serves it. *No*: it is on record for every commitment
    that nothing is secured. *Not known*: something is not on record, or was reported only for
    migration as a whole.
    """
    funding = finances.fundings.get(place, {}).get(provision.id)
    if funding is not None and funding.known:
        return _funded_commitments(funding)
    parts = {part.id for part in provision.walk()}
    since = year - CYCLE + 1
    for sums in finances.reports.of(parts, place, since, year):
        if max(sums.spent or 0, sums.secured or 0) <= 0:
            continue  # only taken back
        message = N_(
            "In sector {sector}, money was reported here for {first} to {last}, in US dollars: "
            "{spent} spent, {secured} committed. Whether it is enough is not known."
        )
        return (Answer.PARTLY, _reported(message, sums))
    for sums in finances.reports.of({provision.instrument}, place, 0, year):
        message = N_(
            "In sector {sector}, which is migration as a whole, money was reported here for "
            "{first} to {last}, in US dollars: {spent} spent, {secured} committed. Nothing says on "
            "which objective."
        )
        return (Answer.NOT_KNOWN, _reported(message, sums))
    return None


def _reported(message: str, sums: Sums) -> Sentence:
    unknown = Sentence("not known")
    return Sentence(
        message,
        sector=sums.sector,
        first=str(sums.first),
        last=str(sums.last),
        spent=unknown if sums.spent is None else round(sums.spent),
        secured=unknown if sums.secured is None else round(sums.secured),
    )


def _funded_commitments(funding: Funding) -> tuple[Answer, Sentence]:
    if funding.covered == funding.commitments:
        because = Sentence(
            "Everything that serves this is paid for this year; following years covered: {ahead}.",
            ahead=funding.ahead or 0,
        )
        return (Answer.YES, because)
    because = Sentence(
        "Of {count} commitments that serve this, this year: {covered} paid for, {partly} with some "
        "money, {bare} with none, {unknown} not known.",
        count=funding.commitments,
        covered=funding.covered,
        partly=funding.partly,
        bare=funding.bare,
        unknown=funding.commitments - funding.known,
    )
    answer = Answer.NO if funding.bare == funding.commitments else Answer.NOT_KNOWN
    if funding.covered or funding.partly:
        answer = Answer.PARTLY
    return (answer, because)
