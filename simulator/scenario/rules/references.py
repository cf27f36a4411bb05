"""References: what each kind needs, what it cannot use, and what it says about the truth."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.scenario.contract import Reference
from simulator.scenario.facts import support
from simulator.scenario.findings import Finding, Rule, known, missing, without_effect
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number, number_is_given
from simulator.scenario.positions import Path
from simulator.scenario.rules.states import is_known
from simulator.scenario.walk import measured_cohorts, measured_metrics
from simulator.scenario.words import listed

_PRICES = ("price_year", "indexed")
KEYS: dict[str, tuple[str, ...]] = {
    "fixed": ("value", *_PRICES),
    "observed": ("value", "size", "year", "drift", "price_growth", *_PRICES),
    "to be collected": ("size", "year", "drift", "price_growth", *_PRICES),
    "matched": ("size", "year", "bias"),
    "randomised": ("size", "year"),
    "own past": ("year", "before"),
    "difference in differences": ("size", "year", "drift"),
    "none": ("deadweight",),
}
ALL_KEYS = tuple(dict.fromkeys(key for keys in KEYS.values() for key in keys))
OWN_PAST = ("own past", "difference in differences")
TRUTH = ("observed", "own past")


def _references(scenario: Scenario) -> Iterator[tuple[str, Path, Reference]]:
    for name, measure in scenario.measures.items():
        if measure.reference is not None:
            yield name, ("measures", name, "reference"), measure.reference


def keys_of_kind(scenario: Scenario) -> Iterator[Finding]:
    """A reference has the keys of its kind: all that it needs and none that it cannot use."""
    for _, path, reference in _references(scenario):
        keys = KEYS[reference.kind]
        for key in ALL_KEYS:
            if getattr(reference, key) is not None and key not in keys:
                kinds = [kind for kind, known_keys in KEYS.items() if key in known_keys]
                allowed = f"`{key}` for references of kind {listed(kinds)}"
                yield without_effect((*path, key), allowed)
        if "size" in keys and reference.size is None:
            yield missing((*path, "size"), "the number of people in the reference group")


def prices(scenario: Scenario) -> Iterator[Finding]:
    """Price changes run from the reference's price year to the scenario's."""
    for _, path, reference in _references(scenario):
        keys = KEYS[reference.kind]
        if reference.price_year is not None and scenario.price_year is None:
            allowed = "a reference's price year where the scenario has a `price_year`"
            mend = "add `price_year` at the top of the file"
            yield Finding((*path, "price_year"), allowed, mend)
        for key in ("price_growth", "indexed"):
            if getattr(reference, key) is not None and key in keys and not reference.price_year:
                yield missing((*path, "price_year"), f"a year, from which `{key}` counts")
                break


def value(scenario: Scenario) -> Iterator[Finding]:
    """The reference's number: one for a metric, one for each of several, in the metric's range."""
    for name, path, reference in _references(scenario):
        metrics = measured_metrics(scenario, name)
        if reference.kind not in ("fixed", "observed") or not metrics:
            continue
        path = (*path, "value")
        if isinstance(reference.value, dict):
            for metric, number in reference.value.items():
                for finding in known(metric, metrics, (*path, metric), "measure's metrics"):
                    found = f"`{metric}`"
                    yield Finding(finding.path, finding.allowed, finding.mend, found, at_key=True)
                yield from _value_in_range(scenario, metric, number, (*path, metric))
        elif reference.value is not None:
            if len(metrics) > 1:
                allowed = f"a table with a number for {listed(metrics, 'and')}"
                yield Finding(path, allowed, "write `value = { METRIC = …, … }`")
            else:
                yield from _value_in_range(scenario, metrics[0], reference.value, path)


def _value_in_range(
    scenario: Scenario, metric: str, number: Number, path: Path
) -> Iterator[Finding]:
    if metric not in scenario.metrics or not number_is_given(number):
        return
    low, high = support(number)
    is_rate = scenario.metrics[metric].kind == "binary"
    if low < 0 or (is_rate and high > 1):
        yield Finding(path, "a share between 0 and 1" if is_rate else "0 or more")


def certain_baseline(scenario: Scenario) -> Iterator[Finding]:
    """An observed or fixed reference's number is known, so the baseline it stands for is too."""
    for name, path, reference in _references(scenario):
        if reference.kind not in ("fixed", "observed"):
            continue
        for metric in measured_metrics(scenario, name):
            if reference.kind == "fixed" and _has_value(reference, metric):
                continue
            for cohort in measured_cohorts(scenario, name):
                if not is_known(scenario, cohort, metric):
                    yield _uncertain_baseline(scenario, reference, metric, cohort, path)
                    break


def _has_value(reference: Reference, metric: str) -> bool:
    if isinstance(reference.value, dict):
        return metric in reference.value
    return reference.value is not None


def _uncertain_baseline(
    scenario: Scenario, reference: Reference, metric: str, cohort: str, path: Path
) -> Finding:
    if reference.kind == "fixed":
        allowed = f"the contract's number, since the baseline of `{metric}` is uncertain"
        return missing((*path, "value"), allowed)
    if scenario.metrics[metric].states is not None:
        allowed = (
            f"a kind other than `observed`: chances or amounts behind `{metric}` are uncertain"
        )
        states = f"states.{scenario.metrics[metric].states}"
        mend = f"give those of `{states}` values, and put what is uncertain into `reference.drift`"
        return Finding((*path, "kind"), allowed, mend)
    own = "baseline" in scenario.cohorts[cohort].metrics.get(metric, {})
    where: Path = ("cohorts", cohort, "metrics", metric) if own else ("metrics", metric)
    allowed = (
        f"a value: `{path[1]}` compares with an observed group, whose number is known; "
        "the truth is uncertain around it by its size and drift"
    )
    return Finding((*where, "baseline"), allowed, "put what is uncertain into `reference.drift`")


def one_truth(scenario: Scenario) -> Iterator[Finding]:
    """Only one reference may say what is true about a metric."""
    first: dict[str, str] = {}
    for name, path, reference in sorted(_references(scenario), key=lambda item: item[0]):
        if reference.kind not in TRUTH:
            continue
        for metric in measured_metrics(scenario, name):
            other = first.setdefault(metric, name)
            if other != name:
                allowed = (
                    f"one observed or own-past reference for `{metric}`; "
                    f"`{other}` has one, and each would move the truth"
                )
                mend = "use kind `fixed` with the same number here"
                yield Finding((*path, "kind"), allowed, mend)
                break


def own_past(scenario: Scenario) -> Iterator[Finding]:
    """Only what arises year by year has a year before."""
    for name, path, reference in _references(scenario):
        if reference.kind not in OWN_PAST:
            continue
        for metric in measured_metrics(scenario, name):
            entry = scenario.metrics[metric]
            if entry.kind == "binary" or entry.given is not None:
                what = (
                    "a binary outcome"
                    if entry.kind == "binary"
                    else "an amount that depends on one"
                )
                allowed = f"another kind of reference: {what}, `{metric}`, has no year before"
                yield Finding((*path, "kind"), allowed)


def given_amounts(scenario: Scenario) -> Iterator[Finding]:
    """An amount that only successes have is compared with a stated number, or with nothing."""
    for name, path, reference in _references(scenario):
        given = [
            m for m in measured_metrics(scenario, name) if scenario.metrics[m].given is not None
        ]
        if not given or reference.kind == "none":
            continue
        if reference.kind != "fixed":
            before = scenario.metrics[given[0]].given
            allowed = (
                f"`fixed` with a `value`, or `none`: `{given[0]}` arises only for those who succeed"
                f" in `{before}`, and a group has no people of its own who go through both"
            )
            mend = "write what the group showed per person of the whole group as `fixed`"
            yield Finding((*path, "kind"), allowed, mend)
        elif reference.value is None:
            yield missing(
                (*path, "value"), f"a number for all people, since `{given[0]}` is given a success"
            )


RULES: tuple[Rule, ...] = (
    keys_of_kind,
    prices,
    value,
    certain_baseline,
    one_truth,
    own_past,
    given_amounts,
)
