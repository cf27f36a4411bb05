"""Fund results made by hand: round figures, so that what is shown can be worked out."""

from __future__ import annotations

from simulator.fund.results import (
    PARTIES,
    DesignResult,
    FundResult,
    FundYear,
    Held,
    KindResult,
    Loosened,
    Position,
    Ranking,
    Tried,
    TriedDesign,
)

NAMES = ("nothing", "shared", "a_design_with_a_long_name_one", "a_design_with_a_long_name_two")
TITLES = {
    "nothing": {"sv": "Inget stöd", "en": "No support"},
    "shared": {"sv": "Hälften av förlusten", "en": "Half of the loss"},
    "a_design_with_a_long_name_one": {"sv": "Den första", "en": "The first"},
    "a_design_with_a_long_name_two": {"sv": "Den andra", "en": "The second"},
}
MILLION = 1e6


def estimate(value, error=0.0, low=None, high=None):
    """An estimate with ± error, and a range where one is given."""
    made = {
        "estimate": value,
        "standard_error": error / 1.96,
        "mc_low": value - error,
        "mc_high": value + error,
    }
    if low is not None:
        made |= {"p5": low, "p50": value, "p95": high, "p99": 1.2 * high}
    return made


def years(design):
    """Four years: payouts of 1, 2, 3 … million in the third."""
    paid = 0.0 if design == "nothing" else (1 + NAMES.index(design)) * MILLION
    return tuple(
        FundYear(
            year=2027 + place,
            offered=2,
            contracts=estimate(1.5, 0.1),
            committed=estimate(10 * MILLION),
            claims=estimate(paid if place == 2 else 0.0, 0.1, 0.0, 2 * paid if place == 2 else 0.0),
            recoveries=estimate(0.0),
            balance=estimate(300 * MILLION),
            municipalities=estimate(-MILLION),
        )
        for place in range(4)
    )


def design(name):
    """A design; all but nothing are guarantees."""
    is_fund, place = name != "nothing", NAMES.index(name)
    kind = "guarantee" if is_fund else "nothing"

    def fund(value, *more):
        return estimate(value, *more) if is_fund else None

    gains = dict.fromkeys((*PARTIES, "society"), estimate(0.0)) | {
        "investor": estimate(0.25, 0.01),
        "municipality": estimate(0.5, 0.01),
        "state": estimate(-1.0),
        "society": estimate(-0.25, 0.02),
    }
    nothing = dict.fromkeys((*PARTIES, "society"))
    return DesignResult(
        name=name,
        title=TITLES[name],
        kind=kind,
        contracts=estimate(6.5 + place, 0.1),
        additional_contracts=estimate(float(place), 0.1),
        expected_claims=estimate(15.4 * MILLION * place, 0.5 * MILLION, 0.0, 30 * MILLION),
        claim_probability=estimate(0.993 if is_fund else 0.0),
        exhausted_probability=fund(0.863),
        committed_year=None,
        committed_probability=fund(0.0),
        exhausted_year=fund(2034.2, 0.1, 2033.0, 2036.0),
        lapsed_year=None,
        lapsed_probability=fund(0.0),
        unused_capital=fund(250 * MILLION, MILLION),
        capital_95=fund(51 * MILLION, MILLION),
        capital_99=fund(59 * MILLION, 6 * MILLION),
        actuarial_fee=fund(0.856, 0.014),
        subsidy=fund(13.26, 1.57),
        private_capital_per_public_krona=fund(2.01, 0.06),
        private_capital_per_krona_set_aside=fund(0.24, 0.01),
        cost_per_additional_outcome=fund(629_000.0, 40_000.0),
        additional_outcomes_per_public_krona=fund(1.59e-6, 1e-7),
        public_budgets_per_additional_outcome=fund(-386_000.0, 55_000.0),
        additional_outcomes=estimate(56.9 * place, 3.7),
        gains=gains if is_fund else nothing,
        gains_repriced=(gains | {"society": estimate(0.5)}) if is_fund else None,
        gains_amount=gains,
        fee_charged=fund(0.0),
        guaranteed=fund(50.8 * MILLION, 0.8 * MILLION),
        facilitator=430 * MILLION if is_fund else None,
        net_public_cost=estimate(
            35.8 * MILLION * place, 0.4 * MILLION, 25.8 * MILLION, 47.8 * MILLION
        ),
        topped_up=estimate(0.0),
        lapsed_capital=estimate(0.0),
        volume=estimate(100 * MILLION),
        private_capital=estimate(100 * MILLION),
        additional_private_capital=estimate(71.8 * MILLION * place, 2 * MILLION),
        by_year=years(name),
        by_kind=(
            KindResult("loans", 8, None, None, None, None, 60_000.0, 51_234.5, ""),
            KindResult("twins", 0, None, None, None, None, None, None, "no price key"),
        ),
        concentration={"kind": estimate(0.811, 0.011), "contract": None},
        positions=tuple(
            Position(party, estimate(-MILLION), estimate(MILLION), estimate(2 * MILLION))
            for party in PARTIES
        ),
    )


def rankings():
    """By contracts: two over one settled, one over shared open; shared and nothing the same."""
    nothing, shared, one, two = NAMES
    return (
        Ranking("additional_contracts", two, one, estimate(1.0, 0.2), decided=True),
        Ranking("additional_contracts", one, shared, estimate(0.1, 0.2), decided=False),
        Ranking("additional_contracts", shared, nothing, estimate(0.0), decided=False),
        Ranking("society", shared, one, estimate(5 * MILLION, MILLION), decided=True),
        Ranking(
            "additional_outcomes_per_public_krona", one, two, estimate(1e-6, 1e-7), decided=True
        ),
    )


def tried(name, title, order):
    """Where something is assumed otherwise: contracts by place in the order, last first."""
    rows = tuple(
        TriedDesign(
            name=design,
            contracts=estimate(6.5),
            additional_contracts=estimate(float(order.index(design)), 0.2),
            additional_outcomes=estimate(50.0),
            net_public_cost=estimate(30 * MILLION),
            additional_outcomes_per_public_krona=estimate(1.25e-6, 1e-7),
            public_budgets_per_additional_outcome=None,
        )
        for design in NAMES
    )
    before = NAMES.index(order[-1]) == len(NAMES) - 1
    gap = estimate(1.5, 0.25)
    turned = () if before else (Ranking("additional_contracts", NAMES[2], NAMES[3], gap, True),)
    held = Held("additional_contracts", order[-1], before, 4, 3 - len(turned), 1, turned)
    return Tried(name, title, ("behaviour.effort=0",), 64, rows, (held,))


def trials():
    """One in which the order holds, one in which the last two change places."""
    nothing, shared, one, two = NAMES
    return (
        tried("effort", {"sv": "Ingen ansträngning", "en": "No effort"}, NAMES),
        tried("belief", {"sv": "Ingen tro", "en": "No belief"}, (nothing, shared, two, one)),
    )


def fund_result(currency="SEK"):
    """Four designs on two kinds of contract."""
    return FundResult(
        name="rich",
        title={"sv": "Ett prov", "en": "A test"},
        currency=currency,
        start="2027-01-01",
        years=4,
        paths=1000,
        seed=7,
        version="0.0.1",
        hash="0123456789abcdef" * 4,
        kinds=(
            {
                "name": "loans",
                "title": {"sv": "Lån", "en": "Loans"},
                "scenario": "loan.toml",
                "variants": ["dearer"],
                "offered": [2, 2, 2, 2],
                "drawn": MILLION,
                "cashable": -1.25 * MILLION,
                "outcome": "work",
                "price": "payments.outcome.terms.1.price",
            },
        ),
        designs=tuple(design(name) for name in NAMES),
        rankings=rankings(),
        loosened=(Loosened("loans", "p", 60_000.0, None, 0.5, 0.21, estimate(0.6 * MILLION), 3.0),),
        robustness=trials(),
    )
