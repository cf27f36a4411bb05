"""The promised figures of a summary by name, and which direction is better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

SERIES = "series"
"""Key under which an estimate carries the name of the series on each path that it is the mean of;
taken out before anybody else sees it."""

_NAMED_BY = ("year", "pocket", "metric", "measure", "event", "payment", "name")
"""The key that tells the entries of a list apart."""
_NO_FIGURES = frozenset(
    (
        "schema_version",
        "scenario",
        "simulation",
        "title",
        "histogram",
        "point_masses",
        "loss_exceedance",
        "cases",
        "metrics",
    )
)
_NO_NUMBERS = frozenset(("year", "payback_share"))

DIRECTIONS: tuple[tuple[str, int], ...] = (
    ("contract.payments.*", 0),
    ("investor*.drawn", 0),
    ("investor*.committed", 0),
    ("investor*.paid_in", 0),
    ("investor*.received", 1),
    ("investor*.share", 0),
    ("investor*.undefined_irr_share", 0),
    ("investor*.multiple_root_share", 0),
    ("investor*.peak_exposure", -1),
    ("investor*loss*", -1),
    ("investor*.value_at_risk_95", -1),
    ("investor*.expected_shortfall_95", -1),
    ("investor*", 1),
    ("*.maximum_payment.amount", -1),
    ("*overpayment.*", -1),
    ("*underpayment.*", 0),
    ("*.outcome_payments", -1),
    ("*.activity_payments", -1),
    ("*.total_payments", -1),
    ("*.payments", -1),
    ("*.own_costs", -1),
    ("municipality*.received", 0),
    ("*.probability_positive", 1),
    ("*.probability_zero", 0),
    ("*.probability_negative", -1),
    ("*.liability", -1),
    ("*.provision", -1),
    ("*.contingent_liability", -1),
    ("*.accrual_cost", -1),
    ("*.forgiven_repayment", 0),
    ("municipality.*", 1),
    ("outcome_payers.*.received", 0),
    ("outcome_payers.*", 1),
    ("outcomes.*.cost_per_additional_outcome", -1),
    ("outcomes.*.n", 0),
    ("outcomes.*.target", 0),
    ("outcomes.*", 1),
    ("measures.*.probability_of_target", 1),
    ("measures.*", 0),
    ("events.*.investor_profit", 1),
    ("events.*.municipality_net", 1),
    ("events.*", 0),
    ("guarantor.*", -1),
    ("society.*", 1),
    ("parties.*.transfers", 0),
    ("parties.*.real", 0),
    ("parties.*", 1),
    ("internal_fund.outlay", 0),
    ("internal_fund.by_year.*.outlay", 0),
    ("internal_fund.loss_probability", -1),
    ("internal_fund.expected_loss", -1),
    ("internal_fund.peak_balance", -1),
    ("internal_fund.by_year.*.balance", -1),
    ("internal_fund.by_pocket.*.payback", 0),
    ("internal_fund.*", 1),
)
"""The better direction by figure, first match: +1 higher, −1 lower, 0 neither. Seen by the party
whose figure it is: a payment is better low in the municipality's figures."""


_FITTED = ("provision", "accrual_cost", "balanced_budget_effect", "balanced_budget_effect_cashable")
"""Figures that rest on what must be expected at a year's end: no path has one of its own."""


def is_on_paths(figure: str) -> bool:
    """Whether the figure exists on each path, so that paths can be counted for either design."""
    return figure.rsplit(".", 1)[-1] not in _FITTED


def direction(figure: str) -> int:
    """+1 where higher is better, −1 where lower is, 0 where neither can be said."""
    return next((sign for pattern, sign in DIRECTIONS if fnmatchcase(figure, pattern)), 0)


@dataclass(frozen=True)
class Leaf:
    """One figure: an estimate or a plain number, and the series that it is the mean of."""

    value: dict[str, Any] | float | None
    series: str | None = None

    @property
    def number(self) -> float | None:
        """Its value; None where it does not exist."""
        if isinstance(self.value, dict):
            found = self.value["estimate"]
            return None if found is None else float(found)
        return self.value

    @property
    def is_exact(self) -> bool:
        """True for a plain number, which has no Monte Carlo error."""
        return not isinstance(self.value, dict)


def figures_of(summary: Mapping[str, Any]) -> dict[str, Leaf]:
    """Every figure of a summary, or of parts of one, by its dotted name.

    One is `municipality.by_year.2018.net`. Entries of lists go by what tells them apart. The only
    class of capital and the lead municipality are not told a second time.
    """
    found = dict(_walk(summary, ""))
    drop = ["outcome_payers.outcome_payer."]
    classes = summary.get("investors", ())
    if len(classes) == 1:
        drop.append(f"investors.{classes[0]['name']}.")
    return {name: leaf for name, leaf in found.items() if not name.startswith(tuple(drop))}


def _walk(value: Any, name: str) -> Iterator[tuple[str, Leaf]]:
    if isinstance(value, Mapping):
        if "estimate" in value:
            kept = {k: v for k, v in value.items() if k != SERIES}
            yield name, Leaf(kept, value.get(SERIES))
            return
        for part, item in value.items():
            if part not in _NO_FIGURES:
                yield from _walk(item, f"{name}.{part}" if name else part)
    elif isinstance(value, list):
        for item in value:
            by = next((k for k in _NAMED_BY if isinstance(item, Mapping) and k in item), None)
            if by is not None:
                rest = {k: v for k, v in item.items() if k != by}
                yield from _walk(rest, f"{name}.{item[by]}")
    elif name.rsplit(".", 1)[-1] in _NO_NUMBERS or isinstance(value, (str, bool)):
        return
    else:
        yield name, Leaf(None if value is None else float(value))


def without_series(value: Any) -> Any:
    """The same without the names of series."""
    if isinstance(value, dict):
        return {key: without_series(item) for key, item in value.items() if key != SERIES}
    if isinstance(value, list):
        return [without_series(item) for item in value]
    return value
