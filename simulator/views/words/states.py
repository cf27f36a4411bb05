"""Placement states and milestones, in words: what a metric reads, and what it follows upon."""

from __future__ import annotations

from simulator.scenario.model import Metric, States
from simulator.views.words.laws import number_in_a_sentence
from simulator.views.words.names import Names


def state_sentences(names: Names) -> list[str]:
    """The states with the moves that the programme changes, then each metric that reads them.

    Metrics that are given a milestone before them come last.
    """
    scenario = names.scenario
    found = [_states(name, states, names) for name, states in sorted(scenario.states.items())]
    metrics = sorted(scenario.metrics.items())
    found += [_reading(name, metric, names) for name, metric in metrics if metric.states]
    found += [
        names.say(
            "states.milestone",
            metric=names.quote(names.metric(name)),
            before=names.quote(names.metric(metric.given)),
        )
        for name, metric in metrics
        if metric.kind == "binary" and metric.given
    ]
    return found


def state(name: str, states: States | None, names: Names) -> str:
    """What a state is called."""
    titles = (states.titles if states is not None else None) or {}
    return names.language.title(titles.get(name), name)


def _states(name: str, states: States, names: Names) -> str:
    listed = names.language.join([state(each, states, names) for each in states.names])
    title = names.quote(names.language.title(states.title, name))
    moves = [
        names.say(
            "states.move",
            origin=state(origin, states, names),
            target=state(target, states, names),
        )
        for origin in sorted(states.effect)
        for target in sorted(states.effect[origin])
    ]
    key = "states.chain" if moves else "states.chain.no_effect"
    return names.say(key, states=title, listed=listed, moves=names.language.join(moves))


def _reading(name: str, metric: Metric, names: Names) -> str:
    states = names.scenario.states.get(metric.states or "")
    listed = [state(each, states, names) for each in metric.in_states or metric.moves_to or ()]
    at = names.language.duration(metric.at or "1 year")
    unit = names.unit_of_metric(metric)
    counted = metric.kind == "amount" and unit != "money"
    return names.say(
        f"states.{metric.kind}.in_units" if counted else f"states.{metric.kind}",
        unit=unit,
        metric=names.quote(names.metric(name)),
        amounts=names.language.join(_amounts(metric, names)),
        states=names.say("join.or", first=", ".join(listed[:-1]), last=listed[-1])
        if len(listed) > 1
        else "".join(listed),
        at=at,
    )


def _amounts(metric: Metric, names: Names) -> list[str]:
    """`hvb 137 000 kr`, state by state; other units than money are said once, before all."""
    unit = "money" if names.unit_of_metric(metric) == "money" else ""
    states = names.scenario.states.get(metric.states or "")
    found = []
    for each, number in sorted((metric.per_month or {}).items()):
        amount = number_in_a_sentence(
            number,
            names.language,
            lambda value: names.amount(value, unit),
        )
        found.append(f"{state(each, states, names)} {amount}")
    return found


def of_states(path: tuple[str, ...]) -> bool:
    """Whether the key is that of a number of the states, shared or a cohort's."""
    return path[0] == "states" or path[2:3] == ("states",)


def states_title(name: str, names: Names) -> str:
    """What a table of states is called."""
    states = names.scenario.states.get(name)
    return names.language.title(states.title if states else None, name)


def states_field(path: tuple[str, ...], names: Names) -> str:
    """What a number of the states, or a month's amount, is; empty for all other keys."""
    if "per_month" in path[:-1]:
        metric = names.scenario.metrics.get(path[1] if path[0] == "metrics" else path[3])
        states = names.scenario.states.get((metric.states if metric else None) or "")
        return names.say("field.per_month", state=state(path[-1], states, names))
    words = path[2:] if path[0] == "states" else path[4:]
    if not of_states(path) or words[:1] not in (("start",), ("monthly",), ("effect",)):
        return ""
    states = names.scenario.states.get(path[1] if path[0] == "states" else path[3])
    if words[0] == "start":
        return names.say("field.states.start", state=state(words[1], states, names))
    move = names.say(
        "states.move",
        origin=state(words[1], states, names),
        target=state(words[2], states, names),
    )
    if words[0] == "monthly":
        return names.say("field.states.monthly", move=move)
    form = names.say(f"field.{words[3]}") if names.language.has(f"field.{words[3]}") else words[3]
    return names.say("field.states.effect", move=move, form=form)
