"""What each payment can come to: its terms run on the widest range of their inputs."""

from __future__ import annotations

import itertools
import math

from simulator.kernels.records import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BANDS,
    BY_DRAWN,
    COMPOUNDED,
    DOWN,
    IF_AT_LEAST,
    INTERPOLATED,
    LESS,
    OF_COMMITMENT,
    OF_COST,
    OF_DRAWN,
    OF_INPUT,
    OF_NOTHING,
    OF_OUTSTANDING,
    OF_PAID,
    PRICE,
    ROUNDED,
    SHARE,
    STEPPED,
    UNTIL_REPAID,
    UP,
    WITHIN,
)
from simulator.plan.claims import (
    CAPITAL_DRAWN,
    COST,
    OUTSTANDING,
    PAID,
    Claim,
    inputs_of,
)
from simulator.plan.measured import PROGRAMME_COST
from simulator.plan.program import Contract
from simulator.plan.steps import Step, number
from simulator.scenario.contract import Measure
from simulator.scenario.model import Scenario

Range = tuple[float, float]
"""The lowest and the highest value that there can be."""

ANYTHING: Range = (-math.inf, math.inf)


def commitment_of(scenario: Scenario) -> float:
    """The most that can be drawn."""
    return number(scenario.capital.commitment) if scenario.capital else 0.0


def input_range(scenario: Scenario, name: str) -> Range:
    """What an input can be."""
    if name in (CAPITAL_DRAWN, OUTSTANDING):
        return 0.0, commitment_of(scenario)
    if name == COST:
        return 0.0, math.inf
    if name == PAID:
        return ANYTHING
    measure = scenario.measures[name]
    metric = scenario.metrics[measure.metric] if measure.metric else None
    if measure.standard_error is not None:
        return ANYTHING
    if metric is None:
        return compared_with_nothing(scenario, measure)
    if measure.quantity == "relative effect":
        return (-math.inf, 1.0) if metric.better == "lower" else (-1.0, math.inf)
    if metric.kind != "binary":
        if measure.quantity in ("rate", "count"):
            return 0.0, math.inf
        return compared_with_nothing(scenario, measure)
    each = most_seen(measure)
    if measure.quantity in ("count", "effect"):
        each *= sum(cohort.service_users for cohort in scenario.cohorts.values())
    return 0.0 if measure.quantity in ("rate", "count") else -each, each


def compared_with_nothing(scenario: Scenario, measure: Measure) -> Range:
    """A saving, or an effect, with reference `none`: Σ price·d·T, where nobody's T is below 0.

    Anything with another reference, a programme cost that is deducted or an uncertain price.
    """
    lines = measure.perimeter or [str(measure.metric)]
    if measure.reference is None or measure.reference.kind != "none" or PROGRAMME_COST in lines:
        return ANYTHING
    ways = []
    for metric in (scenario.metrics[name] for name in lines):
        price = metric.price if measure.perimeter else None
        if price is not None and price.value is None:
            return ANYTHING
        worth = 1.0 if price is None else number(price)
        ways.append(worth if metric.better == "higher" else -worth)
    return -math.inf if min(ways) < 0.0 else 0.0, math.inf if max(ways) > 0.0 else 0.0


def most_seen(measure: Measure) -> float:
    """The most that a success counts for: more than 1 where those lost are known to do worse."""
    follow_up = measure.follow_up
    if follow_up is None or follow_up.lost_ratio is None:
        return 1.0
    share, ratio = follow_up.share.value, follow_up.lost_ratio.value
    if share is None or ratio is None:
        return math.inf
    seen = share + (1.0 - share) * ratio
    return max(1.0, 1.0 / seen) if seen > 0.0 else math.inf


def product(one: Range, other: Range) -> Range:
    """Every product of two values; 0 times anything is 0."""
    values = [a * b if a and b else 0.0 for a in one for b in other]
    return min(values), max(values)


def base_range(scenario: Scenario, step: Step) -> Range:
    """What a step's level can be."""
    if step.base == OF_NOTHING:
        return step.level, step.level
    if step.base == BY_DRAWN:
        levels = [y for _, y in step.points]
        return min(levels), max(levels)
    thing = ANYTHING
    if step.base in (OF_DRAWN, OF_OUTSTANDING):
        thing = (0.0, commitment_of(scenario))
    elif step.base == OF_COMMITMENT:
        thing = (commitment_of(scenario), commitment_of(scenario))
    elif step.base == OF_COST:
        thing = (0.0, math.inf)
    elif step.base == OF_INPUT:
        thing = input_range(scenario, step.name)
    return product((step.level, step.level), thing)


def step_range(scenario: Scenario, step: Step, value: Range) -> Range:
    """What the step makes of a range of values."""
    low, high = value
    level = base_range(scenario, step)
    if step.word in (PRICE, SHARE):
        return product(value, level)
    if step.word == ABOVE:
        return max(0.0, low - level[1]), max(0.0, high - level[0])
    if step.word == AT_MOST:
        return min(low, level[0]), min(high, level[1])
    if step.word == AT_LEAST:
        return max(low, level[0]), max(high, level[1])
    if step.word == IF_AT_LEAST:
        return min(low, 0.0), max(high, 0.0) if high >= level[0] * (1 - 1e-9) else 0.0
    if step.word == LESS:
        return low - level[1], high - level[0]
    if step.word == WITHIN:
        return min(low, 0.0), min(high, max(level[1], 0.0))
    return shaped(step, value)


def shaped(step: Step, value: Range) -> Range:
    """Tables, bands and other shapes on a range of values."""
    low, high = value
    if step.word == BANDS:
        return bands_range(step, value)
    if step.word in (STEPPED, INTERPOLATED):
        reached = table_values(step, high)
        return min(reached), max(reached)
    if step.word == COMPOUNDED:
        return max(1.0 + low, 0.0) ** step.level, max(1.0 + high, 0.0) ** step.level
    if step.word == UNTIL_REPAID:
        shares = (min(step.level, step.then), max(step.level, step.then))
        return product(value, shares)
    if step.word == ROUNDED:
        return low - step.level, rounded_up(step, high)
    return ANYTHING


def table_values(step: Step, high: float) -> list[float]:
    """What a table can give for values up to `high`: its steps, or the corners of its lines."""
    points = step.points
    reached = [0.0, *(y for x, y in points if x <= high + 1e-9 * max(abs(x), abs(high)))]
    for (x, y), (right, following) in itertools.pairwise(points):
        if step.word == INTERPOLATED and x < high < right:
            reached.append(y + (following - y) * (high - x) / (right - x))
    return reached


def rounded_up(step: Step, value: float) -> float:
    """A largest value after rounding; of a table's last step exactly."""
    if not math.isfinite(value):
        return value
    units = value / step.level
    slack = 1e-9 * abs(units)
    if step.row == DOWN:
        return step.level * math.floor(units + slack)
    if step.row == UP:
        return step.level * math.ceil(units - slack)
    return step.level * math.floor(units + slack + 0.5)


def bands_range(step: Step, value: Range) -> Range:
    """Marginal bands on a range: prices below 0 lower the lowest, others raise the highest."""
    lowest = highest = total = 0.0
    for j, (start, price) in enumerate(step.points):
        last = j + 1 == len(step.points)
        top = value[1] if last else min(value[1], step.points[j + 1][0])
        width = max(top - start, 0.0)
        total += price * width if price else 0.0
        lowest, highest = min(lowest, total), max(highest, total)
    return lowest, highest


def claim_range(scenario: Scenario, claim: Claim, steps: list[Step]) -> Range:
    """What a claim can come to after these steps, conditions aside."""
    value = (0.0, 0.0)
    for name, weight in inputs_of(scenario.payments[claim.payment]).items():
        low, high = product((weight, weight), input_range(scenario, name))
        value = (value[0] + low, value[1] + high)
    for step in steps:
        value = step_range(scenario, step, value)
    return value


def claim_ranges(scenario: Scenario, contract: Contract) -> list[Range]:
    """What each claim can come to."""
    ranges = []
    for claim, steps in zip(contract.claims, contract.steps, strict=True):
        value = claim_range(scenario, claim, steps)
        if claim.conditions:
            value = (min(value[0], 0.0), max(value[1], 0.0))
        ranges.append(value)
    return ranges


def most_to_date(scenario: Scenario, claim: Claim, steps: list[Step]) -> float:
    """The most that claims less what the payee has been paid sum to: the highest E.

    x = k·(E − P) or less, 0 ≤ k ≤ 1, where P is at least the payment's own sum, since no other
    payment takes back: a sum below E never passes it, one above never grows. Infinite where a word
    after `less = "paid"` may add to the claim.
    """
    place = next((i for i, step in enumerate(steps) if is_less_paid(step)), None)
    if place is None:
        return math.inf
    for step in steps[place + 1 :]:
        low, high = base_range(scenario, step)
        is_part = step.word in (PRICE, SHARE) and low >= 0.0 and high <= 1.0
        is_kept = step.word in (AT_LEAST, ABOVE) and low == high == 0.0
        if not (is_part or is_kept or (step.word in (AT_MOST, WITHIN) and low >= 0.0)):
            return math.inf
    return max(claim_range(scenario, claim, steps[:place])[1], 0.0)


def is_less_paid(step: Step) -> bool:
    """True for `less = "paid"`."""
    return step.word == LESS and step.base == OF_PAID


def payments_to_date(
    scenario: Scenario, contract: Contract, ranges: list[Range]
) -> dict[str, float]:
    """The most by `most_to_date` of each payment, whose payee no other payment charges."""
    charged = {c.payment for c, (low, _) in zip(contract.claims, ranges, strict=True) if low < 0.0}
    most: dict[str, float] = {}
    for claim, steps in zip(contract.claims, contract.steps, strict=True):
        payee = scenario.payments[claim.payment].payee
        others = {name for name in charged if scenario.payments[name].payee == payee}
        found = math.inf if others - {claim.payment} else most_to_date(scenario, claim, steps)
        most[claim.payment] = max(most.get(claim.payment, 0.0), found)
    return most


def payment_ranges(scenario: Scenario, contract: Contract) -> dict[str, Range]:
    """The least and the most that each payment comes to, within its own limit."""
    found: dict[str, Range] = {}
    most: dict[str, float] = {}
    shared: dict[str, float] = {}
    ended: dict[tuple[str, int], Range] = {}  # owed where the contract ends early at an instant
    ranges = claim_ranges(scenario, contract)
    to_date = payments_to_date(scenario, contract, ranges)
    for claim, steps, (low, high) in zip(contract.claims, contract.steps, ranges, strict=True):
        lowest, highest = found.get(claim.payment, (0.0, 0.0))
        if claim.stop is not None:
            # it ends once: the instants share one sum
            key = (claim.payment, claim.stop)
            before = ended.get(key, (0.0, 0.0))
            ended[key] = (before[0] + low, before[1] + high)
            found[claim.payment] = (min(lowest, ended[key][0]), max(highest, ended[key][1]))
        else:
            found[claim.payment] = (lowest + low, highest + high)
            if scenario.payments[claim.payment].paid == "as delivered":
                # the periods share one sum
                level = shared_most(scenario, claim.payment, steps)
                shared[claim.payment] = max(shared.get(claim.payment, 0.0), level)
        if steps and steps[-1].word == WITHIN:
            level = max(base_range(scenario, steps[-1])[1], 0.0)
            most[claim.payment] = max(most.get(claim.payment, 0.0), level)
    return {
        name: (low, min(high, most.get(name, math.inf), shared.get(name, math.inf), to_date[name]))
        for name, (low, high) in found.items()
    }


def shared_most(scenario: Scenario, payment: str, steps: list[Step]) -> float:
    """The most that claims on the parts of one sum come to, where each is at most c × its part.

    Infinite where a word gives something for nothing, so that many small parts may give more.
    """
    most = 0.0
    for name, weight in inputs_of(scenario.payments[payment]).items():
        low, high = product((weight, weight), input_range(scenario, name))
        if low < 0.0:
            return math.inf
        most += high
    for step in steps:
        level = base_range(scenario, step)
        if step.word in (PRICE, SHARE) and level[0] >= 0.0:
            most = product((0.0, most), level)[1]
        elif step.word == UNTIL_REPAID and min(step.level, step.then) >= 0.0:
            most *= max(step.level, step.then)
        elif step.word == BANDS and step.points[0][0] >= 0.0:
            most = product((0.0, most), (0.0, max(0.0, *(price for _, price in step.points))))[1]
        elif step.word not in (ABOVE, AT_MOST, IF_AT_LEAST, LESS, WITHIN) or level[0] < 0.0:
            return math.inf
    return most
