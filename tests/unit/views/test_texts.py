"""Both languages say the same things, and nothing is said that nobody asks for."""

import ast
import re
import string
from pathlib import Path

import simulator.views
from simulator.views.language import Language, texts

ROOM = Path(simulator.views.__file__).parent


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert set(texts("sv")) == set(texts("en"))


def test_both_languages_fill_in_the_same_values() -> None:
    wrong = {key for key, text in texts("sv").items() if fields(text) != fields(texts("en")[key])}
    assert wrong == set()


def test_no_text_is_left_untranslated() -> None:
    same = {key for key, text in texts("sv").items() if text == texts("en")[key] and text}
    same = {key for key in same if not _is_international(texts("sv")[key])}
    assert same == set()


def _is_international(text: str) -> bool:
    """Only values, numbers, names and words that are spelled alike."""
    words = re.findall(r"[A-Za-zÅÄÖåäö]{2,}", re.sub(r"\{.*?\}", "", text))
    return set(words) <= {"person", "median", "beta", "variant", "budget", "pari", "passu"}


def literals() -> tuple[set[str], set[str]]:
    """Whole keys, and prefixes of keys that are made with an f-string, in code and templates."""
    whole: set[str] = set()
    prefixes: set[str] = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                prefixes.add(str(node.values[0].value))
    for path in ROOM.rglob("*.j2"):
        whole |= set(re.findall(r"say\('([^']+)'", path.read_text(encoding="utf-8")))
    return whole, {prefix for prefix in prefixes if re.fullmatch(r"[a-z_]+(\.[a-z_]*)+", prefix)}


def test_every_text_is_used() -> None:
    whole, prefixes = literals()
    unused = {
        key
        for key in texts("en")
        if key not in whole
        and key.removesuffix(".then") not in whole
        and not any(key.startswith(prefix) for prefix in prefixes)
    }
    assert unused == set()


def test_every_key_that_is_asked_for_is_there() -> None:
    known = set(texts("en"))
    roots = {key.split(".")[0] for key in known}
    asked: set[str] = set()
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "say" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    asked.add(str(first.value))
    for path in ROOM.rglob("*.j2"):
        asked |= set(re.findall(r"say\('([^']+)'", path.read_text(encoding="utf-8")))
    assert len(asked) > 50
    assert asked - known == set()
    assert {key.split(".")[0] for key in asked} <= roots


def test_outside_sweden_the_outcome_payer_is_not_called_a_municipality() -> None:
    swedish, british = Language("en", "SEK"), Language("en", "GBP")
    assert swedish.say("report.municipality") == "The municipality's budget, year by year"
    assert british.say("report.municipality") == "The outcome payer's budget, year by year"
    assert Language("sv", "GBP").say("card.net") == "Den utfallsansvarigas nettoeffekt"
    # a party's own name is never touched
    assert "the municipality" in british.say("people.group", cohort="the municipality", number=1)


def test_a_number_and_its_per_cent_sign_stay_on_one_line() -> None:
    broken = [key for lang in ("sv", "en") for key, text in texts(lang).items() if "5 %" in text]
    assert broken == []
    assert "95\u00a0%" in Language("sv").say("column.p95")


def test_what_comes_back_is_counted_in_the_scenarios_own_currency() -> None:
    said = {
        currency: Language("sv", currency).say("card.multiple")
        for currency in ("SEK", "USD", "GBP", "EUR", "CHF")
    }
    assert said == {
        "SEK": "Väntat återbetalt per satsad krona",
        "USD": "Väntat återbetalt per satsad dollar",
        "GBP": "Väntat återbetalt per satsat pund",
        "EUR": "Väntat återbetalt per satsad euro",
        "CHF": "Väntat återbetalt per satsad CHF",
    }
    gains = {
        currency: Language("sv", currency).say("fund.table.gains").split(",")[0]
        for currency in ("SEK", "USD", "GBP")
    }
    assert gains == {
        "SEK": "Vem som vinner på varje offentlig krona",
        "USD": "Vem som vinner på varje offentlig dollar",
        "GBP": "Vem som vinner på varje offentligt pund",
    }
    english = {
        currency: Language("en", currency).say("strength.gains", multiple="1.2").split()[-1]
        for currency in ("SEK", "USD", "GBP", "EUR", "CHF")
    }
    assert english == {
        "SEK": "krona.",
        "USD": "dollar.",
        "GBP": "pound.",
        "EUR": "euro.",
        "CHF": "CHF.",
    }
    for key in texts("en"):
        assert "kron" not in Language("en", "GBP").of_currency(texts("en")[key]).lower(), key
