"""Words of the language: which are computed already, and how often a scenario uses each."""

from collections import Counter
from functools import cache
from typing import Literal, get_args, get_origin

from pydantic import BaseModel

from simulator.scenario import contract, model, risks
from simulator.scenario.numbers import Number
from simulator.scenario.rules import pending

TALK = ("title", "grade", "source", "note", "year", "deadweight", "target")
"""Keys that no amount depends on."""

TABLES = (
    contract.Relative,
    contract.Band,
    contract.Steps,
    contract.UntilRepaid,
    contract.Rounded,
    contract.Uplift,
    contract.Term,
    contract.Condition,
    contract.Payment,
    contract.AnnualReturn,
    contract.Limits,
    contract.Shock,
    contract.Spending,
    contract.CapitalClass,
    contract.Capital,
    contract.Guarantee,
    risks.Event,
)
"""The tables of which every word must occur: contract, capital, guarantees and events."""


def is_computed(table: type[BaseModel], key: str) -> bool:
    """False for a word that this version refuses as not computed yet."""
    return key not in pending.PENDING.get(table, ())


def several_payers_computed() -> bool:
    """Whether a payment may have several payers."""
    return not hasattr(pending, "several_payers")


def stocks_computed() -> bool:
    """Whether a payment may be of what is outstanding or has been paid."""
    return not hasattr(pending, "payments_of_stocks")


@cache
def _keys(table: type[BaseModel]) -> list[tuple[str, bool, object]]:
    """(key, whether it is a choice of texts, its default) of each field."""
    return [
        (key, bool(_choices(field.annotation)), field.get_default(call_default_factory=True))
        for key, field in table.model_fields.items()
    ]


def _choices(annotation: object) -> list[str]:
    """Texts that a field may be, where it is a choice of texts."""
    if get_origin(annotation) is Literal:
        return [value for value in get_args(annotation) if isinstance(value, str)]
    return [choice for part in get_args(annotation) for choice in _choices(part)]


def vocabulary() -> list[str]:
    """Every word: `Term.above`, and `Guarantee.reading=floor` where a key is a choice of texts."""
    words = []
    for table in TABLES:
        for key, field in table.model_fields.items():
            if key in TALK:
                continue
            choices = _choices(field.annotation)
            words += [f"{table.__name__}.{key}={choice}" for choice in choices]
            if not choices:
                words.append(f"{table.__name__}.{key}")
    return words


NEEDS = {
    "Rounded": (contract.Term, "rounded"),
    "UntilRepaid": (contract.Term, "until_repaid"),
    "CapitalClass": (contract.Capital, "classes"),
    "Shock": (contract.Spending, "shock"),
    "Event": (model.Scenario, "events"),
    "Condition.sides": (contract.Condition, "significant"),
    "Condition.paid": (contract.Condition, "payment"),
}
"""Tables and words that only another word leads to."""


def pending_words() -> set[str]:
    """Words that are refused as not computed yet, and those that only they lead to."""
    refused = {
        f"{table.__name__}.{key}"
        for table in TABLES
        for key in table.model_fields
        if not is_computed(table, key)
    }
    behind = {name for name, (table, key) in NEEDS.items() if not is_computed(table, key)}
    return {
        word
        for word in vocabulary()
        if word.split("=")[0] in refused | behind or word.split(".")[0] in behind
    }


def words_of(value: object) -> Counter[str]:
    """How often each word is used; a default that is a choice of texts counts as used."""
    found: Counter[str] = Counter()
    _count(value, found)
    return found


def _count(value: object, found: Counter[str]) -> None:
    if isinstance(value, Number):
        return
    if isinstance(value, BaseModel):
        for key, is_choice, default in _keys(type(value)):
            item = getattr(value, key)
            name = f"{type(value).__name__}.{key}"
            if is_choice and isinstance(item, str):
                found[f"{name}={item}"] += 1
            elif item is not None and item != default:
                found[name] += 1
            _count(item, found)
    elif isinstance(value, dict):
        for item in value.values():
            _count(item, found)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _count(item, found)
