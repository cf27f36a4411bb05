"""From a reference to a design: a scenario, a variant, or a design that every scenario has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, get_args

from simulator.analysis import transform, words
from simulator.errors import SocsimError
from simulator.plan.arrays import floats
from simulator.plan.build import Built, build
from simulator.scenario.find import split_name
from simulator.scenario.load import load_scenario, variant_titles
from simulator.scenario.model import Scenario
from simulator.scenario.sampling import NOTHING_FINER, Fine
from simulator.scenario.variants import RESERVED
from simulator.scenario.words import listed

Kind = Literal["scenario", "nothing", "in_house", "in_house_reinvested", "internal_fund"]
IN_HOUSE: tuple[Kind, ...] = ("in_house", "in_house_reinvested", "internal_fund")
Reference = str | Path | Scenario
ExpectedMargin = Callable[[Scenario], float]
"""The investor's expected profit over the capital drawn on average."""


@dataclass(frozen=True)
class Assumptions:
    """What the reserved designs assume.

    `same_effect`: the effect in house as a multiple of the contract's. `payback_share`: the share
    of a committee's realised cashable saving that it pays back to an internal fund.
    """

    same_effect: float = 1.0
    payback_share: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.same_effect <= 100.0:
            raise SocsimError(f"same_effect must be between 0 and 100; found {self.same_effect}")
        if not 0.0 <= self.payback_share <= 1.0:
            raise SocsimError(f"payback_share must be between 0 and 1; found {self.payback_share}")


@dataclass(frozen=True)
class Design:
    """One design: what it is called, what it was made from, and what is simulated.

    `base` is the scenario before a reserved design changed it; `cost_factor` multiplies what the
    programme costs apart from what it costs by service user; `made` says in words what was done;
    metrics in `fine` are drawn for each participant, since a design beside it draws them so.
    """

    name: str
    title: dict[str, str]
    kind: Kind
    base: Scenario
    scenario: Scenario
    cost_factor: float = 1.0
    margin: float | None = None
    made: dict[str, str] | None = None
    fine: Fine = NOTHING_FINER

    def built(self, seed: int) -> Built:
        """The plan for one seed."""
        built = build(self.scenario, seed, self.fine)
        if self.cost_factor == 1.0:
            return built
        capital = built.plan.capital
        scaled = capital._replace(cost_factor=floats(list(capital.cost_factor * self.cost_factor)))
        return replace(built, plan=built.plan._replace(capital=scaled))


@dataclass
class Shelf:
    """Scenarios that are read once, however many designs are made from them."""

    overrides: tuple[str, ...]
    expected_margin: ExpectedMargin
    read: dict[str, Scenario] = field(default_factory=dict)

    def scenario(self, reference: str) -> Scenario:
        """The scenario behind `NAME@variant`."""
        if reference not in self.read:
            self.read[reference] = load_scenario(reference, overrides=self.overrides)
        return self.read[reference]


def load_base(reference: Reference, shelf: Shelf) -> tuple[Scenario, str, Kind]:
    """The scenario behind a reference, what the design is called, and its kind.

    A design that every scenario has stands last: `norrkoping@window_3y@in_house`.
    """
    if isinstance(reference, Scenario):
        if shelf.overrides:
            raise SocsimError("overrides go with references, not with scenarios already loaded")
        return reference, "@".join((reference.name, *reference.variant)), "scenario"
    text = str(reference)
    name, variants = split_name(text)
    kind: Kind = "scenario"
    if variants and variants[-1] in RESERVED:
        kind = next(k for k in get_args(Kind) if k == variants[-1])
        variants = variants[:-1]
    early = [variant for variant in variants if variant in RESERVED]
    if early:
        raise SocsimError(
            f"{text}: found `{early[0]}` before the end\n"
            f"    allowed: one of {listed(RESERVED)}, as the last name\n"
            f"    mend: {'@'.join((name, *[v for v in variants if v not in RESERVED], early[0]))}"
        )
    scenario = shelf.scenario("@".join((name, *variants)))
    return (
        scenario,
        "@".join((scenario.name, *variants, *([kind] if kind in RESERVED else []))),
        kind,
    )


def title_of(reference: Reference, scenario: Scenario, kind: Kind) -> dict[str, str]:
    """The design's title: the variants' titles, else the scenario's, then what is done with it."""
    is_plain = isinstance(reference, Scenario) or not scenario.variant
    found = [] if is_plain else variant_titles(str(reference))
    title: dict[str, str] = {}
    for lang in ("sv", "en"):
        known = [text.get(lang) or next(iter(text.values())) for text in found]
        own = "; ".join(known) or scenario.title.get(lang) or next(iter(scenario.title.values()))
        if kind == "scenario":
            title[lang] = own
        elif known:
            title[lang] = f"{words.TITLES[kind][lang]} ({own})"
        else:
            title[lang] = words.TITLES[kind][lang]
    return title


def make_design(reference: Reference, shelf: Shelf, assumed: Assumptions) -> Design:
    """The design behind a reference."""
    base, name, kind = load_base(reference, shelf)
    title = title_of(reference, base, kind)
    design = Design(name, title, kind, base, base)
    if kind == "scenario":
        return design
    if kind == "nothing":
        changed = replace(
            design, scenario=transform.without_contract(base), made=words.made_nothing()
        )
    else:
        _needs_capital(base, name)
        changed = _own(design, assumed, shelf.expected_margin)
    variant = (*base.variant, kind)
    return replace(changed, scenario=changed.scenario.model_copy(update={"variant": variant}))


def at_effect(design: Design, factor: float) -> Design:
    """An in-house design with another effect, all else the same."""
    scenario = transform.in_house(design.base, factor)
    if design.kind == "in_house_reinvested" and design.margin is not None:
        scenario = transform.more_people(scenario, design.margin)
    return replace(design, scenario=scenario)


def _own(design: Design, assumed: Assumptions, expected_margin: ExpectedMargin) -> Design:
    """The three designs in which the municipality runs the programme itself."""
    base, effect = design.base, assumed.same_effect
    if design.kind == "in_house":
        changed = replace(design, made=words.made_in_house(effect))
    elif design.kind == "internal_fund":
        changed = replace(design, made=words.made_fund(effect, assumed.payback_share))
    else:
        share = transform.margin(base)
        limited = share is not None
        share = expected_margin(base) if share is None else share
        people = transform.people_in(base), transform.people_in(transform.more_people(base, share))
        _needs_margin(design.name, share, people)
        changed = replace(
            design,
            margin=share,
            cost_factor=people[1] / people[0],
            made=words.made_reinvested(effect, share, people, limited=limited),
        )
    return at_effect(changed, effect)


def _needs_capital(base: Scenario, name: str) -> None:
    if base.capital is None:
        raise SocsimError(
            f"{name}: the scenario has no [capital], so it does not say what the programme costs\n"
            "    allowed: in-house designs of scenarios with [capital.costs]\n"
            "    mend: add [capital] with its costs, or leave the design out"
        )


def _needs_margin(name: str, share: float, people: tuple[int, int]) -> None:
    if share <= 0.0 or people[1] <= people[0]:
        raise SocsimError(
            f"{name}: there is no margin to spend on more people: it is "
            f"{words.percent(share, 'en')} of the capital\n"
            "    allowed: a contract that leaves the investor a profit: a limit on the multiple "
            "above 1, a limit on the total above the commitment, or an expected profit above 0, "
            "large enough for one more service user\n"
            "    mend: compare with @in_house instead"
        )
