"""Laws of the register: a package loses nothing, tallies add up, time does not undo a state."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import DAY, example_report, example_step
from tests.property.registers import FORUMS, FRAMEWORK, SERIES, days, deeds, registers, reports
from waymark.exchange.register_package import package_files, read_package, write_package
from waymark.plans.register import Register, faults
from waymark.plans.tallies import served, states_of, tallies
from waymark.plans.timeline import OVERDUE, SETTLED, StepState, step_state
from waymark.plans.vocabulary import Outcome, Status

FEW = settings(max_examples=40, deadline=None)
MANY = settings(max_examples=100, deadline=None)


@FEW
@given(registers())
def test_a_generated_register_is_consistent(register: Register) -> None:
    assert list(faults(register, FRAMEWORK, FORUMS, SERIES)) == []


@FEW
@given(registers())
def test_what_is_written_is_read_the_same(register: Register) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_package(register, Path(folder))
        back = read_package(Path(folder), FRAMEWORK, FORUMS, dict.fromkeys(SERIES))
    assert back == register
    assert package_files(back) == package_files(register)


@MANY
@given(deeds(), days)
def test_over_all_places_a_provision_counts_the_live_commitments_that_serve_it(
    register: Register, as_of: date
) -> None:
    found = tallies(register, FRAMEWORK, FORUMS, as_of)
    live = [each for each in register.commitments.values() if each.status is not Status.DROPPED]
    for provision in [each for each in FRAMEWORK.provisions if each.startswith(("gcm:", "sdg:"))]:
        serving = [
            each
            for each in live
            if any(f"{named}.".startswith(f"{provision}.") for named in each.provisions)
        ]
        here = [of_place[provision] for of_place in found.values() if provision in of_place]
        assert sum(tally.commitments for tally in here) == len(serving)
        assert sum(tally.proposed for tally in here) == sum(each.proposed for each in serving)
        held = [step for each in serving for step in each.steps if not step.dropped]
        assert sum(tally.steps for tally in here) == len(held)
    assert set(found) == {register.country_of(each.place) for each in live}


@MANY
@given(deeds(), days)
def test_a_tally_never_counts_more_met_than_due_nor_more_due_than_steps(
    register: Register, as_of: date
) -> None:
    for of_place in tallies(register, FRAMEWORK, FORUMS, as_of).values():
        for tally in of_place.values():
            assert tally.due == tally.met + tally.overdue
            assert 0 <= tally.met <= tally.due <= tally.steps
            assert 0 <= tally.sound + tally.proposed <= tally.commitments


@MANY
@given(deeds(), days, st.data())
def test_a_report_changes_its_step_alone_and_what_its_commitment_serves_in_its_place(
    register: Register, as_of: date, data: st.DataObject
) -> None:
    if not register.commitments:
        return
    of = data.draw(st.sampled_from(list(register.commitments.values())))
    added = data.draw(reports(of, "added", register.actors))
    before = tallies(register, FRAMEWORK, FORUMS, as_of)
    entered = replace(register, reports={**register.reports, added.id: added})
    after = tallies(entered, FRAMEWORK, FORUMS, as_of)
    for each in register.commitments.values():
        old, new = (states_of(held, each, FORUMS, as_of) for held in (register, entered))
        changed = {step for step in old if old[step] is not new[step]}
        assert changed <= ({added.step} if each is of else set())
    own = served(of.provisions, FRAMEWORK)
    here = register.country_of(of.place)
    for place in before.keys() | after.keys():
        for provision in before[place].keys() | after[place].keys():
            old, new = before[place][provision], after[place][provision]
            assert (old.commitments, old.steps) == (new.commitments, new.steps)
            if place != here or provision not in own:
                assert old == new


NOT_YET = (StepState.NOT_DUE, StepState.DUE)
MAY_FOLLOW = {  # the states of a step on the next day, whatever is reported
    StepState.NOT_DUE: {StepState.NOT_DUE, StepState.DUE, *SETTLED},
    StepState.DUE: {StepState.DUE, *OVERDUE, *SETTLED},
    StepState.NO_REPORT: {*OVERDUE, *SETTLED},
    StepState.LATE: {StepState.LATE, *SETTLED},
}
AROUND = st.integers(-120, 120)


@MANY
@given(st.lists(st.tuples(AROUND, st.sampled_from(Outcome), st.integers(0, 120)), max_size=4))
def test_time_does_not_undo_a_state(told: list[tuple[int, Outcome, int]]) -> None:
    entered = [
        example_report(
            DAY + timedelta(days=after),
            outcome,
            met_on=DAY + timedelta(days=after - ago) if outcome is Outcome.MET else None,
        )
        for after, outcome, ago in told
    ]
    states = {
        after: step_state(example_step(), DAY, entered, DAY + timedelta(days=after))
        for after in range(-120, 121)
    }
    for after, state in states.items():
        if state not in SETTLED:  # what was met may be found not to be met by a newer report
            assert states.get(after + 1, state) in MAY_FOLLOW.get(state, {state})
            assert state in (NOT_YET if after <= 0 else OVERDUE)
    first = min((after for after, _, _ in told), default=121)
    silent = {state for after, state in states.items() if after < first}
    assert silent <= {*NOT_YET, StepState.NO_REPORT}
    assert all(
        state is not StepState.NO_REPORT for after, state in states.items() if after >= first
    )
