"""The commands that make a run and each analysis shown of it again, options and all."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from simulator.decisions.keys import number_text
from simulator.decisions.sensitivity.reading import DEFAULT_FIGURES
from simulator.views.rare import is_loss
from simulator.views.read import find
from simulator.views.report.source import Told, variant_names

Data = Mapping[str, Any]
COUNCIL = (
    *("comparison", "sensitivity", "switching", "solved", "search", "information", "updating"),
    "diff",
)
"""What the council's paper shows, by the name of its file; the investor's adds the base rates."""
INVESTOR = (*COUNCIL[1:-2], "base_rates", *COUNCIL[-2:], "rare")
_COMMANDS = {"base_rates": "base-rates", "updating": "update", "solved": "solve"}
_COMMANDS |= {"switching": "solve", "search": "solve"}
_DESIGNS, _LUCK = 64, 4


def commands(told: Told, shown: tuple[str, ...]) -> list[str]:
    """One command a line: the run's own first, then those of the analyses that lie beside it."""
    made = told.run.provenance
    ends = ["--paths", str(made["paths"]), "--seed", str(made["seed"])]
    found = [shlex.join(["socsim", "run", *_scenario(told), *ends, *_sampler(told)])]
    for name in shown:
        if name not in told.run.analyses:
            continue
        data = told.run.analyses[name]
        if name == "comparison":
            found.append(shlex.join([*_comparing(data, told), *ends]))
            continue
        if name == "diff":
            found.append(shlex.join(["socsim", "diff", "EARLIER", *_this(told), "--beside", *ends]))
            continue
        for options in _OPTIONS[name](data) if name in _OPTIONS else [[]]:
            command = _COMMANDS.get(name, name)
            found.append(shlex.join(["socsim", command, *_scenario(told), *options, *ends]))
    return found


def given_sentences(told: Told) -> list[str]:
    """What the commands call that which a reader has to give: interim or earlier results."""
    said = {"updating": "again.interim", "diff": "again.earlier"}
    return [told.language.say(key) for name, key in said.items() if name in told.run.analyses]


def _scenario(told: Told) -> list[str]:
    """The scenario as a command takes it, with its variants and what was set."""
    words = [str(find(told.summary, "scenario.name") or "scenario")]
    for variant in variant_names(told.summary):
        words += ["--variant", variant]
    for override in told.scenario.overrides:
        words += ["--set", override]
    return words


def _this(told: Told) -> list[str]:
    """The scenario as a command with two of them takes it."""
    named = "@".join((_scenario(told)[0], *variant_names(told.summary)))
    sets = [word for override in told.scenario.overrides for word in ("--set", override)]
    return [named, *sets]


def _sampler(told: Told) -> list[str]:
    name = find(told.summary, "simulation.sampler.name")
    return ["--sampler", str(name)] if name else []


def _comparing(data: Data, told: Told) -> list[str]:
    """`socsim compare` of the same designs, laid beside the same run."""
    words = ["socsim", "compare", *(str(design["name"]) for design in data["designs"])]
    for override in told.scenario.overrides:
        words += ["--set", override]
    assumed = data.get("assumptions") or {}
    for option in ("same_effect", "payback_share"):
        if assumed.get(option, 1.0) != 1.0:
            words += [f"--{option.replace('_', '-')}", number_text(assumed[option])]
    return [*words, "--beside", str(find(told.summary, "scenario.name") or "scenario")]


def _sensitivity(data: Data) -> Iterator[list[str]]:
    words: list[str] = []
    asked = [figure["name"] for figure in data["figures"] if figure["asked"]]
    if asked != list(DEFAULT_FIGURES):  # without an investor the same is asked by name
        words += [word for name in asked for word in ("--figure", name)]
    if list(data["quantiles"]) != [0.05, 0.95]:
        words += ["--quantiles", ",".join(number_text(level) for level in data["quantiles"])]
    if data["others"] != "integrated":
        words += ["--others", data["others"]]
    pairs = [stressed["names"] for stressed in data["stresses"]["pairs"]]
    if pairs != [[entry["name"] for entry in data["inputs"][:2]]]:
        words += [word for pair in pairs for word in ("--pair", ",".join(pair))]
    for shown in data["maps"]:
        words += ["--map", ",".join(shown["numbers"])]
    yield words


def _switching(data: Data) -> Iterator[list[str]]:
    thresholds = data["thresholds"]
    own = ("investor.expected_profit", "municipality.net_budget_effect")
    for first in thresholds[:1]:  # a figure that was asked for stands alone
        if len(thresholds) == 1 and (first["figure"] not in own or first["level"] != 0):
            target = f"{first['figure']} = {number_text(first['level'])}"
            yield ["--switching", "--target", target]
            return
    yield ["--switching"]


def _solved(data: Data) -> Iterator[list[str]]:
    for one in reversed(data["solved"]):  # the latest stands first, and is laid last
        target = one["target"]
        wanted = f"{target['figure']} {target['sign']} {number_text(target['level'])}"
        words = ["--key", one["key"], "--target", wanted]
        if one.get("between"):
            words += ["--between", *(number_text(end) for end in one["between"])]
        yield words


def _search(data: Data) -> Iterator[list[str]]:
    words = []
    for term in data["terms"]:
        ends = "..".join(number_text(term[end]) for end in ("low", "high"))
        words += ["--search", f"{term['key']}={ends}"]
    if data["method"] != "halton":
        words += ["--method", data["method"]]
    asked = data.get("asked", _DESIGNS)
    yield words if asked == _DESIGNS else [*words, "--designs", str(asked)]


def _information(data: Data) -> Iterator[list[str]]:
    words: list[str] = []
    for design in data["designs"][1:]:
        words += ["--against", str(design["name"])]
    first = data["decisions"][0] if data["decisions"] else {"studies": [], "groups": []}
    for study in first["studies"]:
        cost = "" if study["cost"] is None else f", cost={number_text(study['cost'])}"
        words += ["--study", f"{study['study']}{cost}"]
    for group in first["groups"]:
        words += ["--group", ",".join(group["numbers"])]
    for change in data["precision"]:
        words += ["--precision", str(change["change"])]
    costs = [change["cost"] for change in data["precision"]]
    if costs and None not in costs:
        words += [word for cost in costs for word in ("--cost", number_text(cost))]
        borne = data["precision"][0]["cost_to"]
        words += ["--cost-to", str(borne)] if borne else []
    curves = data["acceptability"]
    if curves is not None:
        prices = [number_text(curves["prices"][place]["price"]) for place in (0, -1)]
        words += ["--outcome", str(curves["metric"]), "--prices", *prices]
    luck = data["simulation"]["luck"]
    yield words if luck == _LUCK else [*words, "--luck", str(luck)]


def _updating(_: Data) -> Iterator[list[str]]:
    yield ["INTERIM.toml"]


def _rare(data: Data) -> Iterator[list[str]]:
    for one in data["rare"]:
        threshold = number_text(one["threshold"])
        if is_loss(one):
            yield ["--loss", threshold]
        else:
            yield ["--figure", one["figure"], f"--{one['side']}", threshold]


_OPTIONS: Mapping[str, Callable[[Data], Iterator[list[str]]]] = {
    "sensitivity": _sensitivity,
    "switching": _switching,
    "solved": _solved,
    "search": _search,
    "information": _information,
    "updating": _updating,
    "rare": _rare,
}
