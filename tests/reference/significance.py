"""Whether a measured effect differs from nothing, as an evaluator would test it (§6)."""

from dataclasses import dataclass

from scipy import special


@dataclass(frozen=True)
class Compared:
    """One metric of a measure: rates or means per service user over the window, and sizes."""

    binary: bool
    users: int
    size: int  # of the reference; 0 where it is a fixed number
    seen: float  # p̂
    reference: float  # r̂
    variation: float = 0.0  # c, of one person's mean over the window
    money: float = 1.0  # of a unit, in a saving


def variance(compared, quantity):
    """Of the effect in the measure's quantity: per service user p̂(1 − p̂)/n + r̂(1 − r̂)/m."""
    n, share = compared.users, 1 / compared.size if compared.size else 0.0
    if not n:
        return 0.0
    p, r = compared.seen, compared.reference
    if compared.binary:
        each = p * (1 - p) / n + r * (1 - r) * share
    else:
        each = (r * compared.variation) ** 2 * (1 / n + share)
    unit = {"effect": n, "effect per user": 1.0, "saving": n * compared.money}.get(quantity)
    if unit is None:  # a relative effect
        unit = 1 / r if r > 0 else 0.0
    return unit**2 * max(each, 0.0)


def is_significant(effect, error, condition):
    """The effect is good and effect ÷ its standard error ≥ Φ⁻¹(1 − level/sides)."""
    if effect <= 0:
        return False
    wanted = float(special.ndtri(1 - condition.significant.value / condition.sides))
    return error <= 0 or effect / error >= wanted * (1 - 1e-9)
