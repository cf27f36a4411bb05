"""What knowing more is worth, in sentences: one paragraph for each decision."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.views.information.known import (
    NOT_SIGNING,
    SURE,
    Data,
    Known,
    change_label,
    is_nearly_all,
    is_seen,
    value_of,
)


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
    if first is not None and len(found["numbers"]) > 1 and is_seen(first, perfect):
        nearly = ".all" if is_nearly_all(first, perfect) else ""
        parts.append(
            say(
                f"information.most{nearly}",
                number=known.number(first["number"]),
                value=language.money(value_of(first, perfect)),
            )
        )
    return parts


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
