"""A scenario opened at its keys: the same contract with another number at one of them.

    opened = Opened(load_scenario("norrkoping"))
    opened.at({"payments.activity.terms.1.share": 0.5})

A key is as `--set` names it, and the language says which values it may have.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from simulator.errors import ScenarioError, SocsimError
from simulator.scenario.document import Document, parse_document
from simulator.scenario.load import scenario_from
from simulator.scenario.model import Scenario
from simulator.scenario.numbers import Number
from simulator.scenario.numbers_of import number_key
from simulator.scenario.overrides import key_path
from simulator.scenario.positions import Path
from simulator.scenario.resolved import to_toml
from simulator.scenario.walk import walk
from simulator.scenario.words import did_you_mean, figure

Pair = tuple[float, float]
_FILE = "the scenario"
_FAR = 16.0
"""A bracket found here reaches at most so many times the present value away from it."""
_HALVINGS = 40


class Opened:
    """One scenario whose keys can be given other numbers."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._known: dict[tuple[tuple[str, float], ...], Scenario | ScenarioError] = {}

    @cached_property
    def document(self) -> Document:
        """The resolved scenario with every default spelled out."""
        return parse_document(to_toml(self.scenario), _FILE)

    @cached_property
    def keys(self) -> dict[str, Any]:
        """Everything of the scenario by key, tables included."""
        return {number_key(path): value for path, value in walk(self.scenario) if path}

    def at(self, values: Mapping[str, float]) -> Scenario:
        """The scenario with these keys at these values.

        Raises ScenarioError where the language does not allow it.
        """
        mark = tuple(values.items())
        if mark not in self._known:
            self._known[mark] = self._read([override(key, value) for key, value in mark])
        found = self._known[mark]
        if isinstance(found, ScenarioError):
            raise found
        return found

    def _read(self, overrides: list[str]) -> Scenario | ScenarioError:
        try:
            return scenario_from(self.document, (), overrides, name=self.scenario.name)
        except ScenarioError as error:
            return error

    def allows(self, key: str, value: float) -> bool:
        """Whether the language lets the key have this value."""
        try:
            self.at({key: value})
        except ScenarioError:
            return False
        return True

    def refuse(self, key: str, value: float, where: str) -> None:
        """Raise one clear error unless the language lets the key have this value."""
        try:
            self.at({key: value})
        except ScenarioError as error:
            first = error.problems[0]
            mend = f"\n    mend: {first.mend}" if first.mend else ""
            raise SocsimError(
                f"{where}: {key} cannot be {figure(value)}: found {first.found}\n"
                f"    allowed: {first.allowed}{mend}"
            ) from None

    def now(self, key: str) -> float | None:
        """The number at the key, the mean of an uncertain one; None where nothing stands there.

        Raises SocsimError for a key that holds no number, and for a table that is not there.
        """
        path = key_path(key)
        if not path:
            raise SocsimError(f"`{key}` is no key\n    {_LIKE}")
        name = number_key(path)
        raw = self._raw(path)
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            return float(raw)
        value = self.keys.get(name)
        if isinstance(value, Number):
            return float(value.value) if value.value is not None else self._mean(name)
        if raw is not None:
            raise SocsimError(self._no_number(key, raw))
        return None

    def is_uncertain(self, key: str) -> bool:
        """Whether the number at the key is drawn from a distribution."""
        value = self.keys.get(number_key(key_path(key)))
        return isinstance(value, Number) and value.value is None

    def unknown(self, key: str) -> SocsimError:
        """The error for a key at which nothing stands."""
        numbers = [name for name, value in self.keys.items() if _is_number(value)]
        wanted = number_key(key_path(key)) or key
        near = did_you_mean(wanted, numbers) or "`socsim show SCENARIO` lists the keys"
        return SocsimError(f"`{key}` is no key of this scenario\n    {_LIKE}\n    mend: {near}")

    def unknown_or_refused(self, key: str, value: float, where: str) -> SocsimError:
        """The error for a key with no present value that cannot have this one either."""
        if number_key(key_path(key)) not in self.keys:
            return self.unknown(key)
        try:
            self.refuse(key, value, where)
        except SocsimError as error:
            return error
        return self.nowhere(key)

    def nowhere(self, key: str) -> SocsimError:
        """The error for a key that has no present value: a slip of the pen, or left out."""
        try:
            self.at({key: 1.0})
        except ScenarioError:
            if number_key(key_path(key)) not in self.keys:
                return self.unknown(key)
        return SocsimError(
            f"`{key}` has no present value to look around\n"
            "    allowed: a key that stands in the scenario\n"
            "    mend: say where to look with --between LOW HIGH"
        )

    def bracket(self, key: str, now: float) -> Pair:
        """From the lowest to the highest value that the language allows within reach of `now`.

        A number keeps its sign, as people mean it; one that is 0 may get either.
        """
        reach = _FAR * (abs(now) or 0.1)
        low = self._edge(key, now, 0.0 if now > 0 else now - reach)
        return low, self._edge(key, now, 0.0 if now < 0 else now + reach)

    def is_whole(self, key: str, at: float) -> bool:
        """Whether the language takes whole numbers only at this key."""
        return self.allows(key, math.floor(at)) and not self.allows(key, math.floor(at) + 0.5)

    def _edge(self, key: str, inside: float, far: float) -> float:
        """The allowed value nearest to `far`, from one that is allowed."""
        if self.allows(key, far):
            return far
        for round_number in (0.0, 1.0, -1.0):  # where most of the language's bounds are
            between = min(inside, far) < round_number < max(inside, far)
            if between and self.allows(key, round_number):
                beyond = round_number + 1e-6 * (far - round_number)
                if not self.allows(key, beyond):
                    return round_number
                inside = round_number
        whole = self.is_whole(key, inside)
        for _ in range(_HALVINGS):
            middle = 0.5 * (inside + far)
            middle = float(round(middle)) if whole else middle
            if middle in (inside, far) or abs(far - inside) <= 1e-9 * abs(far):
                break
            inside, far = (middle, far) if self.allows(key, middle) else (inside, middle)
        rounded = float(f"{inside:.6g}")
        return rounded if self.allows(key, rounded) else inside

    def _raw(self, path: Path) -> Any:
        """What stands at the key as it is written; the value of a number with its source."""
        found: Any = self.document.tree
        for part in path:
            if isinstance(found, list) and str(part).isdigit() and 0 < int(part) <= len(found):
                found = found[int(part) - 1]
            elif isinstance(found, dict) and part in found:
                found = found[str(part)]
            else:
                return None
        return found["value"] if isinstance(found, dict) and "value" in found else found

    def _mean(self, name: str) -> float:
        """The mean of an uncertain number, as it is drawn."""
        from simulator.plan.build import build  # views open scenarios too, and need no plan

        built = build(self.scenario, 1)
        rows = [row for row, n in enumerate(built.uncertain) if n.split("@")[0] == name]
        if not rows:
            raise SocsimError(f"`{name}` is uncertain, and nothing in this scenario draws it")
        return float(built.means[rows[0]])

    def _no_number(self, key: str, raw: Any) -> str:
        if isinstance(raw, (dict, list)):
            own = [
                name
                for name, value in self.keys.items()
                if name.startswith(f"{number_key(key_path(key))}.") and _is_number(value)
            ]
            what = "a list" if isinstance(raw, list) else "a table"
            mend = f"name one number in it, such as {own[0]}" if own else "name a number"
            return f"`{key}` holds no number: found {what}\n    allowed: a number\n    mend: {mend}"
        return (
            f"`{key}` holds no number: found `{raw}`\n    allowed: the key of a number\n"
            "    mend: `socsim show SCENARIO` lists the keys; compare two designs for such a choice"
        )


_LIKE = "allowed: the key of a number, such as payments.bonus.terms.1.share"


def _is_number(value: Any) -> bool:
    return isinstance(value, (Number, int, float)) and not isinstance(value, bool)


def override(key: str, value: float) -> str:
    """`KEY=VALUE` as `--set` takes it; a whole number without a decimal point."""
    return f"{key}={number_text(value)}"


def number_text(value: float) -> str:
    """A number as it is typed, exactly."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
