"""From a name to a scenario file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from simulator.errors import UnknownScenarioError
from simulator.scenario.words import did_you_mean, listed

_PACKAGE = Path(__file__).resolve().parent.parent


def _shelf() -> Path:
    """The folder of shipped scenarios: inside an installed package, else beside it."""
    inside = _PACKAGE / "_scenarios"
    return inside if inside.is_dir() else _PACKAGE.parent / "scenarios"


@dataclass(frozen=True)
class Shipped:
    """A scenario that comes with socsim."""

    name: str
    path: Path


def shipped() -> list[Shipped]:
    """The scenarios that come with socsim, in name order."""
    return [Shipped(path.stem, path) for path in sorted(_shelf().glob("*.toml"))]


def split_name(text: str) -> tuple[str, tuple[str, ...]]:
    """`NAME@variant@variant` into the name and its variants; a path that exists stays whole."""
    if "@" not in text or _is_file(Path(text)):
        return text, ()
    name, *variants = text.split("@")
    return name, tuple(variants)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name too long, or with a null character
        return False


def resolve_name(name: str | Path) -> Path:
    """The file behind a name: an existing path, `./scenarios/NAME.toml`, or a shipped NAME.

    Raises `UnknownScenarioError`, with the nearest name, when it leads nowhere.
    """
    path = Path(name)
    if _is_file(path):
        return path
    text = str(name)
    if "/" not in text and "\\" not in text:
        own = Path("scenarios") / f"{text}.toml"
        if _is_file(own):
            return own
        for scenario in shipped():
            if scenario.name == text:
                return scenario.path
    raise UnknownScenarioError(_nowhere(text, path))


def _nowhere(text: str, path: Path) -> str:
    own = [file.stem for file in Path("scenarios").glob("*.toml")]
    names = sorted({*own, *(scenario.name for scenario in shipped())})
    lines = [f"{text}: no such scenario, neither a file nor a name"]
    suggestion = did_you_mean(path.name.removesuffix(".toml"), names)
    if suggestion:
        lines.append(f"    {suggestion}")
    lines.append(f"    names: {listed(names, 'and') or 'none'}; or the path of a .toml file")
    return "\n".join(lines)
