"""Sources: which entry of [sources] a text names, and what it says written out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from simulator.scenario.evidence import Evidence
from simulator.scenario.model import Scenario, Source
from simulator.scenario.numbers import Number, Words
from simulator.scenario.positions import Path
from simulator.scenario.walk import walk

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def source_key(text: str, sources: Iterable[str]) -> str | None:
    """The entry of [sources] that a `source` names: `name`, or `name: more words`.

    One word in small letters always names an entry; other texts only if they begin with one that
    exists, and are else a source written out.
    """
    head, colon, _ = text.partition(":")
    if _NAME.fullmatch(text) or (colon and head in set(sources)):
        return head
    return None


def sources_named(scenario: Scenario) -> Iterator[tuple[Path, str]]:
    """Every `source` in the scenario with its path."""
    for path, value in walk(scenario):
        if isinstance(value, Number):
            yield from _texts((*path, "source"), value.source)
            if value.evidence is not None:
                yield from _of_evidence(value.evidence, (*path, "evidence"))
        elif path[-1:] == ("source",) and isinstance(value, str | dict):
            yield from _texts(path, value)


def _of_evidence(evidence: Evidence, path: Path) -> Iterator[tuple[Path, str]]:
    """The sources of studies and of what is taken off."""
    for name, study in evidence.studies.items():
        place = (*path, "studies", name)
        yield from _texts((*place, "source"), study.source)
        if study.haircut is not None:
            yield from _texts((*place, "haircut", "source"), study.haircut.source)
    for key in ("by_design", "haircuts"):
        for name, cut in (getattr(evidence, key) or {}).items():
            yield from _texts((*path, key, name, "source"), cut.source)


def _texts(path: Path, words: Words | None) -> Iterator[tuple[Path, str]]:
    """The texts of a source: one, or one for each language."""
    if isinstance(words, str):
        yield path, words
    for language, text in words.items() if isinstance(words, dict) else ():
        if isinstance(text, str):
            yield (*path, language), text


def written_out(scenario: Scenario, words: Words | None) -> tuple[Words | None, str | None]:
    """A source in words, and its address where [sources] has one."""
    if words is None:
        return None, None
    if isinstance(words, str):
        entry = _entry(scenario, words)
        if entry is None or isinstance(entry.title, str):
            return _written_out(scenario, words), entry.address if entry else None
        return {said: _written_out(scenario, words, said) for said in entry.title}, entry.address
    entries = [entry for text in words.values() if (entry := _entry(scenario, text)) is not None]
    address = next((entry.address for entry in entries if entry.address), None)
    return {said: _written_out(scenario, text, said) for said, text in words.items()}, address


def _entry(scenario: Scenario, text: str) -> Source | None:
    key = source_key(text, scenario.sources)
    return scenario.sources.get(key) if key is not None else None


def _written_out(scenario: Scenario, text: str, language: str = "") -> str:
    """The text with the entry's title, in this language where it has one, for its name."""
    entry = _entry(scenario, text)
    if entry is None:
        return text
    titles = entry.title if isinstance(entry.title, dict) else {}
    titled = {str(said): title for said, title in titles.items()}
    title = titled.get(language) or next(iter(titled.values()), entry.title)
    return f"{title}{text[len(str(source_key(text, scenario.sources))) :]}"
