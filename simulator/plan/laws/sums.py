"""The law of the sum of m people's amounts in a year, by 32-bit word.

Amounts Y_1 … Y_m are independent with mean 1. Of gammas the sum is a gamma. Otherwise the law is
found on a lattice: one amount is rounded to steps of h, its Fourier transform raised to the power m
and turned back. The lattice ends where one amount or the whole sum is beyond all 2³² words, so that
what folds over is less than a word. m is written to the base 32, and there is a table for each
digit: a sum of 45 people is that of 32 and that of 13, from two words.

Processors: products of complex numbers are taken apart into real ones, each rounded by itself, and
scipy's transform runs through the same additions everywhere (see `base`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from simulator.kernels.records import DIGITS, PEOPLE
from simulator.plan.laws.base import Curve, Floats, total
from simulator.plan.laws.continuous import gamma_by
from simulator.plan.laws.remembered import remembered
from simulator.plan.laws.score_table import meet_mean
from simulator.plan.laws.uniform_table import WORDS, Tail, UniformTable, build, edges
from simulator.plan.laws.unit import UnitLaw

BEYOND = 1e-11
"""Chance, of the whole sum, that the lattice leaves out."""
FEWEST, MOST = 14, 20
"""Points of a lattice, as powers of two."""
STEPS = 256
"""Steps up to the median amount, where the lattice may have as many points as that takes."""


@dataclass(frozen=True, eq=False)
class SumTable:
    """The sum of m people's amounts by word; its mean is m, exactly.

    `error` is how far a single draw can be off, and `error_of_sd` how far the standard deviation
    is, both as shares of the sum's own standard deviation.
    """

    table: UniformTable
    people: int
    error: float
    error_of_sd: float


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The transform of one amount on a lattice with step h, real and imaginary parts."""

    real: Floats
    imaginary: Floats
    points: int
    h: float


@dataclass
class Sums:
    """The sums' tables of one law, made when they are asked for."""

    law: UnitLaw
    spectra: dict[int, Spectrum] = field(default_factory=dict)
    tables: dict[int, SumTable] = field(default_factory=dict)

    def of(self, digit: int, d: int) -> SumTable:
        """The table of d·32^digit people."""
        people = d * PEOPLE**digit
        if people not in self.tables:
            stated = (*self.law.stated, PEOPLE, digit, people) if self.law.stated else ()
            made = remembered("sum", stated, lambda: self._made(digit, people))
            self.tables[people] = made
        return self.tables[people]

    def _made(self, digit: int, people: int) -> SumTable:
        law = self.law
        if people == 1:
            return _known(law, 1)
        if law.law.family == "gamma" and not law.none and math.isinf(law.most):
            shape = people / law.sd**2
            average = gamma_by(shape, 1 / shape)
            return _known(UnitLaw(average, 0.0, math.inf, 1 / math.sqrt(shape)), people)
        if digit not in self.spectra:
            self.spectra[digit] = spectrum(law, (PEOPLE - 1) * PEOPLE**digit)
        return by_lattice(law, self.spectra[digit], people)


def _known(average: UnitLaw, people: int) -> SumTable:
    """The table of a sum whose average over the people has a law in closed form."""
    table = average.uniform_table()
    error = _largest_error(table, average.law_of_low, average.law_of_high) / average.sd
    return SumTable(_times(table, people), people, error, abs(table.sd / average.sd - 1.0))


def digits_of(people: int) -> list[int]:
    """The digits of a number of people to the base 32, the last one first."""
    return [(people // PEOPLE**i) % PEOPLE for i in range(DIGITS)]


def digits_within(people: int) -> range:
    """The digits that numbers up to this one have: a word is drawn for each."""
    return range(sum(1 for i in range(DIGITS) if people >= PEOPLE**i))


def spectrum(law: UnitLaw, people: int) -> Spectrum:
    """The transform of one amount, on a lattice that holds the sum of so many."""
    top = float(law.law_of_high(np.array([BEYOND / people]))[0])
    end = people + 10.0 * law.sd * math.sqrt(people) + top
    end = min(end, people * law.most) * 1.01
    median = float(law.quantile(np.array([0.5 + 0.5 * law.none]))[0])
    power = math.ceil(math.log2(end / median * STEPS)) if median > 0 else MOST
    points = 2 ** min(max(power, FEWEST), MOST)
    h = end / points
    below = law.none + (1 - law.none) * _below(law, (np.arange(points) + 0.5) * h)
    from scipy import fft  # slow to load, and few sums are new

    z = fft.rfft(np.diff(below, prepend=0.0))
    return Spectrum(z.real.copy(), z.imag.copy(), points, h)


def _below(law: UnitLaw, x: Floats) -> Floats:
    """P(X ≤ x) of those above zero, cut at the most."""
    return np.where(x >= law.most, 1.0, np.asarray(law.law.below(x)))


def by_lattice(law: UnitLaw, one: Spectrum, people: int) -> SumTable:
    """The table of the sum of so many people's amounts."""
    real, imaginary = _power(one.real, one.imaginary, people)
    from scipy import fft

    chance = np.maximum(fft.irfft(real + 1j * imaginary, one.points), 0.0)
    none = law.none**people
    ends = np.append(0.0, (np.arange(one.points) + 0.5) * one.h) / people
    low = np.append(none, np.maximum(np.cumsum(chance), none))
    high = np.append(np.cumsum(chance[::-1])[::-1], 0.0)
    high[0] = 1.0 - none
    most = law.most

    def of_low(p: Floats) -> Floats:
        return np.minimum(np.interp(p, low, ends), most)

    def of_high(q: Floats) -> Floats:
        return np.minimum(np.interp(-q, -high, ends), most)

    def meet(x: Floats, weights: Floats) -> Floats:
        return np.minimum(meet_mean(x, weights, 1.0 / total(weights), 0.0, most), most)

    table = build(Tail(of_low, of_high, none), meet)
    sd = law.sd / math.sqrt(people)
    error = _largest_error(table, of_low, of_high) + 0.5 * one.h / people
    return SumTable(_times(table, people), people, error / sd, abs(table.sd / sd - 1.0))


def _power(real: Floats, imaginary: Floats, people: int) -> tuple[Floats, Floats]:
    """(a + bi)^m by squaring."""
    out_real, out_imaginary = np.ones_like(real), np.zeros_like(real)
    while people:
        if people % 2:
            out_real, out_imaginary = _product(out_real, out_imaginary, real, imaginary)
        real, imaginary = _product(real, imaginary, real, imaginary)
        people //= 2
    return out_real, out_imaginary


def _product(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[Floats, Floats]:
    """(a + bi)·(c + di)."""
    return a * c - b * d, a * d + b * c


def _largest_error(table: UniformTable, of_low: Curve, of_high: Curve) -> float:
    """How far the straight lines are from the law half-way between knots, from score −5 to 5."""
    middle = 0.5 * (edges()[:-1] + edges()[1:])
    seen = middle >= 2.9e-7 * WORDS
    worst = 0.0
    for side, curve in enumerate((of_low, of_high)):
        at = table.value[side] + 0.5 * table.slope[side]
        word = middle if side == 0 else WORDS - middle
        some = seen & (word > table.none_word)
        off = np.abs(at - curve(middle / WORDS))[some]
        worst = max(worst, float(off.max(initial=0.0)))
    return worst


def _times(table: UniformTable, people: int) -> UniformTable:
    """The table of an average as that of the sum."""
    m = float(people)
    return UniformTable(
        table.value * m, table.slope * m, table.none_word, table.drift, table.mean * m, table.sd * m
    )


@lru_cache(maxsize=16)
def _kept(name: tuple[object, ...]) -> list[Sums]:
    return []


def sums_of(name: tuple[object, ...], law: UnitLaw) -> Sums:
    """The sums of the law with this name, kept for the next plan of this process."""
    kept = _kept(name)
    if not kept:
        kept.append(Sums(law))
    return kept[0]
