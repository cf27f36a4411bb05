"""A payment's terms as one phrase, read from top to bottom.

The phrase has a head ("60 öre of each measured krona saved") and, once something has been said that
closes it ("at most 6 million"), a tail of clauses. A term that changes the value after that point
opens a new clause with "of this", so that the order of the terms stays the order of the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from simulator.scenario.contract import Level, Relative, Term
from simulator.views import numbers
from simulator.views.words.levels import CAPITAL, level_in_words, quantity
from simulator.views.words.names import Names

_MONEY = (*CAPITAL, "cost")  # what a rate can be multiplied by, so that it becomes money


@dataclass(frozen=True)
class Phrase:
    """What is paid so far: `head` and `tail`; `unit` of its value; `each` names one unit of it."""

    head: str
    unit: str
    each: str = "unit"
    saved: str | None = (
        None  # while it is the bare measured saving: which one, "" if there is one only
    )
    name: str = ""  # the payment's own name
    payee: str = ""
    owner: str = ""  # the payee where it is a class of capital, whose own capital is then meant
    ahead: tuple[Term, ...] = ()  # the terms that are still to come
    tail: tuple[str, ...] = ()
    delays: tuple[str, ...] = ()  # said where the sentence says when

    def then(self, clause: str) -> Phrase:
        """The phrase with one more clause."""
        return replace(self, tail=(*self.tail, clause), saved=None)

    @property
    def text(self) -> str:
        """Head and tail, comma by comma."""
        return ", ".join((self.head, *self.tail))


def apply_terms(phrase: Phrase, terms: Sequence[Term], names: Names) -> list[Phrase]:
    """The phrase as each term finds it, and at last after all of them."""
    found = [phrase]
    for place, term in enumerate(terms):
        phrase = replace(phrase, ahead=tuple(terms[place + 1 :]))
        key = next(key for key in Term.model_fields if getattr(term, key) is not None)
        phrase = _SAY[key](phrase, term, names)
        found.append(phrase)
    return found


def worth_unit(phrase: Phrase) -> str:
    """What a table or a price turns the value into: a rate where capital or cost multiplies it."""
    rate = any(t.times in _MONEY or t.compounded is not None for t in phrase.ahead)
    return "share" if rate else "money"


def _level(phrase: Phrase, level: Level, names: Names) -> str:
    """A term's level in the unit of the value that it meets."""
    return level_in_words(level, names, phrase.unit, phrase.owner)


def _above(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.above is not None
    level = _level(phrase, term.above, names)
    if phrase.tail:
        return phrase.then(names.say("term.above.then", level=level))
    head = names.say("term.above", of=phrase.head, level=level)
    return replace(phrase, head=head, saved=None)


def _price(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.price is not None
    price = (term.price.value or 0.0) / (100 if phrase.unit in ("share", "points") else 1)
    each = _each(phrase, names)
    unit = worth_unit(phrase)
    amount = names.amount(price, unit)
    if phrase.tail:
        clause = names.say("term.price.then", price=amount, each=each)
        return replace(phrase.then(clause), unit=unit, each="unit")
    head = names.say("term.price", of=phrase.head, price=amount, each=each)
    return replace(phrase, head=head, unit=unit, each="unit", saved=None)


def _each(phrase: Phrase, names: Names) -> str:
    """What one unit of the value is called, with the word that binds it to the value."""
    each = "unit" if phrase.each == "named" and not phrase.unit else phrase.each
    whole = numbers.coin(names.scenario.currency, names.language.lang)
    return names.say(f"each.{each}", unit=phrase.unit, whole=whole)


def _bands(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.bands is not None
    hundred = 100 if phrase.unit in ("share", "points") else 1
    each = _each(phrase, names)
    bands = [
        names.say(
            "term.band",
            price=names.amount((band.price.value or 0.0) / hundred, worth_unit(phrase)),
            above=names.value(band.above, phrase.unit),
        )
        for band in term.bands
    ]
    return _worth(phrase, names, "term.bands", each=each, bands=names.language.join(bands))


def _table(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.table is not None
    points = [
        names.say(
            f"term.table.{term.table.form}.point",
            at=names.amount(at, phrase.unit),
            value=names.amount(value, worth_unit(phrase)),
        )
        for at, value in term.table.points
    ]
    key = f"term.table.{term.table.form}"
    return _worth(phrase, names, key, points=names.language.join(points))


def _worth(phrase: Phrase, names: Names, key: str, **values: str) -> Phrase:
    """A term that turns the value into money by a list: it always ends the head."""
    if phrase.tail:
        after = phrase.then(names.say(f"{key}.then", **values))
    else:
        after = replace(phrase, head=names.say(key, of=phrase.head, **values))
    return replace(after, unit=worth_unit(phrase), each="unit", saved=None)


def _share(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.share is not None
    value = term.share.value or 0.0
    if value == 1:
        return replace(phrase, saved=None)
    share = names.language.stated_percent(value)
    if phrase.tail:
        return phrase.then(names.say("term.share.then", share=share))
    coins = numbers.coins(value, names.scenario.currency, names.language.lang)
    if phrase.saved is not None and coins is not None:
        head = names.say("term.share.saved", coins=coins[0], whole=coins[1], which=phrase.saved)
        return replace(phrase, head=head, each="unit", saved=None)
    return replace(phrase, head=names.say("term.share", share=share, of=phrase.head), saved=None)


def _at_most(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.at_most is not None
    return phrase.then(names.say("term.at_most", level=_level(phrase, term.at_most, names)))


def _at_least(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.at_least is not None
    if not isinstance(term.at_least, Relative) and term.at_least.value == 0:
        return phrase.then(names.say("term.at_least.zero"))
    return phrase.then(names.say("term.at_least", level=_level(phrase, term.at_least, names)))


def _if_at_least(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.if_at_least is not None
    level = _level(phrase, term.if_at_least, names)
    key = "term.if_at_least.then" if phrase.tail or phrase.unit == "money" else "term.if_at_least"
    return phrase.then(names.say(key, level=level))


def _times(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.times is not None
    measure = names.scenario.measures.get(term.times)
    unit = names.unit_of(measure) if measure else "money"
    what = quantity(term.times, phrase.payee, phrase.owner, names) or names.say(
        "of.measure", measure=names.measure(term.times)
    )
    after = phrase.then(names.say("term.times", what=what))
    return replace(after, unit=_product(phrase.unit, unit), each="unit")


def _product(one: str, other: str) -> str:
    """The unit of a product: money times anything is money, a share of anything keeps its unit."""
    if "money" in (one, other):
        return "money"
    shares = [unit in ("share", "points") for unit in (one, other)]
    return other if shares[0] else one if shares[1] else ""


def _less(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.less is not None
    what = quantity(term.less, phrase.payee, phrase.owner, names)
    if term.less == phrase.name:
        what = names.say("of.paid.own")
    elif not what:
        what = names.say("of.paid.other", payment=names.quote(names.payment(term.less)))
    return phrase.then(names.say("term.less", what=what))


def _compounded(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.compounded is not None
    years = names.years(term.compounded.value or 0.0)
    if phrase.tail:
        return replace(phrase.then(names.say("term.compounded.then", years=years)), unit="share")
    head = names.say("term.compounded", of=phrase.head, years=years)
    return replace(phrase, head=head, unit="share", each="unit", saved=None)


def _until_repaid(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.until_repaid is not None
    words = term.until_repaid
    shares = {
        key: names.value(getattr(words, key), "share") for key in ("interest", "share", "then")
    }
    what = quantity("capital_drawn", phrase.payee, phrase.owner, names)
    return phrase.then(names.say("term.until_repaid", what=what, **shares))


def _rounded(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.rounded is not None
    unit = names.value(term.rounded.to, phrase.unit)
    return phrase.then(names.say(f"term.rounded.{term.rounded.rule}", unit=unit))


def _uplift(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.uplift is not None
    rate = names.language.stated_percent(term.uplift.per_year.value or 0.0)
    since = names.language.day(term.uplift.since)
    return phrase.then(names.say("term.uplift", rate=rate, since=since))


def _after(phrase: Phrase, term: Term, names: Names) -> Phrase:
    assert term.after is not None
    duration = names.language.duration(term.after)
    return replace(phrase, delays=(*phrase.delays, names.say("term.after", duration=duration)))


_SAY = {
    "above": _above,
    "price": _price,
    "bands": _bands,
    "table": _table,
    "share": _share,
    "at_most": _at_most,
    "at_least": _at_least,
    "if_at_least": _if_at_least,
    "times": _times,
    "less": _less,
    "compounded": _compounded,
    "until_repaid": _until_repaid,
    "rounded": _rounded,
    "uplift": _uplift,
    "after": _after,
}
