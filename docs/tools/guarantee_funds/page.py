"""The page from its template: figures with their interval, tables a design a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from docs.tools.guarantee_funds.figures import figures
from simulator.fund.load import load_fund
from simulator.views.fund_robustness import held_in_words
from simulator.views.fund_tables import said_of
from simulator.views.language import Language
from simulator.views.read import find

HERE = Path(__file__).parent
PARTIES = (
    ("investor", "investors"),
    ("municipality", "municipalities"),
    ("other_budgets", "other budgets"),
    ("participants", "participants"),
    ("provider", "providers"),
    ("others", "others"),
    ("state", "the state"),
    ("society", "society"),
)
MILLION, THOUSAND = 1e6, 1e3
NOTHING = "–"


def page() -> str:
    """The page; the same figures give the same text."""
    environment = Environment(
        loader=FileSystemLoader(HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # Markdown, written from this repository's own files
    )
    told = {name: Told(name, run) for name, run in figures().items()}
    template = environment.get_template("page.md.j2")
    return template.render(
        g=told["guarantee_fund"],
        n=told["national_support"],
        uk=told["uk_portfolio"],
        parties=PARTIES,
        plain=plain,
    )


class Told:
    """One run as the template asks for it."""

    def __init__(self, name: str, run: Mapping[str, Any]) -> None:
        self.name, self.run, self.fund = name, run, load_fund(name)
        self.designs = {design["name"]: design for design in run["designs"]}
        self.names = short_titles(self.fund.designs)
        self.trials = [(trial["name"], trial) for trial in run["robustness"]]
        self.trial_names = short_titles(self.fund.robustness)

    @property
    def paths(self) -> str:
        """Simulated futures: `10,000`."""
        return f"{self.run['simulation']['paths']:,}"

    def title(self, design: str) -> str:
        """A design's whole title."""
        return self.fund.designs[design].title["en"]

    def v(self, design: str, key: str, digits: int = 1, scale: float = 1.0) -> str:
        """A figure of a design with its interval."""
        return interval(find(self.designs[design], key), digits, scale)

    def position(self, design: str, party: str, digits: int = 1) -> str:
        """A party's present value of all contracts under a design, in millions."""
        return interval(self.designs[design]["positions"][party], digits, MILLION)

    def kind(self, design: str, kind: str, key: str, digits: int = 1) -> str:
        """A figure of a kind of contract under a design."""
        return interval(_by(self.designs[design]["by_kind"], "kind", kind)[key], digits)

    def price(self, design: str, kind: str) -> str:
        """`6 → 6.74`; a dash where no price is enough."""
        row = _by(self.designs[design]["by_kind"], "kind", kind)
        solved = NOTHING if row["repriced"] is None else f"{row['repriced']:.2f}"
        return NOTHING if row["price"] is None else f"{row['price']:.2f} → {solved}"

    def trial(self, trial: str, design: str, key: str, digits: int = 1, scale: float = 1.0) -> str:
        """A figure of a design in a trial."""
        rows = dict(self.trials)[trial]["designs"]
        return interval(_by(rows, "name", design)[key], digits, scale)

    def loosened(self) -> list[Mapping[str, Any]]:
        """Terms loosened without support, a kind a row."""
        rows: list[Mapping[str, Any]] = self.run["loosened"]
        return rows

    def held(self, figures: Sequence[str]) -> list[str]:
        """In words whether the order holds, by each of the figures."""
        trials = [
            trial | {"orders": [row for row in trial["orders"] if row["figure"] in figures]}
            for _, trial in self.trials
        ]
        run = {**self.run, "robustness": trials}
        language = Language("en", self.fund.currency)
        said = said_of(run, language, self.names, trials=self.trial_names)
        return [text.replace("\u00a0", " ") for text in held_in_words(run, said)]

    def first(self, figure: str) -> tuple[str, int, int]:
        """Who comes first by a figure, in how many trials that stands, and how many there are."""
        best = next(row["better"] for row in self.run["rankings"] if row["figure"] == figure)
        rows = [r for _, trial in self.trials for r in trial["orders"] if r["figure"] == figure]
        return self.names[best], sum(row["first"] == best for row in rows), len(rows)

    def table(self, designs: Iterable[str], columns: Sequence[tuple[str, str, int, float]]) -> str:
        """A Markdown table; columns are (heading, key, digits, scale)."""
        heads = ["design", *(head for head, *_ in columns)]
        rows = [
            [self.names[design], *(self.v(design, key, d, s) for _, key, d, s in columns)]
            for design in designs
        ]
        return markdown(heads, rows)

    def tried(self, key: str, designs: Iterable[str], digits: int, scale: float = 1.0) -> str:
        """A Markdown table of a figure by trial."""
        names = [name for name, _ in self.trials]
        heads = ["design", "as assumed", *(self.trial_names[name] for name in names)]
        rows = [
            [
                self.names[design],
                self.v(design, key, digits, scale),
                *(self.trial(name, design, key, digits, scale) for name in names),
            ]
            for design in designs
        ]
        return markdown(heads, rows)

    def gains(self, key: str, designs: Iterable[str]) -> str:
        """A Markdown table of who gains from each krona."""
        columns = [(head, f"{key}.{party}", 2, 1.0) for party, head in PARTIES]
        return self.table(designs, columns)


def short_titles(words: Mapping[str, Any]) -> dict[str, str]:
    """English short titles, or titles, by name."""
    return {name: (entry.short or entry.title)["en"] for name, entry in words.items()}


def _by(rows: Sequence[Mapping[str, Any]], key: str, name: str) -> Mapping[str, Any]:
    return next(row for row in rows if row[key] == name)


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with numbers to the right."""
    lines = [heads, ["---", *["--:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def interval(found: Mapping[str, Any] | None, digits: int, scale: float = 1.0) -> str:
    """`5.5 (5.3 to 5.7)`; the value alone where the interval is not seen at so many digits.

    A dash where there is no figure, or none whose error is known.
    """
    if found is None or None in (found["estimate"], found["mc_low"], found["mc_high"]):
        return NOTHING
    write: Callable[[float], str] = lambda value: plain(value / scale, digits)  # noqa: E731
    value = write(found["estimate"])
    low, high = write(found["mc_low"]), write(found["mc_high"])
    return value if low == high == value else f"{value} ({low} to {high})"


def plain(value: float, digits: int = 0) -> str:
    """A number with a minus sign, and no minus before zero."""
    text = f"{value:,.{digits}f}"
    return text.replace("-", "−") if any(c in "123456789" for c in text) else text.lstrip("-")


__all__ = ["Told", "interval", "markdown", "page", "plain"]
