"""What knowing more is worth, in words and tables: for the terminal and the reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from simulator.scenario.model import Scenario
from simulator.views.amounts import Amounts
from simulator.views.deciding import Deciding
from simulator.views.language import Language
from simulator.views.lines import aligned, wrap
from simulator.views.numbers import NOTHING, Lang
from simulator.views.words.names import capitalised

Data = Mapping[str, Any]
SURE = 2.0
"""Standard errors above which a value is told apart from nothing."""
SEEN = 0.01
"""Share of what perfect knowledge is worth from which a number has a row of its own."""
NOT_SIGNING = "not signing"
_WIDEST = 52  # characters of a row's name on a terminal


@dataclass(frozen=True)
class Listing:
    """A table as text: the first column names the row; `kinds` marks totals."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: int = 0
    notes: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[Literal["", "total"], ...]:
        """One for each row: the last ones may be totals."""
        plain = len(self.rows) - self.totals
        return tuple("" if k < plain else "total" for k in range(len(self.rows)))


@dataclass(frozen=True)
class Known:
    """The analysis in one language; `parties` are those whose decisions are told, all if empty."""

    data: Data
    deciding: Deciding
    parties: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: Data, scenario: Scenario, lang: Lang) -> Known:
        """For everybody."""
        return cls(data, Deciding.of(scenario, lang))

    @property
    def language(self) -> Language:
        """The reader's language."""
        return self.deciding.language

    def decisions(self, question: str) -> list[Data]:
        """The decisions of one kind that are told."""
        return [
            found
            for found in self.data["decisions"]
            if found["question"] == question
            and (not self.parties or found["party"] in self.parties)
        ]

    def party(self, name: str) -> str:
        """The party, with a capital letter."""
        if name in ("municipality", "investor"):
            return self.language.say(f"group.{name}")
        return capitalised(self.deciding.names.party(name))

    def design(self, name: str) -> str:
        """A design's title, or the option of doing nothing."""
        if name == NOT_SIGNING:
            return self.language.say("information.not_signing")
        titles = {design["name"]: design["title"] for design in self.data["designs"]}
        return self.language.title(titles.get(name), name)

    def number(self, key: str) -> str:
        """What a number is called; a truth behind what was observed has a name of its own."""
        if "/truth/" in key:
            metric = key.rsplit(".", 1)[-1]
            return self.language.say("information.truth", metric=self.deciding.names.metric(metric))
        return self.deciding.key(key)


def information_lines(data: Data, scenario: Scenario, lang: Lang) -> list[str]:
    """Sentences and tables for the terminal."""
    known = Known.of(data, scenario, lang)
    lines = wrap(known.language.say("information.intro"))
    for sentence in sentences(known):
        lines += ["", *wrap(sentence)]
    for listing in listings(known):
        lines += ["", *wrap(listing.caption)]
        columns = range(1, len(listing.heads))
        rows = [(_short(label), *cells) for label, *cells in listing.rows]
        lines += aligned([("", *listing.heads[1:]), *rows], columns)
        for note in listing.notes:
            lines += wrap(note, "  · ", hanging="    ")
    return lines


def _short(label: str) -> str:
    return label if len(label) <= _WIDEST else f"{label[: _WIDEST - 1].rstrip()}…"


def sentences(known: Known) -> list[str]:
    """One paragraph for each decision, and one on the curves."""
    said = [_decision(known, found) for found in known.decisions("sign")]
    said += [_choice(known, found) for found in known.decisions("choose")]
    return said


def _decision(known: Known, found: Data) -> str:
    say, language = known.language.say, known.language
    signing = found["best"] != NOT_SIGNING
    act = found["options"][1]
    parts = [
        say(
            "information.sign" if signing else "information.refrain",
            party=known.party(found["party"]),
            mean=language.money(act["mean"]["estimate"], sign=True),
            basis=say(f"information.basis.{found['basis'].replace(' ', '_')}"),
        )
    ]
    return " ".join([*parts, *_perfect(known, found)])


def _choice(known: Known, found: Data) -> str:
    say, language = known.language.say, known.language
    options = {option["name"]: option for option in found["options"]}
    best, most = options[found["best"]], options[found["most_probable"]]
    parts = [
        say(
            "information.choose",
            party=known.party(found["party"]),
            best=known.design(found["best"]),
            mean=language.money(best["mean"]["estimate"], sign=True),
            basis=say(f"information.basis.{found['basis'].replace(' ', '_')}"),
            chance=language.percent(best["probability_best"]),
        )
    ]
    if most is not best:
        parts.append(
            say(
                "information.more_often",
                most=known.design(found["most_probable"]),
                chance=language.percent(most["probability_best"]),
            )
        )
    return " ".join([*parts, *_perfect(known, found)])


def _perfect(known: Known, found: Data) -> list[str]:
    """What all knowledge is worth, and which number most."""
    say, language, perfect = known.language.say, known.language, found["perfect"]
    if perfect["changes"] == 0.0:
        return [say("information.nothing")]
    if perfect["estimate"] <= SURE * perfect["standard_error"]:
        return [
            say(
                "information.little",
                chance=language.percent(perfect["changes"]),
                error=language.money(perfect["standard_error"]),
            )
        ]
    parts = [
        say(
            "information.perfect",
            value=language.money(max(perfect["estimate"], 0.0)),
            error=language.money(perfect["standard_error"]),
            chance=language.percent(perfect["changes"]),
        )
    ]
    first = found["numbers"][0] if found["numbers"] else None
    if first is not None and len(found["numbers"]) > 1 and _is_seen(first, perfect):
        parts.append(
            say(
                "information.most",
                number=known.number(first["number"]),
                value=language.money(first["estimate"]),
            )
        )
    return parts


def listings(known: Known) -> list[Listing]:
    """Every table: numbers, studies, precision, curves."""
    found = [numbers_listing(known, question) for question in ("sign", "choose")]
    found += [studies_listing(known)]
    found += [
        precision_listing(known, entry, is_first=k == 0)
        for k, entry in enumerate(known.data["precision"])
    ]
    found += [curves_listing(known)]
    return [listing for listing in found if listing is not None]


def _is_seen(entry: Data, perfect: Data) -> bool:
    """Whether knowing it is worth something that can be told."""
    sure = entry["estimate"] > SURE * entry["standard_error"]
    return bool(sure and entry["estimate"] >= SEEN * perfect["estimate"])


def ordered(known: Known, question: str) -> list[str]:
    """Numbers that are worth knowing to somebody, from the most that any party gains by one."""
    most: dict[str, float] = {}
    for found in known.decisions(question):
        for entry in found["numbers"]:
            if _is_seen(entry, found["perfect"]):
                name = entry["number"]
                most[name] = max(most.get(name, 0.0), entry["estimate"])
    return sorted(most, key=lambda name: -most[name])


def numbers_listing(known: Known, question: str) -> Listing | None:
    """Numbers and groups as rows, parties as columns, each with its standard error."""
    decisions = known.decisions(question)
    if not decisions or not any(found["perfect"]["changes"] for found in decisions):
        return None
    say = known.language.say
    amounts = Amounts.of(known.language, [d["perfect"]["estimate"] for d in decisions])
    shown = ordered(known, question)
    rows = [
        (known.number(name), *_worths(decisions, amounts, lambda d, n=name: _entry(d, n)))
        for name in shown
    ]
    for place, group in enumerate(decisions[0]["groups"]):
        label = " + ".join(known.number(name) for name in group["numbers"])
        rows.append((label, *_worths(decisions, amounts, lambda d, k=place: d["groups"][k])))
    rows.append((say("information.all"), *_worths(decisions, amounts, lambda d: d["perfect"])))
    left = [e["number"] for e in decisions[0]["numbers"] if e["number"] not in shown]
    notes = [say("information.note")] if question == "sign" else []
    if left and question == "sign":
        listed = "; ".join(known.number(name) for name in left)
        notes.append(say("information.left", numbers=listed))
    return Listing(
        say(f"information.table.{question}", unit=amounts.unit),
        (say("information.number"), *_heads(known, decisions)),
        tuple(rows),
        1,
        tuple(notes),
    )


def _entry(decision: Data, number: str) -> Data:
    found: Data = next(e for e in decision["numbers"] if e["number"] == number)
    return found


def _worths(decisions: Sequence[Data], amounts: Amounts, of: Any) -> list[str]:
    """Value and standard error for each decision."""
    cells: list[str] = []
    for decision in decisions:
        entry = of(decision)
        cells += [
            amounts.text(max(entry["estimate"], 0.0)),
            amounts.text(entry["standard_error"]),
        ]
    return cells


def _heads(known: Known, decisions: Sequence[Data]) -> list[str]:
    error = known.language.say("information.error")
    return [head for found in decisions for head in (known.party(found["party"]), error)]


def study_label(known: Known, name: str) -> str:
    """A study as it is asked for, in words."""
    say = known.language.say
    parts = dict(part.split("=", 1) for part in name.split(", "))
    if "number" in parts:
        error = known.language.stated(float(parts["error"]))
        return say("information.study.number", number=known.number(parts["number"]), error=error)
    kind = "pilot" if "pilot" in parts else "baseline"
    label = say(
        f"information.study.{kind}",
        metric=known.deciding.names.metric(parts[kind]),
        n=known.language.decimal(int(parts["n"])),
    )
    if "comparison" in parts:
        count = known.language.decimal(int(parts["comparison"]))
        label += say("information.study.comparison", n=count)
    if "years" in parts:
        label += say("information.study.years", years=known.language.decimal(int(parts["years"])))
    return label


def studies_listing(known: Known) -> Listing | None:
    """Studies as rows: what each is worth to each party, its cost, and what is left."""
    decisions = known.decisions("sign")
    if not decisions or not decisions[0]["studies"]:
        return None
    say = known.language.say
    every = [s for d in decisions for s in d["studies"]]
    values = [x for s in every for x in (s["estimate"], s["cost"], s["net"])]
    amounts = Amounts.of(known.language, values)
    rows = []
    for place, study in enumerate(decisions[0]["studies"]):
        nets = [d["studies"][place]["net"] for d in decisions]
        rows.append(
            (
                study_label(known, study["study"]),
                *_worths(decisions, amounts, lambda d, k=place: d["studies"][k]),
                NOTHING if study["cost"] is None else amounts.text(study["cost"]),
                *(NOTHING if net is None else amounts.text(net) for net in nets),
            )
        )
    return Listing(
        say("information.table.studies", unit=amounts.unit),
        (
            say("information.study"),
            *_heads(known, decisions),
            say("information.cost"),
            *(say("information.net", party=known.party(d["party"])) for d in decisions),
        ),
        tuple(rows),
        0,
        (say("information.studies.note"),),
    )


def change_label(known: Known, entry: Data) -> str:
    """A change of measurement: a variant's title, or a key and what it is set to."""
    if entry["title"]:
        return known.language.title(entry["title"], entry["change"])
    key, _, value = str(entry["change"]).partition("=")
    try:
        said = known.deciding.exactly(key.strip(), float(value.replace("_", "")))
    except ValueError:
        said = value.strip()
    return f"{known.deciding.key(key.strip())}: {said}"


def precision_listing(known: Known, entry: Data, *, is_first: bool = True) -> Listing:
    """One change inside the contract: each party's mean and worst mean, summing to −cost."""
    say, names = known.language.say, known.deciding.names
    moved = [p for p in entry["parties"] if p["mean_change"]["standard_error"] or _moves(p)]
    parts = ("mean_change", "payments_change", "worst_change", "worst_payments_change")
    amounts = Amounts.of(
        known.language, [p[part]["estimate"] for p in moved for part in parts] + [entry["cost"]]
    )
    blank = ("", "", "", "", "")
    rows = [
        (
            capitalised(names.party(party["party"])),
            amounts.text(party["mean_change"]["estimate"]),
            amounts.text(party["mean_change"]["standard_error"]),
            amounts.text(party["payments_change"]["estimate"]),
            amounts.text(party["worst_change"]["estimate"]),
            amounts.text(party["worst_change"]["standard_error"]),
            amounts.text(party["worst_payments_change"]["estimate"]),
        )
        for party in moved
    ]
    if entry["cost"] is not None and entry["cost_to"] is None:
        rows.append((say("information.unborne"), amounts.text(-entry["cost"]), *blank))
    rows.append((say("information.sum"), amounts.text(entry["total"]), *blank))
    return Listing(
        say("information.table.precision", change=change_label(known, entry), unit=amounts.unit),
        tuple(
            say(f"information.precision.{head}")
            for head in ("party", "mean", "error", "payments", "worst", "error", "payments")
        ),
        tuple(rows),
        1,
        tuple(_precision_notes(known, entry, is_first)),
    )


def measuring(known: Known) -> Iterator[str]:
    """A sentence for each change inside the contract: what it moves in payments, and to whom."""
    say, names = known.language.say, known.deciding.names
    for entry in known.data["precision"]:
        change = change_label(known, entry)
        moved = [(p["payments_change"], p["party"]) for p in entry["parties"]]
        gains = [row for row in moved if row[0]["estimate"] > SURE * row[0]["standard_error"]]
        losses = [row for row in moved if -row[0]["estimate"] > SURE * row[0]["standard_error"]]
        if not gains or not losses:
            yield say("information.council.same", change=change)
            continue
        most = max(gains, key=lambda row: row[0]["estimate"])
        yield say(
            "information.council.moves",
            change=change,
            amount=known.language.money(most[0]["estimate"]),
            taker=known.language.join([names.inside(party) for _, party in gains]),
            giver=known.language.join([names.inside(party) for _, party in losses]),
        )


def _moves(party: Data) -> bool:
    return bool(abs(party["mean_change"]["estimate"]) > 0.5)


def _precision_notes(known: Known, entry: Data, is_first: bool) -> list[str]:
    say, language = known.language.say, known.language
    notes = [say("information.precision.note")] if is_first else []
    real = entry["real"]
    if abs(real["estimate"]) > 0.5 or real["standard_error"] > 0.5:
        sure = abs(real["estimate"]) > SURE * real["standard_error"]
        notes.append(
            say(
                "information.precision.real" if sure else "information.precision.noise",
                value=language.money(real["estimate"], sign=True),
                error=language.money(real["standard_error"]),
            )
        )
    if entry["cost"] is None:
        notes.append(say("information.precision.no_cost"))
    return notes


def letters(options: Sequence[str]) -> dict[str, str]:
    """A letter for each design, in order."""
    return {name: chr(ord("A") + k) for k, name in enumerate(options)}


def curves_listing(known: Known) -> Listing | None:
    """At each price: the best on average, how probably it is the best, what knowing is worth."""
    curves = known.data["acceptability"]
    if curves is None:
        return None
    say, language = known.language.say, known.language
    amounts = Amounts.of(language, [p["perfect"]["estimate"] for p in curves["prices"]])
    called = letters(curves["options"])
    rows = tuple(
        (
            language.money(point["price"]),
            called[point["best"]],
            language.percent(point["frontier"]),
            called[point["most_probable"]],
            amounts.text(max(point["perfect"]["estimate"], 0.0)),
        )
        for point in curves["prices"]
    )
    heads = ("price", "best", "frontier", "most", "loss")
    legend = "; ".join(f"{letter}: {known.design(name)}" for name, letter in called.items())
    return Listing(
        say(
            "information.table.curves",
            metric=known.deciding.names.metric(curves["metric"]),
            unit=amounts.unit,
        ),
        tuple(say(f"information.curves.{head}") for head in heads),
        rows,
        0,
        (f"{legend}.", say("information.curves.note")),
    )
