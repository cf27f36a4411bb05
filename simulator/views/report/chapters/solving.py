"""Break-even and solved terms in a report: tables for the investor, sentences for the council."""

from __future__ import annotations

from simulator.views.deciding import Deciding
from simulator.views.report.parts import Bullets, Column, Line, Notes, Part, Prose, Table, known
from simulator.views.report.source import Told
from simulator.views.solved import solved_note, solved_plainly, solved_sentences
from simulator.views.switching import as_it_is, rows_of, staying, turning, without_influence

UNLIKELY = 0.01
"""What is less likely to turn a result is not told to a council."""
_OWN = {"investor": ("investor",), "council": ("municipality", "outcome_payers")}


def switching_parts(told: Told) -> tuple[Part, ...]:
    """For the investor: what turns each party's result, with the chance of it, in tables."""
    data, deciding = told.run.analyses["switching"], Deciding(told.names)
    say = told.language.say
    parts: list[Part] = [
        Prose((say("switching.what"),), say("switching.title")),
    ]
    for place in _places(told, "investor"):
        rows = rows_of(data, place)
        sentences = (as_it_is(data, place, deciding), *staying(data, place, deciding))
        parts.append(Prose(sentences))
        if rows:
            parts.append(_table(told, place, deciding))
    return (*parts, Prose((*without_influence(data, deciding), say("switching.how"))))


def everyday_parts(told: Told) -> tuple[Part, ...]:
    """For the council: a sentence for each number that may well turn the municipality's result."""
    data, deciding = told.run.analyses["switching"], Deciding(told.names)
    say = told.language.say
    parts: list[Part] = []
    for place in _places(told, "council"):
        said = turning(data, place, deciding, least=UNLIKELY)
        rest = say("switching.council.others" if said else "switching.council.none")
        figure = deciding.figure(data["thresholds"][place]["figure"])
        parts.append(Bullets((*said, rest), say("switching.council", figure=figure)))
    return tuple(parts)


def _places(told: Told, reader: str) -> list[int]:
    """The thresholds for a reader: first its own, and for the investor the payers' after them."""
    thresholds = told.run.analyses["switching"]["thresholds"]
    own = [
        place
        for place, threshold in enumerate(thresholds)
        if threshold["figure"].split(".")[0] in _OWN[reader]
    ]
    rest = [place for place in range(len(thresholds)) if place not in own]
    return [*own, *rest] if reader == "investor" or not own else own


def _table(told: Told, place: int, deciding: Deciding) -> Table:
    data, language = told.run.analyses["switching"], told.language
    threshold = data["thresholds"][place]
    rows = []
    for number, switch in rows_of(data, place):
        name = number["name"]
        rows.append(
            Line(
                (
                    deciding.uncertain(name),
                    deciding.held(name, number["mean"]),
                    deciding.held_interval(name, number["p5"], number["p95"]),
                    deciding.held(name, switch["value"]),
                    deciding.held_interval(name, switch["mc_low"], switch["mc_high"]),
                    language.percent(switch["probability"]),
                )
            )
        )
    heads = ("number", "mean", "range", "value", "interval", "chance")
    return Table(
        caption=language.say(
            "switching.table",
            figure=deciding.figure(threshold["figure"]),
            level=deciding.level(threshold["figure"], threshold["level"]),
        ),
        columns=tuple(
            Column(language.say(f"switching.column.{head}"), number=head != "number")
            for head in heads
        ),
        rows=tuple(rows),
    )


def council_solved(told: Told) -> tuple[Part, ...]:
    """For the council: what each term would have to be, in the contract's words, in plain figures.

    How exactly the simulation knows it stands in notes, where there is room for that.
    """
    found, deciding = told.run.analyses["solved"]["solved"], Deciding(told.names)
    items = [solved_plainly(one, told.scenario, deciding) for one in found]
    note = solved_note(found, deciding)
    title = told.language.say("solve.title")
    return known((Bullets(tuple(items), title), Notes((note,)) if note else None))


def solved_parts(told: Told) -> tuple[Part, ...]:
    """Terms that were solved for a target."""
    found = told.run.analyses["solved"]
    deciding = Deciding(told.names)
    items = [
        told.language.say(
            "solve.item",
            term=deciding.key(one["key"]),
            answer=" ".join(solved_sentences(one, deciding)),
        )
        for one in found["solved"]
    ]
    return (Bullets(tuple(items), told.language.say("solve.title")),)
