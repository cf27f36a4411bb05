"""The door: from a file or a name to a frozen, checked scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from simulator.errors import InternalError, Problem, ScenarioError
from simulator.scenario import known
from simulator.scenario.columns import read_columns
from simulator.scenario.document import Document, parse_document, problem_at, read_document, without
from simulator.scenario.examine import Examination, examine
from simulator.scenario.find import resolve_name, split_name
from simulator.scenario.model import Scenario
from simulator.scenario.overrides import apply_override
from simulator.scenario.spell_out import spell_out
from simulator.scenario.variants import (
    RESERVED,
    Variant,
    apply_variant,
    conflicts,
    split_variants,
)
from simulator.scenario.words import did_you_mean, dotted, listed


def load_scenario(
    path_or_name: str | FilePath,
    *,
    variants: Sequence[str] = (),
    overrides: Sequence[str] = (),
) -> Scenario:
    """Read, change and check a scenario.

    `path_or_name` is a file, a name, or `NAME@variant@variant`; `variants` come after those, in the
    order given; `overrides` are `KEY=VALUE` texts and come last. Raises `UnknownScenarioError` for
    a name that leads nowhere, and `ScenarioError` with every problem of the file, of all its
    variants and of the overrides.
    """
    name, named = split_name(str(path_or_name))
    file = resolve_name(name)
    document = read_document(file)
    if document.tree.get("kind") == "fund":
        raise ScenarioError([_is_a_fund(document, name)])
    return scenario_from(document, (*named, *variants), overrides, name=file.stem)


def scenario_of_text(text: str, file: str) -> Scenario:
    """The checked scenario of a TOML text; `file` is what it is called where it is wrong."""
    return scenario_from(parse_document(text, file), (), (), name=FilePath(file).stem)


def variant_titles(path_or_name: str | FilePath) -> list[dict[str, str]]:
    """Titles by language of the variants that `NAME@variant@variant` names, where they have one."""
    name, named = split_name(str(path_or_name))
    _, variants, _ = split_variants(read_document(resolve_name(name)))
    titles = [variants[variant].title for variant in named if variant in variants]
    return [{"sv": t, "en": t} if isinstance(t, str) else dict(t) for t in titles if t]


def _is_a_fund(document: Document, name: str) -> Problem:
    allowed = "a scenario: one contract; this file is a fund, which holds many"
    return problem_at(document, ("kind",), allowed, f"run it with `socsim fund {name}`")


def scenario_from(
    document: Document, chosen: Sequence[str], overrides: Sequence[str], name: str
) -> Scenario:
    """The checked scenario of a parsed document."""
    opened = _open(document)
    base, variants, examined = opened.base, opened.variants, opened.examined
    problems = list(opened.problems)
    design, more = _design(base, variants, chosen, overrides)
    problems += more
    result = examined.base
    if chosen or overrides or result is None:
        design, unread = read_columns(design)
        problems += unread
        result = examine(design, trying=bool(overrides))
        problems += _new_in_design(result, examined)
    if problems or result.scenario is None:
        raise ScenarioError(list(dict.fromkeys(problems)))
    whole = _without_idle_keys(design, result, trying=bool(overrides))
    scenario = _with_origin(design, spell_out(whole))
    return scenario.model_copy(
        update={
            "name": scenario.name or name,
            "variant": (*scenario.variant, *chosen),
            "overrides": (*scenario.overrides, *overrides),
        }
    )


@dataclass(frozen=True)
class _Opened:
    """A document without its variants, those, and everything that is wrong with either."""

    base: Document
    variants: dict[str, Variant]
    examined: _Examined
    problems: list[Problem]


_MOST_OPENED = 32
_OPENED: dict[int, tuple[Document, _Opened]] = {}


def _open(document: Document) -> _Opened:
    """The scenario and its variants, examined: once for a document, whatever is chosen of it.

    A document that has a column read from another file is examined anew: that may have changed.
    """
    before = _OPENED.get(id(document))
    if before is not None and before[0] is document:
        return before[1]
    whole, unread = read_columns(document)
    base, variants, problems = split_variants(whole)
    examined = _Examined(None, {}, [])
    if problems or unread or not known.is_faultless(whole.tree):
        examined = _examine_all(base, variants)
        if not (problems or unread or examined.problems):
            known.note_faultless(whole.tree)
    opened = _Opened(base, variants, examined, [*problems, *unread, *examined.problems])
    if whole.tree == document.tree:
        if len(_OPENED) >= _MOST_OPENED:
            _OPENED.clear()
        _OPENED[id(document)] = document, opened
    return opened


def _with_origin(design: Document, scenario: Scenario) -> Scenario:
    """The scenario with the variant that gave realised values of its own, if one did."""
    origins = [
        place.origin.removeprefix("variants.")
        for path, place in design.places.items()
        if path[:1] == ("realised",) and path[1:2] not in _ABOUT_RESULTS
        if place.origin.startswith("variants.")
    ]
    if scenario.realised is None or not origins:
        return scenario
    named = scenario.realised.model_copy(update={"variant": origins[-1]})
    return scenario.model_copy(update={"realised": named})


_ABOUT_RESULTS = ((), ("note",), ("source",), ("published",))


def _without_idle_keys(design: Document, result: Examination, *, trying: bool) -> Scenario:
    """The scenario without what only other variants make use of, so that it stands by itself."""
    while result.idle and result.scenario is not None:
        design = without(design, result.idle)
        result = examine(design, trying=trying)
    if result.scenario is None:
        raise InternalError("a key without effect could not be left out")
    return result.scenario


@dataclass(frozen=True)
class _Examined:
    """The scenario and each of its variants, examined; `problems` are those that stay.

    Of a file that is known to be without fault nothing is there: it is not examined again.
    """

    base: Examination | None
    variants: dict[str, Examination]
    problems: list[Problem]


def _examine_all(base: Document, variants: dict[str, Variant]) -> _Examined:
    first = examine(base)
    examinations: dict[str, Examination] = {}
    problems = list(first.problems)
    seen = {_identity(problem) for problem in problems}
    only_in: dict[tuple[Any, ...], tuple[Problem, list[str]]] = {}
    for variant in variants.values():
        document, unset_problems = apply_variant(base, variant)
        examination = examine(document)
        examinations[variant.name] = examination
        problems += unset_problems
        for problem in examination.problems:
            if _identity(problem) not in seen:
                only_in.setdefault(_identity(problem), (problem, []))[1].append(variant.name)
    problems += [_within(problem, names) for problem, names in only_in.values()]
    problems += _never_used(first, examinations)
    return _Examined(first, examinations, problems)


def _identity(problem: Problem) -> tuple[Any, ...]:
    """What makes two problems the same fault.

    The names to choose from, after a colon, may be more in a variant; that is not another fault.
    """
    kind = problem.allowed.partition(": ")[0]
    return problem.line, problem.column, problem.key, problem.found, kind


def _within(problem: Problem, variants: list[str]) -> Problem:
    """A problem that variants alone bring about, even where it shows at a key of the scenario."""
    if problem.key.startswith("variants."):
        return problem
    noun = "variant" if len(variants) == 1 else "variants"
    return replace(problem, found=f"{problem.found} (with {noun} {listed(variants, 'and')})")


def _never_used(base: Examination, variants: dict[str, Examination]) -> list[Problem]:
    """Keys without effect: those of the scenario in every design, those of a variant in it."""
    kept = [
        problem
        for problem in base.unused
        if all(problem in variant.unused or not variant.complete for variant in variants.values())
    ]
    for variant in variants.values():
        kept += [problem for problem in variant.unused if problem.key.startswith("variants.")]
    return kept


def _design(
    base: Document, variants: dict[str, Variant], chosen: Sequence[str], overrides: Sequence[str]
) -> tuple[Document, list[Problem]]:
    """The document with the chosen variants and the overrides applied."""
    problems: list[Problem] = []
    applied: list[Variant] = []
    for name in chosen:
        variant = variants.get(name)
        if variant is None:
            problems.append(_unknown_variant(base, name, variants))
        elif variant in applied:
            problems.append(_choice(base, name, "each variant once", "name it once"))
        else:
            problems += _clashes(base, applied, variant)
            base, _ = apply_variant(base, variant)
            applied.append(variant)
    for text in overrides:
        base, more = apply_override(base, text)
        problems += more
    return base, problems


def _choice(base: Document, name: str, allowed: str, mend: str) -> Problem:
    return Problem(base.file, 0, 0, "--variant", f"`{name}`", allowed, mend)


def _unknown_variant(base: Document, name: str, variants: dict[str, Variant]) -> Problem:
    if name in RESERVED:
        return _choice(base, name, "a variant", f"it is a design: `socsim compare … …@{name}`")
    allowed = (
        f"one of the variants: {listed(variants)}"
        if variants
        else "none: the scenario has no variants"
    )
    near = did_you_mean(name, (*variants, *RESERVED))
    usual = (
        "choose one of them"
        if variants
        else f"leave it out, or write it in the file: [variants.{name}]"
    )
    return _choice(base, name, allowed, near or usual)


def _clashes(base: Document, applied: list[Variant], variant: Variant) -> list[Problem]:
    problems = []
    for other in applied:
        for _, path in conflicts(other, variant)[:1]:
            place = variant.places.get(path)
            line, column = place.key if place else (0, 0)
            found = f"set by variant `{other.name}` too, which is also chosen"
            allowed = "variants together that change different keys"
            key = f"variants.{variant.name}.{dotted(path)}"
            mend = "choose one of them, or write a variant that holds what both should say"
            problems.append(Problem(base.file, line, column, key, found, allowed, mend))
    return problems


def _new_in_design(design: Examination, examined: _Examined) -> list[Problem]:
    """What the combination of variants and overrides brings about that none of them does alone."""
    seen = {
        _identity(problem)
        for examination in (examined.base, *examined.variants.values())
        for problem in (examination.problems if examination else ())
    }
    problems = [problem for problem in design.problems if _identity(problem) not in seen]
    return problems + [problem for problem in design.unused if problem.line == 0]
