"""Evidence in words: each study, what is taken off, and what a new site is taken to have."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from simulator.scenario.evidence import Evidence, Haircut, Study
from simulator.scenario.fitting import PLAIN
from simulator.scenario.weighed import Weighed, WeighedStudy, weighed
from simulator.views.language import Language

Say = Callable[[float], str]
DIGITS = 3
"""Significant digits of figures that are computed from studies."""
OF_RESULTS = 0.95
"""Level of the interval that is shown for every study."""


@dataclass(frozen=True)
class StudyWords:
    """A study as text."""

    name: str
    data: str
    result: str
    left: str
    share: str
    source: str

    @property
    def parts(self) -> tuple[str, ...]:
        """What it finds, from what, and how it counts; empty where there is nothing to say."""
        return self.result, self.data, self.left


@dataclass(frozen=True)
class StageWords:
    """A stage as text: what it is, its mean, its middle and its range."""

    name: str
    mean: str
    p5: str
    p50: str
    p95: str


@dataclass(frozen=True)
class EvidenceWords:
    """Evidence as text: studies, stages and what to know of them."""

    studies: tuple[StudyWords, ...]
    stages: tuple[StageWords, ...]
    remarks: tuple[str, ...]


def evidence_in_words(evidence: Evidence, language: Language, write: Say) -> str:
    """One phrase: how many studies, and what is drawn: its middle and nine cases of ten."""
    found = weighed(evidence)
    drawn, say = found.stages[-1], _rounded(write)
    return language.say(
        "studies.value",
        studies=language.count(len(found.studies), "study"),
        p50=say(drawn.p50),
        p5=say(drawn.p5),
        p95=say(drawn.p95),
    )


def told_evidence(evidence: Evidence, language: Language, say: Say, bare: Say) -> EvidenceWords:
    """The evidence before and after, in words; `say` gives values their unit, `bare` does not."""
    found = weighed(evidence)
    return EvidenceWords(
        tuple(_study(study, found, language, (say, bare)) for study in found.studies),
        tuple(_stages(found, language, bare)),
        tuple(_remarks(evidence, found, language)),
    )


def evidence_lines(told: EvidenceWords, language: Language) -> list[str]:
    """The same as sentences: one a study, one a stage, then the remarks."""
    studies = [_line(study, language) for study in told.studies]
    stages = [
        language.say("studies.stage", stage=row.name, mean=row.mean, p5=row.p5, p50=row.p50,
                     p95=row.p95)
        for row in told.stages
    ]  # fmt: skip
    return [*studies, *stages, *told.remarks]


def _line(study: StudyWords, language: Language) -> str:
    parts = [part for part in study.parts if part]
    if study.share:
        parts.append(language.say("studies.share", share=study.share))
    return language.say("studies.line", name=study.name, parts="; ".join(parts))


def _rounded(write: Say) -> Say:
    """Values with three significant digits: they are estimates, whatever their unit."""

    def say(value: float) -> str:
        if value == 0 or not math.isfinite(value):
            return write(0.0)
        digits = DIGITS - 1 - math.floor(math.log10(abs(value)))
        return write(round(value, digits))

    return say


def _stages(found: Weighed, language: Language, say: Say) -> list[StageWords]:
    """A line a stage; where nothing is taken off, what is reported is what is drawn."""
    as_reported = found.stages[-1] == replace(found.stages[-2], stage="drawn")
    words = []
    for row in found.stages:
        name = row.stage.replace(" ", "_")
        if as_reported and row.stage == "reported":
            continue
        if as_reported and row.stage == "drawn":
            name = "drawn_as_reported"
        figures = (say(value) for value in (row.mean, row.p5, row.p50, row.p95))
        words.append(StageWords(language.say(f"studies.stage.{name}"), *figures))
    return words


def _study(
    row: WeighedStudy, found: Weighed, language: Language, writers: tuple[Say, Say]
) -> StudyWords:
    study, (say, bare) = row.study, writers
    title = language.title(study.title, row.name.replace("_", " "))
    design = study.design
    named = language.say("studies.named", name=title, design=_named(design, None, language))
    interval = language.span(bare(row.low), bare(row.high))
    return StudyWords(
        named if design else title,
        _data(study, language, bare),
        language.say("studies.result", estimate=say(row.estimate), interval=interval),
        _left(row.factor, row.factor_sd, language) if found.of_an_effect else "",
        _share(row.share, len(found.studies), language),
        language.words(study.source)[0],
    )


def _data(study: Study, language: Language, say: Say) -> str:
    """What the study reports: its counts, or that it gives an estimate with its error."""
    if study.treated is not None and study.comparison is not None:
        return language.say(
            "studies.data.two_groups",
            events=language.stated(study.treated.events),
            of=language.stated(study.treated.of),
            others=language.stated(study.comparison.events),
            others_of=language.stated(study.comparison.of),
        )
    if study.group is not None:
        return language.say(
            "studies.data.group",
            events=language.stated(study.group.events),
            of=language.stated(study.group.of),
        )
    if study.interval is not None:
        low, high = study.interval
        if study.level == OF_RESULTS:
            return language.say("studies.data.with_interval")
        return language.say(
            "studies.data.interval",
            level=language.stated_percent(study.level or 0.0),
            interval=language.span(say(low), say(high)),
        )
    key, error = ("se", study.se) if study.se is not None else ("se_log", study.se_log)
    written = say(error or 0.0) if key == "se" else language.stated(error or 0.0)
    return language.say(f"studies.data.{key}", error=written)


def _share(share: float, studies: int, language: Language) -> str:
    """A study's share of the pooled mean; nothing where it is the only one."""
    return language.percent(share, 0) if studies > 1 else ""


def _left(factor: float, sd: float, language: Language) -> str:
    if factor == 1:
        return language.say("studies.left.all")
    left = language.stated_percent(factor)
    if sd == 0:
        return language.say("studies.left", left=left)
    return language.say("studies.left.uncertain", left=left, sd=language.stated_percent(sd))


def _named(name: str | None, haircut: Haircut | None, language: Language) -> str:
    """A design or a reason to take something off, by its title or by a word that is known."""
    if haircut is not None and haircut.title is not None:
        return language.title(haircut.title, name or "")
    if name is not None and language.has(f"studies.name.{name}"):
        return language.say(f"studies.name.{name}")
    return (name or "").replace("_", " ")


# --- what to know -----------------------------------------------------------------------------


def _remarks(evidence: Evidence, found: Weighed, language: Language) -> list[str]:
    said = [language.say(f"studies.scale.{found.scale.replace(' ', '_')}")]
    said += _between(found, language)
    said += _taken_off(evidence, language)
    if evidence.continuity is not None:
        said.append(language.say("studies.continuity", add=language.stated(evidence.continuity)))
    return said


def _between(found: Weighed, language: Language) -> list[str]:
    """How much sites differ, how that is known, and how weakly."""
    between, studies = found.between, language.count(len(found.studies), "study")
    if between is None:
        return [language.say("studies.between.none")]
    unit = "plain" if found.scale in PLAIN else "log"
    sd = language.stated(_short(between.sd))
    if between.method is None:
        key = f"studies.between.stated.{unit}" if between.sd else "studies.between.same"
        return [language.say(key, sd=sd)]
    interval = language.span(
        language.stated(_short(between.low or 0.0)), language.stated(_short(between.high or 0.0))
    )
    method = between.method.replace("-", "–")
    values = {"sd": sd, "method": method, "studies": studies, "interval": interval}
    said = [language.say(f"studies.between.estimated.{unit}", **values)]
    if found.weak:
        said.append(language.say("studies.between.weak", studies=studies))
    return said


def _short(value: float) -> float:
    if value == 0:
        return 0.0
    return round(value, DIGITS - 1 - math.floor(math.log10(abs(value))))


def _taken_off(evidence: Evidence, language: Language) -> list[str]:
    """Each factor on the effect, by name, with its reason; or that nothing is taken off."""
    said: list[str] = []
    for key in ("by_design", "haircuts"):
        for name, cut in (getattr(evidence, key) or {}).items():
            left = _left(cut.factor, cut.sd, language)
            why = language.words(cut.note)[0] or language.words(cut.source)[0]
            values = {"name": _named(name, cut, language), "left": left, "why": why}
            said.append(language.say(f"studies.{key}.why" if why else f"studies.{key}", **values))
    own = any(study.haircut is not None for study in evidence.studies.values())
    found = weighed(evidence)
    if not said and not own:
        return [language.say("studies.nothing_off")] if found.of_an_effect else []
    if found.scale not in PLAIN:
        said.append(language.say("studies.factor"))
    return said
