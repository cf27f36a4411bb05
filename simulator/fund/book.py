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
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.fund.account import Account, Offer, Terms

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOLERANCE = 1e-9
"""Relative: a promise that fits exactly fits."""
UNIT = 0.005
"""Half the smallest unit of the currency: what is missing by less is paid in full."""


@dataclass
class Held:
    """An offer that was taken on, as long as anything is still to be paid or to come back on it.

    `capped` is what has been due after caps, `claimed` before them, `paid` what was paid.
    """

    place: int
    offer: Offer
    happens: Flags
    promise: Floats
    capped: Floats | float = 0.0
    claimed: Floats | float = 0.0
    paid: Floats | float = 0.0


@dataclass(frozen=True)
class Moved:
    """What moved in a year on an offer: paid on its stream `at`, or come back (`is_back`)."""

    held: Held
    at: int
    amount: Floats
    is_back: bool


class Book:
    """The account while the years pass: `open_year`, offers by `take_on`, `close_year`.

    Nothing is kept of an offer on which nothing is to be paid or to come back any more.
    """

    def __init__(self, terms: Terms, paths: int) -> None:
        years = terms.years
        self.terms, self.paths = terms, paths
        self.offers = 0
        self.money = np.zeros(paths)
        self.open = np.zeros(paths)
        self.ever = np.zeros(paths)
        self.room = np.zeros(paths)
        self.paid_so_far = np.zeros(paths)
        self.pending: Floats | float = 0.0  # capped amounts of this year, not yet in `paid_so_far`
        self.by_municipality: dict[int, Floats] = {}
        self.due: list[list[tuple[Held, int]]] = [[] for _ in range(years)]
        self.to_come: list[list[tuple[Held, int]]] = [[] for _ in range(years)]
        self.needed = np.zeros(paths)
        self.coming = np.zeros((years, paths))
        rows = (years, paths)
        never = np.full(paths, np.inf)
        self.account = Account(
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
            cut=np.zeros(paths),
        )

    # --- what a year brings -------------------------------------------------------------------

    def open_year(self, year: int) -> None:
        """Steps 1 to 3, and what may be promised in the year."""
        self.take_in(year)
        self.room = self.terms.leverage * np.maximum(self.money, 0.0) - self.open

    def close_year(self, year: int) -> list[Moved]:
        """Steps 5 to 7; what was paid and came back on each offer, in order."""
        account = self.account
        account.promised[year] = self.open
        self.money *= 1.0 + self.terms.interest
        due, self.due[year] = self.due[year], []
        moved = self.pay_out(year, due)
        moved += self.recover(moved)
        account.recoveries[year] += self.coming[year]
        to_come, self.to_come[year] = self.to_come[year], []
        moved += [self.give_back(year, held, at) for held, at in to_come]
        self.money += account.recoveries[year]
        self.need(year, -account.recoveries[year], at_end=True)
        account.balance[year] = self.money
        return moved

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

    def take_on(self, offer: Offer) -> Flags:
        """Step 4 for one offer of the year that is open: on which paths it happens."""
        account, year = self.account, offer.year
        happens = offer.wanted
        if self.terms.limited:
            fits = offer.promise <= self.room + TOLERANCE * np.abs(self.money)
            account.refused[happens & ~fits & np.isinf(account.refused)] = year
            happens = happens & fits
        promised = np.where(happens, offer.promise, 0.0)
        fee = np.where(happens, offer.fee, 0.0)
        self.room -= promised
        self.open += promised
        self.ever += promised
        self.money += fee
        account.fees[year] += fee
        self.need(year, -fee)
        held = Held(self.offers, offer, happens, promised)
        for at, stream in enumerate(offer.streams):
            self.due[stream.year].append((held, at))
        for at, (later, _) in enumerate(offer.back):
            self.to_come[later].append((held, at))
        self.offers += 1
        return happens

    # --- payouts ------------------------------------------------------------------------------

    def pay_out(self, year: int, due: Sequence[tuple[Held, int]]) -> list[Moved]:
        """Step 6: payouts that are due, by order of contract, after caps, as the balance allows."""
        account = self.account
        self.pending = 0.0
        share = self.layer_share(due)
        wanted = [self.capped(held, at, share) for held, at in due]
        total = np.sum(wanted, axis=0) if wanted else np.zeros(self.paths)
        self.need(year, total, at_end=True)
        self.paid_so_far += total  # caps look at what is due after caps, whatever the balance
        if self.terms.limited:
            missing = total > self.money + UNIT
            account.short[missing & np.isinf(account.short)] = year
        moved = []
        for (held, at), amount in zip(due, self.allowed(wanted, total), strict=True):
            held.paid = held.paid + amount
            account.claims[year] += amount
            moved.append(Moved(held, at, amount, False))
            if at == len(held.offer.streams) - 1:
                self.open -= held.promise  # with the last stream the promise is released
        return moved

    def layer_share(self, due: Sequence[tuple[Held, int]]) -> Floats | float:
        """Share of each contract's loss that a stop loss on all of them covers this year."""
        if self.terms.layer is None:
            return 1.0
        losses, base = np.zeros(self.paths), np.zeros(self.paths)
        for held, at in due:
            words = held.offer.streams[at]
            losses += np.where(held.happens, words.amount, 0.0)
            base += np.where(held.happens, words.base if words.base is not None else 0.0, 0.0)
        return self.terms.layer.share(losses, base)

    def capped(self, held: Held, at: int, share: Floats | float) -> Floats:
        """What one stream comes to after the caps on contract, municipality and portfolio."""
        offer, terms = held.offer, self.terms
        amount: Floats = np.where(held.happens, offer.streams[at].amount, 0.0) * share
        held.claimed = held.claimed + amount
        if np.isfinite(terms.cap_per_contract):
            left = terms.cap_per_contract - held.capped
            amount = np.minimum(amount, np.maximum(left, 0.0))
        if np.isfinite(terms.cap_per_municipality):
            used = self.by_municipality.setdefault(offer.municipality, np.zeros(self.paths))
            amount = np.minimum(amount, np.maximum(terms.cap_per_municipality - used, 0.0))
        if np.isfinite(terms.cap_portfolio):
            left = terms.cap_portfolio * self.ever - self.paid_so_far - self.pending
            amount = np.minimum(amount, np.maximum(left, 0.0))
            self.pending = self.pending + amount
        if np.isfinite(terms.cap_per_municipality):
            self.by_municipality[offer.municipality] += amount
        held.capped = held.capped + amount
        return amount

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

    def recover(self, paid: Sequence[Moved]) -> list[Moved]:
        """Step 7: what comes back of payouts made now, put down for its year."""
        found = []
        for one in paid:
            words = one.held.offer.streams[one.at]
            if words.recovered > 0.0 and words.recoverable is not None:
                most = np.maximum(words.recoverable, 0.0)
                back = np.minimum(words.recovered * one.amount, most)
                self.coming[words.back_year] += back
                found.append(Moved(one.held, one.at, back, True))
        return found

    def give_back(self, year: int, held: Held, at: int) -> Moved:
        """An amount that comes back on a contract, in the proportion in which it was paid."""
        claimed = np.broadcast_to(held.claimed, self.paths)
        share = np.divide(held.paid, claimed, out=np.ones(self.paths), where=claimed > UNIT)
        back = np.where(held.happens, held.offer.back[at][1] * share, 0.0)
        self.account.recoveries[year] += back
        return Moved(held, at, back, True)

    def ended(self) -> Account:
        """The account when all years have passed."""
        self.account.guaranteed = self.ever
        return self.account


def run_account(terms: Terms, offers: Sequence[Offer], paths: int) -> Account:
    """The account over all its years, with every offer; they come in the order of their years.

    Streams of an offer come in the order of their years, and none falls after the last year.
    """
    book = Book(terms, paths)
    happens = np.zeros((len(offers), paths), dtype=np.bool_)
    paid = [[np.zeros(paths) for _ in offer.streams] for offer in offers]
    waiting = list(enumerate(offers))
    for year in range(terms.years):
        book.open_year(year)
        while waiting and waiting[0][1].year == year:
            place, offer = waiting.pop(0)
            happens[place] = book.take_on(offer)
        for one in book.close_year(year):
            if not one.is_back:
                paid[one.held.place][one.at] = one.amount
    account = book.ended()
    account.happens, account.paid = happens, paid
    return account
