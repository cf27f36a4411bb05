"""What the pipeline says about its contracts: currency, outcome, price, loadings, length."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.errors import ScenarioError
from simulator.fund.model import Fund, Kind
from simulator.fund.pipeline import load_contract, overrides_of
from simulator.fund.rules.names import Contracts
from simulator.scenario.durations import months
from simulator.scenario.findings import Finding, known
from simulator.scenario.model import Factor, Scenario
from simulator.scenario.numbers_of import number_key
from simulator.scenario.overrides import key_path
from simulator.scenario.positions import Path
from simulator.scenario.rules import dependence
from simulator.scenario.walk import numbers
from simulator.scenario.words import did_you_mean, figure, listed

_PRICES = ("payments", "limits", "capital", "fees", "costs")
_MARK = "fund/"


def currency(fund: Fund, contracts: Contracts) -> Iterator[Finding]:
    """Every contract is in the fund's currency."""
    for name, scenario in contracts.items():
        if scenario.currency != fund.currency:
            allowed = f"contracts in the fund's currency, `{fund.currency}`"
            found = f"`{fund.pipeline[name].scenario}`, which is in `{scenario.currency}`"
            mend = "name a contract in the same currency, or change `currency`"
            yield Finding(("pipeline", name, "scenario"), allowed, mend, found)


def length(fund: Fund, contracts: Contracts) -> Iterator[Finding]:
    """The account is followed until the last contract is over."""
    for name, scenario in contracts.items():
        last = max((year for year, n in enumerate(fund.pipeline[name].offered) if n), default=None)
        if last is None or last >= fund.years:
            continue
        needed = last + -(-months(scenario.time.horizon) // 12)
        if needed > fund.years:
            allowed = f"at least {needed} years"
            found = f"{fund.years} years, which end before the last contract of `{name}`"
            yield Finding(("years",), allowed, f"write `years = {needed}`", found)


def outcome(fund: Fund, contracts: Contracts) -> Iterator[Finding]:
    """The outcome that counts is a metric of the contract."""
    for name, scenario in contracts.items():
        chosen = fund.pipeline[name].outcome
        if chosen is not None:
            path: Path = ("pipeline", name, "outcome")
            yield from known(chosen, scenario.metrics, path, f"metrics of `{scenario.name}`")


def price(fund: Fund, contracts: Contracts) -> Iterator[Finding]:
    """The price is a number of the contract that is certain, and moving it changes something."""
    for name, scenario in contracts.items():
        kind = fund.pipeline[name]
        if kind.price is not None:
            yield from _price(fund, kind, scenario, ("pipeline", name, "price"))


def _price(fund: Fund, kind: Kind, scenario: Scenario, path: Path) -> Iterator[Finding]:
    key = ".".join(str(part) for part in key_path(kind.price or ""))
    found = {number_key(where): number for where, number in numbers(scenario)}
    if key not in found:
        near = [other for table in _PRICES for other in found if other.split(".")[0] == table]
        allowed = f"the key of a number of the contract, such as {listed(near[:4])}"
        yield Finding(path, allowed, did_you_mean(key, found) or "see `socsim show --sources`")
        return
    number = found[key]
    if number.value is None:
        allowed = "a number that is certain: it is moved until an investor accepts"
        yield Finding(path, allowed, "name another key")
        return
    if number.value == 0:
        allowed = "a price above 0, so that there is something to move"
        yield Finding(path, allowed, "name another key, or give it a value", f"`{key}`, which is 0")
        return
    yield from _matters(fund, kind, number.value, path)


def _matters(fund: Fund, kind: Kind, value: float, path: Path) -> Iterator[Finding]:
    """A price that is moved a little still makes a contract, and has an effect in it."""
    why = ""
    for step in (1 - 2**-7, 1 + 2**-7):
        texts = (*overrides_of(kind.set), f"{kind.price}={value * step!r}")
        try:
            load_contract(fund.folder, kind.scenario, kind.variants, texts)
            return
        except ScenarioError as error:
            why = error.problems[0].allowed
    allowed = f"a price that can be moved; the contract then wants {why}"
    found = f"`{kind.price}`, which cannot be moved from {figure(value)}"
    yield Finding(path, allowed, "name another key", found)


def loadings(fund: Fund, contracts: Contracts) -> Iterator[Finding]:
    """Loadings are on uncertain numbers that share less than their whole variance with factors.

    The contract's own rules on factors are asked, with the fund's beside its own.
    """
    for name, scenario in contracts.items():
        kind = fund.pipeline[name]
        rows: dict[str, dict[str, float]] = {}
        for key, row in kind.loadings.items():
            for factor, loading in row.items():
                rows.setdefault(f"{_MARK}{factor}", {})[key] = loading
        if not rows:
            continue
        mine = {factor: Factor(loadings=row) for factor, row in rows.items()}
        whole = scenario.model_copy(update={"factors": {**scenario.factors, **mine}})
        for rule in dependence.RULES:
            for finding in rule(whole):
                yield from _as_loading(finding, name)


def _as_loading(finding: Finding, kind: str) -> Iterator[Finding]:
    """A finding on one of the fund's factors, where the fund file says it."""
    path = finding.path
    if path[0] != "factors" or not str(path[1]).startswith(_MARK):
        return
    factor, key = str(path[1]).removeprefix(_MARK), path[3]
    place: Path = ("pipeline", kind, "loadings", key)
    if not finding.at_key:
        place = (*place, factor)
    yield Finding(place, finding.allowed, finding.mend, finding.found, at_key=finding.at_key)


RULES = (currency, length, outcome, price, loadings)
