"""Studies done before signing: what they would find on each path, given the numbers drawn there.

    pilot=placement_cost, n=60, comparison=60     people with the programme, others without it
    baseline=school, n=400                        people without it
    number=capital.costs.per_year, error=100000   any uncertain number, measured with an error

A study is made of people like those of the contract's cohorts, in proportion; those of a pilot take
part throughout, at the effect's full strength. It measures years before the contract, so that
growth and drift until its own windows are not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.decisions.experiment import Experiment
from simulator.errors import SocsimError
from simulator.kernels.records import DIFFERENCE, ODDS_RATIO, RATIO
from simulator.plan.laws import UnitLaw
from simulator.plan.people import Cell
from simulator.plan.streams import stream_key

Floats = NDArray[np.float64]
KINDS = ("pilot", "baseline", "number")
_KEYS = {
    "pilot": ("n", "comparison", "years", "cost"),
    "baseline": ("n", "years", "cost"),
    "number": ("error", "cost"),
}
_COUNTED = ("n", "comparison", "years")


@dataclass(frozen=True)
class Study:
    """A study: `kind`, what it is `of` (a metric, or a number's key), and its size.

    `n` people with the programme (without it for a baseline), `comparison` without it, `years` of
    each; `error` is the standard error of a number's measurement. `cost` is None where nobody has
    stated one.
    """

    kind: str
    of: str
    n: int = 0
    comparison: int = 0
    years: int = 1
    error: float = 0.0
    cost: float | None = None

    @property
    def name(self) -> str:
        """The study as it is asked for, without its cost."""
        size = {"n": self.n, "comparison": self.comparison, "years": self.years}
        parts = [f"{self.kind}={self.of}"]
        parts += [f"{key}={value}" for key, value in size.items() if value and key != "years"]
        parts += [f"years={self.years}"] if self.years > 1 else []
        parts += [f"error={self.error:.15g}"] if self.kind == "number" else []
        return ", ".join(parts)


def read_study(text: str) -> Study:
    """A study from words; raises SocsimError for what is not one."""
    pairs = [part.partition("=") for part in text.split(",")]
    given = {key.strip(): value.strip() for key, _, value in pairs}
    if len(given) != len(pairs) or not all(given.values()):
        raise _refused(text, "each part is KEY=VALUE, once, with commas between")
    kinds = [kind for kind in KINDS if kind in given]
    if len(kinds) != 1:
        raise _refused(text, "one of pilot=METRIC, baseline=METRIC, number=KEY")
    kind = kinds[0]
    unknown = sorted(set(given) - {kind, *_KEYS[kind]})
    if unknown:
        raise _refused(text, f"beside {kind}: {', '.join(_KEYS[kind])}; not {unknown[0]}")
    needed = "error" if kind == "number" else "n"
    if needed not in given:
        raise _refused(text, f"{kind} needs {needed}")
    amounts = {key: _amount(text, key, given[key]) for key in ("error", "cost") if key in given}
    whole = {key: _whole(text, key, given[key]) for key in given if key in _COUNTED}
    return Study(
        kind,
        given[kind],
        n=whole.get("n", 0),
        comparison=whole.get("comparison", 0),
        years=whole.get("years", 1),
        error=amounts.get("error", 0.0),
        cost=amounts.get("cost"),
    )


def _whole(text: str, key: str, value: str) -> int:
    number = _amount(text, key, value)
    least = 0 if key == "comparison" else 1
    most = 30 if key == "years" else 10_000_000
    if number != int(number) or not least <= number <= most:
        raise _refused(text, f"{key}: a whole number from {least} to {most}, not {value}")
    return int(number)


def _amount(text: str, key: str, value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0.0 <= number < 1e15 or (key == "error" and number == 0.0):
        least = "above 0" if key == "error" else "0 or more"
        raise _refused(text, f"{key}: a number, {least}; not {value}")
    return number


def _refused(text: str, allowed: str) -> SocsimError:
    return SocsimError(
        f"`{text}` is no study\n    allowed: {allowed}\n"
        '    mend: for example --study "pilot=placement_cost, n=60, comparison=60, cost=500000"'
    )


def results_of(study: Study, lab: Experiment, columns: Mapping[str, Floats]) -> Floats:
    """The study's summary statistics on each path, (statistics, paths).

    `columns` are the numbers as drawn. Raises SocsimError where the scenario has no such thing to
    study.
    """
    rng = np.random.Generator(
        np.random.Philox(key=list(stream_key(lab.seed, f"information/{study.name}")))
    )
    if study.kind == "number":
        return _measured(study, columns, rng)
    cells = _cells(study, lab)
    values = _Values(lab, columns)
    without = [_without(cell, values) for cell in cells]
    group = _Group.of(cells, lab)
    if study.kind == "baseline":
        return _mean_of(study.n, without, group, study.years, rng)[None]
    treated = [_with(cell, level, values) for cell, level in zip(cells, without, strict=True)]
    rows = [_mean_of(study.n, treated, group, study.years, rng)]
    if study.comparison:
        rows.append(_mean_of(study.comparison, without, group, study.years, rng))
    return np.array(rows)


def _measured(study: Study, columns: Mapping[str, Floats], rng: np.random.Generator) -> Floats:
    """The number as drawn and a normal error, for each cohort where it is drawn per cohort."""
    rows = [x for name, x in columns.items() if name.split("@")[0] == study.of]
    if not rows:
        known = sorted({name.split("@")[0] for name in columns})
        raise SocsimError(
            f"--study: `{study.of}` is no uncertain number of this scenario\n"
            f"    allowed: {', '.join(known) or 'this scenario has none'}"
        )
    found: Floats = np.array(rows) + study.error * rng.standard_normal((len(rows), len(rows[0])))
    return found


def _cells(study: Study, lab: Experiment) -> list[Cell]:
    """The metric in each cohort that has it."""
    cells = [cell for cell in lab.built.people.cells if cell.metric == study.of]
    known = sorted({cell.metric for cell in lab.built.people.cells if cell.words.states is None})
    if not cells or cells[0].words.states is not None:
        why = "reads placement states, which a study cannot stand for" if cells else "is no metric"
        raise SocsimError(
            f"--study: `{study.of}` {why}\n    allowed: {', '.join(known) or 'no metric here'}"
        )
    return cells


class _Values:
    """The value of any number of the plan on each path."""

    def __init__(self, lab: Experiment, columns: Mapping[str, Floats]) -> None:
        draws = lab.built.plan.draws
        self.drawn = {
            int(row): columns[name]
            for row, name in zip(draws.value, lab.built.uncertain, strict=True)
        }
        pairs = zip(draws.constant_value, draws.constant, strict=True)
        self.fixed = {int(row): float(value) for row, value in pairs}
        self.paths = lab.paths

    def of(self, row: int) -> Floats:
        """(paths,)."""
        if row in self.drawn:
            return self.drawn[row]
        return np.full(self.paths, self.fixed[row])


def _without(cell: Cell, values: _Values) -> Floats:
    """E[B] = baseline·declared·ε·(1 + ρ·(before − 1)): the engine's, without growth and drift."""
    level = values.of(cell.baseline) * cell.declared
    if cell.truth >= 0:
        level = level * values.of(cell.truth)
    if cell.before >= 0:
        level = level * (1.0 + cell.rho * (values.of(cell.before) - 1.0))
    level = np.maximum(level, 0.0)
    return np.minimum(level, 1.0) if cell.binary else level


def _with(cell: Cell, level: Floats, values: _Values) -> Floats:
    """E[T] at the effect's full strength: b + difference, b·ratio, or the odds multiplied."""
    if cell.effect < 0:
        return level
    effect = values.of(cell.effect)
    made = level
    if cell.form == DIFFERENCE:
        made = np.maximum(level + effect, 0.0)
    elif cell.form == RATIO:
        made = np.maximum(level * effect, 0.0)
    elif cell.form == ODDS_RATIO:
        odds = effect * level
        made = np.maximum(odds / (1.0 - level + odds), 0.0)
    return np.minimum(made, 1.0) if cell.binary else made


def _mean_of(
    n: int, levels: list[Floats], group: _Group, years: int, rng: np.random.Generator
) -> Floats:
    """The mean of n people, (paths,).

    Successes are binomial. Otherwise the mean is gamma with the exact mean and variance of n people
    over their years, and events are Poisson at it.
    """
    level: Floats = np.sum([s * x for s, x in zip(group.shares, levels, strict=True)], axis=0)
    if group.cells[0].binary:
        made: Floats = rng.binomial(n, np.clip(level, 0.0, 1.0)) / n
        return made
    relative = group.relative_variance(levels, level, years) / n
    varies = relative > 1e-14
    shape = 1.0 / np.where(varies, relative, 1.0)
    mean: Floats = level * np.where(varies, rng.gamma(shape, 1.0 / shape), 1.0)
    if group.cells[0].words.kind == "count":
        return np.asarray(rng.poisson(mean * n * years) / (n * years), dtype=np.float64)
    return mean


@dataclass(frozen=True)
class _Group:
    """The people of a study: a metric in each cohort, and the cohorts' shares."""

    cells: list[Cell]
    shares: list[float]
    laws: list[UnitLaw]

    @classmethod
    def of(cls, cells: list[Cell], lab: Experiment) -> _Group:
        """In proportion to the service users who have the metric."""
        users = [float(lab.scenario.cohorts[cell.cohort].service_users) for cell in cells]
        return cls(cells, [count / sum(users) for count in users], lab.built.people.laws.laws)

    def relative_variance(self, levels: list[Floats], mean: Floats, years: int) -> Floats:
        """Variance over squared mean of one person of a random cohort, over the mean of its years.

        Var of a mean of y years of Y(z): (Var Y + (y − 1)·Cov(Y, Y'))/y, with the persistence in
        the covariance.
        """
        second = np.zeros_like(mean)
        for cell, share, level in zip(self.cells, self.shares, levels, strict=True):
            law = self.laws[cell.law] if cell.law >= 0 else None
            own = 0.0
            if law is not None:
                own = (law.sd**2 + (years - 1) * law.covariance(cell.rho)) / years
            second += share * level**2 * (1.0 + own)
        safe = np.where(mean > 0.0, mean, 1.0)
        return np.asarray(np.maximum(second / safe**2 - 1.0, 0.0), dtype=np.float64)
