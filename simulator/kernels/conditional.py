"""The luck of people whose results are known: drawn on each path so that it gives these results.

Every kernel takes rows of people and columns of paths, and says how likely its path makes what is
known: the logarithm, up to what all paths share.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compile import entry, kernel
from simulator.kernels.philox import philox4x32
from simulator.kernels.tables import by_score, by_word, normal_quantile, uniform

Floats = NDArray[np.float64]
Words = NDArray[np.uint32]
Marks = NDArray[np.int8]
Law = tuple[Floats, int, Floats, float, Floats]
"""Of one law: word values and slopes, word of none, by score, score of none; the normal score's."""
NOT_COUNTED, STAYED, LEFT = 0, 1, 2
MOST_WORD = 4294967295
STEPS = 100
NEAR = 1e-10
FARTHEST = 16.0
SLOPE_STEP = 0.005


@entry
def draw_words(key: Words, indices: NDArray[np.int64], first: int, out: Words) -> None:
    """out[i, l] = word(key, indices[i], first + l)."""
    zero = np.uint32(0)
    for i in range(indices.shape[0]):
        block, place = np.uint32(indices[i] // 4), indices[i] % 4
        for lane in range(out.shape[1]):
            address = np.uint64(first) + np.uint64(lane)
            low, high = np.uint32(address), np.uint32(address >> np.uint64(32))
            w0, w1, w2, w3 = philox4x32(block, zero, low, high, key[0], key[1])
            out[i, lane] = w0 if place == 0 else w1 if place == 1 else w2 if place == 2 else w3


@entry
def read_words(lines: Floats, words: Words, out: Floats) -> None:
    """out[i, l] = x by a word table."""
    for i in range(words.shape[0]):
        for lane in range(words.shape[1]):
            out[i, lane] = by_word(lines, words[i, lane])


@kernel
def log_binomial(k: float, n: float, p: float) -> float:
    """log P(Binomial(n, p) = k); −∞ where it cannot be."""
    if k < 0.0 or k > n or (p <= 0.0 and k > 0.0) or (p >= 1.0 and k < n):
        return -math.inf
    ways = math.lgamma(n + 1.0) - math.lgamma(k + 1.0) - math.lgamma(n - k + 1.0)
    some = k * math.log(p) if k > 0.0 else 0.0
    others = (n - k) * math.log1p(-p) if k < n else 0.0
    return ways + some + others


@kernel
def successes_of_those_who_stayed(
    seen: int, people: tuple[int, int], chances: tuple[float, float], u: float
) -> tuple[int, float]:
    """(j, log P): j of those who stayed, given `seen` in all; P the chance of `seen`.

    P = Σ_j P(Binomial(n₁, p₁) = j)·P(Binomial(n₂, p₂) = seen − j), j drawn by inversion.
    """
    low, high = max(seen - people[1], 0), min(seen, people[0])
    most = -math.inf
    for j in range(low, high + 1):
        both = log_binomial(j, people[0], chances[0])
        both += log_binomial(seen - j, people[1], chances[1])
        most = max(most, both)
    if most == -math.inf:
        return 0, most
    total = 0.0
    for j in range(low, high + 1):
        both = log_binomial(j, people[0], chances[0])
        total += math.exp(both + log_binomial(seen - j, people[1], chances[1]) - most)
    passed = 0.0
    for j in range(low, high + 1):
        both = log_binomial(j, people[0], chances[0])
        passed += math.exp(both + log_binomial(seen - j, people[1], chances[1]) - most)
        if passed >= u * total:
            return j, most + math.log(total)
    return high, most + math.log(total)


@kernel
def mark_lowest(words: Words, marks: Marks, lane: int, mark: int, wanted: int) -> None:
    """words ← 0 for the `wanted` lowest of those so marked, and the highest word for the others."""
    n = words.shape[0]
    found = np.empty(n, np.uint32)
    count = 0
    for i in range(n):
        if marks[i, lane] == mark:
            found[count] = words[i, lane]
            count += 1
    ordered = np.sort(found[:count])
    left = wanted
    for i in range(n):
        if marks[i, lane] == mark:
            succeeds = left > 0 and words[i, lane] <= ordered[wanted - 1]
            words[i, lane] = np.uint32(0) if succeeds else np.uint32(MOST_WORD)
            left -= 1 if succeeds else 0


@entry
def choose_successes(
    seen: int,
    marks: Marks,
    chances: tuple[Floats, Floats],
    split: Floats,
    words: Words,
    out: Floats,
) -> None:
    """words ← 0 for exactly `seen` of those counted, and the highest word for the others.

    Of those who stayed (chance chances[0]) and left (chances[1]) so many as `split` draws; which of
    them, by the order of their own words. out[l] = log P(seen).
    """
    for lane in range(words.shape[1]):
        stayed, gone = 0, 0
        for i in range(words.shape[0]):
            stayed += 1 if marks[i, lane] == STAYED else 0
            gone += 1 if marks[i, lane] == LEFT else 0
        pair = chances[0][lane], chances[1][lane]
        of_them, out[lane] = successes_of_those_who_stayed(seen, (stayed, gone), pair, split[lane])
        if out[lane] > -math.inf:
            mark_lowest(words, marks, lane, STAYED, of_them)
            mark_lowest(words, marks, lane, LEFT, seen - of_them)


@kernel
def binomial_quantile(u: float, n: float, p: float) -> float:
    """min{k: P(K ≤ k) ≥ u}, K binomial; sums upwards from where the tail below is < 1e-30."""
    if n <= 0.0 or p <= 0.0:
        return 0.0
    if p >= 1.0:
        return n
    spread = math.sqrt(n * p * (1.0 - p))
    k = max(math.floor(n * p - 12.0 * spread - 60.0), 0.0)
    probability = math.exp(log_binomial(k, n, p))
    total = probability
    while total < u and k < n:
        k += 1.0
        probability *= (n - k + 1.0) / k * p / (1.0 - p)
        total += probability
    return k


@entry
def share_events(seen: int, means: Floats, words: Words, counts: Words, out: Floats) -> None:
    """counts[i, l] = a person's part of `seen` events, multinomial by their means.

    out[l] = log P(Poisson(Σ means) = seen).
    """
    for lane in range(means.shape[1]):
        rest = 0.0
        for i in range(means.shape[0]):
            rest += means[i, lane]
        possible = rest > 0.0 or seen == 0
        events = seen * math.log(rest) if seen > 0 and rest > 0.0 else 0.0
        out[lane] = events - rest - math.lgamma(seen + 1.0) if possible else -math.inf
        left = float(seen) if possible else 0.0
        for i in range(means.shape[0]):
            share = means[i, lane] / rest if rest > 0.0 else 0.0
            last = i == means.shape[0] - 1
            part = left if last else binomial_quantile(uniform(words[i, lane]), left, share)
            counts[i, lane] = np.uint32(part)
            left -= part
            rest = max(rest - means[i, lane], 0.0)


@kernel
def word_of(score: float) -> np.uint32:
    """The word whose uniform is Φ(score)."""
    place = 4294967296.0 * 0.5 * math.erfc(-score / math.sqrt(2.0))
    return np.uint32(min(max(place, 0.0), 4294967295.0))


@kernel
def unit_amount(law: Law, rho: float, lasting: np.uint32, fresh: np.uint32) -> float:
    """Y of one person's year from the words of the lasting score and of the year's."""
    lines, none_word, table, none, normal = law
    if rho == 0.0:
        return by_word(lines, fresh) if fresh >= none_word else 0.0
    score = by_word(normal, lasting)
    if rho < 1.0:
        score = math.sqrt(rho) * score + math.sqrt(1.0 - rho) * by_word(normal, fresh)
    return by_score(table, score) if score > none else 0.0


@entry
def read_amounts(law: Law, rho: float, words: tuple[Words, Words], out: Floats) -> None:
    """out[i, l] = Y of a person's year."""
    lasting, fresh = words
    for i in range(out.shape[0]):
        for lane in range(out.shape[1]):
            out[i, lane] = unit_amount(law, rho, lasting[i, lane], fresh[i, lane])


@kernel
def mean_amount(law: Law, rho: float, scores: Floats, means: Floats, move: float) -> float:
    """Σ_i μ_i·Y(z_i + move)/n; years independent (ρ = 0) by words, as they are drawn."""
    lines, none_word, table, none, _ = law
    total = 0.0
    for i in range(means.shape[0]):
        score = scores[i] + move
        if rho == 0.0:
            word = word_of(score)
            total += means[i] * by_word(lines, word) if word >= none_word else 0.0
        else:
            total += means[i] * by_score(table, score) if score > none else 0.0
    return total / means.shape[0]


@kernel
def find_move(law: Law, rho: float, scores: Floats, means: Floats, seen: float) -> float:
    """The move of all scores at which the mean is `seen`: bracketed, then Illinois; NaN if none.

    The mean rises with it.
    """
    low, high = 0.0, 0.0
    below = mean_amount(law, rho, scores, means, 0.0) - seen
    above = below
    step = 0.25
    while above < 0.0 and high < FARTHEST:
        low, below = high, above
        high += step
        step *= 2.0
        above = mean_amount(law, rho, scores, means, high) - seen
    while below > 0.0 and low > -FARTHEST:
        high, above = low, below
        low -= step
        step *= 2.0
        below = mean_amount(law, rho, scores, means, low) - seen
    if above < 0.0 or below > 0.0:
        return math.nan
    side = 0
    for _ in range(STEPS):
        if high - low < NEAR:
            break
        move = low - below * (high - low) / (above - below) if above > below else low
        if not low < move < high:
            move = 0.5 * (low + high)
        found = mean_amount(law, rho, scores, means, move) - seen
        if abs(found) <= NEAR * seen:
            return move
        if found > 0.0:
            high, above = move, found
            below *= 0.5 if side == 1 else 1.0
            side = 1
        else:
            low, below = move, found
            above *= 0.5 if side == -1 else 1.0
            side = -1
    return 0.5 * (low + high)


@kernel
def nobody_any(scores: Floats, none: float, rate: float, t: float) -> tuple[float, float]:
    """(move, log P): one that leaves everybody without any, t drawn anew below where it does.

    t is standard normal given the rest, and scores move by rate·t/√n: it becomes Φ⁻¹(Φ(t)·P), P = Φ
    of the highest.
    """
    per_move = math.sqrt(scores.shape[0]) / rate
    least = math.inf
    for i in range(scores.shape[0]):
        least = min(least, none - scores[i])
    chance = 0.5 * math.erfc(-(t + per_move * least) / math.sqrt(2.0))
    u = 0.5 * math.erfc(-t / math.sqrt(2.0)) * chance
    if u <= 0.0:
        return 0.0, -math.inf
    return (normal_quantile(u) - t) / per_move, math.log(chance)


@kernel
def move_and_chance(
    law: Law, rho: float, scores: Floats, means: Floats, seen: float, along: tuple[float, float]
) -> tuple[float, float]:
    """(move, log density of the mean), `along` being the rate of a move and t before it."""
    rate, t = along
    if seen == 0.0:
        return nobody_any(scores, law[3], rate, t)
    move = find_move(law, rho, scores, means, seen)
    if math.isnan(move):
        return 0.0, -math.inf
    rise = mean_amount(law, rho, scores, means, move + SLOPE_STEP)
    rise -= mean_amount(law, rho, scores, means, move - SLOPE_STEP)
    if rise <= 0.0:
        return 0.0, -math.inf
    t += math.sqrt(scores.shape[0]) * move / rate
    return move, -0.5 * t * t - math.log(rise)


@entry
def meet_mean(
    law: Law,
    rho: float,
    along: tuple[float, float],
    seen: float,
    means: Floats,
    words: tuple[Words, Words],
    out: Floats,
) -> None:
    """Words of lasting scores and of a year's, moved so that the people's mean amount is `seen`.

    Lasting scores move by c·along[0], the year's by c·along[1], |along| = 1. What the people have
    in common along it, t = Σ(along[0]·x + along[1]·y)/√n, is standard normal and independent of all
    else about them: given the rest the mean has the density φ(t)/(d mean/dt), whose logarithm is
    `out` up to what all paths share. Where nothing is seen: log P of it.
    """
    lasting, fresh = words
    n, normal = lasting.shape[0], law[4]
    keep, new = math.sqrt(rho), math.sqrt(1.0 - rho)
    rate = keep * along[0] + new * along[1]
    x, y, z, mu = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    for lane in range(lasting.shape[1]):
        t = 0.0
        for i in range(n):
            x[i] = by_word(normal, lasting[i, lane])
            y[i] = by_word(normal, fresh[i, lane])
            z[i] = keep * x[i] + new * y[i]
            mu[i] = means[i, lane]
            t += (along[0] * x[i] + along[1] * y[i]) / math.sqrt(n)
        move, out[lane] = move_and_chance(law, rho, z, mu, seen, (rate, t))
        for i in range(n):
            lasting[i, lane] = word_of(x[i] + move / rate * along[0])
            fresh[i, lane] = word_of(y[i] + move / rate * along[1])
