"""Random payments: sentences of terms, conditions, payers and limits (seeded, always valid)."""

from __future__ import annotations

import datetime
from random import Random
from typing import Any

from simulator.scenario.contract import Condition, Payment, Relative, Term
from tests.fuzz.words import is_computed, several_payers_computed, stocks_computed

Table = dict[str, Any]
NOT_MONEY = ("count", "rate", "effect", "effect per user", "relative effect")


class Sentences:
    """Makes payments for one scenario: `measures` by name with their quantity and typical size."""

    def __init__(self, rng: Random, measures: dict[str, Table], cohorts: list[str], scale: float):
        self.rng, self.measures, self.cohorts, self.scale = rng, measures, cohorts, scale
        self.classes: list[str] = []
        self.ends: list[str] = []  # events that can end the contract
        self.terminates = False

    # --- small things ---

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def amount(self, low: float = 0.02, high: float = 1.5) -> float:
        return round(self.scale * self.rng.uniform(low, high), 2) + 0.01

    def months(self, most: int = 14) -> str:
        return f"{self.rng.randint(1, most)} months"

    def factor(self, low: float = 0.05, high: float = 1.2) -> float:
        return round(self.rng.uniform(low, high), 4)

    def points(self, size: float, top: float, number: int = 4) -> list[list[float]]:
        """Ascending inputs up to about `size`, any values up to `top`."""
        inputs = sorted({round(self.rng.uniform(-0.2, 1.3) * size, 6) for _ in range(number)})
        return [[x, round(self.rng.uniform(0, top), 3)] for x in inputs]

    def level(self, size: float, money: bool = True) -> Any:
        """A number of about this size, a multiple, or a level by year or by capital drawn."""
        forms = ["number"] * 3
        forms += [key for key in Relative.model_fields if is_computed(Relative, key)]
        if not money:
            forms = [form for form in forms if not form.startswith("of_")]
        form = self.rng.choice(forms)
        if form == "number":
            return round(size * self.rng.uniform(0.05, 1.3), 6)
        if form == "by_year":
            return {form: [round(size * self.rng.uniform(0.05, 1.3), 6) for _ in range(3)]}
        if form == "by_drawn":
            return {form: self.points(self.scale, size, 3)}
        return {form: self.factor()}

    # --- terms ---

    def terms(self, size: float, in_money: bool) -> list[Table]:
        """From a value of about `size` to money: some words before, the price, some after."""
        if in_money:
            return self.some_terms(self.scale, self.rng.randint(1, 4))
        terms = self.some_terms(size, self.rng.randint(0, 2), money=False)
        terms += self.into_money(size)
        return terms + self.some_terms(self.scale, self.rng.randint(0, 3))

    def into_money(self, size: float) -> list[Table]:
        per_unit = self.scale / size
        words = ["price", "bands", "table", "times", "compounded"]
        word = self.rng.choice([w for w in words if is_computed(Term, w)])
        if word == "price":
            return [{"price": round(per_unit * self.rng.uniform(0.1, 1.5), 4)}]
        if word == "bands":
            starts = sorted({round(self.rng.uniform(0, 1.2) * size, 6) for _ in range(3)})
            prices = [round(per_unit * self.rng.uniform(-0.2, 1.5), 4) for _ in starts]
            return [
                {"bands": [{"above": x, "price": y} for x, y in zip(starts, prices, strict=True)]}
            ]
        if word == "times":
            return [self.table(size, 1.4), {"times": self.rng.choice(["capital_drawn", "cost"])}]
        if word == "compounded":  # a rate by a table, over some years, on what was drawn
            years = round(self.rng.uniform(0, 6), 1)
            return [self.table(size, 0.1), {"compounded": years}, {"times": "capital_drawn"}]
        return [self.table(size, self.scale)]

    def table(self, size: float, top: float) -> Table:
        form = self.rng.choice(["stepped", "interpolated"])
        return {"table": {"points": self.points(size, top), "form": form}}

    def some_terms(self, size: float, number: int, money: bool = True) -> list[Table]:
        words = ["above", "share", "at_most", "at_least", "if_at_least", "bands", "table"]
        words += ["uplift", "rounded", "less", "times", "until_repaid", "after"] if money else []
        words = [word for word in words if is_computed(Term, word)]
        return [self.term(self.rng.choice(words), size, money) for _ in range(number)]

    def term(self, word: str, size: float, money: bool) -> Table:
        """One word at a value of about `size`."""
        rng = self.rng
        if word in ("above", "at_most", "at_least", "if_at_least"):
            return {word: self.level(size * (0.5 if word in ("above", "at_least") else 1.0), money)}
        if word == "share":
            return {word: round(rng.uniform(-0.2, 1.0), 3)}
        if word == "bands":
            starts = sorted({round(rng.uniform(0, 1.2) * size, 6) for _ in range(3)})
            return {word: [{"above": x, "price": self.factor()} for x in starts]}
        if word == "table":
            return self.table(size, size)
        if word == "uplift":
            since = datetime.date(2018, 1, 1) + datetime.timedelta(days=rng.randint(0, 1500))
            return {word: {"per_year": round(rng.uniform(-0.02, 0.06), 4), "since": since}}
        if word == "rounded":
            rule = rng.choice(["nearest", "down", "up"])
            return {word: {"to": round(size * rng.choice([0.01, 0.1, 0.25]), 6), "rule": rule}}
        if word == "less":
            return {word: rng.choice(["cost", "capital_drawn", "paid", "itself"])}
        if word == "times":
            names = [
                n for n, m in self.measures.items() if m["quantity"] in ("rate", "effect per user")
            ]
            return {word: rng.choice(names)} if names else {"share": self.factor(0.1, 1.0)}
        if word == "until_repaid":
            interest, share = round(rng.uniform(0, 0.08), 3), self.factor(0.2, 1.0)
            then = round(rng.uniform(0, 1), 3)
            return {word: {"interest": interest, "share": share, "then": then}}
        return {"after": self.months()}

    # --- payments ---

    def payments(self, number: int) -> dict[str, Table]:
        names = self.rng.sample(["alpha", "beta", "gamma", "delta", "epsilon"], number)
        made: dict[str, Table] = {}
        for name in names:
            made[name] = self.payment(name, made)
        if is_computed(Payment, "principal") and self.chance(0.3):
            for payment in made.values():
                if payment.get("payee", "investor") != "service_provider" and self.chance(0.6):
                    payment["principal"] = True
        return made

    def payment(self, name: str, others: dict[str, Table]) -> Table:
        payment = self.subject()
        for term in payment["terms"]:
            if term.get("less") == "itself":
                names = [name, *others] if is_computed(Condition, "payment") else [name]
                term["less"] = self.rng.choice(names)
        if payment.get("paid") != "as delivered":
            self.add_conditions(payment, others)
            payment.setdefault("paid", self.rng.choice(["after evaluation"] * 3 + ["at end"]))
        if is_computed(Payment, "limit") and self.chance(0.3):
            payment["limit"] = self.level(self.scale)
        self.add_parties(payment)
        if self.ends and is_computed(Payment, "if_terminated"):
            self.add_end(payment)
        return payment

    def subject(self) -> Table:
        """What is paid for, with terms that make it money."""
        kind = self.rng.choice(["measure"] * 6 + ["weights", "cost", "capital_drawn", "stock"])
        if kind == "stock" and stocks_computed():
            of = self.rng.choice(["capital_outstanding", "paid"])
            terms = [{"share": self.factor(0.01, 0.2)}, *self.some_terms(self.scale / 10, 1)]
            return {"of": of, "per": self.rng.choice(["contract", "period"]), "terms": terms}
        if kind in ("cost", "capital_drawn"):
            payment: Table = {"of": kind, "terms": [{"share": self.factor(0.05, 0.6)}]}
            if self.chance(0.6):
                payment["paid"] = "as delivered"
                payment["terms"] += self.some_terms(self.scale / 5, self.rng.randint(0, 1))
                payment["terms"] = [
                    t for t in payment["terms"] if t.get("times") not in self.measures
                ]
            else:
                payment["terms"] += self.some_terms(self.scale, self.rng.randint(0, 2))
            return payment
        names = list(self.measures)
        first = self.rng.choice(names)
        per = self.rng.choice(["contract"] * 3 + ["cohort", "period"])
        if kind == "weights":
            same = [
                n for n in names if self.measures[n]["cohorts"] == self.measures[first]["cohorts"]
            ]
            of = {n: self.factor() for n in self.rng.sample(same, min(2, len(same)))}
            return {"of": of, "per": per, "terms": self.terms(self.measures[first]["size"], False)}
        measure = self.measures[first]
        in_money = measure["quantity"] == "saving"
        return {"of": first, "per": per, "terms": self.terms(measure["size"], in_money)}

    def add_conditions(self, payment: Table, others: dict[str, Table]) -> None:
        found = []
        for _ in range(self.rng.choice([0, 0, 0, 1, 1, 2])):
            if others and is_computed(Condition, "payment") and self.chance(0.4):
                other = self.rng.choice(sorted(others))
                found.append({"payment": other, "paid": self.chance(0.7)})
            else:
                found.append(self.condition())
        if found:
            payment["when"] = found[0] if len(found) == 1 and self.chance(0.5) else found

    def condition(self) -> Table:
        name = self.rng.choice(sorted(self.measures))
        measure = self.measures[name]
        low = round(measure["size"] * self.rng.uniform(-0.3, 0.6), 6)
        form = self.rng.choice(["at_least", "below", "both", "significant"])
        if form == "significant" and is_computed(Condition, "significant") and measure["tested"]:
            level = self.rng.choice([0.05, 0.2, 0.4])
            return {"measure": name, "significant": level, "sides": self.rng.choice([1, 2])}
        if form == "below":
            return {"measure": name, "below": round(low + measure["size"] * 0.7, 6)}
        if form == "both":
            high = round(low + measure["size"] * 0.7, 6)
            return {"measure": name, "at_least": low, "below": high}
        return {"measure": name, "at_least": low}

    def add_parties(self, payment: Table) -> None:
        if several_payers_computed() and self.chance(0.3):
            payment["payer"] = {"outcome_payer": 0.625, "region": 0.375}
        elif self.chance(0.15):
            payment["payer"] = "region"
        payees = ["investor"] * 5 + ["service_provider"] + self.classes
        payment["payee"] = self.rng.choice(payees)

    def add_end(self, payment: Table) -> None:
        if payment.get("paid") == "as delivered":
            return
        rules = ["paid", "forfeited"]
        if payment.get("per") != "period":
            rules.append("only then")
        payment["if_terminated"] = self.rng.choice(rules)
        if self.chance(0.3):
            payment["terminated_by"] = self.rng.sample(self.ends, 1)
