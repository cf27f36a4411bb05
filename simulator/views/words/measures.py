"""What the evaluator measures, and against what, in words."""

from __future__ import annotations

from simulator.scenario.contract import Measure, Reference
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.views.words.conditions import given_conditions
from simulator.views.words.laws import number_in_a_sentence
from simulator.views.words.names import Names

_COUNTED = 4  # so many plain counts are told as one list


def measure_sentences(names: Names) -> list[str]:
    """Each measure that matters to a payment as a definition; one sentence for all the others."""
    measures = names.scenario.measures
    paid_on = measures_paid_on(names.scenario)
    paid = sorted(paid_on & set(measures))
    counted = [name for name in paid if _is_plain_count(measures[name], names)]
    listed = counted if len(counted) >= _COUNTED else []
    found = [measure_sentence(name, names) for name in paid if name not in listed]
    found += _counts(listed, names)
    others = [
        names.say(
            "measures.other",
            measure=names.measure(name),
            window=names.language.duration(measures[name].window),
        )
        for name in sorted(set(measures) - paid_on)
    ]
    if others:
        found.append(names.say("measures.others", measures=names.language.join(others)))
    return found


def _is_plain_count(measure: Measure, names: Names) -> bool:
    """A count that is compared with nothing and has nothing special about it."""
    special = (
        _cohorts(measure, names),
        measure.standard_error,
        measure.follow_up,
        measure.target,
        measure.per_person_most,
        measure.to_date,
    )
    reference = measure.reference
    plain = reference is None or (reference.kind == "none" and reference.deadweight is None)
    return measure.quantity == "count" and plain and not any(special)


def _counts(listed: list[str], names: Names) -> list[str]:
    """One sentence for all plain counts with the same window and report."""
    groups: dict[tuple[str, str | None], list[str]] = {}
    for name in listed:
        measure = names.scenario.measures[name]
        groups.setdefault((measure.window, measure.reported_after), []).append(name)
    found = []
    for (window, after), members in groups.items():
        text = names.say(
            "measure.counts",
            window=names.language.duration(window),
            measures=names.language.join([names.measure(name) for name in members]),
        )
        if after is not None:
            duration = names.language.duration(after)
            text += " " + names.say("measure.reported_after", duration=duration)
        found.append(text)
    return found


def measures_paid_on(scenario: Scenario) -> set[str]:
    """Names of the measures that a payment reads, or an event that ends the contract."""
    found: set[str] = set()
    for payment in scenario.payments.values():
        found |= {payment.of} if isinstance(payment.of, str) else set(payment.of)
        found |= {term.times for term in payment.terms if term.times is not None}
    tested = [payment.when for payment in scenario.payments.values()]
    tested += [event.when for event in scenario.events.values()]
    for when in tested:
        found |= {c.measure for c in given_conditions(when) if c.measure is not None}
    return found


def measure_sentence(name: str, names: Names) -> str:
    """What the evaluator measures, over which window, and against what."""
    measure = names.scenario.measures[name]
    parts = [_definition(name, measure, names)]
    if measure.per_person_most is not None:
        most = names.value(measure.per_person_most, _unit_of_a_person(measure, names))
        parts.append(names.say("measure.per_person_most", most=most))
    if measure.to_date:
        parts.append(names.say("measure.to_date", period=names.period()))
    if measure.standard_error is not None:
        error = in_words(measure.standard_error, names.unit_of(measure), names)
        parts.append(names.say("measure.standard_error", error=error))
    if measure.reference is not None:
        parts.append(_reference(measure.reference, measure, names))
    if measure.follow_up is not None:
        share = in_words(measure.follow_up.share, "share", names)
        parts.append(names.say(f"follow_up.{measure.follow_up.rule}", share=share))
    if measure.reported_after is not None:
        delay = names.language.duration(measure.reported_after)
        parts.append(names.say("measure.reported_after", duration=delay))
    if measure.target is not None:
        target = names.value(measure.target, names.unit_of(measure))
        parts.append(names.say("measure.target", target=target))
    return " ".join(parts)


def _unit_of_a_person(measure: Measure, names: Names) -> str:
    """The unit of what one service user counts."""
    metric = names.scenario.metrics.get(measure.metric or next(iter(measure.perimeter or ()), ""))
    return names.unit_of_metric(metric) if metric is not None else ""


def _cohorts(measure: Measure, names: Names) -> str:
    """Which cohorts count, where not all of them do."""
    if measure.cohorts is None or set(measure.cohorts) == set(names.scenario.cohorts):
        return ""
    listed = names.language.join([names.cohort(cohort) for cohort in measure.cohorts])
    return names.say("measure.cohorts", cohorts=listed)


def _definition(name: str, measure: Measure, names: Names) -> str:
    cohorts = _cohorts(measure, names)
    window = names.language.duration(measure.window)
    if measure.perimeter is not None:
        lines = [names.metric(line) for line in measure.perimeter if line != "programme_cost"]
        cost = "programme_cost" in measure.perimeter
        return names.say(
            "measure.saving.less_cost" if cost else "measure.saving",
            name=names.measure(name),
            lines=names.language.join([names.quote(line) for line in lines]),
            window=window,
            cohorts=cohorts,
        )
    metric = names.scenario.metrics.get(measure.metric or "")
    quantity = (measure.quantity or "saving").replace(" ", "_")
    key = f"measure.{quantity}"
    if metric is not None and names.language.has(f"{key}.{metric.kind}"):
        key = f"{key}.{metric.kind}"
    return names.say(
        key,
        name=names.measure(name),
        metric=names.quote(names.metric(measure.metric or "")),
        lines=names.quote(names.metric(measure.metric or "")),
        window=window,
        cohorts=cohorts,
    )


def _reference(reference: Reference, measure: Measure, names: Names) -> str:
    kind = reference.kind.replace(" ", "_")
    parts = [
        names.say(
            f"reference.{kind}",
            people=names.language.count(reference.size, "person")
            if reference.size
            else names.say("reference.people_unstated"),
            year=names.say("reference.year", year=reference.year) if reference.year else "",
        )
    ]
    if reference.value is not None:
        parts.append(names.say("reference.value", value=_values(reference, measure, names)))
    if reference.deadweight is not None:
        share = names.value(reference.deadweight, "share")
        parts.append(names.say("reference.deadweight", share=share))
    if reference.indexed is not None and reference.indexed.value:
        rate = names.value(reference.indexed, "share")
        year = reference.price_year or names.scenario.price_year
        parts.append(names.say("reference.indexed", rate=rate, year=year))
    return " ".join(parts)


def _values(reference: Reference, measure: Measure, names: Names) -> str:
    if isinstance(reference.value, dict):
        return names.language.join(
            [
                f"{names.quote(names.metric(key))}: {_value(value, key, names)}"
                for key, value in reference.value.items()
            ]
        )
    assert reference.value is not None
    lines = measure.perimeter or [measure.metric or ""]
    return _value(reference.value, lines[0], names)


def _value(value: Number, metric_name: str, names: Names) -> str:
    metric = names.scenario.metrics.get(metric_name)
    if metric is not None and metric.kind == "binary":
        return names.say("reference.per_user.binary", value=names.value(value, "share"))
    unit = names.unit_of_metric(metric) if metric is not None else ""
    return names.say("reference.per_user", value=names.value(value, unit))


def in_words(number: Number, unit: str, names: Names) -> str:
    """A number that may be uncertain, each of its values in the unit."""
    return number_in_a_sentence(number, names.language, lambda value: names.amount(value, unit))
