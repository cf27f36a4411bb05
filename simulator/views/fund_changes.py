"""What a fund's design agrees otherwise in its contracts, in words: no key of a file."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.analysis.inputs import flattened
from simulator.fund.model import Changed, Design, Fund, Kind
from simulator.fund.pipeline import contract_file, load_contract, overrides_of
from simulator.scenario.load import variant_titles
from simulator.scenario.model import Scenario
from simulator.views.inputs import InputRow, every_input
from simulator.views.language import Language

_MOST = 8
"""More changed numbers than that are named without their values."""


def changes_in_words(words: Design, fund: Fund, language: Language) -> list[str]:
    """What is agreed otherwise, kind by kind; where that is much, only what it concerns."""
    titles = {kind: language.title(fund.pipeline[kind].title, kind) for kind in words.changes}
    rows = {
        kind: rows_of(fund, fund.pipeline[kind], changed, language)
        for kind, changed in words.changes.items()
    }
    if sum(map(len, rows.values())) > _MOST:
        named = dict.fromkeys(row.label for found in rows.values() for row in found)
        kinds = language.join(list(titles.values()))
        return [language.say("fund.terms.changed_many", kinds=kinds, what="; ".join(named))]
    return [
        sentence
        for kind, changed in words.changes.items()
        for sentence in _of_kind(
            titles[kind], changed, fund.pipeline[kind], rows[kind], fund, language
        )
    ]


def _of_kind(
    title: str,
    changed: Changed,
    kind: Kind,
    rows: list[InputRow],
    fund: Fund,
    language: Language,
) -> Iterator[str]:
    """The variants by their titles, each number with its value before, and what that costs."""
    said = [*_variants(fund, kind, changed, language), *(_row(row, language) for row in rows)]
    if said:
        yield language.say("fund.terms.changed", kind=title, what="; ".join(said))
    if changed.cost.value:
        amount = language.stated_money(changed.cost.value)
        yield language.say("fund.terms.changed_cost", amount=amount)


def _variants(fund: Fund, kind: Kind, changed: Changed, language: Language) -> list[str]:
    """What the variants are called."""
    where = contract_file(fund.folder, kind.scenario)
    found = []
    for name in changed.variants:
        titles = variant_titles(f"{where}@{name}")
        title = language.title(titles[0], name) if titles else name.replace("_", " ")
        found.append(title[:1].lower() + title[1:])
    return found


def rows_of(fund: Fund, kind: Kind, changed: Changed, language: Language) -> list[InputRow]:
    """The inputs that `set` changes beside the variants, each with its value before and after."""
    if not changed.set:
        return []
    before, after = _contracts(fund, kind, changed)
    old, new = flattened(before), flattened(after)
    keys = [key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]
    groups = every_input([{"key": key} for key in keys], [before, after], language)
    return [row for group in groups for row in group.rows]


def _contracts(fund: Fund, kind: Kind, changed: Changed) -> tuple[Scenario, Scenario]:
    """The contract with the design's variants, without and with what it sets."""
    variants, offered = (*kind.variants, *changed.variants), overrides_of(kind.set)
    more = (*offered, *overrides_of(changed.set))
    return (
        load_contract(fund.folder, kind.scenario, variants, offered),
        load_contract(fund.folder, kind.scenario, variants, more),
    )


def _row(row: InputRow, language: Language) -> str:
    """`Activity payment: share, term 1: 0% instead of 40%`."""
    old, new = row.values
    if new is None:
        return language.say("fund.change.gone", what=row.label)
    if old is None:
        return language.say("fund.change.new", what=row.label, value=new)
    return language.say("fund.change", what=row.label, value=new, before=old)
