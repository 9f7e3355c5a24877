"""The ladder and the cells: four answers kept apart, nobody falls between two Compacts."""

from __future__ import annotations

from waymark.compact.answers import Answer
from waymark.compact.framework import Framework
from waymark.coverage.ladder import Rung
from waymark.coverage.overlap import Reach, cells
from waymark.coverage.standing import Standing


def test_an_accepted_compact_is_promised(stands: Standing, framework: Framework) -> None:
    rung = stands.ladder(framework.provision("gcm:15"), framework.place("KEN"))[Rung.PROMISED]
    assert rung.answer is Answer.YES


def test_a_refused_compact_is_partly_promised_where_treaties_bind(
    stands: Standing, framework: Framework
) -> None:
    rung = stands.ladder(framework.provision("gcm:15"), framework.place("HUN"))[Rung.PROMISED]
    assert rung.answer is Answer.PARTLY
    assert "icescr" in rung.rests_on
    assert "against" in rung.because.text()


def test_a_refused_compact_without_treaties_is_no_promise(
    stands: Standing, framework: Framework
) -> None:
    rung = stands.ladder(framework.provision("gcm:22"), framework.place("USA"))[Rung.PROMISED]
    assert rung.answer is Answer.NO


def test_what_nobody_entered_is_not_known(stands: Standing, framework: Framework) -> None:
    found = stands.ladder(framework.provision("gcm:15"), framework.place("KEN"))
    for rung in (Rung.PLANNED, Rung.FUNDED, Rung.DELIVERED):
        assert found[rung].answer is Answer.NOT_KNOWN


def test_figures_of_the_whole_population_measure_only_partly(
    stands: Standing, framework: Framework
) -> None:
    rung = stands.ladder(framework.provision("gcm:15"), framework.place("KEN"))[Rung.MEASURED]
    assert rung.answer is Answer.PARTLY
    assert "none of migrants" in rung.because.text()


def test_an_objective_without_series_is_not_known_rather_than_no(
    stands: Standing, framework: Framework
) -> None:
    rung = stands.ladder(framework.provision("gcm:9"), framework.place("KEN"))[Rung.MEASURED]
    assert rung.answer is Answer.NOT_KNOWN


def test_series_without_figure_here_is_no(stands: Standing, framework: Framework) -> None:
    rung = stands.ladder(framework.provision("gcm:20"), framework.place("VAT"))[Rung.MEASURED]
    assert rung.answer is Answer.NO


def test_an_action_measures_its_objective(stands: Standing) -> None:
    for provision, codes in stands.measuring.items():
        parent = stands.framework.parent(stands.framework.provision(provision))
        if parent is not None:
            assert codes.keys() <= stands.measuring[parent.id].keys()


def test_the_world_counts_its_states(stands: Standing, framework: Framework) -> None:
    rung = stands.ladder(framework.provision("gcm:15"), framework.place("001"))[Rung.PROMISED]
    counts = dict(rung.counts)
    assert sum(counts.values()) == 193
    assert counts[Answer.YES] == 152
    assert rung.answer is Answer.PARTLY


def test_no_change_is_claimed_from_old_figures(stands: Standing, framework: Framework) -> None:
    for place in ("DEU", "KEN", "MEX", "JOR", "PHL"):
        for objective in framework.objectives:
            found = stands.ladder(objective, framework.place(place))[Rung.CHANGED]
            if found.answer is not Answer.NOT_KNOWN:
                used = [stands.changes[place][code] for code in found.rests_on]
                assert all(change.fresh for change in used)


def test_every_group_and_need_has_a_cell(framework: Framework) -> None:
    found = cells(framework)
    assert len(found) == len(framework.groups) * len(framework.needs)


def test_adding_an_instrument_never_removes_a_promise(framework: Framework) -> None:
    two, more = cells(framework), cells(framework, ("gcm", "gcr", "sdg", "iccpr"))
    for before, after in zip(two, more, strict=True):
        assert set(before.by_name) <= set(after.by_name)
        assert set(before.for_everyone) <= set(after.for_everyone)


def test_a_named_group_is_not_counted_as_everyone(framework: Framework) -> None:
    by_pair = {(cell.group, cell.need): cell for cell in cells(framework)}
    children = by_pair["children", "education"]
    assert children.reach is Reach.BOTH
    assert not set(children.by_name) & set(children.for_everyone)
