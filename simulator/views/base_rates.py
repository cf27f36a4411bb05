"""A scenario beside how real impact bonds went, in words: for the terminal and the reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.scenario.model import Scenario
from simulator.views.language import Language
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import NOTHING, Lang
from simulator.views.speaking import language_of_scenario
from simulator.views.words.names import Names

LEVELS = ("p10", "p25", "p50", "p75", "p90")
Data = Mapping[str, Any]


def base_rate_lines(data: Data, scenario: Scenario, lang: Lang) -> list[str]:
    """Both distributions as a table, the sentences, and what the base rates are biased by."""
    language = language_of_scenario(scenario, lang)
    names = Names(scenario, language)
    lines = wrap(language.say("base_rates.intro"))
    heads = ("", *headings(language))
    rows: list[tuple[str, ...]] = [heads]
    for row in data["rows"]:
        rows.append((label_of(row, names), *[""] * (len(heads) - 1)))
        rows += [(f"  {name}", *cells) for name, cells in both(row, language)]
    lines += ["", *aligned(rows, range(1, len(heads))), ""]
    for sentence in sentences(data, names):
        lines += wrap(sentence)
    lines += ["", *wrap(language.say("base_rates.biases"))]
    for bias in biases(data, language):
        lines += wrap(bias, "  · ", hanging="    ")
    return [*lines, "", *wrap(f"{language.title(data['source'], '')}: {data['address']}")]


def headings(language: Language) -> list[str]:
    """Columns: the levels, the share that met its plan, the share below half of it."""
    levels = [language.stated_percent(int(level[1:]) / 100) for level in LEVELS]
    return [*levels, language.say("base_rates.met"), language.say("base_rates.under_half")]


def label_of(row: Data, names: Names) -> str:
    """Which ratio it is."""
    measure = names.measure(str(row["name"])) if row["name"] else ""
    return names.say(f"base_rates.row.{row['what']}", measure=measure)


def both(row: Data, language: Language) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The scenario's own distribution as text, and that of real contracts."""
    yield language.say("base_rates.own"), _cells(row["scenario"], language)
    count = language.decimal(row["reference"]["n"])
    yield (
        language.say(f"base_rates.real.{_counted(row)}", count=count),
        _cells(row["reference"], language),
    )


def _cells(found: Data, language: Language) -> tuple[str, ...]:
    ratios = (found["ratios"][level] for level in LEVELS)
    return (
        *(NOTHING if ratio is None else language.decimal(ratio, 2) for ratio in ratios),
        *(language.percent(found[key], 0) for key in ("met", "under_half")),
    )


def _counted(row: Data) -> str:
    return "metrics" if row["what"] == "achieved" else "contracts"


def sentences(data: Data, names: Names) -> list[str]:
    """Where each middle lies, what the plan is, and what could not be compared."""
    found = [_placed(row, names) for row in data["rows"]]
    for row in data["rows"]:
        if row["what"] == "paid_of_plan":
            plan = names.language.money(row["plan"])
            found.append(names.say("base_rates.plan", plan=plan))
    without = [names.measure(str(e["name"])) for e in data["left_out"] if e["why"] == "no_target"]
    if without:
        found.append(names.say("base_rates.no_target", measures=names.language.join(without)))
    found += [
        names.say(f"base_rates.left_out.{entry['why']}")
        for entry in data["left_out"]
        if entry["why"] != "no_target"
    ]
    return [*found, _elsewhere(data, names.language)]


def _placed(row: Data, names: Names) -> str:
    """`Its 50% point, 1.02, is at the 67th percentile of 60 outcome metrics …`."""
    language, known = names.language, row["reference"]
    filled = {
        "ratio": language.decimal(row["scenario"]["ratios"]["p50"], 2),
        "what": label_of(row, names),
        "count": language.decimal(known["n"]),
        "own": language.percent(row["scenario"]["met"], 0),
        "real": NOTHING if known["met"] is None else language.percent(known["met"], 0),
    }
    key = f"base_rates.place.{_counted(row)}"
    if row["percentile"] is None:
        return language.say(f"{key}.beyond", **filled)
    if row["what"] == "users":
        key, below = "base_rates.place.users", language.percent(row["percentile"], 0)
        return language.say(key, below=below, **filled)
    low, high = (language.decimal(100 * bound) for bound in row["interval"])
    place = ordinal(round(100 * row["percentile"]), language)
    return language.say(key, place=place, interval=language.span(low, high), **filled)


def ordinal(number: int, language: Language) -> str:
    """`81st`, `81:a`."""
    last, teens = number % 10, number % 100 in (11, 12, 13)
    if language.lang == "sv":
        return f"{number}:{'a' if last in (1, 2) and number % 100 not in (11, 12) else 'e'}"
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(last, "th")
    return f"{number}{ending}"


def _elsewhere(data: Data, language: Language) -> str:
    """Non-starts and delays."""
    delay = data["delay_months"]
    return language.say(
        "base_rates.starts",
        not_started=language.decimal(data["starts"]["not_started"]),
        of=language.decimal(data["starts"]["of"]),
        median=language.decimal(delay["median"], 1),
        p90=language.decimal(delay["p90"], 1),
    )


def biases(data: Data, language: Language) -> Sequence[str]:
    """What the base rates are known to be biased by."""
    return [language.title(bias, "") for bias in data["biases"]]
