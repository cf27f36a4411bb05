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


def state(name: str) -> str:
    """A state's name as words."""
    return name.replace("_", " ")


def _states(name: str, states: States, names: Names) -> str:
    listed = names.language.join([state(each) for each in states.names])
    title = names.quote(names.language.title(states.title, state(name)))
    moves = [
        names.say("states.move", origin=state(origin), target=state(target))
        for origin in sorted(states.effect)
        for target in sorted(states.effect[origin])
    ]
    key = "states.chain" if moves else "states.chain.no_effect"
    return names.say(key, states=title, listed=listed, moves=names.language.join(moves))


def _reading(name: str, metric: Metric, names: Names) -> str:
    listed = [state(each) for each in metric.in_states or metric.moves_to or ()]
    at = names.language.duration(metric.at or "1 year")
    return names.say(
        f"states.{metric.kind}",
        metric=names.quote(names.metric(name)),
        amounts=names.language.join(_amounts(metric, names)),
        states=names.say("join.or", first=", ".join(listed[:-1]), last=listed[-1])
        if len(listed) > 1
        else "".join(listed),
        at=at,
    )


def _amounts(metric: Metric, names: Names) -> list[str]:
    """`hvb 137 000 kr`, state by state."""
    unit = names.unit_of_metric(metric)
    found = []
    for each, number in sorted((metric.per_month or {}).items()):
        amount = number_in_a_sentence(
            number, names.language, lambda value: names.amount(value, unit)
        )
        found.append(f"{state(each)} {amount}")
    return found


def of_states(path: tuple[str, ...]) -> bool:
    """Whether the key is that of a number of the states, shared or a cohort's."""
    return path[0] == "states" or path[2:3] == ("states",)


def states_title(name: str, names: Names) -> str:
    """What a table of states is called."""
    states = names.scenario.states.get(name)
    return names.language.title(states.title if states else None, state(name))


def states_field(path: tuple[str, ...], names: Names) -> str:
    """What a number of the states, or a month's amount, is; empty for all other keys."""
    if "per_month" in path[:-1]:
        return names.say("field.per_month", state=state(path[-1]))
    words = path[2:] if path[0] == "states" else path[4:]
    if not of_states(path) or words[:1] not in (("start",), ("monthly",), ("effect",)):
        return ""
    if words[0] == "start":
        return names.say("field.states.start", state=state(words[1]))
    move = names.say("states.move", origin=state(words[1]), target=state(words[2]))
    if words[0] == "monthly":
        return names.say("field.states.monthly", move=move)
    form = names.say(f"field.{words[3]}") if names.language.has(f"field.{words[3]}") else words[3]
    return names.say("field.states.effect", move=move, form=form)
