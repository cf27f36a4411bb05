"""Whether a measured effect differs from nothing, as an evaluator would test it (§6)."""

from scipy import special


def is_significant(effect, error, condition):
    """The effect is good and effect ÷ its standard error ≥ Φ⁻¹(1 − level/sides)."""
    if effect <= 0:
        return False
    wanted = float(special.ndtri(1 - condition.significant.value / condition.sides))
    if error <= 0:
        return True
    return effect / error >= wanted * (1 - 1e-9)
