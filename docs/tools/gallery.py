"""Writes results/gallery/: reports of shipped scenarios, to be looked at before installing.

    python -m docs.tools.gallery           # simulates
    python -m docs.tools.gallery --pages   # the same results, the pages written again

The pages share one script file instead of carrying it each. What each was made from lies beside it
in `data/`, without clock and host, so that the same version writes the same bytes.
"""

from __future__ import annotations

import html
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from simulator import store
from simulator.analysis.compare import compare
from simulator.api import load_scenario, settle, simulate
from simulator.decisions.base_rates import compare_with_base_rates
from simulator.decisions.information import Inquiry, Measured, information
from simulator.decisions.sensitivity import sensitivity
from simulator.decisions.switching import switching_values
from simulator.folder import write_json
from simulator.fund.load import load_fund
from simulator.fund.run import run_fund
from simulator.saved import save
from simulator.views.report.bundle import write_plotly
from simulator.views.report.page import asset

GALLERY = Path(__file__).parents[2] / "results" / "gallery"
Reader = Literal["investor", "municipality", "policy"]
Lang = Literal["sv", "en"]


@dataclass(frozen=True)
class Exhibit:
    """A shipped scenario or fund, how many paths it is simulated on, and its pages.

    `against` names designs that a comparison beside the run sets it against; `precision` changes of
    the contract's measurement. Where they are named, every other analysis lies beside the run too.
    """

    name: str
    paths: int
    pages: tuple[tuple[Reader, Lang], ...]
    fund: bool = False
    against: tuple[str, ...] = ()
    precision: tuple[str, ...] = ()


EXHIBITS = (
    Exhibit(
        "norrkoping",
        100_000,
        (("investor", "en"), ("investor", "sv"), ("municipality", "sv")),
        against=("nothing", "in_house", "guarantee_first_loss"),
        precision=("measures.saving.reference.size=240", "@window_3y"),
    ),
    Exhibit("guarantee_fund", 10_000, (("policy", "en"), ("policy", "sv")), fund=True),
    Exhibit("uk_contract", 100_000, (("investor", "en"),)),
)
SEED = 1
_KEPT = (
    "summary.json",
    "cash_flows.parquet",
    "scenario.resolved.toml",
    "fund.json",
    *(f"{name}.json" for name in store.ANALYSES),
)
_NOT_KEPT = ("created", "seconds", "host", "platform", "python", "libraries", "tool", "made_with")
_READERS: dict[Reader, dict[Lang, str]] = {
    "investor": {"en": "for the investor", "sv": "för investeraren"},
    "municipality": {"en": "for the municipality", "sv": "för kommunen"},
    "policy": {"en": "for those who make policy", "sv": "för den som utformar stöd"},
}


def page_name(exhibit: Exhibit, reader: Reader, lang: Lang) -> str:
    """The file of a page."""
    return f"{exhibit.name}-{reader}.{lang}.html"


def simulated(exhibit: Exhibit, root: Path) -> Path:
    """The result folder of an exhibit, made now."""
    if exhibit.fund:
        fund = load_fund(exhibit.name)
        result = run_fund(fund, paths=exhibit.paths, seed=SEED)
        return store.save_fund(fund, result, root, report=False)
    results = simulate(load_scenario(exhibit.name), paths=exhibit.paths, seed=SEED)
    folder = save(results, root / exhibit.name)
    if exhibit.against:
        designs = [exhibit.name, *(f"{exhibit.name}@{name}" for name in exhibit.against)]
        compared = compare(designs, paths=exhibit.paths, seed=SEED)
        write_json(folder / "comparison.json", compared.to_dict())
        for name, data in analysed(exhibit).items():
            write_json(folder / f"{name}.json", data)
    return folder


def analysed(exhibit: Exhibit) -> dict[str, dict[str, Any]]:
    """The analyses that need no question of their own, by the name of their file."""
    scenario = load_scenario(exhibit.name)
    measured = Inquiry(measured=[Measured(change) for change in exhibit.precision])
    same: dict[str, Any] = {"paths": exhibit.paths, "seed": SEED}
    return {
        "settlement": settle(scenario).to_dict(),
        "sensitivity": sensitivity(scenario, **same).to_dict(),
        "information": information(exhibit.name, measured, **same).to_dict(),
        "switching": switching_values(scenario, **same).to_dict(),
        "base_rates": compare_with_base_rates(scenario, **same).to_dict(),
    }


def keep(folder: Path, place: Path) -> None:
    """Copy what pages are made from, without clock and host."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for file in folder.iterdir():
        if file.name in _KEPT or file.suffix == ".toml":
            shutil.copyfile(file, place / file.name)
    made = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in made.items() if key not in _NOT_KEPT}
    text = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    (place / "provenance.json").write_text(text, encoding="utf-8")


def write_pages(gallery: Path) -> None:
    """Every page from the kept results, and the list of them."""
    for old in (*gallery.glob("*.html"), *gallery.glob("plotly-*.js")):
        old.unlink()
    script = write_plotly(gallery)
    listed = []
    for exhibit in EXHIBITS:
        for reader, lang in exhibit.pages:
            page = store.page_of(gallery / "data" / exhibit.name, reader, lang, script=script)
            name = page_name(exhibit, reader, lang)
            (gallery / name).write_text(page, encoding="utf-8", newline="\n")
            title = html.unescape(page.split("<title>")[1].split("</title>")[0])
            listed.append((name, title, _READERS[reader][lang], lang))
    (gallery / "index.html").write_text(index(listed), encoding="utf-8", newline="\n")


def index(listed: list[tuple[str, str, str, str]]) -> str:
    """The list of pages as a page."""
    items = "\n".join(
        f'<li lang="{lang}"><a href="{name}">{html.escape(title)}</a>, {reader}</li>'
        for name, title, reader, lang in listed
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Reports of shipped scenarios</title>
<style>
{asset("style.css")}
</style>
</head>
<body>
<main>
<h1>Reports of shipped scenarios</h1>
<p>What <code>socsim run</code> and <code>socsim fund</code> write with seed {SEED}. The pages share
one script file; what each was made from lies in <code>data/</code>. On paper (Ctrl+P) each has page
numbers.</p>
<ul>
{items}
</ul>
</main>
</body>
</html>
"""


def main(arguments: list[str]) -> None:
    """Simulate unless told not to, then write."""
    strangers = [argument for argument in arguments if argument != "--pages"]
    if strangers:
        sys.exit(f"found {' '.join(strangers)}; allowed: --pages, or nothing")
    if "--pages" not in arguments:
        with tempfile.TemporaryDirectory() as root:
            for exhibit in EXHIBITS:
                sys.stderr.write(f"{exhibit.name}, {exhibit.paths:,} paths\n")
                keep(simulated(exhibit, Path(root)), GALLERY / "data" / exhibit.name)
    write_pages(GALLERY)


if __name__ == "__main__":
    main(sys.argv[1:])
