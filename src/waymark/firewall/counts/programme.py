"""The attacker's linear programme: the least and the most that a sum of counts can be.

One model stands for all questions; only the objective changes, and each solution starts from the
last one. The same model, with whole variables, answers the questions that need whole people.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs as Highs  # the solver without the banner on standard output
from scipy.sparse import csr_array

from waymark.firewall.counts.knowledge import Bounds, Indices, Numbers, System, contradiction

PRIMAL = 4  # HiGHS: after a change of costs the last basis is still primal feasible


class Stopwatch:
    """Counts down the seconds that a search may take. Answers never depend on it, only silence."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """The seconds that are left, never below 0."""
        return max(0.0, self._end - time.monotonic())


@dataclass(frozen=True, eq=False)
class Extreme:
    """A bound that the programme found; no value where time ran out; a point where there is one."""

    value: float | None
    point: Numbers | None = None


class Programme:
    """A linear programme, or one over whole numbers, over a system that stays the same."""

    def __init__(self, system: System, bounds: Bounds, watch: Stopwatch, *, whole: bool) -> None:
        self._watch = watch
        self._solver = Highs()
        self._whole = whole
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.5,
        }.items():
            self._solver.setOptionValue(option, value)
        self._solver.passModel(_model(system, bounds, whole=whole))
        self._asked = np.zeros(0, dtype=np.int32)
        self._possible = False  # whether some world was found; before, unbounded may mean none

    def extreme(
        self, atoms: Indices, weights: Numbers, *, highest: bool, enough: float | None = None
    ) -> Extreme:
        """The highest or lowest value of a weighted sum of atoms.

        Of whole programmes the value is a bound that is sure, and the search may end with a point
        that reaches ``enough``.
        """
        if self._watch.left <= 0 or not self._has_world():
            return Extreme(None)
        solver = self._solver
        solver.changeColsCost(len(self._asked), self._asked, np.zeros(len(self._asked)))
        self._asked = atoms.astype(np.int32)
        solver.changeColsCost(len(atoms), self._asked, weights.astype(np.float64))
        sense = highspy.ObjSense.kMaximize if highest else highspy.ObjSense.kMinimize
        solver.changeObjectiveSense(sense)
        if self._whole:
            end = np.inf if highest else -np.inf
            solver.setOptionValue("objective_target", end if enough is None else enough)
        self._run()
        return self._found(highest=highest)

    def _run(self) -> None:
        limit = self._solver.getRunTime() + self._watch.left
        self._solver.setOptionValue("time_limit", limit)
        self._solver.run()

    def _has_world(self) -> bool:
        if not self._possible:
            self._run()
            self._possible = self._found(highest=True).value is not None
        return self._possible

    def _found(self, *, highest: bool) -> Extreme:
        status = self._solver.getModelStatus()
        if status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveTarget):
            self._solver.setOptionValue("simplex_strategy", PRIMAL)
            point = np.array(self._solver.getSolution().col_value)
            info = self._solver.getInfo()
            # of whole programmes the proven bound, not the best point found
            value = info.mip_dual_bound if self._whole else info.objective_function_value
            return Extreme(float(value), point)
        if status == highspy.HighsModelStatus.kInfeasible:
            raise contradiction()
        unbounded = (
            highspy.HighsModelStatus.kUnbounded,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        )
        if status in unbounded:
            return Extreme(np.inf if highest else -np.inf)
        return Extreme(None)


def _model(system: System, bounds: Bounds, *, whole: bool) -> highspy.HighsLp:
    rows = csr_array(system.rows)
    figures, atoms = rows.shape
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = atoms, figures
    model.col_cost_ = np.zeros(atoms)
    model.col_lower_, model.col_upper_ = bounds.lower, bounds.upper
    model.row_lower_, model.row_upper_ = system.low, system.high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = rows.indptr.astype(np.int32)
    model.a_matrix_.index_ = rows.indices.astype(np.int32)
    model.a_matrix_.value_ = rows.data.astype(np.float64)
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * atoms
    return model
