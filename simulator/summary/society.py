"""Guarantor, society, and every party with its transfers and real resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.results import Line
from simulator.summary.estimates import Estimate, quotient, ratio_estimate
from simulator.summary.investor import quantiles
from simulator.summary.reading import Reading

if TYPE_CHECKING:
    from simulator.scenario.model import Scenario


def guarantor_section(reading: Reading, scenario: Scenario) -> dict[str, Any]:
    """The guarantor's payout, gross; every figure None where the contract has no guarantee."""
    if not any(line.account == "guarantee" for line in reading.plan.layout.lines):
        return dict.fromkeys(("expected_payout", "call_probability", "quantiles", "guarantees"))
    return {
        "expected_payout": reading.estimate("guarantor.payout"),
        "call_probability": reading.share("guarantor.is_called"),
        "quantiles": quantiles(reading, "guarantor.payout"),
        "guarantees": [
            _guarantee(reading, scenario, line)
            for line in reading.plan.layout.lines
            if line.account == "guarantee"
        ],
    }


def _guarantee(reading: Reading, scenario: Scenario, line: Line) -> dict[str, Any]:
    """One guarantee, in the order of calling: what it pays on what the ones before have left."""
    name = line.name.removeprefix("guarantees.")
    words = scenario.guarantees.get(name)
    return {
        "name": name,
        "title": dict(words.title) if words is not None and words.title else None,
        "guarantor": line.payer,
        "expected_payout": reading.estimate(line.name),
        "call_probability": reading.share(f"{line.name}.is_called"),
    }


def society_section(reading: Reading) -> dict[str, Any]:
    """Net present value, and benefits ÷ costs of the means; None without a rate."""
    return {
        "net_present_value": reading.estimate("society.net_present_value"),
        "benefit_cost_ratio": _benefit_cost(reading),
    }


def _benefit_cost(reading: Reading) -> Estimate | None:
    if min(reading.known("society.benefits"), reading.known("society.costs")) < reading.paths:
        return None
    sums = reading.batches("society.benefits", "society.costs")
    return ratio_estimate(sums, reading.paths, quotient)


def parties_section(reading: Reading, scenario: Scenario) -> list[dict[str, Any]]:
    """Each party in name order: transfers (they sum to zero), real, net, and net by year."""
    return [
        {
            "name": party,
            "title": title_of(scenario, party),
            "transfers": reading.estimate(f"party.{party}.transfer"),
            "real": reading.estimate(f"party.{party}.real"),
            "net": reading.estimate(f"party.{party}.net"),
            "by_year": [
                {"year": year, "net": reading.estimate(f"party.{party}.year.{year}")}
                for year in reading.plan.years
            ],
        }
        for party in reading.plan.parties
    ]


def title_of(scenario: Scenario, party: str) -> dict[Any, str] | None:
    """The party's title by language; None for those that the scenario does not describe."""
    words = scenario.parties.get(party)
    return dict(words.title) if words else None
