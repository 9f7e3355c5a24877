"""Registers with a pool and with gaps, drawn at random."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from waymark.finance.rules import Terms, sharing_rules
from waymark.plans.commitments import Commitment
from waymark.plans.flows import Earmarking, Flow, FlowKind
from waymark.plans.register import Register

YEARS = (2027, 2028)
PLACES = ("KEN", "UGA", "LBN")
cents = st.integers(0, 3000).map(lambda each: Decimal(each) / 100)
drawn_groups = st.sets(st.sampled_from(["children", "women"]), max_size=2).map(
    lambda each: tuple(sorted(each))
)


@st.composite
def commitments(draw: st.DrawFn, identifier: str) -> tuple[Commitment, list[Flow]]:
    """A commitment with a cost and what is secured, for some of the years."""
    place = draw(st.sampled_from(PLACES))
    provisions = st.sampled_from([("gcm:15",), ("gcm:2",), ("gcm:15.b", "gcm:2")])
    commitment = Commitment(
        id=identifier,
        what="Build homes",
        place=place,
        origin="other",
        provisions=draw(provisions),
        groups=draw(drawn_groups),
        proposed=draw(st.sampled_from([False, False, False, True])),
    )
    flows = [
        Flow(
            id=f"{identifier}-{kind}-{year}",
            kind=kind,
            amount=draw(cents),
            currency="USD",
            year=year,
            place=place,
            commitment=identifier,
        )
        for year in YEARS
        for kind in (FlowKind.COST, FlowKind.COMMITMENT)
        if draw(st.integers(0, 9))
    ]
    return commitment, flows


@st.composite
def pledges(draw: st.DrawFn, identifier: str) -> Flow:
    """A pledge to the pool, with or without an earmark."""
    return Flow(
        id=identifier,
        kind=draw(st.sampled_from([FlowKind.PLEDGE, FlowKind.COMMITMENT])),
        amount=draw(cents),
        currency="USD",
        year=draw(st.sampled_from(YEARS)),
        place=draw(st.sampled_from(["001", "001", "002", "KEN", "LBN"])),
        provider_name=draw(st.sampled_from("ABC")),
        earmarking=draw(
            st.sampled_from([Earmarking.UNEARMARKED, Earmarking.SOFTLY_EARMARKED] * 2)
            | st.sampled_from(Earmarking)
        ),
        provisions=draw(st.sampled_from([(), (), ("gcm:15",), ("gcm:2",)])),
        groups=draw(st.just(()) | drawn_groups),
    )


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """A register of commitments with costs, and pledges to a pool."""
    found = [draw(commitments(f"c-{number}")) for number in range(draw(st.integers(1, 4)))]
    pool = [draw(pledges(f"pledge-{number}")) for number in range(draw(st.integers(0, 5)))]
    flows = [flow for _, held in found for flow in held] + pool
    return Register(
        commitments={each.id: each for each, _ in found}, flows={each.id: each for each in flows}
    )


terms = st.builds(
    Terms,
    first=st.just(YEARS[0]),
    last=st.just(YEARS[-1]),
    rule=st.sampled_from(sorted(sharing_rules())),
    groups=st.sampled_from([(), ("children",)]),
    floor=st.none() | st.integers(1, 2000).map(lambda each: Decimal(each) / 100),
    cap=st.none() | st.integers(1, 2000).map(lambda each: Decimal(each) / 100),
    carry_over=st.booleans(),
    unreported_is_unsecured=st.booleans(),
)
