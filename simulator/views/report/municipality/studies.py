"""What the studies behind an effect say, and what is counted on after what is taken off."""

from __future__ import annotations

from simulator.scenario.numbers_of import number_key
from simulator.scenario.walk import numbers
from simulator.scenario.weighed import Weighed, weighed
from simulator.views.assumptions import what
from simulator.views.report.source import Told
from simulator.views.units import unit_of


def study_sentences(told: Told, metrics: set[str]) -> list[str]:
    """A few sentences for each effect of these metrics that rests on studies, in plain words."""
    said = []
    for path, number in numbers(told.scenario):
        if number.evidence is None or "effect" not in path or not metrics & set(map(str, path)):
            continue
        said.append(_sentences(tuple(number_key(path).split(".")), weighed(number.evidence), told))
    return said


def _sentences(path: tuple[str, ...], found: Weighed, told: Told) -> str:
    names = told.names
    is_ratio = path[0] == "metrics" and path[-1] == "ratio"
    unit = "share" if is_ratio else unit_of(path, names)

    def value(x: float) -> str:
        return names.amount(float(f"{x:.2g}"), unit)

    reported = next(stage for stage in found.stages if stage.stage == "reported")
    drawn = found.stages[-1]
    taken = "off" if (reported.p50, reported.p95) != (drawn.p50, drawn.p95) else "nothing"
    called = names.metric(path[1]) if is_ratio else what(path, names)
    sentences = [
        names.say(
            "council.studies.ratio" if is_ratio else "council.studies.effect",
            what=called,
            studies=told.language.count(len(found.studies), "study"),
            reported=value(reported.p50),
        ),
        names.say(
            f"council.studies.{taken}",
            drawn=value(drawn.p50),
            low=value(drawn.p5),
            high=value(drawn.p95),
        ),
    ]
    if found.weak:
        sentences.append(names.say("council.studies.weak"))
    return " ".join(sentences)
