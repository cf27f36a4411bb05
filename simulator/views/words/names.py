"""What things in a scenario are called, in one language."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from simulator.scenario.contract import Measure, Payment
from simulator.scenario.model import Metric, Scenario
from simulator.scenario.numbers import Number
from simulator.views.language import Language

_CAPITAL_WORDS = {"cost", "capital_drawn", "capital_outstanding", "paid"}
_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


def within(title: str, language: Language) -> str:
    """A title as it stands inside a sentence: a common noun or an article loses its capital."""
    first = title.split(" ", 1)[0]
    common = language.say("party.common").split()
    return title[:1].lower() + title[1:] if first in common else title


def capitalised(sentence: str) -> str:
    """A sentence with a capital first letter."""
    return sentence[:1].upper() + sentence[1:]


def titled(title: str, text: str) -> str:
    """A sentence that begins with its title and a colon: what follows has a capital letter."""
    rest = text.removeprefix(f"{title}: ")
    return text if rest == text else f"{title}: {capitalised(rest)}"


def is_activity(payment: Payment) -> bool:
    """A payment on cost or capital alone is an activity payment; all others follow outcomes."""
    factors = {term.times for term in payment.terms if term.times is not None}
    of = {payment.of} if isinstance(payment.of, str) else set(payment.of)
    return of | factors <= _CAPITAL_WORDS


@dataclass(frozen=True)
class Names:
    """A scenario's names and amounts, said in one language."""

    scenario: Scenario
    language: Language

    def say(self, key: str, /, **values: object) -> str:
        """The text of this key, filled in."""
        return self.language.say(key, **values)

    def party(self, name: str) -> str:
        """A party's title; a party that is not listed keeps its role's name."""
        party = self.scenario.parties.get(name)
        if party is None and self.language.has(f"party.{name}"):
            return self.say(f"party.{name}")
        return self.language.title(party.title if party else None, name)

    def inside(self, name: str) -> str:
        """A party's title as it stands inside a sentence: “the region”, not “The region”."""
        return within(self.party(name), self.language)

    def group(self, party: str) -> str:
        """`The investor`, `The municipality`; the lead payer's own name where several pay."""
        several = {payer for p in self.scenario.payments.values() for payer in p.payers}
        if party == "municipality" and len(several | {"outcome_payer"}) > 1:
            return capitalised(self.party("outcome_payer"))
        return self.say(f"group.{party}")

    def payers(self, payment: Payment) -> str:
        """Who pays: one party, or several with their shares."""
        shares = payment.payers
        if len(shares) == 1:
            return self.inside(next(iter(shares)))
        parts = [
            f"{self.inside(name)} ({self.language.stated_percent(share)})"
            for name, share in shares.items()
        ]
        return self.language.join(parts)

    def cohort(self, name: str) -> str:
        """A cohort's title."""
        return self.language.title(self.scenario.cohorts[name].title, name)

    def metric(self, name: str) -> str:
        """A metric's title; `programme_cost` is one that every scenario has."""
        if name == "programme_cost":
            return self.say("name.programme_cost")
        metric = self.scenario.metrics.get(name)
        return self.language.title(metric.title if metric else None, name)

    def measure(self, name: str) -> str:
        """A measure's title in quotation marks, as the contract's own defined term."""
        measure = self.scenario.measures.get(name)
        return self.quote(self.language.title(measure.title if measure else None, name))

    def payment(self, name: str) -> str:
        """A payment's title, or its kind and name."""
        payment = self.scenario.payments.get(name)
        if payment is None or payment.title:
            return self.language.title(payment.title if payment else None, name)
        kind = self.say("payment.kind.activity" if is_activity(payment) else "payment.kind.outcome")
        return self.say("payment.kind.named", kind=kind, name=name.replace("_", " "))

    def guarantee(self, name: str) -> str:
        """A guarantee's title, or whose it is; its name too where that one gives several."""
        all_of_them = self.scenario.guarantees
        guarantee = all_of_them.get(name)
        if guarantee is None or guarantee.title:
            return self.language.title(guarantee.title if guarantee else None, name)
        called = self.say("guarantee.untitled", guarantor=self.inside(guarantee.guarantor))
        givers = [other.guarantor for other in all_of_them.values() if not other.title]
        if givers.count(guarantee.guarantor) == 1:
            return called
        return f"{called} ({self.language.title(None, name)})"

    def event(self, name: str) -> str:
        """An event's title in quotation marks."""
        event = self.scenario.events.get(name)
        return self.quote(self.language.title(event.title if event else None, name))

    def quote(self, text: str) -> str:
        """The text in the language's quotation marks."""
        return self.say("quote", text=text)

    def value(self, number: Number, unit: str) -> str:
        """A stated number in its unit; an uncertain one has no single value and is not for here."""
        return self.amount(number.value or 0.0, unit)

    def amount(self, value: float, unit: str) -> str:
        """A stated value in a unit: money, share, points (of a share), or any other word."""
        if unit == "money":
            return self.language.stated_money(value)
        if unit == "share":
            return self.language.stated_percent(value)
        if unit == "points":
            points = round(value * 100, 8)
            return self.points(self.language.stated(points), one=abs(points) == 1)
        return self.language.stated(value) + (f"\u00a0{unit}" if unit else "")

    def points(self, points: str, *, one: bool = False) -> str:
        """Percentage points, or the one."""
        return self.say("unit.points.one" if one else "unit.points", points=points)

    def years(self, value: float) -> str:
        """`6 years`, `1.5 years`."""
        noun = self.say(f"noun.year.{'one' if value == 1 else 'many'}")
        return f"{self.language.stated(value)}\u00a0{noun}"

    def period(self) -> str:
        """The grid's period in the singular."""
        return self.say(f"noun.{self.scenario.time.period.replace('-', '_')}.one")

    def unit_of(self, measure: Measure) -> str:
        """The unit in which a measure's value is read."""
        metric = self.scenario.metrics.get(measure.metric or "")
        quantity = measure.quantity or "saving"
        if quantity == "saving":
            return "money"
        if quantity == "relative effect":
            return "share"
        if metric is not None and metric.kind == "binary":
            return {"rate": "share", "effect per user": "points"}.get(quantity, "")
        return self.unit_of_metric(metric) if metric is not None else ""

    def unit_of_metric(self, metric: Metric) -> str:
        """The unit of a metric's own amounts: money, or the word the scenario gives."""
        if metric.kind == "amount" and metric.unit in (None, self.scenario.currency):
            return "money"
        return self.language.words(metric.unit)[0]

    def last_day(self) -> datetime.date:
        """The horizon's last day."""
        start, count = self.scenario.time.start, self.scenario.time.horizon.split()
        months = int(count[0]) * _MONTHS[count[1].removesuffix("s")]
        months += start.year * 12 + start.month - 1
        first = datetime.date(months // 12, months % 12 + 1, min(start.day, 28))
        return first - datetime.timedelta(days=1)
