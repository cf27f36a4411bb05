"""A party's decision: its options, what they are expected to bring, what knowing more is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.decisions.information.laboratory import Observed, Stakes
from simulator.decisions.information.regression import conditional_mean
from simulator.decisions.information.studies import Study
from simulator.decisions.information.value import (
    Worth,
    at_most,
    best_of,
    choice,
    evppi,
    evsi,
    expected_loss,
    probability_best,
    worth,
)

Floats = NDArray[np.float64]
NOT_SIGNING = "not signing"


@dataclass(frozen=True)
class Option:
    """One option: its expected net benefit and what choosing it without knowing more loses.

    `probability_best` is the probability that it is the best one given every number.
    """

    name: str
    mean: float
    standard_error: float
    probability_best: float
    expected_loss: float

    def to_dict(self) -> dict[str, Any]:
        """The promised keys."""
        return {
            "name": self.name,
            "mean": {"estimate": self.mean, "standard_error": self.standard_error},
            "probability_best": self.probability_best,
            "expected_loss": self.expected_loss,
        }


@dataclass(frozen=True)
class Studied:
    """What a study is worth before signing: `value`, and less its cost where one is stated."""

    study: Study
    value: Worth

    @property
    def net(self) -> float | None:
        """Its value less its cost, borne by the party alone."""
        return None if self.study.cost is None else self.value.estimate - self.study.cost

    def to_dict(self) -> dict[str, Any]:
        """The promised keys."""
        return {
            "study": self.study.name,
            **self.value.to_dict(),
            "cost": self.study.cost,
            "net": self.net,
        }


@dataclass(frozen=True)
class Decision:
    """One party's choice: whether to sign, or between designs.

    `best` has the highest mean, `most_probable` is the one that is most often the best: they may
    differ. `perfect` is the value of knowing every number, `numbers` and `groups` of some, held to
    at most that.
    """

    party: str
    question: str
    basis: str
    options: tuple[Option, ...]
    best: str
    most_probable: str
    perfect: Worth
    numbers: tuple[tuple[str, Worth], ...]
    groups: tuple[tuple[tuple[str, ...], Worth], ...]
    studies: tuple[Studied, ...]

    def to_dict(self) -> dict[str, Any]:
        """The promised keys."""
        return {
            "party": self.party,
            "question": self.question,
            "basis": self.basis,
            "options": [option.to_dict() for option in self.options],
            "best": self.best,
            "most_probable": self.most_probable,
            "perfect": self.perfect.to_dict(),
            "numbers": [{"number": name, **found.to_dict()} for name, found in self.numbers],
            "groups": [{"numbers": list(names), **found.to_dict()} for names, found in self.groups],
            "studies": [studied.to_dict() for studied in self.studies],
        }


@dataclass(frozen=True)
class Asked:
    """What may become known: single numbers, groups of them, and studies with their results."""

    numbers: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    studies: tuple[tuple[Study, Floats], ...]


def to_sign(stakes: Stakes, observed: Observed, asked: Asked, name: str) -> Decision:
    """Whether the party signs the first design, or does nothing, which brings 0."""
    net = np.array([np.zeros(observed.paths), stakes.net[0]])
    return decide(stakes, "sign", net, (NOT_SIGNING, name), observed, asked)


def to_choose(stakes: Stakes, observed: Observed, asked: Asked, names: Sequence[str]) -> Decision:
    """Which of the designs the party prefers."""
    return decide(stakes, "choose", stakes.net, tuple(names), observed, asked)


def decide(
    stakes: Stakes,
    question: str,
    net: Floats,
    names: tuple[str, ...],
    observed: Observed,
    asked: Asked,
) -> Decision:
    """The decision on net benefits (options, paths); numbers from the most to the least worth."""
    chosen = choice(conditional_mean(net, observed.every))
    options = options_of(net, chosen, names)
    perfect = worth(net, chosen)
    alone = [
        (name, at_most(evppi(net, observed.numbers([name])), perfect)) for name in asked.numbers
    ]
    return Decision(
        party=stakes.party,
        question=question,
        basis=stakes.basis,
        options=options,
        best=names[best_of(net)],
        most_probable=max(options, key=lambda option: option.probability_best).name,
        perfect=perfect,
        numbers=tuple(sorted(alone, key=lambda found: -(found[1].uncapped or 0.0))),
        groups=tuple(
            (names_, at_most(evppi(net, observed.numbers(names_)), perfect))
            for names_ in asked.groups
        ),
        studies=tuple(
            Studied(study, at_most(evsi(net, results), perfect)) for study, results in asked.studies
        ),
    )


def options_of(net: Floats, chosen: NDArray[np.int64], names: Sequence[str]) -> tuple[Option, ...]:
    """Every option's mean, its probability of being the best, and its expected loss."""
    losses, shares = expected_loss(net, chosen), probability_best(chosen, len(net))
    root = np.sqrt(net.shape[1])
    return tuple(
        Option(
            name,
            float(values.mean()),
            float(values.std(ddof=1) / root),
            float(share),
            float(loss),
        )
        for name, values, share, loss in zip(names, net, shares, losses, strict=True)
    )


@dataclass(frozen=True)
class Acceptability:
    """The choice between designs at every willingness to pay per outcome, or price of one.

    Net benefit of a design at price λ: the municipality's net + λ × additional outcomes expected
    given the numbers. By price (prices, options): `probability_best` is the acceptability curve,
    `expected_loss` its cost of being wrong; `best` has the highest mean, `frontier` is its
    probability of being the best, `perfect` the value of knowing every number.
    """

    metric: str
    basis: str
    options: tuple[str, ...]
    prices: Floats
    means: Floats
    probability_best: Floats
    expected_loss: Floats
    perfect: tuple[Worth, ...]

    @property
    def best(self) -> tuple[str, ...]:
        """The option with the highest mean at each price; the first of equals."""
        return tuple(self.options[int(k)] for k in np.argmax(self.means, axis=1))

    @property
    def most_probable(self) -> tuple[str, ...]:
        """The option that is most often the best at each price; the first of equals."""
        return tuple(self.options[int(k)] for k in np.argmax(self.probability_best, axis=1))

    @property
    def frontier(self) -> Floats:
        """The probability that the option with the highest mean is the best, (prices,)."""
        places = np.argmax(self.means, axis=1)
        found: Floats = self.probability_best[np.arange(len(places)), places]
        return found

    def to_dict(self) -> dict[str, Any]:
        """The promised keys, one entry for each price."""
        rows = zip(
            self.prices, self.best, self.most_probable, self.frontier, self.perfect, strict=True
        )
        return {
            "metric": self.metric,
            "basis": self.basis,
            "options": list(self.options),
            "prices": [
                {
                    "price": float(price),
                    "best": best,
                    "most_probable": most,
                    "frontier": float(frontier),
                    "means": self.means[k].tolist(),
                    "probability_best": self.probability_best[k].tolist(),
                    "expected_loss": self.expected_loss[k].tolist(),
                    "perfect": perfect.to_dict(),
                }
                for k, (price, best, most, frontier, perfect) in enumerate(rows)
            ],
        }


def acceptability(
    stakes: Stakes, observed: Observed, names: Sequence[str], metric: str, prices: Floats
) -> Acceptability:
    """The curves over prices, (prices,); the effects of the designs must have been observed.

    What is learned of money and of outcomes is learned once: E[NB | numbers] is linear in the
    price.
    """
    assert observed.effects is not None, "observe(metric=…) first"
    both = conditional_mean(np.concatenate([stakes.net, observed.effects]), observed.every)
    money, outcomes = both[: len(names)], both[len(names) :]
    means, shares, losses, perfect = [], [], [], []
    for price in prices:
        net = stakes.net + price * observed.effects
        chosen = choice(money + price * outcomes)
        means.append(net.mean(axis=1))
        shares.append(probability_best(chosen, len(names)))
        losses.append(expected_loss(net, chosen))
        perfect.append(worth(net, chosen))
    return Acceptability(
        metric,
        stakes.basis,
        tuple(names),
        prices,
        np.array(means),
        np.array(shares),
        np.array(losses),
        tuple(perfect),
    )


def grouped(names: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The groups of more than one number, by name."""
    return tuple(tuple(numbers) for numbers in names.values() if len(numbers) > 1)
