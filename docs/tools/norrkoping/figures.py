"""The figures that the page tells, kept from the output of the commands that it shows."""

from __future__ import annotations

import json
import re
import shlex
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docs.tools.norrkoping.commands import COMMANDS, SETTLED_AT_ZERO

FIGURES = Path(__file__).parent / "figures.json"
_PLACE = re.compile(r"([^.\[\]]+)|\[([^=\]]+)(=?)([^\]]*)\]")


class Kept(dict[str, dict[str, Any]]):
    """Figures by command and place, as they were kept."""

    def __call__(self, command: str, place: str) -> Any:
        """A figure of a command: `("run", "investor.loss_probability")`."""
        return self[command][place]


class Heard:
    """Whole outputs of commands, which remembers what is asked of them."""

    def __init__(self, outputs: Mapping[str, Any]) -> None:
        self.outputs = outputs
        self.asked: dict[str, dict[str, Any]] = {name: {} for name in sorted(outputs)}

    def __call__(self, command: str, place: str) -> Any:
        """The figure, which is remembered, six digits of it."""
        self.asked[command][place] = short(at(self.outputs[command], place))
        return self.asked[command][place]


def at(data: Any, place: str) -> Any:
    """What stands at a place such as `inputs[name=metrics.x.effect].total.estimate`.

    A key with dots stands in brackets: `figures[investor.expected_profit].value`.

    Raises KeyError where there is nothing.
    """
    for key, name, chosen, value in _PLACE.findall(place):
        if not chosen:
            data = data[key or name]
            continue
        found = [item for item in data if str(item[name]) == value]
        if len(found) != 1:
            raise KeyError(f"{place}: {len(found)} items have {name} = {value}")
        data = found[0]
    return data


def short(value: Any) -> Any:
    """Six digits, and of an estimate what the page tells."""
    if isinstance(value, Mapping):
        told = ("estimate", "standard_error", "mc_low", "mc_high", "p5", "p50", "p95")
        return {key: short(value[key]) for key in told if key in value}
    return float(f"{value:.6g}") if isinstance(value, float) else value


def keep() -> None:
    """Run every command and write figures.json: what the page asks of them."""
    from docs.tools.norrkoping.page import render

    heard = Heard(outputs())
    render(heard)
    text = json.dumps(heard.asked, ensure_ascii=False, indent=1, sort_keys=True)
    FIGURES.write_text(text + "\n", encoding="utf-8")


def outputs() -> dict[str, Any]:
    """The JSON that each command prints, and the figures of the Python that the page shows."""
    found = {name: output(command) for name, command in COMMANDS.items()}
    space: dict[str, Any] = {}
    exec(SETTLED_AT_ZERO, space)  # the page's own text
    found["zero"] = {name: float(value) for name, value in space["figures"].items()}
    return found


def output(command: str, *more: str) -> Any:
    """The JSON that a command prints; what it writes is forgotten."""
    from click.testing import CliRunner

    from simulator.cli import main

    words = shlex.split(command)[1:]
    with tempfile.TemporaryDirectory() as out:
        quiet = [] if words[0] == "settle" else ["--no-report", "--out", out]
        done = CliRunner().invoke(main, [*words, *more, "--json", *quiet])
    if done.exit_code:
        raise RuntimeError(f"{command}: {done.stderr}")
    return json.loads(done.stdout)


def kept() -> Kept:
    """The kept figures."""
    return Kept(json.loads(FIGURES.read_text(encoding="utf-8")))
