"""The fund's account, year by year on every path: promises, payouts, balance and dates.

In year y, in this order:
  1. money comes in: B += appropriation
  2. what was not promised in time goes back (`lapses_after`)
  3. administration is paid, as far as the balance goes; the state pays the rest
  4. offers, in the order given: one that both sides want happens if its promise fits:
     promises open + promise ≤ leverage·B, and promises ever within the frame; its fee comes in
  5. interest: B ← B·(1 + interest)
  6. payouts due at the year's end, after caps (contract, municipality, portfolio), then what the
     balance allows by `when_empty`; promises of contracts whose last payout this was are released
  7. recoveries come in
Present values and who gains are computed from what was paid (`run`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-9
"""Relative: a promise that fits exactly fits."""
UNIT = 0.005
"""Half the smallest unit of the currency: what is missing by less is paid in full."""


@dataclass(frozen=True)
class Stream:
    """An amount that the fund pays on one contract at the end of fund year `year`.

    `recovered` is the share of what is paid that comes back in fund year `back_year`, up to
    `recoverable`. `base` is what the levels of a layer are a share of.
    """

    year: int
    amount: Floats
    recovered: float = 0.0
    recoverable: Floats | None = None
    back_year: int = 0
    base: Floats | None = None


@dataclass(frozen=True)
class Layer:
    """A stop loss on what all contracts lose together that are completed in a year.

    Attachment and detachment are an amount plus a share of Σ base of those contracts.
    """

    attachment: tuple[float, float]
    detachment: tuple[float, float]

    def share(self, losses: Floats, base: Floats) -> Floats:
        """Share of the losses that is claimed: min(max(Σ L − a, 0), d − a)/Σ L."""
        low = self.attachment[0] + self.attachment[1] * base
        high = self.detachment[0] + self.detachment[1] * base
        claim = np.minimum(np.maximum(losses - low, 0.0), np.maximum(high - low, 0.0))
        return np.divide(claim, losses, out=np.zeros_like(losses), where=losses > 0.0)


@dataclass(frozen=True)
class Offer:
    """A contract as the fund sees it; arrays (paths,).

    `back` are amounts that come back by year, in the proportion in which the streams were paid.
    """

    year: int
    municipality: int
    wanted: Flags
    promise: Floats
    fee: Floats
    streams: Sequence[Stream]
    back: Sequence[tuple[int, Floats]] = ()


@dataclass(frozen=True)
class Terms:
    """The fund's money as plain numbers; `capital` counts at the start of year 1."""

    years: int
    capital: float = 0.0
    appropriations: tuple[float, ...] = ()
    interest: float = 0.0
    administration: float = 0.0
    leverage: float = 1.0
    when_empty: Literal["first come", "pro rata", "top-up"] = "first come"
    lapses_after: int | None = None
    cap_per_contract: float = np.inf
    cap_per_municipality: float = np.inf
    cap_portfolio: float = np.inf
    layer: Layer | None = None
    limited: bool = True
    """False: there is no fund that could be full or empty; what is due is paid"""

    def appropriated(self, year: int) -> float:
        """What comes in at the start of the year, the capital included."""
        more = self.appropriations[year] if year < len(self.appropriations) else 0.0
        return more + (self.capital if year == 0 else 0.0)


@dataclass
class Account:
    """What the account came to; rows by year are (years, paths), `happens` (offers, paths).

    `paid[i][s]` is what stream s of offer i got. Dates are years from 0, infinite where it never
    came to that. `required` is the capital that would have met every payout.
    """

    happens: Flags
    claims: Floats
    balance: Floats
    promised: Floats
    recoveries: Floats
    administration: Floats
    refused: Floats
    short: Floats
    lapsed: Floats
    lapsed_amount: Floats
    topped_up: Floats
    required: Floats
    guaranteed: Floats
    fees: Floats
    paid: list[list[Floats]] = field(default_factory=list)
    back: list[list[Floats]] = field(default_factory=list)
    cut: Floats = field(default_factory=lambda: np.zeros(0))


class _Book:
    """The state of the account while the years pass."""

    def __init__(self, terms: Terms, offers: Sequence[Offer], paths: int) -> None:
        years = terms.years
        self.terms, self.offers, self.paths = terms, offers, paths
        self.money = np.zeros(paths)
        self.open = np.zeros(paths)
        self.ever = np.zeros(paths)
        self.paid_so_far = np.zeros(paths)
        self.by_contract = np.zeros((len(offers), paths))
        self.claimed = np.zeros((len(offers), paths))
        count = 1 + max((offer.municipality for offer in offers), default=0)
        self.by_municipality = np.zeros((count, paths))
        self.needed = np.zeros(paths)
        self.coming = np.zeros((years, paths))
        rows = (years, paths)
        never = np.full(paths, np.inf)
        self.account = Account(
            happens=np.zeros((len(offers), paths), dtype=np.bool_),
            claims=np.zeros(rows),
            balance=np.zeros(rows),
            promised=np.zeros(rows),
            recoveries=np.zeros(rows),
            administration=np.zeros(rows),
            refused=never.copy(),
            short=never.copy(),
            lapsed=never.copy(),
            lapsed_amount=np.zeros(paths),
            topped_up=np.zeros(paths),
            required=np.zeros(paths),
            guaranteed=np.zeros(paths),
            fees=np.zeros(rows),
            paid=[[np.zeros(paths) for _ in offer.streams] for offer in offers],
            back=[[] for _ in offers],
            cut=np.zeros(paths),
        )

    # --- what a year brings -------------------------------------------------------------------

    def take_in(self, year: int) -> None:
        """Steps 1 to 3: appropriation, lapse, administration."""
        terms, account = self.terms, self.account
        self.money += terms.appropriated(year)
        self.need(year, (terms.capital if year == 0 else 0.0) - terms.appropriated(year))
        if terms.lapses_after is not None and year >= terms.lapses_after:
            self.lapse(year)
        account.administration[year] = terms.administration
        paid = np.minimum(terms.administration, np.maximum(self.money, 0.0))
        account.topped_up += terms.administration - paid
        self.money -= paid
        self.need(year, terms.administration)

    def lapse(self, year: int) -> None:
        """Money of `lapses_after` years ago that was never promised goes back, if it is there."""
        terms, account = self.terms, self.account
        assert terms.lapses_after is not None
        old = sum(terms.appropriated(y) for y in range(year - terms.lapses_after + 1))
        used = self.ever / terms.leverage
        free = np.maximum(self.money - self.open / terms.leverage, 0.0)
        gone = np.minimum(np.maximum(old - account.lapsed_amount - used, 0.0), free)
        gone[gone <= UNIT] = 0.0
        account.lapsed[(gone > 0.0) & np.isinf(account.lapsed)] = year
        account.lapsed_amount += gone
        self.money -= gone

    def need(self, year: int, amount: Floats | float, *, at_end: bool = False) -> None:
        """Money needed so far in terms of capital at the start; `required` is its maximum."""
        interest = 1.0 + self.terms.interest
        self.needed += amount * interest ** -(year + (1 if at_end else 0))
        if at_end:
            np.maximum(self.account.required, self.needed, out=self.account.required)

    # --- promises -----------------------------------------------------------------------------

    def promise(self, year: int, place: int, offer: Offer, room: Floats) -> None:
        """Step 4 for one offer; `room` is what may still be promised and is kept up."""
        account = self.account
        fits = np.ones(self.paths, dtype=np.bool_)
        if self.terms.limited:
            fits = offer.promise <= room + TOLERANCE * np.abs(self.money)
        happens = offer.wanted & fits
        turned_away = offer.wanted & ~fits & np.isinf(account.refused)
        account.refused[turned_away] = year
        account.happens[place] = happens
        promised = np.where(happens, offer.promise, 0.0)
        fee = np.where(happens, offer.fee, 0.0)
        room -= promised
        self.open += promised
        self.ever += promised
        self.money += fee
        account.fees[year] += fee
        self.need(year, -fee)

    # --- payouts ------------------------------------------------------------------------------

    def pay_out(self, year: int, due: Sequence[tuple[int, int]]) -> None:
        """Step 6: payouts that are due, by order of contract, after caps, as the balance allows."""
        account = self.account
        share = self.layer_share(due)
        wanted = [self.capped(place, stream, share) for place, stream in due]
        total = np.sum(wanted, axis=0) if wanted else np.zeros(self.paths)
        self.need(year, total, at_end=True)
        self.paid_so_far += total  # caps look at what is due after caps, whatever the balance
        if self.terms.limited:
            missing = total > self.money + UNIT
            account.short[missing & np.isinf(account.short)] = year
        for (place, stream), amount in zip(due, self.allowed(wanted, total), strict=True):
            account.paid[place][stream][:] = amount
            account.claims[year] += amount
        self.release(due)

    def layer_share(self, due: Sequence[tuple[int, int]]) -> Floats | float:
        """Share of each contract's loss that a stop loss on all of them covers this year."""
        if self.terms.layer is None:
            return 1.0
        losses, base = np.zeros(self.paths), np.zeros(self.paths)
        for place, stream in due:
            words, happens = self.offers[place].streams[stream], self.account.happens[place]
            losses += np.where(happens, words.amount, 0.0)
            base += np.where(happens, words.base if words.base is not None else 0.0, 0.0)
        return self.terms.layer.share(losses, base)

    def capped(self, place: int, stream: int, share: Floats | float) -> Floats:
        """What one stream comes to after the caps on contract, municipality and portfolio."""
        offer, terms = self.offers[place], self.terms
        whole = np.where(self.account.happens[place], offer.streams[stream].amount, 0.0) * share
        left: Floats = np.maximum(terms.cap_per_contract - self.by_contract[place], 0.0)
        amount: Floats = np.minimum(whole, left)
        used = self.by_municipality[offer.municipality]
        amount = np.minimum(amount, np.maximum(terms.cap_per_municipality - used, 0.0))
        if np.isfinite(terms.cap_portfolio):
            left = terms.cap_portfolio * self.ever - self.paid_so_far - self.pending
            amount = np.minimum(amount, np.maximum(left, 0.0))
            self.pending = self.pending + amount
        used += amount
        self.by_contract[place] += amount
        self.claimed[place] += whole
        return amount

    pending: Floats | float = 0.0
    """capped amounts of this year, not yet in `paid_so_far`"""

    def allowed(self, wanted: list[Floats], total: Floats) -> list[Floats]:
        """What is paid of the amounts wanted; the balance goes down by it."""
        terms, account = self.terms, self.account
        if not terms.limited:
            return wanted
        there = np.maximum(self.money, 0.0)
        paid = np.minimum(total, there)
        missing = total - paid
        if terms.when_empty == "top-up":
            account.topped_up += missing
            self.money -= paid
            return wanted
        account.cut += missing
        self.money -= paid
        if terms.when_empty == "pro rata":
            share = np.divide(paid, total, out=np.ones_like(total), where=total > there)
            return [amount * share for amount in wanted]
        given = []
        for amount in wanted:
            part = np.minimum(amount, there)
            there = there - part
            given.append(part)
        return given

    def release(self, due: Sequence[tuple[int, int]]) -> None:
        """Promises of contracts whose last stream this was are open no longer."""
        for place, stream in due:
            if stream == len(self.offers[place].streams) - 1:
                held = np.where(self.account.happens[place], self.offers[place].promise, 0.0)
                self.open -= held

    def recover(self, year: int, due: Sequence[tuple[int, int]]) -> None:
        """Step 7: what comes back; recoveries of payouts made now are put down for their year."""
        account = self.account
        for place, stream in due:
            words = self.offers[place].streams[stream]
            if words.recovered > 0.0 and words.recoverable is not None:
                back = np.minimum(
                    words.recovered * account.paid[place][stream],
                    np.maximum(words.recoverable, 0.0),
                )
                account.back[place].append(back)
                self.coming[words.back_year] += back
        account.recoveries[year] += self.coming[year]

    def give_back(self, year: int, place: int, amount: Floats) -> None:
        """An amount that comes back on a contract, in the proportion in which it was paid."""
        account = self.account
        paid = np.sum(account.paid[place], axis=0) if account.paid[place] else 0.0
        claimed = self.claimed[place]
        share = np.divide(paid, claimed, out=np.ones(self.paths), where=claimed > UNIT)
        back = np.where(account.happens[place], amount * share, 0.0)
        account.back[place].append(back)
        account.recoveries[year] += back


def run_account(terms: Terms, offers: Sequence[Offer], paths: int) -> Account:
    """The account over all its years; offers come in the order in which they are made.

    Streams of an offer come in the order of their years, and none falls after the last year.
    """
    book = _Book(terms, offers, paths)
    account = book.account
    offered = _by_year(terms.years, [(offer.year, (i,)) for i, offer in enumerate(offers)])
    due = _by_year(
        terms.years,
        [(s.year, (i, k)) for i, offer in enumerate(offers) for k, s in enumerate(offer.streams)],
    )
    back = _by_year(
        terms.years,
        [
            (year, (i, k))
            for i, offer in enumerate(offers)
            for k, (year, _) in enumerate(offer.back)
        ],
    )
    for year in range(terms.years):
        book.take_in(year)
        room = terms.leverage * np.maximum(book.money, 0.0) - book.open
        for (place,) in offered[year]:
            book.promise(year, place, offers[place], room)
        account.promised[year] = book.open
        book.money *= 1.0 + terms.interest
        book.pending = 0.0
        book.pay_out(year, [(i, k) for i, k in due[year]])
        book.recover(year, [(i, k) for i, k in due[year]])
        for place, k in back[year]:
            book.give_back(year, place, offers[place].back[k][1])
        book.money += account.recoveries[year]
        book.need(year, -account.recoveries[year], at_end=True)
        account.balance[year] = book.money
    account.guaranteed = book.ever
    return account


def _by_year(years: int, items: list[tuple[int, tuple[int, ...]]]) -> list[list[tuple[int, ...]]]:
    rows: list[list[tuple[int, ...]]] = [[] for _ in range(years)]
    for year, item in items:
        rows[year].append(item)
    return rows
