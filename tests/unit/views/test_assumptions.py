"""Assumptions as readers see them: what, how much in which unit, on what ground."""

from simulator.scenario.load import load_scenario
from simulator.scenario.numbers_of import assumptions
from simulator.views.assumptions import AssumptionRow, assumption_rows, web_address
from simulator.views.language import Language
from simulator.views.words.names import Names
from tests.unit.views.run import contract

MORE = """
[payments.rate]
title = { sv = "Pris", en = "Price" }
of = "in_work"
when = { measure = "fewer_days", below = 0.25 }
terms = [{ above = 0.05 }, { price = 1_000_000 }]
[payments.ladder]
title = { sv = "Stege", en = "Ladder" }
of = "found_work"
terms = [{ bands = [{ above = 0, price = 10_000 }, { above = 20, price = 15_000 }] }]
[payments.table]
title = { sv = "Tabell", en = "Table" }
of = "fewer_days"
terms = [{ table = { form = "stepped", points = [[0.1, 200_000], [0.2, 500_000]] } }]
[payments.mixed]
title = { sv = "Blandat", en = "Mixed" }
of = { fewer_days = 0.5, in_work = 500 }
terms = [{ at_most = 90_000 }]
[costs.staff]
title = { sv = "Egen personal", en = "Own staff" }
party = "outcome_payer"
per_year = 200_000
"""


def rows(lang: str) -> dict[str, AssumptionRow]:
    made = contract(MORE)
    told = assumption_rows(assumptions(made), Names(made, Language(lang, "SEK")))
    return {row.key: row for row in told}


def value(key: str, lang: str = "en") -> str:
    return rows(lang)[key].value.replace("\u00a0", " ")


def test_each_number_is_in_its_own_unit() -> None:
    assert value("capital.commitment") == "SEK 10 million"
    assert value("costs.staff.per_year") == "SEK 200,000"
    assert value("pockets.care.cashable") == "80%"
    assert value("metrics.cost.baseline", "sv") == "300 000 kr"
    assert value("metrics.cost.effect.ratio", "sv") == "0,9"
    assert value("metrics.work.baseline") == "30%"
    assert value("metrics.work.effect.difference") == "10 percentage points"
    assert value("metrics.days.baseline") == "30 days"
    assert value("limits.multiple") == "120%"
    assert value("rates.investor.nominal", "sv") == "4 %"


def test_levels_of_a_payment_are_in_the_unit_that_reaches_them() -> None:
    assert value("payments.rate.terms.1.above") == "5%"
    assert value("payments.rate.terms.2.price") == "SEK 10,000 per percentage point"
    assert value("payments.rate.when.below") == "25%"
    assert value("payments.ladder.terms.1.bands.2.above") == "20"
    assert value("payments.ladder.terms.1.bands.2.price") == "SEK 15,000"
    assert value("payments.table.terms.1.table.points") == "10%: SEK 200,000; 20%: SEK 500,000"
    assert value("payments.mixed.terms.1.at_most") == "SEK 90,000"
    assert value("payments.outcome.terms.3.at_most.of_drawn") == "60%"


def test_what_it_is_is_said_in_both_languages() -> None:
    english, swedish = rows("en"), rows("sv")
    assert english["metrics.cost.spread.sd"].what == (
        "placement cost: spread between service users, standard deviation"
    )
    assert swedish["metrics.cost.spread.sd"].what == (
        "placeringskostnad: spridning mellan deltagare, standardavvikelse"
    )
    assert english["payments.ladder.terms.1.bands.2.price"].what == (
        "Ladder: price in the band, no. 2"
    )
    assert english["payments.outcome.terms.1.share"].what.endswith(": share that is paid")
    assert swedish["limits.multiple"].what == "Gemensamma tak: andel av draget kapital"
    assert english["measures.saving.reference.kind"].value == "fixed number"
    assert swedish["measures.saving.window"].value.replace("\u00a0", " ") == "2 år"


def test_grade_source_and_address_come_along() -> None:
    row = rows("en")["payments.activity.terms.1.share"]
    assert (row.grade, row.grade_text) == ("fact", "fact")
    assert (row.source, row.address) == ("A paper", "https://example.org/paper")
    assert rows("sv")["metrics.cost.baseline"].grade_text == "utan uppgift"


def test_only_web_addresses_become_links() -> None:
    assert web_address("https://example.org/a?b=c") == "https://example.org/a?b=c"
    for other in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "http://",
        "a b",
        None,
    ):
        assert web_address(other) == ""
    assert web_address("http://[bad") == ""


def test_what_a_shared_factor_moves_is_named_and_not_by_its_key() -> None:
    made = load_scenario("reboot_west")
    for lang, said in (("sv", "0,62: "), ("en", "0.62: ")):
        told = assumption_rows(assumptions(made), Names(made, Language(lang, "GBP")))
        (row,) = [row for row in told if row.key == "factors.delivery.loadings"]
        assert row.value.startswith(said)
        assert "_" not in row.value
        assert len(row.value.split("; ")) == len(made.factors["delivery"].loadings) > 20
