"""The words of a contract in one place: measures, capital, payments, limits and guarantees."""

from __future__ import annotations

from simulator.scenario.capital import (
    Capital,
    CapitalClass,
    Cost,
    Fee,
    Shock,
    Spending,
)
from simulator.scenario.levels import (
    Level,
    Relative,
)
from simulator.scenario.measuring import (
    FollowUp,
    Measure,
    Quantity,
    Reference,
    ReferenceKind,
)
from simulator.scenario.payments import (
    Band,
    Condition,
    Payment,
    Rounded,
    Steps,
    Term,
    UntilRepaid,
    Uplift,
    conditions_form,
)
from simulator.scenario.protection import (
    AnnualReturn,
    Guarantee,
    Limits,
)

__all__ = [
    "AnnualReturn",
    "Band",
    "Capital",
    "CapitalClass",
    "Condition",
    "Cost",
    "Fee",
    "FollowUp",
    "Guarantee",
    "Level",
    "Limits",
    "Measure",
    "Payment",
    "Quantity",
    "Reference",
    "ReferenceKind",
    "Relative",
    "Rounded",
    "Shock",
    "Spending",
    "Steps",
    "Term",
    "UntilRepaid",
    "Uplift",
    "conditions_form",
]
