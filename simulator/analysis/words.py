"""What the reserved designs are called and what was done to make them, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from babel.numbers import format_decimal

Texts = dict[str, str]

TITLES: Mapping[str, Texts] = {
    "nothing": {"sv": "Ingenting görs", "en": "Doing nothing"},
    "in_house": {"sv": "I egen regi", "en": "In-house"},
    "in_house_reinvested": {
        "sv": "I egen regi, marginalen går till fler",
        "en": "In-house, the margin spent on more people",
    },
    "internal_fund": {
        "sv": "Intern social investeringsfond",
        "en": "Internal social investment fund",
    },
}

_IN_HOUSE: Texts = {
    "sv": "Kommunen bär hela insatsens kostnad och hela risken: samma insats för samma personer, "
    "inget kapital, inga betalningar enligt kontraktet, inga garantier. Kommunens och andras egna "
    "kostnader för administration och utvärdering är kvar; investerarens och garantens "
    "faller bort, liksom de avbrott som bara kontraktet medför.",
    "en": "The municipality bears the whole cost of the programme and all of its risk: the same "
    "service to the same people, no capital, no payments under the contract, no guarantees. Costs "
    "of administration and evaluation stay with the municipality and others who bear them; the "
    "investor's and the guarantor's go, and so do ends that only the contract brings.",
}
_EFFECT: Texts = {
    "sv": "Antagande: effekten är {factor} av kontraktets.",
    "en": "Assumption: the effect is {factor} of the contract's.",
}
_SAME_EFFECT: Texts = {
    "sv": "Antagande: effekten är densamma som med kontraktet.",
    "en": "Assumption: the effect is the same as under the contract.",
}
_NOTHING: Texts = {
    "sv": "Ingen insats, inget kontrakt och inga kostnader för det: samma personer utan effekt. "
    "Det som återstår är vad de ändå skulle ha kostat jämfört med vad som väntades: i genomsnitt "
    "noll, i varje enskild framtid slump, och samma slump som i de andra uppläggen.",
    "en": "No programme, no contract and none of their costs: the same people without the effect. "
    "What is left is what they would have cost anyway, against what was expected: nothing on "
    "average, luck in each future, and the same luck as in the other designs.",
}
_REINVESTED: Texts = {
    "sv": "Marginalen, {margin}, går till fler personer: {after} i stället för {before}, till en "
    "kostnad som är lika mycket större. {source}",
    "en": "The margin, {margin}, is spent on more people: {after} instead of {before}, at a cost "
    "that is larger in proportion. {source}",
}
_MARGIN_LIMIT: Texts = {
    "sv": "Marginalen är den högsta avkastning som kontraktet medger.",
    "en": "The margin is the highest return that the contract allows.",
}
_MARGIN_EXPECTED: Texts = {
    "sv": "Kontraktet begränsar varken multipeln eller summan, så marginalen är investerarens "
    "väntade vinst delad med det kapital som väntas dras.",
    "en": "The contract limits neither the multiple nor the total, so the margin is the investor's "
    "expected profit over the capital drawn on average.",
}
_FUND: Texts = {
    "sv": "Kommunens egen sociala investeringsfond betalar insatsen. De nämnder vars kostnader "
    "minskar betalar varje år tillbaka {share} av sin realiserade besparing hittills, den del som "
    "budgeten kan frigöra, tills fonden har fått igen sitt utlägg, utan ränta. För kommunen som "
    "helhet är det som i egen regi.",
    "en": "The municipality's own social investment fund pays for the programme. Each year the "
    "committees whose costs fall pay back {share} of their realised saving to date, the part that "
    "the budget can release, until the fund has its outlay back, without interest. For the "
    "municipality as a whole it is as in-house.",
}


def percent(value: float, lang: str) -> str:
    """A share with at most one decimal: `20 %`, `12.5%`."""
    number = format_decimal(
        round(value * 100, 1), format="#,##0.#", locale="sv_SE" if lang == "sv" else "en_GB"
    )
    return f"{number}\u00a0%" if lang == "sv" else f"{number}%"


def made_nothing() -> Texts:
    """What `@nothing` is."""
    return dict(_NOTHING)


def made_in_house(same_effect: float) -> Texts:
    """What `@in_house` is."""
    return {lang: f"{_IN_HOUSE[lang]} {_effect(same_effect, lang)}" for lang in _IN_HOUSE}


def made_reinvested(
    same_effect: float, margin: float, people: tuple[int, int], *, limited: bool
) -> Texts:
    """What `@in_house_reinvested` is; `people` before and after."""
    source = _MARGIN_LIMIT if limited else _MARGIN_EXPECTED
    return {
        lang: " ".join(
            (
                _IN_HOUSE[lang],
                _REINVESTED[lang].format(
                    margin=percent(margin, lang),
                    before=people[0],
                    after=people[1],
                    source=source[lang],
                ),
                _effect(same_effect, lang),
            )
        )
        for lang in _IN_HOUSE
    }


def made_fund(same_effect: float, share: float) -> Texts:
    """What `@internal_fund` is."""
    return {
        lang: f"{text.format(share=percent(share, lang))} {_effect(same_effect, lang)}"
        for lang, text in _FUND.items()
    }


def _effect(factor: float, lang: str) -> str:
    if factor == 1.0:
        return _SAME_EFFECT[lang]
    return _EFFECT[lang].format(factor=percent(factor, lang))
