"""Who gains under one design: sums over its contracts on every path, as they are made and paid.

`pv.PARTY` is the present value of what happens to a party with the design; what it is without is
the same of the design of kind `nothing` that it is held against. Present values are at the fund's
start, rows by year in fund years.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.fund.account import Account
from simulator.fund.account import Terms as Money
from simulator.fund.book import Moved
from simulator.fund.contracts import Contract
from simulator.fund.instances import Instance
from simulator.fund.offers import Asked
from simulator.fund.results import PARTIES
from simulator.fund.supports import Support, Terms
from simulator.kernels.fund_sums import fund_add

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SIZED, PLAIN = 0, 1
"""Weights of a contract's rows on the paths on which it happens: its size, or 1."""
OWN = ("drawn", "private", "good", "claims_present", "fees_present", "recoveries_present")


@dataclass
class Figures:
    """Per-path figures of one design: `columns` (paths,), `years` (years, paths) by name."""

    columns: dict[str, Floats] = field(default_factory=dict)
    years: dict[str, Floats] = field(default_factory=dict)


@dataclass
class Signed:
    """A contract on which something is still to be paid: its words, and what it has been paid."""

    instance: Instance
    terms: Terms
    claimed: Floats | float = 0.0


class Gains:
    """Sums of one design over a stretch of paths."""

    def __init__(self, support: Support, years: int, kinds: list[str], paths: int) -> None:
        self.support, self.last, self.paths = support, years - 1, paths
        self.kinds = kinds
        counted = ["contracts", "additional", "largest_contract"]
        counted += [f"{w}.{k}" for k in kinds for w in ("contracts", "additional", "claims")]
        names = [*(f"pv.{party}" for party in PARTIES), *OWN, *counted]
        names += [f"{w}.{y}" for w in ("net", "signed") for y in range(years)]
        self.at = {name: place for place, name in enumerate(names)}
        self.sums = np.zeros((len(names), paths))
        self.open: dict[int, Signed] = {}
        self._picks: dict[tuple[int, int], tuple[NDArray[np.int64], Floats]] = {}

    def __getitem__(self, name: str) -> Floats:
        row: Floats = self.sums[self.at[name]]
        return row

    # --- a contract is signed -----------------------------------------------------------------

    def sign(
        self,
        instance: Instance,
        contract: Contract,
        rows: Floats,
        asked: Asked,
        flags: tuple[Flags, Flags],
        terms: Terms,
    ) -> None:
        """What a contract is worth to everybody; `flags`: it happens, and it does without."""
        happens, without = flags
        weights = np.array([np.where(happens, asked.size, 0.0), happens])
        fund_add(rows, weights, *self.picks(contract, instance.year), self.sums)
        self["private"][:] += np.where(happens, terms.private, 0.0)
        additional = happens & ~without
        for name, flag in (("contracts", happens), ("additional", additional)):
            self[name][:] += flag
            self[f"{name}.{instance.kind}"][:] += flag
        self[f"signed.{instance.year}"][:] += happens
        for year, amount in terms.shifted:
            self.year("net", instance.year + year)[:] += np.where(happens, amount, 0.0)

    def picks(self, contract: Contract, year: int) -> tuple[NDArray[np.int64], Floats]:
        """(row, weight, sum) and factors by which rows of a contract of a fund year are added."""
        key = id(contract), year
        if key not in self._picks:
            at, names = self.at, contract.reading.names
            discount = (1.0 + self.support.rate) ** -year
            found = [(names[f"pv.{p}"], SIZED, at[f"pv.{p}"], discount) for p in PARTIES]
            found += [(names["drawn"], SIZED, at["drawn"], 1.0)]
            found += [(names["good"], PLAIN, at["good"], 1.0)]
            for k in range(contract.reading.years):
                later = min(year + k, self.last)
                found.append((names[f"net.{k}"], SIZED, at[f"net.{later}"], 1.0))
            whole = np.array([pick[:3] for pick in found], dtype=np.int64)
            self._picks[key] = whole, np.array([pick[3] for pick in found])
        return self._picks[key]

    def year(self, name: str, year: int) -> Floats:
        """A row by year; what comes later counts in the last one."""
        return self[f"{name}.{min(year, self.last)}"]

    def fee(self, instance: Instance, fee: Floats, happens: Flags) -> None:
        """The fee of a contract, at signing."""
        discount = (1.0 + self.support.rate) ** -instance.year
        present = np.where(happens, fee * discount, 0.0)
        self.move(present, "investor", -1.0)
        self["fees_present"][:] += present

    # --- money moves --------------------------------------------------------------------------

    def settle(self, moved: list[Moved]) -> None:
        """What moved in a year between the fund and everybody else."""
        for one in moved:
            if one.is_back:
                self.come_back(one)
            else:
                self.pay(one)
        ended = [m.held.place for m in moved if is_last(self.open[m.held.place].terms, m)]
        for place in ended:
            del self.open[place]

    def pay(self, one: Moved) -> None:
        """A payout."""
        signed = self.open[one.held.place]
        instance, flow = signed.instance, signed.terms.out[one.at]
        present = one.amount * flow.worth * (1.0 + self.support.rate) ** -instance.year
        self.move(present, self.support.bearer, 1.0)
        self["claims_present"][:] += present
        if self.support.bearer == "municipality" != self.support.owner:
            self.year("net", instance.year + flow.year)[:] += one.amount
        self[f"claims.{instance.kind}"][:] += one.amount
        signed.claimed = signed.claimed + one.amount
        if one.at == len(signed.terms.out) - 1:
            largest = self["largest_contract"]
            np.maximum(largest, signed.claimed, out=largest)

    def come_back(self, one: Moved) -> None:
        """A recovery, or what the fund gets of what capital earns."""
        signed = self.open[one.held.place]
        instance, terms = signed.instance, signed.terms
        flow = terms.back[one.at] if terms.back else terms.out[one.at]
        worth = flow.worth if terms.back else flow.back_discount
        present = one.amount * worth * (1.0 + self.support.rate) ** -instance.year
        self.move(present, self.support.repays, -1.0)
        if self.support.repays == "municipality" != self.support.owner:
            year = flow.year if terms.back else flow.back_year
            self.year("net", instance.year + year)[:] -= one.amount
        self["recoveries_present"][:] += present

    def move(self, present: Floats, party: str, sign: float) -> None:
        """A present value from the fund's owner to a party (sign 1), or the other way round."""
        owner = self.support.owner
        if party == owner:
            return
        if party:
            self[f"pv.{party}"][:] += sign * present
        self[f"pv.{owner}"][:] -= sign * present

    # --- all of it ----------------------------------------------------------------------------

    def figures(self, money: Money, account: Account, without: Gains) -> Figures:
        """Everything by name."""
        years = np.arange(money.years)
        spent = money.administration * float(np.sum((1.0 + self.support.rate) ** -years))
        of_years = {f"{w}.{y}" for w in ("net", "signed") for y in years}
        columns = {name: self[name] for name in self.at if name not in of_years}
        columns |= {f"without.{party}": without[f"pv.{party}"].copy() for party in PARTIES}
        columns["additional_private"] = self["private"] - without["drawn"]
        columns["good"] = self["good"] - without["good"]
        owner = f"pv.{self.support.owner}"
        columns[owner] = columns[owner] - spent
        columns["administration_present"] = np.full(self.paths, spent)
        columns["one"] = np.ones(self.paths)
        columns |= of_account(money, account)
        columns["net_cost"] = (
            columns["claims_present"]
            + spent
            - columns["fees_present"]
            - columns["recoveries_present"]
        )
        rows = {
            "net": self.rows("net"),
            "net_without": without.rows("net"),
            "contracts": self.rows("signed"),
            "claims": account.claims,
            "balance": account.balance,
            "promised": account.promised,
            "recoveries": account.recoveries + account.fees,
        }
        return Figures(columns, rows)

    def rows(self, name: str) -> Floats:
        """(years, paths) of a row by year."""
        first = self.at[f"{name}.0"]
        return self.sums[first : first + self.last + 1]


def is_last(terms: Terms, one: Moved) -> bool:
    """Whether nothing more is to be paid or to come back on a contract after this."""
    if terms.back:
        return one.is_back and one.at == len(terms.back) - 1
    return not one.is_back and one.at == len(terms.out) - 1


def of_account(money: Money, account: Account) -> dict[str, Floats]:
    """Figures of a path that the account itself gives."""
    set_aside = sum(money.appropriated(year) for year in range(money.years))
    peak = account.promised.max(axis=0) / money.leverage
    return {
        "administration": account.administration.sum(axis=0),
        "claims": account.claims.sum(axis=0),
        "fees": account.fees.sum(axis=0),
        "guaranteed": account.guaranteed,
        "required": account.required,
        "topped_up": account.topped_up,
        "lapsed_amount": account.lapsed_amount,
        "unused": np.maximum(set_aside - peak, 0.0),
        "set_aside": np.full(len(peak), set_aside),
        "refused": account.refused,
        "short": account.short,
        "lapsed": account.lapsed,
    }
