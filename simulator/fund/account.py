"""The words of a fund's account: offers, what is paid on them, money, what it all came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


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
    """What the account came to; rows by year are (years, paths).

    Dates are years from 0, infinite where it never came to that. `required` is the capital that
    would have met every payout. Where every offer is kept, `happens` is (offers, paths), and
    `paid[i][s]` what stream s of offer i got.
    """

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
    cut: Floats
    happens: Flags = field(default_factory=lambda: np.zeros((0, 0), dtype=np.bool_))
    paid: list[list[Floats]] = field(default_factory=list)
