"""The words of a payment with their formulas, and an example of each that a test computes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Worked:
    """A sentence, what is measured, and what it pays.

    Of the contract in tests/worked/deal.toml: 150 drawn of a commitment of 200 (100 at the start,
    50 a year later), the programme costs 150, and all is paid two years after the start.
    """

    word: str
    formula: str
    sentence: str
    measured: float
    paid: float
    arithmetic: str


WORKED = (
    Worked("above", "max(0, v − x)", "{ above = 30 }", 100, 70, "100 − 30"),
    Worked("price", "v × price", "{ price = 25.5 }", 4, 102, "4 × 25.5"),
    Worked(
        "bands",
        "Σ price × the part of v between `above` and the next band",
        "{ bands = [{ above = 2, price = 10 }, { above = 5, price = 30 }] }",
        7,
        90,
        "(5 − 2) × 10 + (7 − 5) × 30",
    ),
    Worked(
        "table",
        "`stepped`: the highest step reached; `interpolated`: straight lines; 0 below the first",
        '{ table = { points = [[10, 100], [20, 300]], form = "interpolated" } }',
        15,
        200,
        "halfway from 100 to 300",
    ),
    Worked("share", "v × share", "{ share = 0.6 }", 100, 60, "100 × 0.6"),
    Worked("at_most", "min(v, x)", "{ at_most = { of_drawn = 0.6 } }", 100, 90, "0.6 × 150 drawn"),
    Worked("at_least", "max(v, x)", "{ at_least = 0 }", -40, 0, "a negative saving pays nothing"),
    Worked(
        "if_at_least", "v where v ≥ x, else 0", "{ if_at_least = 50 }", 49, 0, "49 is less than 50"
    ),
    Worked(
        "times",
        "v × the named quantity",
        '{ times = "capital_drawn" }',
        0.08,
        12,
        "0.08 × 150 drawn",
    ),
    Worked(
        "less", "v − what the named quantity is so far", '{ less = "cost" }', 200, 50, "200 − 150"
    ),
    Worked(
        "compounded", "(1 + v)^years", "{ compounded = 2 }, { price = 100 }", 0.1, 121, "1.1² × 100"
    ),
    Worked(
        "until_repaid",
        "part = min(v, balance/share); share × part + then × (v − part)",
        "{ until_repaid = { interest = 0.0, share = 0.5, then = 0.1 } }",
        400,
        160,
        "0.5 × 300 repays the 150 drawn; 0.1 × the other 100",
    ),
    Worked(
        "rounded",
        "to × (v/to to the next whole number by the rule)",
        "{ rounded = { to = 10 } }",
        44,
        40,
        "4.4 tens are 4",
    ),
    Worked(
        "uplift",
        "v × (1 + rate)^years since the date",
        "{ uplift = { per_year = 0.10, since = 2025-01-01 } }",
        100,
        100 * 1.1 ** (730 / 365.25),
        "100 × 1.1^(730 ÷ 365.25): paid 730 days after the date",
    ),
    Worked("after", "v, paid so much later", '{ after = "1 year" }', 100, 100, "the amount stays"),
)


def term_section() -> list[str]:
    """Each word with its formula and its example."""
    lines = [
        "",
        "The words of a sentence are read from the first to the last; v is the value so far and x",
        "the word's own level. The examples are settled by the program: v measured as stated, in",
        "[deal.toml](../tests/worked/deal.toml) with 150 drawn of 200 and a cost of 150.",
        "",
        "| word | formula | sentence | v before | pays | because |",
        "|---|---|---|---|---|---|",
    ]
    for row in WORKED:
        cells = (
            f"`{row.word}`",
            row.formula,
            f"`terms = [{row.sentence}]`",
            f"{row.measured:g}",
            f"{row.paid:.2f}".removesuffix(".00"),
            row.arithmetic,
        )
        lines.append("| " + " | ".join(cells) + " |")
    return lines
