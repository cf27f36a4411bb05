"""Ten thousand random contracts on given values: the engine's kernels against the plain twin.

Each contract (`random_scenario`, seeded by its number) has one or two cohorts enrolled at once, by
period or between two dates; one to three measures of every quantity, some reported late; one to
four payments composed of every word that this version computes: of measures, weights, cost, capital
drawn or outstanding, and what was paid; per contract, cohort or period; one to nine terms; up to
two conditions; own limits, principal, several payers, classes of capital; all limits of a contract;
up to two guarantees of every reading and object. The values of the measures are random, a fifth of
them exactly at a level of the contract or just under it. How often each word of the language
occurs, here and in the whole scenarios of `test_whole`, is counted: at least `LEAST` times each.

Equal means within a relative 1e-9 of the contract's largest amount. Besides, on every contract:
limits hold, and money scaled scales all money (§6); where every word is monotone, more is never
paid less. Deterministic: no false alarms.
"""

from __future__ import annotations

from collections import Counter

import pytest

from simulator.scenario.model import Scenario
from tests.fuzz.both import Amounts, Given, by_engine, by_twin, given_for
from tests.fuzz.scenarios import random_scenario
from tests.fuzz.words import pending_words, vocabulary, words_of

CONTRACTS, GROUPS = 10_000, 20
WHOLE = 400  # whole scenarios whose words are counted too
LEAST = 50
TOLERANCE = 1e-9


def difference(found: Amounts, wanted: Amounts) -> dict[tuple[str, int], tuple[float, float]]:
    """Amounts that differ by more than 1e-9 of the largest."""
    largest = max((abs(x) for x in (*found.values(), *wanted.values())), default=0.0)
    pairs = {key: (found.get(key, 0.0), wanted.get(key, 0.0)) for key in {*found, *wanted}}
    return {k: (a, b) for k, (a, b) in pairs.items() if not abs(a - b) <= TOLERANCE * largest}


@pytest.mark.parametrize("group", range(GROUPS))
def test_the_engine_pays_what_the_twin_pays(group: int) -> None:
    each = CONTRACTS // GROUPS
    wrong = {}
    for seed in range(group * each, (group + 1) * each):
        scenario = random_scenario(seed)
        given = given_for(scenario, seed)
        engine = by_engine(scenario, given)
        if found := difference(engine, by_twin(scenario, given)):
            wrong[seed] = found
        assert_within_limits(scenario, given, engine, seed)
    assert not wrong, f"{len(wrong)} of {each} contracts differ: {dict(list(wrong.items())[:3])}"


def assert_within_limits(scenario: Scenario, given: Given, paid: Amounts, seed: int) -> None:
    """What the investor and its classes are paid stays within the contract's limits."""
    limits, classes = scenario.limits, scenario.capital.classes
    names = {
        f"payments.{name}"
        for name, payment in scenario.payments.items()
        if payment.payee == "investor" or payment.payee in classes
    }
    periods = len(given.drawn)
    rows = [sum(x for (n, t), x in paid.items() if n in names and t == i) for i in range(periods)]
    slack = TOLERANCE * max((abs(x) for x in paid.values()), default=0.0)
    users = sum(cohort.service_users for cohort in scenario.cohorts.values())
    most = [
        limits.total and limits.total.value,
        limits.multiple and limits.multiple.value * sum(given.drawn),
        limits.per_service_user and limits.per_service_user.value * users,
    ]
    total = 0.0
    for row in rows:
        total += row
        # what an earlier instant left beyond a limit, because it was negative then, does not count
        assert row <= 0 or all(x is None or total <= x + slack for x in most), seed
        if limits.per_period is not None:
            assert row <= limits.per_period.value + slack, seed


def test_every_word_of_the_language_occurs_often() -> None:
    counted: Counter[str] = Counter()
    for seed in range(0, CONTRACTS, 5):
        counted += words_of(random_scenario(seed))
    for seed in range(WHOLE):
        counted += words_of(random_scenario(seed, whole=True))
    never = pending_words()
    rare = {word: counted[word] for word in vocabulary() if counted[word] < LEAST}
    assert not {word: n for word, n in rare.items() if word not in never}
