"""The page from its template."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from docs.tools.guarantee_funds.page import interval, markdown, plain
from docs.tools.norrkoping.commands import COMMANDS, SETTLED_AT_ZERO
from docs.tools.norrkoping.figures import kept

HERE = Path(__file__).parent
MILLION, THOUSAND, PERCENT = 1e6, 1e3, 0.01
DRIVERS = {
    "measures.saving/truth/metrics.placement_cost": "what the children would have cost without the "
    "team, as a share of what the 61 cost",
    "metrics.placement_cost.effect.ratio": "cost of placements with the team, as a share",
    "measures.saving.reference.drift": "drift of volumes since 2013",
    "measures.saving.reference.price_growth": "rise of prices a year since 2013",
    "capital.costs.per_year": "what the team costs, million a year",
    "metrics.school.effect.difference": "more with better school results, share",
    "metrics.school.baseline": "better school results anyway, share",
}
"""The numbers that move the investor's profit, the heaviest first; a test holds the order."""
DESIGNS = {
    "norrkoping": "as signed",
    "norrkoping@window_3y": "three years instead of two",
    "norrkoping@saved_is_repaid": "the other published wording of the split",
    "norrkoping@guarantee_pari_passu": "the state bears half of the loss",
    "norrkoping@guarantee_floor": "the state guarantees half back",
    "norrkoping@guarantee_first_loss": "the state bears the first half",
}
Ask = Callable[[str, str], Any]


def page() -> str:
    """The page; the same figures give the same text."""
    return render(kept())


def render(ask: Ask) -> str:
    """The page of what is answered."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown, written from this repository's own files
    )
    return environment.get_template("page.md.j2").render(
        c=COMMANDS, snippet=SETTLED_AT_ZERO, t=Told(ask), markdown=markdown
    )


class Told:
    """Figures as the template asks for them: millions of kronor, per cent, thousands."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask

    def m(self, command: str, place: str, digits: int = 1) -> str:
        """Millions, with the Monte Carlo interval where there is one."""
        return self._told(command, place, digits, MILLION)

    def k(self, command: str, place: str, digits: int = 0) -> str:
        """Thousands."""
        return self._told(command, place, digits, THOUSAND)

    def p(self, command: str, place: str, digits: int = 0) -> str:
        """Per cent."""
        return self._told(command, place, digits, PERCENT)

    def n(self, command: str, place: str, digits: int = 2) -> str:
        """A plain number."""
        return self._told(command, place, digits, 1.0)

    def asked(self, command: str, place: str) -> Any:
        """The figure itself, to choose words by."""
        return self.ask(command, place)

    def range(self, command: str, place: str, digits: int = 1) -> str:
        """Millions from the 5 % to the 95 % point."""
        found = self.ask(command, place)
        return f"{plain(found['p5'] / MILLION, digits)} to {plain(found['p95'] / MILLION, digits)}"

    def _told(self, command: str, place: str, digits: int, scale: float) -> str:
        found = self.ask(command, place)
        if not isinstance(found, dict):
            return plain(float(found) / scale, digits)
        if "mc_low" not in found:
            error = 1.96 * found["standard_error"]
            found = {
                "estimate": found["estimate"],
                "mc_low": found["estimate"] - error,
                "mc_high": found["estimate"] + error,
            }
        return interval(found, digits, scale)

    def drivers(self) -> str:
        """A Markdown table of what drives the investor's profit and the municipality's net."""
        heads = ["number", "from", "to", "profit at both, million", "alone", "with others"]
        rows = []
        for name, title in DRIVERS.items():
            at = f"inputs[name={name}]"
            ends = [self.n("sensitivity", f"{at}.{end}_value", 3) for end in ("low", "high")]
            if "million" in title:
                ends = [self.m("sensitivity", f"{at}.{end}_value") for end in ("low", "high")]
            profit = [self.m("sensitivity", f"{at}.{end}") for end in ("low", "high")]
            shares = [
                f"{self.p('sensitivity', f'{at}.{index}.estimate')} %"
                for index in ("first_order", "total")
            ]
            rows.append([title, *ends, " and ".join(profit), *shares])
        return markdown(heads, rows)

    def designs(self) -> str:
        """A Markdown table of the designs compared."""
        heads = ["design", "investor's profit", "probability of loss, %", "municipality's net"]
        rows = []
        for name, title in DESIGNS.items():
            at = f"designs[name={name}].summary"
            rows.append(
                [
                    f"{title} (`{name}`)",
                    self.m("compare", f"{at}.investor.expected_profit"),
                    self.p("compare", f"{at}.investor.loss_probability"),
                    self.m("compare", f"{at}.municipality.net_budget_effect"),
                ]
            )
        return markdown(heads, rows)
