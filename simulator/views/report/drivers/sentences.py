"""The analysis in sentences: how it was made, where variance comes from, what does not matter."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.views.report.drivers.words import Drivers, sentence

_CERTAIN = 0.005
"""A share below this is told as none that can be seen."""
_ZERO = {"estimate": 0.0}


def _known(index: Mapping[str, float]) -> float:
    """A share between nothing and all."""
    return min(max(index["estimate"], 0.0), 1.0)


def method_sentences(drivers: Drivers) -> list[str]:
    """How numbers were moved, what the others did meanwhile, and what setting one means."""
    if not drivers.inputs:
        return [drivers.say("drivers.no_numbers")]
    say = drivers.say
    found = [
        say("drivers.method", low=drivers.level(0), high=drivers.level(1)),
        say(f"drivers.others.{drivers.data['others']}"),
    ]
    if any(entry["with"] for entry in drivers.inputs):
        found.append(say("drivers.dependent"))
    return found


def variance_sentences(drivers: Drivers) -> list[str]:
    """Figure by figure: what comes from not knowing the numbers, and what from chance."""
    found = []
    for name in drivers.asked:
        entry = drivers.entry(name)
        if entry is None or entry["of_numbers"] is None or not drivers.inputs:
            continue
        share = _known(entry["of_numbers"])
        text = drivers.say(
            "drivers.variance",
            figure=drivers.within(name),
            numbers=drivers.language.percent(share, 0),
            luck=drivers.language.percent(1.0 - share, 0),
        )
        found.append(sentence(text))
    is_drawn = any(not entry["stated"] and "/truth/" in entry["name"] for entry in drivers.inputs)
    return [*found, drivers.say("drivers.variance.truth")] if found and is_drawn else found


def cohort_sentences(drivers: Drivers) -> list[str]:
    """What the largest cohort that was simulated would remove, figure by figure."""
    sizes = drivers.data["cohorts"]
    if len(sizes) < 2:
        return []
    first, last = sizes[0], sizes[-1]
    found = []
    for name in drivers.asked:
        figure = last["figures"].get(name)
        if figure is None:
            continue
        removed = figure["removed"]
        seen = removed["mc_low"] > 0.0 and removed["estimate"] >= _CERTAIN
        key = "drivers.cohort" if seen else "drivers.cohort.nothing"
        text = drivers.say(
            key,
            users=drivers.language.count(last["service_users"], "service_user"),
            now=drivers.language.decimal(first["service_users"]),
            figure=drivers.within(name),
            removed=drivers.language.percent(max(removed["estimate"], 0.0), 0),
            numbers=drivers.language.percent(_known(figure["of_numbers"]), 0),
        )
        found.append(sentence(text))
    return [*found, drivers.say("drivers.cohort.note")] if found else []


def influence_sentences(drivers: Drivers) -> list[str]:
    """The numbers that have no influence, and those whose influence is negligible."""
    found = []
    for kind in ("none", "none here", "negligible"):
        names = [entry["name"] for entry in drivers.inputs if entry["influence"] == kind]
        if names:
            many = "one" if len(names) == 1 else "many"
            key = f"drivers.influence.{kind.replace(' ', '_')}.{many}"
            found.append(drivers.say(key, numbers=drivers.list(names)))
    return found


def tornado_sentence(drivers: Drivers, figure: str) -> str:
    """What moves a figure most, and how far."""
    moving = drivers.moving(figure)
    if not moving:
        return drivers.say("drivers.tornado.none", figure=drivers.figure(figure))
    most = max(
        moving, key=lambda entry: abs((entry["figures"][figure]["swing"] or _ZERO)["estimate"])
    )
    found = most["figures"][figure]
    return drivers.say(
        "drivers.tornado.most",
        figure=drivers.figure(figure),
        number=drivers.number(most["name"]),
        low=drivers.amount(figure, found["low"]),
        high=drivers.amount(figure, found["high"]),
    )


def indices_sentence(drivers: Drivers, figure: str) -> str:
    """Which number has the largest share of its own, beside chance's."""
    luck = drivers.data["luck"]["figures"][figure]["first_order"]
    moving = drivers.moving(figure)
    if not moving:
        return drivers.say("drivers.indices.luck", luck=drivers.share(luck))
    most = max(moving, key=lambda entry: entry["figures"][figure]["first_order"]["estimate"])
    return drivers.say(
        "drivers.indices.most",
        number=drivers.number(most["name"]),
        share=drivers.share(most["figures"][figure]["first_order"]),
        luck=drivers.share(luck),
    )


def stress_sentence(drivers: Drivers) -> str:
    """What each party is left with when everything goes against it."""
    together = drivers.data["stresses"]["together"]
    said = [
        drivers.say(
            "drivers.stress.party",
            figure=drivers.within(name),
            value=drivers.amount(name, case["value"]),
        )
        for name, case in together.items()
    ]
    return drivers.say("drivers.stress.together", parties="; ".join(said))
