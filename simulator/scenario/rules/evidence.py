"""Evidence that does not contradict itself, on the scale of what it is evidence for."""

from __future__ import annotations

import math
from collections.abc import Iterator

from simulator.scenario.evidence import EFFECT_SCALES, Between, Counts, Evidence, Haircut, Study
from simulator.scenario.findings import Finding, Rule, missing, without_effect
from simulator.scenario.fitting import (
    OF_TWO_GROUPS,
    PLAIN,
    EvidenceError,
    average,
    fit,
    needs_continuity,
    on_scale,
)
from simulator.scenario.model import Scenario
from simulator.scenario.positions import Path
from simulator.scenario.walk import metric_in, numbers
from simulator.scenario.words import figure, listed

FORMS = ("treated", "comparison", "group", "estimate")
OF_AN_ESTIMATE = ("se", "se_log", "interval", "level")
LARGEST = 1e15
WIDEST = 10.0
"""Standard deviation of a logarithm beyond which a law is no belief."""
OFF_CENTRE = 0.1
"""How far from the middle of its interval an estimate may lie, as a share of the interval: printed
figures are rounded."""


def evidence_findings(evidence: Evidence, path: Path) -> Iterator[Finding]:
    """What is wrong with evidence, at the path of its table."""
    if evidence.scale is None:
        allowed = "the scale on which studies are pooled: `level`, `log level` or `log odds`"
        yield missing((*path, "scale"), allowed)
        return
    broken = False
    for name, study in evidence.studies.items():
        for finding in _study(study, evidence, (*path, "studies", name)):
            broken = True
            yield finding
    if not broken:
        yield from _continuity(evidence, path)
    later = [
        *_between(evidence.between, len(evidence.studies), (*path, "between")),
        *_haircuts(evidence, path),
    ]
    yield from later
    if not broken and not later:
        yield from _drawn(evidence, path)


# --- one study --------------------------------------------------------------------------------


def _study(study: Study, evidence: Evidence, path: Path) -> Iterator[Finding]:
    if study.scale is not None and study.scale != evidence.scale:
        allowed = f"`{evidence.scale}`, the scale of all studies here: {_why(evidence)}"
        yield Finding((*path, "scale"), allowed, "convert it, or leave the study out")
        return
    given = tuple(key for key in FORMS if getattr(study, key) is not None)
    if given not in (("treated", "comparison"), ("group",), ("estimate",)):
        found = f"{listed(given, 'and')} {'together' if len(given) > 1 else 'alone'}"
        allowed = "`treated` and `comparison`, or `group` alone, or `estimate`"
        yield Finding(path, allowed, "give one form", found if given else "no result")
        return
    if given == ("estimate",):
        yield from _estimate(study, str(evidence.scale), path)
        return
    for key in OF_AN_ESTIMATE:
        if getattr(study, key) is not None:
            yield without_effect((*path, key), f"`{key}` beside `estimate` only")
    yield from _counts(study, given, evidence, path)


def _why(evidence: Evidence) -> str:
    if evidence.scale in OF_TWO_GROUPS:
        return "differences, ratios and odds ratios add up on scales of their own"
    return "levels, logarithms and odds add up on scales of their own"


def _counts(
    study: Study, given: tuple[str, ...], evidence: Evidence, path: Path
) -> Iterator[Finding]:
    if (given == ("group",)) == (evidence.scale in OF_TWO_GROUPS):
        allowed = (
            "`treated` and `comparison`: an effect is between two groups"
            if given == ("group",)
            else "`group`: a level is that of one group"
        )
        yield Finding((*path, given[0]), allowed, found=listed(given, "and"), at_key=True)
        return
    for key in given:
        counts: Counts = getattr(study, key)
        if counts.events > counts.of:
            allowed = f"at most {figure(counts.of)}, as many events as people"
            yield Finding((*path, key, "events"), allowed, "count people, each once")


def _estimate(study: Study, scale: str, path: Path) -> Iterator[Finding]:
    assert study.estimate is not None
    outside = [(*path, *place) for place, value in _written(study) if not _has_place(value, scale)]
    for place in outside:
        allowed = "a share between 0 and 1" if scale == "log odds" else "a number above 0"
        yield Finding(place, f"{allowed}: the scale is `{scale}`", _mend_logarithm(scale))
    errors = [key for key in ("se", "se_log", "interval") if getattr(study, key) is not None]
    if len(errors) != 1:
        allowed = f"exactly one of {listed((_error_of(scale), 'interval'))}"
        found = f"{listed(errors, 'and')} together" if errors else "an estimate without its error"
        yield Finding(path, allowed, found=found)
        return
    if errors[0] == _other_error(scale):
        allowed = f"`{_error_of(scale)}`: on the scale `{scale}` the error is that of " + (
            "the estimate itself" if scale in PLAIN else "the logarithm"
        )
        yield Finding((*path, errors[0]), allowed, found=f"`{errors[0]}`", at_key=True)
    elif errors[0] == "interval" and not outside:
        yield from _interval(study, scale, path)
    if errors[0] != "interval" and study.level is not None:
        yield without_effect((*path, "level"), "`level` beside `interval` only")


def _written(study: Study) -> list[tuple[Path, float]]:
    ends: list[tuple[Path, float]] = [
        (("interval", place), end) for place, end in enumerate(study.interval or ())
    ]
    return [(("estimate",), study.estimate or 0.0), *ends]


def _has_place(value: float, scale: str) -> bool:
    if scale in PLAIN:
        return True
    return 0 < value < 1 if scale == "log odds" else value > 0


def _mend_logarithm(scale: str) -> str:
    return "write the ratio itself, not its logarithm" if scale in EFFECT_SCALES.values() else ""


def _error_of(scale: str) -> str:
    return "se" if scale in PLAIN else "se_log"


def _other_error(scale: str) -> str:
    return "se_log" if scale in PLAIN else "se"


def _interval(study: Study, scale: str, path: Path) -> Iterator[Finding]:
    """An interval with its level that holds its estimate, near the middle of the scale."""
    assert study.interval is not None and study.estimate is not None
    low, high = study.interval
    place = (*path, "interval")
    if study.level is None:
        yield missing((*path, "level"), "the level of the interval, such as 0.95")
    if not low < high:
        yield Finding(place, "an interval from low to high", "turn its ends round")
        return
    if not low <= study.estimate <= high:
        allowed = f"an interval that holds its estimate, {figure(study.estimate)}"
        yield Finding(place, allowed, "read both again in the source")
        return
    first, at, last = (on_scale(value, scale) for value in (low, study.estimate, high))  # type: ignore[arg-type]
    if abs(at - 0.5 * (first + last)) > OFF_CENTRE * (last - first):
        middle = figure(_middle(low, high, scale))
        allowed = f"an estimate near the middle of its interval, {middle} on the scale `{scale}`"
        mend = "check the scale and the figures; or give the estimate with its standard error"
        yield Finding((*path, "estimate"), allowed, mend)


def _middle(low: float, high: float, scale: str) -> float:
    if scale in PLAIN:
        return 0.5 * (low + high)
    if scale == "log odds":
        odds = math.sqrt(low / (1 - low) * high / (1 - high))
        return odds / (1 + odds)
    return math.sqrt(low * high)


# --- all studies ------------------------------------------------------------------------------


def _continuity(evidence: Evidence, path: Path) -> Iterator[Finding]:
    """Where counts have no finite error something is added to them, and only there."""
    assert evidence.scale is not None
    needing = [n for n, s in evidence.studies.items() if needs_continuity(s, evidence.scale)]
    if evidence.continuity is None:
        for name in needing:
            allowed = f"counts with a finite error on the scale `{evidence.scale}`"
            mend = f"add `continuity`, such as 0.5, to `{path[-1]}`, or leave the study out"
            place = (*path, "studies", name)
            yield Finding(place, allowed, mend, "a group in which it happened to nobody or to all")
    elif not needing:
        allowed = "`continuity` where it happened to nobody or to all in a group of some study"
        yield without_effect((*path, "continuity"), allowed)


def _between(between: Between | None, studies: int, path: Path) -> Iterator[Finding]:
    if between is None:
        if studies > 1:
            allowed = (
                "how much sites differ: `{ sd = … }`, or "
                '`{ method = "Paule-Mandel" }` to estimate it; `{ sd = 0 }` for not at all'
            )
            yield missing(path, allowed)
        return
    given = [key for key in ("sd", "method") if getattr(between, key) is not None]
    if len(given) != 1:
        found = f"{listed(given, 'and')} together" if given else "neither"
        yield Finding(path, "exactly one of `sd` and `method`", found=found)
    elif between.method is not None and studies < 2:
        allowed = "`sd`: one study says nothing of how much sites differ"
        yield Finding((*path, "method"), allowed, "state `sd`, or remove `between`")


def _haircuts(evidence: Evidence, path: Path) -> Iterator[Finding]:
    taken: list[tuple[Path, Haircut]] = [
        *(((*path, "by_design", n), cut) for n, cut in (evidence.by_design or {}).items()),
        *(((*path, "haircuts", n), cut) for n, cut in (evidence.haircuts or {}).items()),
        *(
            ((*path, "studies", n, "haircut"), study.haircut)
            for n, study in evidence.studies.items()
            if study.haircut is not None
        ),
    ]
    for place, cut in taken:
        if evidence.scale not in OF_TWO_GROUPS:
            allowed = "haircuts on effects only: of a level there is nothing to take off"
            yield Finding(place, allowed, "remove it", f"`{place[-1]}`", at_key=True)
            continue
        widest = math.sqrt(cut.factor * (1 - cut.factor))
        if cut.sd > widest:
            allowed = f"at most {figure(widest)}, the widest for a share with mean "
            yield Finding((*place, "sd"), f"{allowed}{figure(cut.factor)}")
    yield from _designs(evidence, path)


def _designs(evidence: Evidence, path: Path) -> Iterator[Finding]:
    """Where something is taken off by design, it is said of each study, and nothing is idle."""
    if evidence.by_design is None:
        return
    used, is_known = set(), True
    for name, study in evidence.studies.items():
        place = (*path, "studies", name)
        if study.haircut is not None:
            continue
        is_known = is_known and study.design in evidence.by_design
        if study.design is None:
            yield missing((*place, "design"), f"its design: {listed(sorted(evidence.by_design))}")
        elif study.design not in evidence.by_design:
            allowed = f"a design in `by_design`: {listed(sorted(evidence.by_design))}"
            yield Finding((*place, "design"), allowed, f"add `{study.design}` to `by_design`")
        used.add(study.design)
    for design in evidence.by_design:
        if is_known and design not in used:
            yield without_effect((*path, "by_design", design), "designs that some study has")


def _drawn(evidence: Evidence, path: Path) -> Iterator[Finding]:
    """What is drawn is a law with a mean that a contract can be paid in."""
    try:
        found = fit(evidence)
        middle = average(found.drawn, found.scale)
    except EvidenceError:
        return  # said of the study
    except OverflowError:
        middle = math.inf
    if evidence.scale not in PLAIN and found.drawn.sd >= WIDEST:
        allowed = f"studies that pin the logarithm down to a standard deviation below {WIDEST:g}"
        yield Finding(path, allowed, found=f"one of {figure(found.drawn.sd)}")
    elif abs(middle) > LARGEST:
        what = f"a mean of {middle:.3g}" if math.isfinite(middle) else "a mean without end"
        yield Finding(path, "evidence for a number between −1e15 and 1e15", "count the zeros", what)


# --- what it is evidence for ------------------------------------------------------------------


def scales(scenario: Scenario) -> Iterator[Finding]:
    """Evidence for an effect is on the scale of its form; for a level on that of a level."""
    for path, number in numbers(scenario):
        evidence = number.evidence
        if evidence is None or evidence.scale is None:
            continue
        scale, place = evidence.scale, (*path, "evidence", "scale")
        form = str(path[-1]) if "effect" in path else ""
        if form in EFFECT_SCALES:
            if scale != EFFECT_SCALES[form]:
                yield Finding(place, f"`{EFFECT_SCALES[form]}`, as `{form}` is", "remove it")
            elif form == "difference":
                yield from _of_shares(scenario, path, evidence)
        elif scale in OF_TWO_GROUPS:
            allowed = "`level`, `log level` or `log odds`: this number is a level, not an effect"
            yield Finding(place, allowed)


def _of_shares(scenario: Scenario, path: Path, evidence: Evidence) -> Iterator[Finding]:
    """Counts give a difference of shares, which is no difference of events or amounts."""
    if "metrics" not in path:
        return
    name = str(path[path.index("metrics") + 1])
    cohort = str(path[1]) if path[0] == "cohorts" else None
    metric = metric_in(scenario, cohort, name) if cohort else scenario.metrics[name]
    if metric.kind == "binary":
        return
    for study, entry in evidence.studies.items():
        if entry.treated is not None:
            units = "events" if metric.kind == "count" else "amounts"
            allowed = f"`estimate`: the effect is in {units} a year, and counts give one in shares"
            place = (*path, "evidence", "studies", study, "treated")
            yield Finding(place, allowed, "or give the effect as a `ratio`", at_key=True)


def base_rates(scenario: Scenario) -> Iterator[Finding]:
    """A base rate tells how plans are delivered: it is drawn for service users reached alone."""
    for path, number in numbers(scenario):
        if number.base_rate is None or path[-2:] == ("enrolment", "reached"):
            continue
        place = (*path, "base_rate")
        if "effect" in path:
            allowed = (
                "no base rate for an effect: achieved ÷ target is gross of deadweight, so it "
                "tells of delivery, not of impact"
            )
            yield Finding(place, allowed, "give the effect as `evidence`", at_key=True)
        else:
            allowed = "a base rate at `cohorts.NAME.enrolment.reached` alone: it tells of delivery"
            yield Finding(place, allowed, "give a value or a distribution", at_key=True)


RULES: tuple[Rule, ...] = (scales, base_rates)
