"""From a name to a scenario file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from simulator.errors import UnknownScenarioError
from simulator.scenario.words import did_you_mean, listed

_PACKAGE = Path(__file__).resolve().parent.parent


def _shelf() -> Path:
    """The folder of shipped scenarios: inside an installed package, else beside it."""
    inside = _PACKAGE / "_scenarios"
    return inside if inside.is_dir() else _PACKAGE.parent / "scenarios"


_IS_FUND = re.compile(r"^kind\s*=\s*[\"']fund[\"']", re.MULTILINE)


@dataclass(frozen=True)
class Shipped:
    """A scenario, or a fund, that comes with socsim."""

    name: str
    path: Path


def shipped() -> list[Shipped]:
    """The scenarios that come with socsim, in name order."""
    return [Shipped(path.stem, path) for path in _files(_shelf()) if not is_fund_file(path)]


def shipped_funds() -> list[Shipped]:
    """The funds that come with socsim, in name order."""
    return [Shipped(path.stem, path) for path in _files(_shelf()) if is_fund_file(path)]


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.toml"))


def is_fund_file(path: Path) -> bool:
    """Whether a file says that it is a fund: `kind = "fund"` on a line of its own."""
    try:
        return bool(_IS_FUND.search(path.read_bytes().decode("utf-8", errors="replace")))
    except OSError:
        return False


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


def resolve_name(name: str | Path, what: Literal["scenario", "fund"] = "scenario") -> Path:
    """The file behind a name: an existing path, `./scenarios/NAME.toml`, or a shipped NAME.

    Raises `UnknownScenarioError`, with the nearest name of `what` is looked for, when it leads
    nowhere; whether the file is a fund is for whoever reads it.
    """
    path = Path(name)
    if _is_file(path):
        return path
    text = str(name)
    if "/" not in text and "\\" not in text:
        own = Path("scenarios") / f"{text}.toml"
        if _is_file(own):
            return own
        for file in _files(_shelf()):
            if file.stem == text:
                return file
    raise UnknownScenarioError(_nowhere(text, path, what))


def _nowhere(text: str, path: Path, what: str) -> str:
    files = [*_files(Path("scenarios")), *_files(_shelf())]
    names = sorted({file.stem for file in files if is_fund_file(file) == (what == "fund")})
    lines = [f"{text}: no such {what}, neither a file nor a name"]
    suggestion = did_you_mean(path.name.removesuffix(".toml"), names)
    if suggestion:
        lines.append(f"    {suggestion}")
    lines.append(f"    names: {listed(names, 'and') or 'none'}; or the path of a .toml file")
    return "\n".join(lines)
